"""Small worlds for the tests of summaries: unions and ledger rows written straight into the tables."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhijia.areas.activities.models import Activity, ActivityKind, Result
from zhijia.areas.aid.models import Relief
from zhijia.areas.finance.models import Entry
from zhijia.areas.honours.models import Honour
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.tests.factories import committee_of, employer_of, head_count_of, union_of


def kind_of(code: str) -> ActivityKind:
    return ActivityKind.objects.get_or_create(code=code, defaults={"name": code})[0]


def activity_of(
    union: Union, kind: str, name: str, day: date, people: int | None = None, **kw: Any
) -> Activity:
    row = Activity(union=union, kind=kind_of(kind), name=name, held_on=day, people=people, **kw)
    row.save()
    return row


def result_of(activity: Activity, winner: str, rank: str, **kw: Any) -> Result:
    values = {"winner_kind": "team", "level": "county", "awarded_on": activity.held_on} | kw
    row = Result(union=activity.union, activity=activity, winner=winner, rank=rank, **values)
    row.save()
    return row


def relief_of(union: Union, occasion: str, day: date, people: int, yuan: int, **kw: Any) -> Relief:
    values = {"beneficiary": "困难教职工", "fund": "retained", "amount": yuan * 100 or None} | kw
    row = Relief(union=union, occasion=occasion, given_on=day, people=people, **values)
    row.save()
    return row


def honour_of(
    union: Union, name: str, level: str, day: date, winner: str, kind: str = "unit", **kw: Any
) -> Honour:
    row = Honour(
        union=union,
        name=name,
        level=level,
        awarded_on=day,
        winner=winner,
        winner_kind=kind,
        category="other",
        **kw,
    )
    row.save()
    return row


def entry_of(union: Union, kind: str, day: date, yuan: int, **kw: Any) -> Entry:
    row = Entry(union=union, kind=kind, happened_on=day, amount=yuan * 100, **kw)
    row.save()
    return row


def member_of(union: Union, name: str, since: date, sex: str = "female", **kw: Any) -> Membership:
    person = Person(union=union, name=name, sex=sex)
    person.save()
    row = Membership(person=person, union=union, state="active", starts_on=since, **kw)
    row.save()
    return row


def county(code: str = "XJ", sector: str = "education", schools: int = 4) -> Union:
    """A union with so many below it and records in 2024 and 2025; the last one is silent in 2025."""
    top = union_of(code, level="general", sector=sector, name="示范县教育工会", issuer_code="示教工")
    for number in range(1, schools + 1):
        below = union_of(
            f"{code}{number}", top, sector=sector, name=f"示范县第{'一二三四五六'[number - 1]}小学工会"
        )
        _records(below, number, silent=number == schools)
    return top


def _records(union: Union, number: int, *, silent: bool) -> None:
    employer = employer_of(union)
    head_count_of(employer, date(2024, 1, 1), 30 + number, 20, 2)
    committee_of(union, date(2020, 3, 1), date(2025, 3, 1) if number == 1 else date(2026, 3, 1))
    for order in range(20 + number):
        since = date(2025, 3, 1) if order % 10 == 0 else date(2022, 3, 1)
        member_of(union, f"示例{number}{order}", since, employer=employer)
    for year in (2024, 2025):
        if silent and year == 2025:
            continue
        activity_of(
            union,
            "culture.sport.meet",
            f"第{number}届教职工运动会",
            date(year, 4, 20),
            100 + number * year % 7,
        )
        activity_of(union, "training.officer", "工会干部业务培训", date(year, 5, 9), 40)
        activity_of(union, "democracy.congress", "教职工代表大会", date(year, 3, 12), 49)
        relief_of(union, "warmth", date(year, 1, 20), 5 + number + year - 2024, 3000 + 100 * number)
        entry_of(union, "dues", date(year, 6, 1), 2400)
        entry_of(union, "spending", date(year, 6, 2), 2000 - (year - 2024) * 300, category="culture")
        honour_of(union, "先进教职工之家", "county", date(year, 5, 1), union.name, awarder="示范县总工会")
