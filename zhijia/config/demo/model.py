# ruff: noqa: PLR2004 - the shares of a made-up county say nothing beyond their place
"""What the demo's county is made of, before it becomes rows of a workbook."""

from __future__ import annotations

import random
from calendar import monthrange
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

Sex = Literal["male", "female"]
Row = dict[str, Any]
Rows = list[Row]


@dataclass
class School:
    """A covered employer. ``size`` is the staff it starts with."""

    name: str
    sector: str
    size: int
    kind: str
    covered_on: date
    union: Organ | None = None
    ended_on: date | None = None


@dataclass
class Change:
    """A dated step in a union's life, as the sheet 工会 writes it."""

    kind: str
    on: date
    document: str
    former: str = ""


@dataclass
class Term:
    """One term of a committee, with its chair."""

    number: int
    elected_on: date
    expires_on: date
    chair: str


@dataclass
class Organ:
    """A union. ``zeal`` scales how much it does and records; 0 means that it records nothing."""

    code: str
    name: str
    parent: Organ | None
    level: str
    sector: str
    region: str
    founded_on: date
    kind: str = "school"
    zeal: float = 1.0
    is_thrifty: bool = False  # records no spending
    schools: list[School] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    uscc: str = ""
    issuer_code: str = ""
    legal_person_on: date | None = None
    account_opened_on: date | None = None
    closed_on: date | None = None
    moved_from: Organ | None = None

    def lives(self, on: date) -> bool:
        """Say whether the union exists on a day."""
        return self.founded_on <= on and (self.closed_on is None or on < self.closed_on)

    def name_on(self, on: date) -> str:
        """Return the name the union had on a day."""
        later = [change for change in self.changes if change.former and change.on > on]
        return later[0].former if later else self.name

    def level_on(self, on: date) -> str:
        """Return the level the union had on a day: what is upgraded here was a group before."""
        later = any(change.kind == "升格" and change.on > on for change in self.changes)
        return "工会小组" if later else self.level

    def parent_on(self, on: date) -> Organ | None:
        """Return the union above on a day."""
        later = any(change.kind == "调整隶属" and change.on > on for change in self.changes)
        return self.moved_from if later else self.parent


@dataclass
class Stay:
    """Someone's time at a school, and within it the membership (``joined_on`` None: no member)."""

    school: School
    starts_on: date
    joined_on: date | None
    cause: str = "入会"
    ends_on: date | None = None
    state: str = "在籍"

    def covers(self, on: date) -> bool:
        """Say whether the person works there on a day."""
        return self.starts_on <= on and (self.ends_on is None or on < self.ends_on)


@dataclass
class Worker:
    """Someone on the staff; synthetic, with a number of the region 999xxx that does not exist."""

    name: str
    id_number: str
    sex: Sex
    born_on: date
    ethnicity: str
    education: str
    politics: str
    migrant: bool
    post: str
    wage: int  # yuan a month
    stays: list[Stay] = field(default_factory=list)


@dataclass
class County:
    """Everything: the unions, highest first, and everyone who worked there in the two years."""

    year: int
    top: Organ
    organs: list[Organ]
    workers: list[Worker] = field(default_factory=list)
    by_organ: dict[str, list[Worker]] = field(default_factory=dict)
    unique: set[str] = field(default_factory=set)  # names that only one person has

    def schools(self) -> list[School]:
        """Return all employers."""
        return [school for organ in self.organs for school in organ.schools]

    def below(self, organ: Organ) -> list[Organ]:
        """Return the unions right below one."""
        return [one for one in self.organs if one.parent is organ]

    def index(self) -> None:
        """Sort the workers by the union of each stay, and find the names that are unique."""
        seen: dict[str, int] = {}
        self.by_organ = {}
        for worker in self.workers:
            seen[worker.name] = seen.get(worker.name, 0) + 1
            for code in {stay.school.union.code for stay in worker.stays if stay.school.union}:
                self.by_organ.setdefault(code, []).append(worker)
        self.unique = {name for name, count in seen.items() if count == 1}

    def staff(self, organ: Organ, on: date) -> list[Worker]:
        """Return who works under a union (itself, or everywhere for those above) on a day."""
        return [
            worker
            for worker in self.by_organ.get(organ.code, [])
            if any(stay.covers(on) and stay.school.union is organ for stay in worker.stays)
        ]

    def members(self, organ: Organ, year: int) -> list[Worker]:
        """Return who was a member of this union throughout a year, without a change."""
        first, last = date(year, 1, 1), date(year, 12, 31)
        return [
            worker
            for worker in self.by_organ.get(organ.code, [])
            if any(
                stay.school.union is organ
                and stay.joined_on is not None
                and stay.joined_on <= first
                and (stay.ends_on is None or stay.ends_on > last)
                for stay in worker.stays
            )
        ]


def chance(seed: str) -> random.Random:
    """Return a source of chance that gives the same for the same seed on every machine."""
    return random.Random(seed)  # noqa: S311 - not a secret: the demo has to be the same every time


def day(rng: random.Random, year: int, first: int, last: int | None = None) -> date:
    """Return a day in the months ``first`` to ``last`` of a year, seldom a Sunday."""
    month = rng.randint(first, last or first)
    found = date(year, month, rng.randint(1, monthrange(year, month)[1]))
    return found + timedelta(days=1) if found.isoweekday() == 7 and found.day < 28 else found


def years_after(on: date, years: int) -> date:
    """Return the same day years later; the days of the demo never fall on 29 February."""
    return on.replace(year=on.year + years)


def money(fen: int) -> int | float:
    """Return an amount in yuan as a cell of a workbook holds it."""
    return fen // 100 if fen % 100 == 0 else fen / 100
