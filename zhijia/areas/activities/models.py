"""Events of any kind: culture and sport, training, contests, welfare, recuperation, campaigns."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import LedgerRow
from zhijia.kernel.fields import PathField
from zhijia.kernel.records import Record


class HostLevel(models.TextChoices):
    """At which level an event is held, a prize given or an honour conferred."""

    UNIT = "unit", _("校级(单位级)")
    COUNTY = "county", _("县级")
    CITY = "city", _("市级")
    PROVINCE = "province", _("省级")
    NATION = "nation", _("国家级")


class ActivityKind(models.Model):
    """A node of the seeded tree of kinds; ``code`` is a dotted path such as ``culture.sport``."""

    code = PathField(max_length=60, primary_key=True)
    name = models.CharField(_("种类"), max_length=50)
    order = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar[list[str]] = ["order"]

    def __str__(self) -> str:
        return str(_(self.name))


class Activity(LedgerRow):
    """One event. Its people are a head-count (with qualifier) or named participations; named people win."""

    kind = models.ForeignKey(ActivityKind, models.PROTECT, related_name="+")
    name = models.CharField(_("活动名称"), max_length=120)
    name_key = models.CharField(max_length=360, editable=False, default="")
    held_on = models.DateField(_("日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)
    host_level = models.CharField(
        _("主办层级"), max_length=8, choices=HostLevel.choices, default=HostLevel.UNIT
    )
    host = models.CharField(_("主办单位"), max_length=100, blank=True)
    venue = models.CharField(_("地点"), max_length=100, blank=True)
    people = models.PositiveIntegerField(_("参加人次"), null=True, blank=True)
    people_qualifier = models.CharField(max_length=10, blank=True)
    audience = models.PositiveIntegerField(_("观众人次"), null=True, blank=True)
    audience_qualifier = models.CharField(max_length=10, blank=True)
    output = models.PositiveIntegerField(_("成果数量"), null=True, blank=True)
    output_qualifier = models.CharField(max_length=10, blank=True)
    output_unit = models.CharField(_("成果单位"), max_length=12, blank=True)
    cost = models.BigIntegerField(_("经费(分)"), null=True, blank=True)
    note = models.TextField(_("说明"), blank=True)

    class Meta(LedgerRow.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "held_on"], name="activity_by_union"),
            models.Index(fields=["held_on"], name="activity_by_day"),
        ]


class Participation(Record):
    """A named person at an event."""

    subject: ClassVar[str] = "person_id"
    scope_path: ClassVar[str] = "activity__union__path"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="participations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["activity", "person"], name="participation_once"),
        ]


class Result(LedgerRow):
    """A rank or prize won at an event, by a person, a team or a number of people."""

    subject: ClassVar[str] = "person_id"
    sensitive: ClassVar[frozenset[str]] = frozenset({"winner"})

    class Winner(models.TextChoices):
        """Who won."""

        PERSON = "person", _("个人")
        TEAM = "team", _("团体")

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="results")
    winner_kind = models.CharField(_("获奖类别"), max_length=8, choices=Winner.choices)
    winner = models.CharField(_("获奖者"), max_length=100)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    item = models.CharField(_("项目"), max_length=60, blank=True)
    rank = models.CharField(_("名次或等级"), max_length=40)
    level = models.CharField(_("奖项层级"), max_length=8, choices=HostLevel.choices, default=HostLevel.UNIT)
    people = models.PositiveIntegerField(_("获奖人次"), null=True, blank=True)
    people_qualifier = models.CharField(max_length=10, blank=True)
    awarded_on = models.DateField(_("获奖日期"))

    class Meta(LedgerRow.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "awarded_on"], name="result_by_union"),
        ]

    def __str__(self) -> str:
        return f"{self.winner} {self.rank}"
