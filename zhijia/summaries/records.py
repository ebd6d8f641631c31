"""Lists of records in a summary: honours, main activities, prizes. The largest and highest first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, Count, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.urls import NoReverseMatch, reverse

from zhijia.areas.activities.models import Activity, HostLevel, Result
from zhijia.areas.honours.models import Honour
from zhijia.areas.organisations.models import Union
from zhijia.figures.engine import unions_below
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity
from zhijia.kernel.scope import Scope
from zhijia.summaries.plan import RecordList
from zhijia.summaries.sources import Piece, Told

ACTION = "summaries.make"
LEVELS = [code for code, _label in HostLevel.choices]
OWN_REGION = ("全国", "省", "市", "县", "区", "国家")  # a title that names its level needs no second word

JOINED = "参加"  # somebody else held it
VERBS = {
    "召开": ("democracy.congress", "democracy.assembly", "democracy.meeting", "survey.forum"),
    "举办": ("training", "culture", "health.lecture", "women.lecture", "skills.match"),
}


@dataclass(frozen=True)
class Line:
    """One record as an item of a list."""

    pieces: tuple[Piece, ...]
    url: str = ""


def lines(scope: Scope, union: Union, period: Period, wanted: RecordList) -> tuple[Line, ...]:
    """The records that a plan lists, of this union and all below it."""
    read: dict[str, Callable[[Scope, Union, Period, RecordList], tuple[Line, ...]]] = {
        "honours": _honours,
        "activities": _activities,
        "prizes": _prizes,
    }
    return read[wanted.what](scope, union, period, wanted)


def _rank(field: str) -> Case:
    return Case(
        *(When(**{field: code}, then=Value(rank)) for rank, code in enumerate(LEVELS)),
        default=Value(0),
        output_field=IntegerField(),
    )


def _url(name: str, key: int) -> str:
    try:
        return reverse(name, args=[key])
    except NoReverseMatch:
        return ""


def _in(union: Union, period: Period, day: str) -> Q:
    """Rows of the period in the tree of its end, as the figures count them: of a union up to its leaving."""
    standing = unions_below(union.pk, period.last)
    wanted = Q(union__in=standing, **{f"{day}__range": (period.first, period.last)})
    for key, left_on in standing.items():
        if left_on < period.last:
            wanted &= ~Q(union=key, **{f"{day}__gt": left_on})
    return wanted


def _level(label: str, title: str) -> str:
    return "" if title.startswith((*OWN_REGION, label)) else label


def _honours(scope: Scope, union: Union, period: Period, wanted: RecordList) -> tuple[Line, ...]:
    found: QuerySet[Honour] = (
        Honour.objects.within(scope, ACTION)
        .filter(_in(union, period, "awarded_on"))
        .select_related("union")
        .annotate(rank=_rank("level"))
        .order_by("-rank", "-winner_kind", "awarded_on", "pk")[: wanted.limit]
    )
    return tuple(_honour(one, union) for one in found)


def _honour(one: Honour, union: Union) -> Line:
    is_person = one.winner_kind == Honour.Winner.PERSON
    of = one.union.name if is_person and one.union_id != union.pk else ""
    by = f"，{one.awarder}授予" if one.awarder else ""
    text = f"{of}{one.winner}获{_level(one.get_level_display(), one.name)}“{one.name}”称号"
    return Line((f"{text}（{one.awarded_on.month}月{by}）",), _url("honours:honour-detail", one.pk))


def _activities(scope: Scope, union: Union, period: Period, wanted: RecordList) -> tuple[Line, ...]:
    kinds = _of_kinds(wanted, "kind_id")
    found = list(
        Activity.objects.within(scope, ACTION)
        .filter(kinds, _in(union, period, "held_on"))
        .select_related("union")
        .annotate(named=Count("participations"), rank=_rank("host_level"))
        .annotate(
            own=Case(When(union=union, then=Value(1)), default=Value(0), output_field=IntegerField()),
            size=Coalesce("people", "named"),
        )
        .order_by("-own", "-rank", F("size").desc(nulls_last=True), "held_on", "pk")[: wanted.limit]
    )
    return tuple(_activity(one, union) for one in sorted(found, key=lambda one: (one.held_on, one.pk)))


def _days(first: date, last: date | None) -> str:
    text = f"{first.month}月{first.day}日"
    if last is None or last == first:
        return text
    return f"{text}至{last.day}日" if last.month == first.month else f"{text}至{last.month}月{last.day}日"


def _activity(one: Activity, union: Union) -> Line:
    of = "" if one.union_id == union.pk else one.union.name
    text = f"{_days(one.held_on, one.ended_on)}，{of}{_verb(one)}“{one.name}”"
    url = _url("activities:activity-detail", one.pk)
    people = _people(one)
    if people is None:
        return Line((text,), url)
    key = "activities.blood" if people.unit is CountUnit.PERSON else "activities.person_times"
    told = _told(one.union, one.held_on, people, key, f"“{one.name}”参加", url)
    # 参加“…”，共6人次: the verb is not said twice
    return (
        Line((f"{text}，共", told), url) if _verb(one) == JOINED else Line((f"{text}，", told, "参加"), url)
    )


def _verb(one: Activity) -> str:
    if one.host and one.host != one.union.name:
        return JOINED
    return next((verb for verb, kinds in VERBS.items() if one.kind_id.startswith(kinds)), "开展")


def _people(one: Activity) -> Quantity | None:
    unit = CountUnit.PERSON if one.kind_id == "volunteer.blood" else CountUnit.PERSON_TIME
    named = getattr(one, "named", 0)
    if named:
        return Quantity(named, unit)
    return Quantity(one.people, unit, Qualifier(one.people_qualifier)) if one.people else None


def _of_kinds(wanted: RecordList, field: str) -> Q:
    """Select the wanted kinds with all below them; every kind when none is named."""
    kinds = Q()
    for code in wanted.kinds:
        kinds |= Q(**{field: code}) | Q(**{f"{field}__gte": f"{code}.", f"{field}__lt": f"{code}/"})
    return kinds


def _prizes(scope: Scope, union: Union, period: Period, wanted: RecordList) -> tuple[Line, ...]:
    found: QuerySet[Result] = (
        Result.objects.within(scope, ACTION)
        .filter(_of_kinds(wanted, "activity__kind_id"), _in(union, period, "awarded_on"))
        .select_related("union", "activity")
        .annotate(order=_rank("level"))
        .order_by("-order", "-winner_kind", "awarded_on", "pk")[: wanted.limit]
    )
    return tuple(_prize(one, union) for one in found)


def _prize(one: Result, union: Union) -> Line:
    of = one.union.name if one.union_id != union.pk and one.union.name not in one.winner else ""
    text = f"{of}{one.winner}在“{one.activity.name}”中获{one.item}{one.rank}（{one.get_level_display()}）"
    url = _url("activities:activity-detail", one.activity_id)
    if one.winner_kind != Result.Winner.PERSON or not one.people or one.people == 1:
        return Line((text,), url)
    people = Quantity(one.people, CountUnit.PERSON_TIME, Qualifier(one.people_qualifier))
    told = _told(
        one.union, one.awarded_on, people, "activities.winners", f"“{one.activity.name}”个人获奖", url
    )
    return Line((f"{text}，", told, "获奖"), url)


def _told(union: Union, day: date, people: Quantity, key: str, label: str, url: str) -> Told:
    """A number of one record: its appendix row leads to the record's own page."""
    return Told(
        text=str(people),
        key=key,
        label=label,
        definition="该条记录登记的人数；有实名名单的按名单。",
        union=union.name,
        period=Period(day, day).label,
        value=str(people),
        rows="1条",
        url=url,
    )
