"""Activities, named people and results written straight into the tables, for the tests of all areas."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.apps import apps

from zhijia.areas.activities.models import Activity, ActivityKind, Participation, Result
from zhijia.areas.activities.seed import seed_kinds
from zhijia.areas.activities.values import activity_columns, result_columns
from zhijia.areas.members.models import Person
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.models import Union
from zhijia.kernel.quantity import CountUnit, Quantity

HELD = date(2025, 3, 5)


def kind_of(code: str) -> ActivityKind:
    """Return a seeded kind; the tree is written first where no migration has done it."""
    if not ActivityKind.objects.filter(pk=code).exists():
        seed_kinds(apps)
    return ActivityKind.objects.get(pk=code)


def person_times(text: str | int | Quantity | None) -> Quantity | None:
    """Return a count of 人次 from ``300``, ``"300余"`` or a quantity."""
    if text is None or isinstance(text, Quantity):
        return text
    return Quantity.parse(str(text), CountUnit.PERSON_TIME)


def activity_of(
    union: Union,
    kind: str = "culture.sport",
    held_on: date = HELD,
    people: str | int | Quantity | None = None,
    *,
    audience: str | int | Quantity | None = None,
    persons: Iterable[Person] = (),
    name: str = "示例活动",
    **kw: Any,
) -> Activity:
    """Write an event; counts may be texts such as ``"300余"``, ``output`` is a Quantity."""
    values = {
        "name": name,
        "held_on": held_on,
        "people": person_times(people),
        "audience": person_times(audience),
    }
    activity = Activity(union=union, kind=kind_of(kind), **activity_columns(values | kw))
    activity.save()
    for person in persons:
        participation_of(activity, person)
    return activity


def participation_of(activity: Activity, person: Person) -> Participation:
    """Write a named person at an event."""
    participation = Participation(activity=activity, person=person)
    participation.save()
    return participation


def result_of(
    activity: Activity,
    winner: str = "示例队",
    rank: str = "第一名",
    winner_kind: str = "team",
    *,
    union: Union | None = None,
    people: str | int | Quantity | None = None,
    **kw: Any,
) -> Result:
    """Write a rank or prize won at an event, on its day unless told otherwise."""
    values = {
        "winner": winner,
        "rank": rank,
        "winner_kind": winner_kind,
        "people": person_times(people),
        "awarded_on": activity.held_on,
    }
    result = Result(union=union or activity.union, activity=activity, **result_columns(values | kw))
    result.save()
    return result


def somebody(union: Union, name: str = "王示例", **kw: Any) -> Person:
    """Write a person whom the union knows, enough to take part and to win."""
    return person_of(union, name, **kw)
