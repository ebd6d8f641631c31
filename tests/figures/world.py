"""A random but seeded world: a moving tree of unions with ledgers, written straight into the tables."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.apps import apps

from tests.figures import ledgers
from zhijia.areas.activities.models import ActivityKind
from zhijia.areas.activities.seed import seed_kinds
from zhijia.areas.organisations.models import Committee, Employer, HeadCount, Placement, Union, UnionChange
from zhijia.areas.organisations.paths import child_path, rebased

FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
LONG_AGO = date(1900, 1, 1)


@dataclass(frozen=True)
class Size:
    """How much of everything there is."""

    unions: int = 40
    persons: int = 600
    activities: int = 300
    reliefs: int = 300
    entries: int = 400
    honours: int = 120
    moves: int = 5
    closures: int = 8


@dataclass
class World:
    """What was written; ``places`` are the placements in order of time, as the tests look paths up."""

    dice: random.Random
    unions: list[Union] = field(default_factory=list)
    places: list[Placement] = field(default_factory=list)
    employers: list[Employer] = field(default_factory=list)
    changes: list[UnionChange] = field(default_factory=list)

    @property
    def top(self) -> Union:
        """The root of everything."""
        return self.unions[0]

    def day(self, first: date = FIRST, last: date = LAST) -> date:
        """Throw a day; the ends of months and years come more often than others."""
        if self.dice.random() < 0.1:
            edges = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1), last]
            return self.dice.choice([edge for edge in edges if first <= edge <= last])
        return first + timedelta(days=self.dice.randrange((last - first).days + 1))

    def maybe(self, value: Any, chance: float = 0.5, other: Any = None) -> Any:
        """Return the value with the given chance, else ``other``."""
        return value if self.dice.random() < chance else other

    def path_at(self, union: Union, day: date) -> str | None:
        """Return where a union stood last up to a day; None before it had a place."""
        found = [place for place in self.places if place.union_id == union.pk and place.starts_on <= day]
        return max(found, key=lambda place: place.starts_on).path if found else None


def write(model: Any, rows: list[Any]) -> list[Any]:
    """Insert rows past the services: the tests look at reading only."""
    return list(model._base_manager.bulk_create(rows, batch_size=200))


def build(seed: int, size: Size | None = None, code: str = "W") -> World:
    """Write a world; the same seed and size give the same world. Union codes begin with ``code``."""
    size = size or Size()
    world = World(random.Random(seed))  # noqa: S311 - a seeded world, no secret
    if not ActivityKind._base_manager.exists():
        seed_kinds(apps)
    _unions(world, size.unions, code)
    for on in sorted(world.day(date(2024, 3, 1), date(2025, 11, 1)) for _ in range(size.moves)):
        _move(world, on)
    _close(world, size.closures)
    write(Placement, world.places)
    _organisations(world)
    ledgers.write_all(world, size)
    return world


def _unions(world: World, number: int, code: str) -> None:
    dice = world.dice
    levels = {"general": ["federation", "joint"], "federation": ["joint", "grassroots", "grassroots"]}
    for at in range(number):
        if at == 0:
            parent, level = None, "general"
        else:
            parent = dice.choice([one for one in world.unions if one.level != "group"][: 3 + at // 3])
            level = (
                dice.choice(levels.get(parent.level, ["grassroots"]))
                if parent.level != "grassroots"
                else "group"
            )
        late = parent is not None and parent.founded_on is None and dice.random() < 0.3
        union = Union(
            code=f"{code}{at:04}",
            name=f"示例工会{at}",
            level=level,
            sector=dice.choice(Union.Sector.values),
            parent=parent,
            founded_on=world.day() if late else None,
            legal_person_on=world.maybe(world.day()),
            account_opened_on=world.maybe(world.day()),
        )
        union.save()
        union.path = child_path(parent.path if parent else "", union.pk)
        union.save()
        world.unions.append(union)
        world.places.append(
            Placement(union=union, parent=parent, path=union.path, starts_on=union.founded_on or LONG_AGO)
        )
        if union.founded_on:
            world.changes.append(UnionChange(union=union, kind="founded", happened_on=union.founded_on))


def _move(world: World, on: date) -> None:
    union = world.dice.choice(world.unions[3:])
    new_parents = [
        one for one in world.unions if one.level != "group" and not one.path.startswith(union.path)
    ]
    parent = world.dice.choice(new_parents)
    old, new = union.path, child_path(parent.path, union.pk)
    for place in [one for one in world.places if one.ends_on is None and one.path.startswith(old)]:
        moved = Placement(union=place.union, parent=place.parent, path=rebased(place.path, old, new))
        if place.union_id == union.pk:
            moved.parent = parent
        place.union.path = moved.path
        if place.starts_on >= on:
            place.path, place.parent = moved.path, moved.parent
            continue
        place.ends_on, moved.starts_on = on, on
        world.places.append(moved)
    union.parent = parent
    Union._base_manager.bulk_update(world.unions, ["path", "parent"])
    world.changes.append(UnionChange(union=union, kind="moved", happened_on=on))


def _close(world: World, number: int) -> None:
    parents = {place.parent_id for place in world.places}
    leaves = [one for one in world.unions if one.pk not in parents]
    ways = ["transferred", "deregistered", "dissolved", "transferred"]
    for at, union in enumerate(world.dice.sample(leaves, min(number, len(leaves)))):
        how = ways[at % len(ways)]
        place = next(one for one in world.places if one.union_id == union.pk and one.ends_on is None)
        on = world.day(max(place.starts_on + timedelta(days=1), date(2024, 6, 1)))
        # The first leaves on the last day of a year, the next on that of a half: no stock counts it that day.
        edge = {0: LAST, 3: date(2025, 6, 30)}.get(at)
        if edge and place.starts_on < edge:
            on = edge
        union.closed_on, union.closed_how = on, how
        union.save()
        if how == "transferred":
            place.ends_on = on
        world.changes.append(UnionChange(union=union, kind=how, happened_on=on))


def _organisations(world: World) -> None:
    dice = world.dice
    for _ in range(len(world.unions)):
        kind = dice.choice(["renamed", "upgraded"])
        world.changes.append(UnionChange(union=dice.choice(world.unions), kind=kind, happened_on=world.day()))
    write(UnionChange, world.changes)
    covering = [one for one in world.unions if one.level in ("grassroots", "joint")]
    for union in covering:
        for at in range(dice.randrange(4)):
            begun = world.maybe(date(2020, 5, 1), 0.6, world.day())
            world.employers.append(
                Employer(
                    union=union,
                    name=f"示例单位{at}",
                    sector=dice.choice(Union.Sector.values),
                    covered_on=begun,
                    ended_on=world.maybe(world.day(max(begun, FIRST)), 0.15),
                )
            )
    write(Employer, world.employers)
    counts = []
    for employer in world.employers:
        for on in {world.day(date(2023, 6, 1)) for _ in range(dice.randrange(4))}:
            staff = dice.randrange(1, 300)
            women, migrants = (
                world.maybe(dice.randrange(staff + 1), 0.8),
                world.maybe(dice.randrange(staff + 1), 0.7),
            )
            counts.append(HeadCount(employer=employer, as_of=on, staff=staff, women=women, migrants=migrants))
    write(HeadCount, counts)
    terms = []
    for union in world.unions:
        for kind in Committee.Kind.values:
            elected = world.day(date(2019, 1, 1), date(2023, 12, 31))
            expires = elected.replace(year=elected.year + dice.choice([3, 5]), day=1)
            ended = world.maybe(world.day(max(elected, FIRST)), 0.4)
            terms.append(
                Committee(union=union, kind=kind, elected_on=elected, expires_on=expires, ended_on=ended)
            )
            if ended:
                until = ended.replace(year=ended.year + 5, day=1)
                terms.append(Committee(union=union, kind=kind, term_no=2, elected_on=ended, expires_on=until))
    write(Committee, dice.sample(terms, len(terms) * 2 // 3))
