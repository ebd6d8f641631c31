"""Which files are attached to which records; the files themselves are sealed, see ``store``."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.records import Record


class Attachment(Record):
    """One file at one record (``model`` and ``subject_id``); who reaches the record reaches its files.

    ``size`` and ``sha256`` are those of the plain bytes. The name tells about people, so no audit keeps it.
    """

    scope_path: ClassVar[str] = ""  # reached through its record only, never listed by union
    sensitive: ClassVar[frozenset[str]] = frozenset({"name"})

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    model = models.CharField(max_length=60)
    subject_id = models.BigIntegerField()
    name = models.CharField(_("文件名"), max_length=100)
    kind = models.CharField(_("文件类型"), max_length=10)
    size = models.PositiveIntegerField(_("大小"))
    sha256 = models.CharField(max_length=64)
    uploaded_by_id = models.BigIntegerField(null=True)
    uploaded_by = models.CharField(_("上传人"), max_length=100)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["model", "subject_id"], name="attachment_by_subject"),
        ]

    def __str__(self) -> str:
        return self.name
