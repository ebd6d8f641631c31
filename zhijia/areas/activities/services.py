"""What happens to activities, the people who took part, and the prizes won. The only writer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Unpack

from django.db.models import Min
from django.utils import timezone

from zhijia.areas.activities import rules
from zhijia.areas.activities.models import Activity, Participation, Result
from zhijia.areas.activities.values import (
    COUNTS,
    ActivityValues,
    ResultValues,
    activity_columns,
    quantity,
    result_columns,
)
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import Change, command, current, require
from zhijia.kernel.records import StaleVersionError, change, change_many, create, create_many, remove
from zhijia.kit.subjects import ANONYMOUS, anonymise

OWN = "the activity was loaded in scope"


@command("activities.record", at="union")
def activity_record(*, actor: Actor, union: Union, **values: Unpack[ActivityValues]) -> Activity:  # noqa: ARG001 - read by the command
    """Record an event; ``kind``, ``name`` and ``held_on`` are needed. Raises Refused."""
    require(rules.activity_recordable(values, timezone.localdate()))
    return create(Activity(union=union, **activity_columns(values)))


@command("activities.record", at="activity.union")
def activity_correct(
    *,
    actor: Actor,  # noqa: ARG001 - read by the command
    activity: Activity,
    version: int | None = None,
    **values: Unpack[ActivityValues],
) -> Activity:
    """Correct the given fields; the others stay. The union stays: figures of the past count it there.

    Raises Refused or StaleVersionError.
    """
    kept: dict[str, Any] = {name: getattr(activity, name) for name in ("held_on", "ended_on", "cost")}
    kept |= {name: quantity(activity, name) for name in COUNTS}
    require(rules.activity_recordable(kept | dict(values), timezone.localdate()))
    _require_day(activity, values.get("held_on", activity.held_on))
    return change(activity, version=version, **activity_columns(values))


def _require_day(activity: Activity, held_on: date) -> None:
    """Refuse a day that the named people and the prizes of the activity contradict."""
    awards = Result.objects.everywhere(OWN).filter(activity=activity)
    require(rules.awards_after(held_on, awards.aggregate(first=Min("awarded_on"))["first"]))
    if Participation.objects.everywhere(OWN).filter(activity=activity).exists():
        require(rules.already_held(held_on, timezone.localdate()))


@command("activities.record", at="activity.union")
def participation_set(
    *, actor: Actor, activity: Activity, persons: Sequence[Person], version: int | None = None
) -> Activity:
    """Make ``persons`` the named people of the event, in place of those named before.

    While anyone is named, the names are what is counted and the head-count is only shown beside them.
    Raises Refused (not yet held, or a new person out of the actor's reach) or StaleVersionError.
    """
    # Two clerks naming people at once: the second waits here, then sees the version of the first.
    fresh = Activity.objects.everywhere(OWN).select_for_update().get(pk=activity.pk)
    if version is not None and fresh.version != version:
        raise StaleVersionError(fresh)
    named = Participation.objects.everywhere(OWN).filter(activity=activity)
    before = {one.person_id: one for one in named}
    wanted = {person.pk: person for person in persons}
    added = [person for key, person in wanted.items() if key not in before]
    gone = [one for key, one in before.items() if key not in wanted]
    if not added and not gone:
        return fresh
    if added:
        require(rules.already_held(activity.held_on, timezone.localdate()))
    for person in added:
        _require_person(actor, person)
    for one in gone:
        remove(one)
    create_many(Participation, [Participation(activity=activity, person=person) for person in added])
    current().note(Change.of(fresh, {"participations": len(before)}))
    change_many(Activity, [fresh], [])
    return fresh


@command("activities.record", at="union")
def result_record(
    *, actor: Actor, union: Union, activity: Activity, **values: Unpack[ResultValues]
) -> Result:
    """Record what ``union`` won at an event of its own or of a union above it. Raises Refused."""
    require(actor.scope.may("activities.record", activity.union.path or ""))
    _require_result(union, activity, dict(values))
    _require_person(actor, values.get("person"))
    return create(Result(union=union, activity=activity, **result_columns(values)))


@command("activities.record", at="result.union")
def result_correct(
    *, actor: Actor, result: Result, version: int | None = None, **values: Unpack[ResultValues]
) -> Result:
    """Correct the given fields; activity and union stay. Raises Refused or StaleVersionError."""
    kept = {name: getattr(result, name) for name in ("winner_kind", "winner", "person", "awarded_on")}
    merged = {**kept, "people": quantity(result, "people"), **values}
    _require_result(result.union, result.activity, merged)
    if merged["person"] != result.person:
        _require_person(actor, merged["person"])
    return change(result, version=version, **result_columns(merged))


def _require_result(union: Union, activity: Activity, values: dict[str, Any]) -> None:
    """Refuse what no prize of this activity may say."""
    require(rules.winner_within(union.path or "", activity.union.path or ""))
    require(
        rules.winner_named(
            values["winner_kind"], values["winner"], has_person=values.get("person") is not None
        )
    )
    require(rules.awarded_in_time(values["awarded_on"], activity.held_on, timezone.localdate()))
    require(rules.count_plausible(values.get("people")))


def _require_person(actor: Actor, person: Person | None) -> None:
    """Refuse a person whom the actor may not see."""
    if person is not None:
        require(actor.scope.may("members.view", person.union.path or ""))


@command("privacy.erase", at="person.union", fresh=True)
def results_anonymise(*, actor: Actor, person: Person) -> int:  # noqa: ARG001 - the command reads the actor
    """Take the name of a person from all its prizes; participations hold no name of their own."""
    rows = list(Result.objects.everywhere("all prizes of the person").filter(person=person))
    for result in rows:
        anonymise(result, winner=ANONYMOUS)
    return len(rows)
