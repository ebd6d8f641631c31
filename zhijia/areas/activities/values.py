"""The fields of activities and results as people give them, and the columns in which they are kept."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict

from zhijia.areas.activities.models import Activity, ActivityKind, Result
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.tree import name_key
from zhijia.kernel.chinese import normalise
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity

COUNTS = ("people", "audience", "output")


class ActivityValues(TypedDict, total=False):
    """An activity as people give it: counts are quantities, ``cost`` is in fen, None is not known."""

    kind: ActivityKind
    name: str
    held_on: date
    ended_on: date | None
    host_level: str
    host: str
    venue: str
    people: Quantity | None
    audience: Quantity | None
    output: Quantity | None
    cost: int | None
    note: str


class ResultValues(TypedDict, total=False):
    """A result as people give it; ``person`` when the winner is someone the union knows."""

    winner_kind: str
    winner: str
    person: Person | None
    item: str
    rank: str
    level: str
    people: Quantity | None
    awarded_on: date


def activity_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn given values into columns of Activity: a quantity becomes value, qualifier (and unit)."""
    columns = {name: value for name, value in values.items() if name not in COUNTS}
    for name in COUNTS:
        if name in values:
            columns |= _count_columns(name, values[name])
    if "output" in values:
        columns["output_unit"] = values["output"].unit.value if values["output"] else ""
    if "name" in values:
        columns["name"] = normalise(values["name"])
        columns["name_key"] = name_key(columns["name"])
    return columns


def result_columns(values: Mapping[str, Any]) -> dict[str, Any]:
    """Turn given values into columns of Result; a prize whose number of people is open counts its names."""
    columns = {name: value for name, value in values.items() if name != "people"}
    if "winner" in values:
        columns["winner"] = normalise(values["winner"])
    people = values.get("people")
    if people is None and values.get("winner_kind") == Result.Winner.PERSON:
        people = Quantity(len(names(values["winner"])), CountUnit.PERSON_TIME)
    return columns | (_count_columns("people", people) if "people" in values or people else {})


def names(text: str) -> list[str]:
    """Split a list of names at 、;,or a line end; blanks and repetitions fall out."""
    plain = text
    for sign in ";；，,\n":
        plain = plain.replace(sign, "、")
    return list(dict.fromkeys(part for part in (normalise(part) for part in plain.split("、")) if part))


def _count_columns(name: str, count: Quantity | None) -> dict[str, Any]:
    return {
        name: None if count is None else count.value,
        f"{name}_qualifier": "" if count is None else count.qualifier.value,
    }


def quantity(
    record: Activity | Result, name: str, unit: CountUnit = CountUnit.PERSON_TIME
) -> Quantity | None:
    """Read ``people``, ``audience`` or ``output`` of a record as a quantity; None when it is not known."""
    value = getattr(record, name)
    if value is None:
        return None
    unit = CountUnit.PERSON_TIME
    if name == "output":
        unit = CountUnit(getattr(record, "output_unit", "") or CountUnit.ITEM)
    return Quantity(value, unit, Qualifier(getattr(record, f"{name}_qualifier")))
