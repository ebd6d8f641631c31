"""The ledgers of the random world: members, activities, relief, money, honours."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from zhijia.areas.activities.models import Activity, ActivityKind, HostLevel, Participation, Result
from zhijia.areas.aid.models import Relief
from zhijia.areas.finance.models import Entry
from zhijia.areas.honours.models import Honour
from zhijia.areas.members.models import Membership, Person

if TYPE_CHECKING:
    from tests.figures.world import Size, World

OFTEN = ("culture.essay", "survey", "training.officer", "volunteer.blood", "health.check", "recuperation")
QUALIFIERS = ["", "", "", "at_least", "almost", "more_than", "about"]


def write_all(world: World, size: Size) -> None:
    """Write all ledgers."""
    persons = _persons(world, size.persons)
    _activities(world, size.activities, persons)
    _reliefs(world, size.reliefs, persons)
    _entries(world, size.entries)
    _honours(world, size.honours)


def _save(model: Any, rows: list[Any]) -> list[Any]:
    return list(model._base_manager.bulk_create(rows, batch_size=200))


def _persons(world: World, number: int) -> list[Person]:
    dice = world.dice
    rows = [
        Person(
            union=dice.choice(world.unions),
            name=f"示例{at}",
            sex=dice.choice(["male", "female", "female", ""]),
            born_on=world.maybe(date(1980, 1, 1) + timedelta(days=dice.randrange(9000))),
            migrant=dice.random() < 0.3,
            new_form=dice.random() < 0.2,
        )
        for at in range(number)
    ]
    persons = _save(Person, rows)
    _save(Membership, [span for person in persons for span in _spans(world, person)])
    return persons


def _spans(world: World, person: Person) -> list[Membership]:
    """Give a person a life: applied, joined, retained, resumed, moved, left - or none of it."""
    dice = world.dice
    chance = dice.random()
    if chance < 0.1:
        return []
    if chance < 0.2:
        return [Membership(person=person, union=person.union, state=dice.choice(["applied", "rejected"]))]
    spans: list[Membership] = []
    start, cause, union = (
        world.day(date(2022, 1, 1)),
        dice.choice(["joined", "joined", "transferred_in"]),
        person.union,
    )
    while True:
        employers = [one for one in world.employers if one.union_id == union.pk]
        span = Membership(
            person=person,
            union=union,
            employer=dice.choice(employers) if employers and dice.random() < 0.8 else None,
            starts_on=start,
            start_cause=cause,
        )
        spans.append(span)
        if dice.random() < 0.5 or len(spans) > 3:
            span.state = (
                "retained" if cause == "retained" else dice.choice(["active", "active", "transferring"])
            )
            return spans
        end = world.day(max(start, date(2024, 1, 1)))
        next_cause = "resumed" if cause == "retained" else dice.choice(["retained", "transferred_in", ""])
        span.state, span.ends_on = "ended", end
        if not next_cause:
            span.end_cause = dice.choice(["resigned", "lapsed", "expelled", "deceased", "transferred_out"])
            return spans
        span.end_cause = "transferred_out" if next_cause == "transferred_in" else next_cause
        union = dice.choice(world.unions) if next_cause == "transferred_in" else union
        start, cause = end, next_cause


def _activities(world: World, number: int, persons: list[Person]) -> None:
    dice = world.dice
    kinds = list(ActivityKind._base_manager.all())
    kinds += [kind for kind in kinds if kind.code in OFTEN] * 8
    rows = []
    for at in range(number):
        kind = dice.choice(kinds)
        usual = {"culture.essay": ["article"], "survey": ["copy"]}
        unit = dice.choice(usual.get(kind.code, ["", "article", "copy", "suggestion", "session"]))
        rows.append(
            Activity(
                union=dice.choice(world.unions),
                kind=kind,
                name=f"示例活动{at}",
                held_on=world.day(),
                host_level=dice.choice(HostLevel.values),
                people=world.maybe(dice.randrange(300), 0.75),
                people_qualifier=dice.choice(QUALIFIERS),
                audience=world.maybe(dice.randrange(3000), 0.2),
                audience_qualifier=dice.choice(QUALIFIERS),
                output=world.maybe(dice.randrange(90), 0.9) if unit else None,
                output_qualifier=dice.choice(QUALIFIERS),
                output_unit=unit,
                cost=world.maybe(dice.randrange(1, 10**7), 0.6),
            )
        )
    activities = _save(Activity, rows)
    named = [
        Participation(activity=activity, person=person)
        for activity in activities
        if dice.random() < 0.3
        for person in dice.sample(persons, min(len(persons), dice.randrange(1, 9)))
    ]
    _save(Participation, named)
    results = [
        Result(
            union=world.maybe(activity.union, 0.8, dice.choice(world.unions)),
            activity=activity,
            winner_kind=dice.choice(["person", "team"]),
            winner="示例",
            rank="一等奖",
            level=dice.choice(HostLevel.values),
            people=world.maybe(dice.randrange(1, 20), 0.4),
            people_qualifier=dice.choice(QUALIFIERS),
            awarded_on=world.day(activity.held_on),
        )
        for activity in dice.choices(activities, k=number // 2)
    ]
    _save(Result, results)


def _reliefs(world: World, number: int, persons: list[Person]) -> None:
    dice = world.dice
    rows = []
    for at in range(number):
        kind = dice.choice(["person", "person", "person", "household", "unit"])
        known = kind == "person" and persons and dice.random() < 0.4
        person = dice.choice(persons) if known else None
        amount = world.maybe(dice.randrange(1, 10**6), 0.8)
        rows.append(
            Relief(
                union=dice.choice(world.unions),
                occasion=Relief.Occasion.values[at % len(Relief.Occasion.values)],
                given_on=world.day(),
                beneficiary_kind=kind,
                beneficiary="示例",
                person=person,
                people=1 if person else world.maybe(dice.randrange(1, 40), 0.8),
                people_qualifier="" if person else dice.choice(QUALIFIERS),
                households=world.maybe(dice.randrange(1, 9), 0.8) if kind == "household" else None,
                households_qualifier=dice.choice(QUALIFIERS) if kind == "household" else "",
                amount=amount,
                goods=dice.choice(["示例物品", ""]) if amount else "示例物品",
                goods_value=world.maybe(dice.randrange(1, 10**5), 0.3),
                fund=dice.choice(Relief.Fund.values),
            )
        )
    _save(Relief, rows)


def _entries(world: World, number: int) -> None:
    dice = world.dice
    rows = []
    for _ in range(number):
        kind = dice.choice([*Entry.Kind.values, "contribution", "contribution", "spending", "spending"])
        paid = kind == "contribution"
        employer = dice.choice(world.employers) if paid and world.employers and dice.random() < 0.6 else None
        rows.append(
            Entry(
                union=employer.union if employer else dice.choice(world.unions),
                kind=kind,
                happened_on=world.day(),
                amount=dice.randrange(1, dice.choice([10**4, 10**6, 10**8])),
                category=dice.choice(Entry.Category.values) if kind == "spending" else "",
                formalities=dice.choice(["pending", "ready", "refunded", ""]) if paid else "",
                employer=employer,
                counterparty=dice.choice(["", "示例单位1", *(f"示例商行{at}" for at in range(30))]),
            )
        )
    _save(Entry, rows)


def _honours(world: World, number: int) -> None:
    dice = world.dice
    rows = [
        Honour(
            union=dice.choice(world.unions),
            name="示例荣誉",
            category=dice.choice(Honour.Category.values),
            level=dice.choice(Honour.Level.values),
            awarded_on=world.day(),
            winner_kind=dice.choice(["unit", "person"]),
            winner="示例",
        )
        for _ in range(number)
    ]
    _save(Honour, rows)
