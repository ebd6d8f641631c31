"""What is counted about unions, their employers and their committees."""

from typing import Any

from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Committee, Employer, HeadCount, Placement, Union, UnionChange
from zhijia.facts.table import FAR, FactTable, day, integer, text

WHY = "facts are scoped by the tree of unions when they are read"
LEVELS = dict(Union.Level.choices)
SECTORS = dict(Union.Sector.choices)
NET = {"founded": 1, "transferred": -1, "deregistered": -1, "dissolved": -1}


def _unions() -> QuerySet[Any, Any]:
    return Union.objects.everywhere(WHY).values(
        "level",
        "sector",
        record_id=F("id"),
        union_id=F("id"),
        starts=day("founded_on"),
        ends=day("closed_on", missing=FAR),
        legal_person=day("legal_person_on", missing=FAR),
        account_opened=day("account_opened_on", missing=FAR),
    )


UNION = FactTable(
    name="organisations.union",
    label=_("工会"),
    grain=_("每个工会一行"),
    queryset=_unions,
    describe="zhijia.areas.organisations.queries.describe_unions",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("level", _("层级"), LEVELS),
        text("sector", _("类型"), SECTORS),
        text("starts", _("建会日期")),
        text("ends", _("终止日期")),
        text("legal_person", _("法人登记日期")),
        text("account_opened", _("开户日期")),
    ),
)


def _placements() -> QuerySet[Any, Any]:
    return Placement.objects.everywhere(WHY).values(
        "union_id",
        "path",
        record_id=F("id"),
        parent_key=Coalesce(F("parent_id"), Value(0), output_field=BigIntegerField()),
        starts=day("starts_on"),
        ends=day("ends_on", missing=FAR),
    )


PLACEMENT = FactTable(
    name="organisations.placement",
    label=_("隶属关系"),
    grain=_("每个工会在树中的每一段位置一行"),
    queryset=_placements,
    describe="zhijia.areas.organisations.queries.describe_placements",
    columns=(
        integer("record_id"),
        integer("union_id"),
        integer("parent_key"),
        text("path"),
        text("starts", _("起")),
        text("ends", _("止")),
    ),
)


def _changes() -> QuerySet[Any, Any]:
    from django.db.models import Case, IntegerField, When

    net = Case(
        *(When(kind=kind, then=Value(sign)) for kind, sign in NET.items()),
        default=Value(0),
        output_field=IntegerField(),
    )
    return UnionChange.objects.everywhere(WHY).values(
        "union_id", "kind", record_id=F("id"), date=day("happened_on"), level=F("union__level"), net=net
    )


CHANGE = FactTable(
    name="organisations.change",
    label=_("工会变动"),
    grain=_("每次建会、更名、升格、注销等一行"),
    queryset=_changes,
    describe="zhijia.areas.organisations.queries.describe_changes",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("kind", _("变动"), dict(UnionChange.Kind.choices)),
        text("date", _("日期")),
        text("level", _("层级"), LEVELS),
        integer("net", _("净增")),
    ),
)


def _employers() -> QuerySet[Any, Any]:
    return Employer.objects.everywhere(WHY).values(
        "union_id",
        "sector",
        record_id=F("id"),
        starts=day("covered_on"),
        ends=day("ended_on", missing=FAR),
    )


EMPLOYER = FactTable(
    name="organisations.employer",
    label=_("覆盖单位"),
    grain=_("每个覆盖单位一行"),
    queryset=_employers,
    describe="zhijia.areas.organisations.queries.describe_employers",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("sector", _("单位类型"), SECTORS),
        text("starts", _("覆盖日期")),
        text("ends", _("终止日期")),
    ),
)


def _head_counts() -> QuerySet[Any, Any]:
    # A count is valid until the next one of the same employer, and not beyond the employer's own end.
    following = (
        HeadCount.objects.everywhere(WHY)
        .filter(employer=OuterRef("employer"), as_of__gt=OuterRef("as_of"))
        .order_by("as_of")
        .values("as_of")[:1]
    )
    return (
        HeadCount.objects.everywhere(WHY)
        .annotate(next_on=Subquery(following))
        .values(
            "employer_id",
            "staff",
            "women",
            "migrants",
            record_id=F("id"),
            union_id=F("employer__union_id"),
            starts=day("as_of"),
            ends=Least(day("next_on", missing=FAR), day("employer__ended_on", missing=FAR)),
        )
    )


HEAD_COUNT = FactTable(
    name="organisations.headcount",
    label=_("单位人数"),
    grain=_("每个单位每次上报的人数一行，到下一次上报为止有效"),
    queryset=_head_counts,
    describe="zhijia.areas.organisations.queries.describe_head_counts",
    columns=(
        integer("record_id"),
        integer("union_id"),
        integer("employer_id"),
        text("starts", _("截至日期")),
        text("ends", _("有效至")),
        integer("staff", _("职工人数")),
        integer("women", _("女职工"), nullable=True),
        integer("migrants", _("农民工"), nullable=True),
    ),
)


def _committees() -> QuerySet[Any, Any]:
    return Committee.objects.everywhere(WHY).values(
        "union_id",
        "kind",
        record_id=F("id"),
        starts=day("elected_on"),
        expires=day("expires_on"),
        ends=day("ended_on", missing=FAR),
    )


COMMITTEE = FactTable(
    name="organisations.committee",
    label=_("委员会届次"),
    grain=_("每个委员会的每一届一行"),
    queryset=_committees,
    describe="zhijia.areas.organisations.queries.describe_committees",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("kind", _("委员会"), dict(Committee.Kind.choices)),
        text("starts", _("选举日期")),
        text("expires", _("届满日期")),
        text("ends", _("卸任日期")),
    ),
)
