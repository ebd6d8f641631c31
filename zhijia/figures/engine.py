"""Computes figures: one statement per fact table, on the cursor of the working database.

``compute`` answers any number of figures for one union (or for each below it), over one or more slices of
time. The tree is taken as it stood on the last day asked for.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from zhijia.facts.table import FactTable
from zhijia.figures import compiler, statement
from zhijia.figures.catalogue import catalogue, fact_tables
from zhijia.figures.cell import Cell, divide, qualifier_of
from zhijia.figures.definition import Band, Count, Definition, Ratio, Total
from zhijia.kernel.period import Period

PLACEMENT = "organisations.placement"
DIALECT = {"sqlite": "sqlite", "postgresql": "postgres"}


@dataclass(frozen=True)
class Spot:
    """Where a cell belongs: the target union, the slice of time, and the value of the split column."""

    union_id: int
    period: Period
    split: str = ""


Answers = dict[tuple[str, Spot], Cell]


@functools.lru_cache(maxsize=512)
def _compiled(
    table: str, keys: tuple[str, ...], slices: int, mode: str, split: str | None, dialect: str
) -> tuple[str, tuple[str, ...]]:
    figures = [figure for key in keys if isinstance(figure := catalogue()[key], Count)]
    return compiler.sql(statement.measures(fact_tables()[table], figures, slices, mode, split), dialect)


@functools.lru_cache(maxsize=512)
def _compiled_rows(key: str, dialect: str) -> tuple[str, tuple[str, ...]]:
    figure = catalogue()[key]
    if not isinstance(figure, Count):
        raise TypeError(f"{key} has no rows of its own")
    return compiler.sql(statement.rows(fact_tables()[figure.table], figure), dialect)


def bound(target: int, slices: Sequence[Period]) -> dict[str, str]:
    """Return the values of a statement's parameters."""
    values = {"target": str(target), "as_of": max(period.last for period in slices).isoformat()}
    for number, period in enumerate(slices):
        values[f"first{number}"] = period.first.isoformat()
        values[f"last{number}"] = period.last.isoformat()
    return values


def run(
    table: FactTable, compiled: tuple[str, tuple[str, ...]], values: Mapping[str, str], tail: str = ""
) -> list[dict[str, Any]]:
    """Run a compiled statement over the live records and return its rows as dictionaries."""
    fact_sql, fact_values = table.sql()
    placed_sql, placed_values = fact_tables()[PLACEMENT].sql()
    body, names = compiled
    text = f"WITH fact AS ({fact_sql}), placed AS ({placed_sql}) SELECT * FROM ({body}) AS answer{tail}"  # noqa: S608 - every part is generated; values are bound
    with connection.cursor() as cursor:
        cursor.execute(text, [*fact_values, *placed_values, *(values[name] for name in names)])
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def dialect() -> str:
    """Return Ibis' name for the working database."""
    return DIALECT[connection.vendor]


def _cell(figure: Count, spot: Spot, row: Mapping[str, Any], name: str) -> Cell:
    """Make a cell from the aggregate columns of one figure in one slice."""
    number, base = int(row[f"n{name}"] or 0), int(row[f"b{name}"] or 0)
    if not base:
        return Cell(figure, spot.union_id, spot.period, None)
    missing = int(row.get(f"m{name}") or 0)
    if f"v{name}" not in row:
        return Cell(figure, spot.union_id, spot.period, number, number)
    value = int(row[f"v{name}"] or 0)
    if not isinstance(figure.measure, Total):
        return Cell(figure, spot.union_id, spot.period, value, value)
    if number and missing == number:
        return Cell(figure, spot.union_id, spot.period, None, number, missing)
    marks = [int(row.get(f"{letter}{name}") or 0) for letter in "lac"]
    return Cell(figure, spot.union_id, spot.period, value, number, missing, qualifier_of(*marks, missing))


def _counts(
    figures: Sequence[Count], target: int, slices: Sequence[Period], mode: str, split: str | None
) -> Answers:
    """Answer plain figures: one statement per fact table."""
    by_table: dict[str, list[Count]] = defaultdict(list)
    for figure in figures:
        by_table[figure.table].append(figure)
    answers: Answers = {}
    for table, group in by_table.items():
        keys = tuple(figure.key for figure in group)
        compiled = _compiled(table, keys, len(slices), mode, split, dialect())
        for row in run(fact_tables()[table], compiled, bound(target, slices)):
            for number, figure in enumerate(group):
                for slice_no, period in enumerate(slices):
                    spot = Spot(int(row["target_id"]), period, str(row[split]) if split else "")
                    answers[figure.key, spot] = _cell(figure, spot, row, f"{number}_{slice_no}")
    return answers


def _parts(figures: Iterable[Definition]) -> list[Count]:
    """Return the plain figures needed for the given ones, each once."""
    needed: dict[str, Count] = {}
    for figure in figures:
        keys = (figure.numerator, figure.denominator) if isinstance(figure, Ratio) else (figure.key,)
        for key in keys:
            part = catalogue()[key]
            if isinstance(part, Count):
                needed[key] = part
    return list(needed.values())


def _ratio(figure: Ratio, spot: Spot, answers: Answers) -> Cell:
    top, bottom = answers.get((figure.numerator, spot)), answers.get((figure.denominator, spot))
    above = top.value if top else None
    below = bottom.value if bottom else None
    if above is None and below and top is None:
        above = None
    value = divide(above, below, figure.unit)
    rows = bottom.rows if bottom else 0
    return Cell(figure, spot.union_id, spot.period, value, rows, numerator=above, denominator=below)


def band_unions(figure: Band, target: int, period: Period) -> list[int] | None:
    """Return the unions inside a band; None when no union has both parts."""
    parts = [catalogue()[key] for key in (figure.members, figure.numerator, figure.denominator)]
    answers = _counts([part for part in parts if isinstance(part, Count)], target, [period], "own", None)
    unions = {spot.union_id for key, spot in answers if key == figure.members and answers[key, spot].value}
    inside, looked_at = [], 0
    for union_id in sorted(unions):
        spot = Spot(union_id, period)
        above, below = answers.get((figure.numerator, spot)), answers.get((figure.denominator, spot))
        if below is None or not below.value:
            continue
        looked_at += 1
        amount = (above.value or 0) if above else 0
        low_ok = amount >= figure.low * below.value
        high_ok = figure.high is None or amount < figure.high * below.value
        if low_ok and high_ok:
            inside.append(union_id)
    return inside if looked_at else None


def compute(
    keys: Iterable[str],
    target: int,
    slices: Sequence[Period],
    *,
    mode: str = "self",
    split: str | None = None,
) -> Answers:
    """Compute figures by key. ``mode`` is one of statement.MODES; ``split`` a column of the fact table.

    With mode ``self`` and no split every asked figure has a cell for every slice; otherwise only the unions
    and values that have rows appear.
    """
    figures = [catalogue()[key] for key in keys]
    answers = _counts(_parts(figures), target, slices, mode, split)
    spots = {spot for _key, spot in answers}
    if mode == "self" and not split:
        spots = {Spot(target, period) for period in slices}
    wanted: Answers = {}
    for figure in figures:
        for spot in spots:
            if isinstance(figure, Ratio):
                wanted[figure.key, spot] = _ratio(figure, spot, answers)
            elif isinstance(figure, Count):
                empty = Cell(figure, spot.union_id, spot.period, None)
                wanted[figure.key, spot] = answers.get((figure.key, spot), empty)
            elif not split:
                wanted[figure.key, spot] = _band(figure, spot)
    return wanted


def _band(figure: Band, spot: Spot) -> Cell:
    inside = band_unions(figure, spot.union_id, spot.period)
    number = None if inside is None else len(inside)
    return Cell(figure, spot.union_id, spot.period, number, number or 0)
