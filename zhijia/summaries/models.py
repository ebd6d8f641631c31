"""The summaries that were made."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Union
from zhijia.kernel.records import Record


class Summary(Record):
    """One made summary. ``digest`` is taken over the text without its time: the same records give the same
    summary again, with the time at which it was first computed.
    """

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    plan = models.CharField(_("方案"), max_length=40)
    period_code = models.CharField(_("期间"), max_length=30)
    title = models.CharField(_("标题"), max_length=200)
    number = models.CharField(_("发文字号"), max_length=60, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    content = models.JSONField(default=dict, editable=False)
    notes = models.JSONField(_("待核实事项"), default=list, editable=False)
    computed_at = models.DateTimeField(_("计算时间"))
    file = models.CharField(max_length=100, editable=False)
    made_by = models.CharField(_("生成人"), max_length=100)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["union", "plan", "period_code", "digest"], name="summary_once"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["-computed_at"], name="summary_newest"),
        ]
