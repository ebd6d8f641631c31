"""What is counted about members."""

from typing import Any

from django.db.models import Case, F, IntegerField, Min, OuterRef, QuerySet, Subquery, TextField, Value, When
from django.db.models.functions import Cast, Coalesce
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.models import Membership, Person
from zhijia.areas.organisations.models import HeadCount
from zhijia.facts.table import FAR, FactTable, day, integer, text

WHY = "facts are scoped by the tree of unions when they are read"
COUNTED = ("active", "transferring", "retained", "ended")
STANDING = {"active": _("在籍"), "retained": _("保留会籍")}
GAINS = ("joined", "transferred_in")
LOSSES = ("transferred_out", "resigned", "lapsed", "expelled", "deceased")


def _flag(field: str) -> Case:
    return Case(When(**{field: True}, then=Value(1)), default=Value(0), output_field=IntegerField())


def _memberships() -> QuerySet[Any, Any]:
    first_count = (
        HeadCount.objects.everywhere(WHY)
        .filter(employer=OuterRef("employer_id"))
        .values("employer")
        .annotate(first=Min("as_of"))
        .values("first")
    )
    return (
        Membership.objects.everywhere(WHY)
        .filter(state__in=COUNTED)
        .values(
            "union_id",
            "person_id",
            record_id=F("id"),
            standing=Case(
                When(start_cause="retained", then=Value("retained")),
                When(state="retained", then=Value("retained")),
                default=Value("active"),
                output_field=TextField(),
            ),
            starts=day("starts_on"),
            ends=day("ends_on", missing=FAR),
            sex=F("person__sex"),
            migrant=_flag("person__migrant"),
            new_form=_flag("person__new_form"),
            born=day("person__born_on"),
            counted_from=Coalesce(
                Cast(Subquery(first_count), TextField()), Value(FAR), output_field=TextField()
            ),
            counted_to=day("employer__ended_on", missing=FAR),
        )
    )


MEMBERSHIP = FactTable(
    name="members.membership",
    label=_("会籍"),
    grain=_("每人每段会籍一行"),
    queryset=_memberships,
    describe="zhijia.areas.members.queries.describe_memberships",
    columns=(
        integer("record_id"),
        integer("union_id"),
        integer("person_id"),
        text("standing", _("会籍"), STANDING),
        text("starts", _("起")),
        text("ends", _("止")),
        text("sex", _("性别"), dict(Person.Sex.choices)),
        integer("migrant", _("农民工")),
        integer("new_form", _("新就业形态劳动者")),
        text("born", _("出生日期")),
        text("counted_from", _("单位首次上报人数的日期")),
        text("counted_to", _("单位终止日期")),
    ),
)


def _moves() -> QuerySet[Any, Any]:
    spans = Membership.objects.everywhere(WHY).filter(state__in=COUNTED)
    begun = spans.values(
        "union_id",
        "person_id",
        record_id=F("id"),
        date=day("starts_on"),
        cause=F("start_cause"),
        net=Case(When(start_cause__in=GAINS, then=Value(1)), default=Value(0), output_field=IntegerField()),
    )
    ended = spans.exclude(ends_on=None).values(
        "union_id",
        "person_id",
        record_id=F("id"),
        date=day("ends_on"),
        cause=F("end_cause"),
        net=Case(When(end_cause__in=LOSSES, then=Value(-1)), default=Value(0), output_field=IntegerField()),
    )
    return begun.union(ended, all=True)


MOVE = FactTable(
    name="members.move",
    label=_("会籍变动"),
    grain=_("每段会籍的开始和结束各一行"),
    queryset=_moves,
    describe="zhijia.areas.members.queries.describe_memberships",
    columns=(
        integer("record_id"),
        integer("union_id"),
        integer("person_id"),
        text("date", _("日期")),
        text("cause", _("变动"), {**dict(Membership.Start.choices), **dict(Membership.End.choices)}),
        integer("net", _("净增")),
    ),
)
