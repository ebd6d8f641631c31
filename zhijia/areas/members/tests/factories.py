"""Persons and memberships written straight into the tables, for the tests of all areas."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

from zhijia.areas.members.document import name_keys
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.organisations.models import Union

BORN = date(1985, 3, 7)
JOINED = date(2021, 9, 1)
_serial = count(1)


def person_of(union: Union, name: str = "", id_number: str | None = "", **kw: Any) -> Person:
    """Write a person's file; ``id_number`` empty makes a fresh synthetic one, None leaves it out."""
    serial = next(_serial)
    sex = kw.pop("sex", "female")
    born_on = kw.pop("born_on", BORN)
    title = name or f"示例员{serial}"
    number = synthetic_id(serial, born_on, sex) if id_number == "" else id_number
    person = Person(
        union=union, name=title, id_number=number, sex=sex, born_on=born_on, **name_keys(title), **kw
    )
    person.save()
    return person


def membership_of(
    person: Person, union: Union | None = None, starts_on: date = JOINED, **kw: Any
) -> Membership:
    """Write a span of membership, open and active unless told otherwise."""
    membership = Membership(
        person=person, union=union or person.union, starts_on=starts_on, **({"state": "active"} | kw)
    )
    membership.save()
    return membership


def member_of(union: Union, name: str = "", **kw: Any) -> Membership:
    """Write a person with an open membership."""
    return membership_of(person_of(union, name, **kw))
