"""Where attachments lie: ``var/attachments/<first two signs>/<key>``, each sealed under its own name.

The file is written and on disk before its row, and deleted after its row: whatever dies in between leaves a
file without a row, which ``sweep`` deletes a day later, never a row without its file.
"""

from __future__ import annotations

import hashlib
import os
import time
import uuid
from pathlib import Path

from django.conf import settings

from zhijia.kernel.crypto import TamperedError, WrongKeyError
from zhijia.kernel.crypto.files import open_sealed, seal_file
from zhijia.kernel.scope import ScopedQuerySet
from zhijia.kit.attachments.models import Attachment

ORPHANS_KEPT = 24 * 3600


class DamagedError(Exception):
    """The file of an attachment is missing, changed, or sealed with keys that are not there."""


def path_of(key: uuid.UUID) -> Path:
    """Return the place of a file."""
    return Path(settings.ATTACHMENTS) / key.hex[:2] / key.hex


def name_of(key: uuid.UUID) -> str:
    """Return the name that the sealed file is bound to."""
    return f"attachment:{key}"


def put(plain: Path, key: uuid.UUID) -> None:
    """Seal a file into its place; when this returns it is on disk, its folder's entry too."""
    target = path_of(key)
    with plain.open("rb") as source:
        seal_file(source, target, name=name_of(key))
    for folder in (target.parent, target.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def read(attachment: Attachment) -> bytes:
    """Return the plain bytes, checked against the row; raises DamagedError."""
    try:
        data = b"".join(open_sealed(path_of(attachment.key), name=name_of(attachment.key)))
    except (OSError, TamperedError, WrongKeyError) as error:
        raise DamagedError(attachment.key) from error
    if hashlib.sha256(data).hexdigest() != attachment.sha256:
        raise DamagedError(attachment.key)
    return data


def drop(key: uuid.UUID) -> None:
    """Delete the file of a row that is gone."""
    path_of(key).unlink(missing_ok=True)


def sweep() -> int:
    """Delete files, a day old, that no row holds, and what a killed writer left; returns how many."""
    gone, oldest = 0, time.time() - ORPHANS_KEPT
    for path in Path(settings.ATTACHMENTS).glob("*/*"):
        if path.stat().st_mtime >= oldest:
            continue
        held = not path.name.startswith(".") and _rows().filter(key=path.name).exists()
        if not held:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def damaged() -> list[uuid.UUID]:
    """Return the keys of attachments whose file is not what the row says; for backup, restore and drill."""
    found = []
    for attachment in _rows().order_by("pk").iterator(chunk_size=100):
        try:
            read(attachment)
        except DamagedError:
            found.append(attachment.key)
    return found


def _rows() -> ScopedQuerySet[Attachment]:
    """All rows."""
    return Attachment.objects.everywhere("files are kept and checked for all unions alike")
