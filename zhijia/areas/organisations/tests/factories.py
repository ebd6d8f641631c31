"""Unions, employers and head-counts written straight into the tables, for the tests of all areas."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhijia.areas.organisations.models import Committee, Employer, HeadCount, Placement, Seat, Union
from zhijia.areas.organisations.paths import child_path
from zhijia.areas.organisations.tree import UNKNOWN_START, name_key

FOUNDED = date(2020, 1, 1)


def union_of(
    code: str,
    parent: Union | None = None,
    level: str = "grassroots",
    sector: str = "education",
    name: str | None = None,
    founded_on: date | None = FOUNDED,
    **kw: Any,
) -> Union:
    """Write a union with its path and its first placement."""
    title = name or f"示例工会{code}"
    union = Union(
        code=code,
        parent=parent,
        level=level,
        sector=sector,
        name=title,
        name_key=name_key(title),
        founded_on=founded_on,
        **kw,
    )
    union.save()
    union.path = child_path(parent.path or "" if parent else "", union.pk)
    union.save()
    Placement(
        union=union, parent=parent, path=union.path, starts_on=founded_on or UNKNOWN_START, ends_on=None
    ).save()
    return union


def employer_of(union: Union, **kw: Any) -> Employer:
    """Write an employer that the union covers."""
    values = {"name": f"示例单位{union.code}", "sector": union.sector, "covered_on": FOUNDED} | kw
    employer = Employer(union=union, **values)
    employer.save()
    return employer


def head_count_of(
    employer: Employer, as_of: date, staff: int, women: int | None = None, migrants: int | None = None
) -> HeadCount:
    """Write a head-count of an employer."""
    count = HeadCount(employer=employer, as_of=as_of, staff=staff, women=women, migrants=migrants)
    count.save()
    return count


def committee_of(union: Union, elected_on: date, expires_on: date, **kw: Any) -> Committee:
    """Write one term of the union's committee."""
    committee = Committee(union=union, elected_on=elected_on, expires_on=expires_on, **kw)
    committee.save()
    return committee


def seat_of(union: Union, post: str = "chair", holder: str = "张示例", **kw: Any) -> Seat:
    """Write a post in a union, held since its founding."""
    seat = Seat(union=union, post=post, holder=holder, **({"starts_on": FOUNDED} | kw))
    seat.save()
    return seat
