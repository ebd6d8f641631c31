"""Lists, loaders and pages of activities, named people and results."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db.models import Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.http import Http404
from django.utils import timezone

from zhijia.areas.activities.models import Activity, ActivityKind, Participation, Result
from zhijia.areas.activities.rules import prize_limit, prize_share
from zhijia.areas.activities.values import quantity
from zhijia.areas.members.models import Person
from zhijia.areas.members.queries import person_matches
from zhijia.kernel.chinese import normalise
from zhijia.kernel.quantity import CountUnit, Quantity
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Verdict

VIEW, RECORD = "activities.view", "activities.record"
OWN = "counted within activities that are in scope"
CALENDAR_FIRST, CALENDAR_LAST = 1901, 2198  # the month view needs a month before and after
SHOWN_NAMES = 200  # named people on an activity's page; the rest is said as a number


@dataclass(frozen=True)
class ActivityPage:
    """One activity with what hangs on it; ``people`` is what is counted (named people win)."""

    activity: Activity
    people: Quantity | None
    audience: Quantity | None
    output: Quantity | None
    named: int
    persons: tuple[Person, ...]
    results: tuple[Result, ...]
    warning: Verdict
    may_record: bool


@dataclass(frozen=True)
class CalendarDay:
    """A day of the month view; ``in_month`` is false for the days that fill up the first and last week."""

    day: date
    in_month: bool
    is_today: bool
    activities: tuple[Activity, ...]
    more: int


def kinds() -> QuerySet[ActivityKind]:
    """The tree of kinds that may be chosen, in its order."""
    return ActivityKind.objects.filter(retired=False).order_by("order")


def of_kind(code: str, field: str = "kind") -> Q:
    """The filter for a kind and all kinds under it: ``culture`` takes ``culture.sport.meet`` too."""
    return Q(**{f"{field}_id": code}) | Q(**{f"{field}_id__gt": f"{code}.", f"{field}_id__lt": f"{code}/"})


def matching(text: str) -> Q:
    """The filter for activities whose name holds ``text``, in characters or in pinyin."""
    plain = normalise(text)
    spelled = "".join(plain.split()).lower()
    found = Q(name__icontains=plain)
    return found | Q(name_key__contains=spelled) if spelled.isascii() and spelled else found


def won_by(text: str) -> Q:
    """The filter for results by winner or activity: a part of the name, pinyin, a person's last digits."""
    plain = normalise(text)
    spelled = "".join(plain.split()).lower()
    found = Q(winner__icontains=plain) | Q(activity__name__icontains=plain)
    found |= person_matches(plain, "person__")
    return found | Q(activity__name_key__contains=spelled) if spelled.isascii() and spelled else found


def activities(scope: Scope, action: str = VIEW) -> QuerySet[Activity]:
    """The activities in scope, newest first; ``named`` is how many people are named (None for nobody)."""
    named = (
        Participation.objects.everywhere(OWN)
        .filter(activity=OuterRef("pk"))
        .order_by()
        .values("activity")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Activity.objects.within(scope, action)
        .select_related("union", "kind")
        .annotate(named=Subquery(named, output_field=IntegerField()))
        .order_by("-held_on", "-pk")
    )


def counted_people(activity: Activity) -> Quantity | None:
    """How many took part in an activity of ``activities``: the named, else the head-count, else None."""
    named: int | None = getattr(activity, "named", None)
    if named:
        return Quantity(named, CountUnit.PERSON_TIME)
    return quantity(activity, "people")


def activity_load(scope: Scope, key: int, action: str = VIEW) -> Activity:
    """One activity; Http404 for absent and for out of reach alike."""
    found = activities(scope, action).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def activity_page(scope: Scope, key: int) -> ActivityPage:
    """One activity with people and results; Http404 as in ``activity_load``."""
    activity = activity_load(scope, key)
    won = tuple(results(scope).filter(activity=activity))
    people = counted_people(activity)
    return ActivityPage(
        activity=activity,
        people=people,
        audience=quantity(activity, "audience"),
        output=quantity(activity, "output"),
        named=getattr(activity, "named", None) or 0,
        persons=tuple(participants(scope, activity)[:SHOWN_NAMES]),
        results=won,
        warning=prize_warning(activity, people),
        may_record=bool(scope.may(RECORD, activity.union.path)),
    )


def winners(activity: Activity, without: Result | None = None) -> int:
    """How many people the results of an activity say have won, one result left out if wanted."""
    rows = Result.objects.everywhere(OWN).filter(activity=activity)
    rows = rows.exclude(pk=without.pk) if without is not None else rows
    return int(rows.aggregate(people=Sum("people"))["people"] or 0)


def prize_warning(activity: Activity, people: Quantity | None) -> Verdict:
    """Whether more people won than the local rule allows (R6.3)."""
    limit = prize_limit(activity.held_on, settings.JURISDICTION)
    return prize_share(winners(activity) or None, None if people is None else people.value, limit)


def participants(scope: Scope, activity: Activity) -> QuerySet[Person]:
    """The people named at an activity, by name; empty for an activity out of reach."""
    named = Participation.objects.within(scope, VIEW).filter(activity=activity)
    return (
        Person.objects.everywhere("who took part stands in the activity's own record")
        .filter(pk__in=named.values("person"))
        .select_related("union")
        .order_by("name_key", "pk")
    )


def results(scope: Scope, action: str = VIEW) -> QuerySet[Result]:
    """The ranks and prizes in scope, newest first."""
    return (
        Result.objects.within(scope, action)
        .select_related("union", "activity__union", "activity__kind", "person__union")
        .order_by("-awarded_on", "-pk")
    )


def result_load(scope: Scope, key: int, action: str = VIEW) -> Result:
    """One result; Http404 for absent and for out of reach alike."""
    found = results(scope, action).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def without_people(rows: QuerySet[Activity]) -> QuerySet[Activity]:
    """Keep the activities that say nothing about who or how many took part."""
    return rows.filter(
        Q(people=None), ~Exists(Participation.objects.everywhere(OWN).filter(activity=OuterRef("pk")))
    )


def month_start(day: date, months: int = 0) -> date:
    """The first day of the month that lies ``months`` after the one of ``day``."""
    number = day.year * 12 + day.month - 1 + months
    return date(number // 12, number % 12 + 1, 1)


def calendar_weeks(scope: Scope, month: date, per_day: int = 4) -> list[list[CalendarDay]]:
    """The weeks (Monday first) of the month of ``month`` with its activities, two queries in all."""
    first, after = month_start(month), month_start(month, 1)
    start = first - timedelta(days=first.weekday())
    end = after + timedelta(days=(7 - after.weekday()) % 7)
    rows = Activity.objects.within(scope, VIEW).select_related("union", "kind").order_by("held_on", "pk")
    held: dict[date, list[Activity]] = {}
    for activity in rows.filter(held_on__gte=start, held_on__lt=end).iterator():
        held.setdefault(activity.held_on, []).append(activity)
    today = timezone.localdate()
    days = [start + timedelta(days=offset) for offset in range((end - start).days)]
    cells = [
        CalendarDay(
            day=day,
            in_month=first <= day < after,
            is_today=day == today,
            activities=tuple(held.get(day, [])[:per_day]),
            more=max(0, len(held.get(day, [])) - per_day),
        )
        for day in days
    ]
    return [cells[at : at + 7] for at in range(0, len(cells), 7)]
