"""What is counted about events, named participants and results."""

from collections.abc import Mapping
from typing import Any

from django.db.models import (
    Case,
    Count,
    F,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
    TextField,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Concat, StrIndex, Substr
from django.utils.translation import gettext_lazy as _

from zhijia.areas.activities.models import Activity, ActivityKind, HostLevel, Participation, Result
from zhijia.facts.table import FactTable, Text, day, integer, text
from zhijia.kernel.quantity import CountUnit

WHY = "facts are scoped by the tree of unions when they are read"
LEVELS = dict(HostLevel.choices)
TOP = Substr("kind_id", 1, StrIndex(Concat("kind_id", Value("."), output_field=TextField()), Value(".")) - 1)


def kind_names() -> Mapping[str, Text]:
    """Return the names of all kinds by code."""
    return {kind.code: str(kind) for kind in ActivityKind.objects.all()}


def unit_names() -> Mapping[str, Text]:
    """Return the words of the counting units in the language of the page."""
    return dict(CountUnit.choices())


def _events() -> QuerySet[Any, Any]:
    named = (
        Participation.objects.everywhere(WHY)
        .filter(activity=OuterRef("pk"))
        .values("activity")
        .annotate(number=Count("id"))
        .values("number")
    )
    return (
        Activity.objects.everywhere(WHY)
        .annotate(named=Subquery(named, output_field=IntegerField()))
        .values(
            "union_id",
            "audience",
            "output",
            "output_unit",
            "cost",
            record_id=F("id"),
            kind_code=F("kind_id"),
            field=TOP,
            date=day("held_on"),
            level=F("host_level"),
            attendance=Coalesce("named", "people", output_field=IntegerField()),
            attendance_q=Case(
                When(named__gt=0, then=Value("")),
                default=F("people_qualifier"),
                output_field=TextField(),
            ),
            audience_q=F("audience_qualifier"),
            output_q=F("output_qualifier"),
        )
    )


EVENT = FactTable(
    name="activities.event",
    label=_("活动"),
    grain=_("每次活动一行"),
    queryset=_events,
    describe="zhijia.areas.activities.queries.describe_activities",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("kind_code", _("种类"), kind_names),
        text("field", _("大类"), kind_names),
        text("date", _("日期")),
        text("level", _("主办层级"), LEVELS),
        integer("attendance", _("参加人次"), nullable=True),
        text("attendance_q"),
        integer("audience", _("观众人次"), nullable=True),
        text("audience_q"),
        integer("output", _("成果数量"), nullable=True),
        text("output_q"),
        text("output_unit", _("成果单位"), unit_names),
        integer("cost", _("经费"), nullable=True),
    ),
)


def _participations() -> QuerySet[Any, Any]:
    return Participation.objects.everywhere(WHY).values(
        "person_id",
        record_id=F("id"),
        union_id=F("activity__union_id"),
        kind_code=F("activity__kind_id"),
        date=day("activity__held_on"),
    )


PARTICIPATION = FactTable(
    name="activities.participation",
    label=_("实名参加"),
    grain=_("每人每次实名参加一行"),
    queryset=_participations,
    describe="zhijia.areas.activities.queries.describe_participations",
    columns=(
        integer("record_id"),
        integer("union_id"),
        integer("person_id"),
        text("kind_code", _("种类"), kind_names),
        text("date", _("日期")),
    ),
)


def _results() -> QuerySet[Any, Any]:
    return Result.objects.everywhere(WHY).values(
        "union_id",
        "level",
        "winner_kind",
        record_id=F("id"),
        date=day("awarded_on"),
        # A named person without a number is one; a team's size is unknown unless the ledger says it.
        winners=Case(
            When(people__isnull=False, then=F("people")),
            When(winner_kind="person", then=Value(1)),
            output_field=IntegerField(),
        ),
        winners_q=F("people_qualifier"),
    )


RESULT = FactTable(
    name="activities.result",
    label=_("活动成绩"),
    grain=_("每项名次或奖项一行"),
    queryset=_results,
    describe="zhijia.areas.activities.queries.describe_results",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("date", _("获奖日期")),
        text("level", _("奖项层级"), LEVELS),
        text("winner_kind", _("获奖类别"), dict(Result.Winner.choices)),
        integer("winners", _("获奖人次"), nullable=True),
        text("winners_q"),
    ),
)
