"""Targets: what a union is to reach in a period, measured by a figure."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Union
from zhijia.kernel.records import Record


class Target(Record):
    """The value a figure is to reach by the end of a period; ``goal`` in the figure's own unit (money in fen,
    percentages in hundredths of a percent).
    """

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    figure = models.CharField(_("指标"), max_length=60)
    period = models.CharField(_("期间"), max_length=30)
    goal = models.BigIntegerField(_("目标值"))
    note = models.CharField(_("说明"), max_length=200, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["union", "figure", "period"], name="target_once"),
            models.CheckConstraint(condition=models.Q(goal__gt=0), name="target_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.figure} {self.period}"
