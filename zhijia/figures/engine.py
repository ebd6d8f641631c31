"""Computes figures: one statement per fact table, on the cursor of the working database.

``compute`` answers any number of figures for one union (or for each below it), over one or more slices of
time. The tree is taken as it stood on the last day asked for: slices that are to be compared in the same tree
(the months of a year) are asked together, a year and the year before it one after the other.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from zhijia.facts.table import FactTable
from zhijia.figures import compiler, statement
from zhijia.figures.catalogue import catalogue, fact_tables
from zhijia.figures.cell import Cell, divide, qualifier_of
from zhijia.figures.definition import Band, Count, Definition, Ratio, Total
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import Qualifier

PLACEMENT = "organisations.placement"
DIALECT = {"sqlite": "sqlite", "postgresql": "postgres"}
Compiled = tuple[str, tuple[str, ...]]


@dataclass(frozen=True)
class Spot:
    """Where a cell belongs: the target union, the slice of time, and the value of the split column."""

    union_id: int
    period: Period
    split: str = ""


Answers = dict[tuple[str, Spot], Cell]


@functools.lru_cache(maxsize=512)
def compiled_measures(
    table: str, keys: tuple[str, ...], mode: str, split: str | None, dialect: str
) -> Compiled:
    """Return the statement for some figures of one fact table; the number of slices does not matter."""
    figures = [figure for key in keys if isinstance(figure := catalogue()[key], Count)]
    return compiler.sql(statement.measures(fact_tables()[table], figures, mode, split), dialect)


@functools.lru_cache(maxsize=512)
def compiled_rows(key: str, dialect: str) -> Compiled:
    """Return the statement for the rows behind a figure; TypeError for a figure made of other figures."""
    figure = catalogue()[key]
    if not isinstance(figure, Count):
        raise TypeError(f"{key} has no rows of its own")
    return compiler.sql(statement.rows(fact_tables()[figure.table], figure), dialect)


@functools.lru_cache(maxsize=8)
def _compiled_reach(mode: str, dialect: str) -> Compiled:
    return compiler.sql(statement.reach(mode), dialect)


def bound(target: int, slices: Sequence[Period]) -> dict[str, str]:
    """Return the values of a statement's named parameters."""
    return {"target": str(target), "as_of": max(period.last for period in slices).isoformat()}


def slice_sql(slices: Sequence[Period]) -> tuple[str, list[str]]:
    """Return the SQL of the relation ``slice`` with its parameters."""
    lines = [
        f"SELECT {number} AS {statement.SLICE}, %s AS first_day, %s AS last_day"
        for number in range(len(slices))
    ]
    days = [day.isoformat() for period in slices for day in (period.first, period.last)]
    return " UNION ALL ".join(lines), days


@functools.cache
def _live(table: str, _dialect: str) -> tuple[str, tuple[Any, ...]]:
    """Return the live SQL of a fact table; it takes Django 3 ms to write, and never changes."""
    return fact_tables()[table].sql()


def run(
    table: FactTable | None,
    compiled: Compiled,
    target: int,
    slices: Sequence[Period],
    wrap: str = "SELECT * FROM ({body}) AS answer",
) -> list[dict[str, Any]]:
    """Run a compiled statement over the live records and return its rows as dictionaries.

    ``wrap`` is the statement around it (a page of it, or its sum); ``table`` is None when it reads no facts.
    """
    body, names = compiled
    relations: dict[str, tuple[str, Sequence[Any]]] = {
        "placed": _live(PLACEMENT, dialect()),
        "slice": slice_sql(slices),
    }
    if table is not None:
        relations["fact"] = _live(table.name, dialect())
    named = bound(target, slices)
    heads = ", ".join(f"{name} AS ({sql})" for name, (sql, _values) in relations.items())
    values = [value for _sql, parameters in relations.values() for value in parameters]
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {heads} {wrap.format(body=body)}", [*values, *(named[name] for name in names)])
        columns = [column[0] for column in cursor.description or ()]
        return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


def dialect() -> str:
    """Return Ibis' name for the working database."""
    return DIALECT[connection.vendor]


def cell_of(figure: Count, spot: Spot, row: Mapping[str, Any], number: int, basis: int) -> Cell:
    """Make a cell from the aggregate columns of one figure.

    ``b`` counts all rows of the fact table in the slice, ``n`` those that meet the figure's condition, ``v``
    is its sum or distinct count, ``k`` how many of the ``n`` know their measure, ``l``, ``a`` and ``c`` how
    many of these say 余/超过, 近 and 约. Whether there is nothing or no data:

    - no row at all in the slice (``b`` = 0), or none that meets the figure's ``base`` (``g`` = 0): nobody
      kept this ledger, so there is no data;
    - rows, but none that meets the condition: the ledger is kept and says zero;
    - rows meet it and not one knows its measure: no data, although rows can be opened;
    - some do not know it: the sum is a lower bound.
    """
    if not int(row[f"g{number}" if figure.base else f"b{basis}"] or 0):
        return Cell(figure, spot.union_id, spot.period, None)
    found = int(row[f"n{number}"] or 0)
    if f"v{number}" not in row:
        return Cell(figure, spot.union_id, spot.period, found, found)
    value = int(row[f"v{number}"] or 0)
    if not isinstance(figure.measure, Total):
        return Cell(figure, spot.union_id, spot.period, value, value)
    missing = found - int(row[f"k{number}"] or 0)
    if found and missing == found:
        return Cell(figure, spot.union_id, spot.period, None, found, missing)
    at_least, almost, about = (int(row.get(f"{letter}{number}") or 0) for letter in "lac")
    qualifier = qualifier_of(at_least, almost, about, missing)
    return Cell(figure, spot.union_id, spot.period, value, found, missing, qualifier)


def cells_of(
    figures: Sequence[Count], rows: Iterable[Mapping[str, Any]], slices: Sequence[Period], split: str | None
) -> Answers:
    """Make the cells from the rows of one statement; the figures stand in the order they were compiled."""
    bases = statement.bases_of(figures)
    answers: Answers = {}
    for row in rows:
        spot = Spot(
            int(row["target_id"]), slices[int(row[statement.SLICE])], str(row[split]) if split else ""
        )
        for number, figure in enumerate(figures):
            answers[figure.key, spot] = cell_of(figure, spot, row, number, bases.index(figure.basis))
    return answers


def _counts(
    figures: Sequence[Count], target: int, slices: Sequence[Period], mode: str, split: str | None
) -> Answers:
    """Answer plain figures: one statement per fact table."""
    by_table: dict[str, list[Count]] = defaultdict(list)
    for figure in sorted(figures, key=lambda one: one.key):  # so that the same set is compiled once
        by_table[figure.table].append(figure)
    answers: Answers = {}
    for table, group in by_table.items():
        compiled = compiled_measures(table, tuple(figure.key for figure in group), mode, split, dialect())
        answers.update(cells_of(group, run(fact_tables()[table], compiled, target, slices), slices, split))
    return answers


def parts(figures: Iterable[Definition]) -> list[Count]:
    """Return the plain figures needed for the given ones (those of bands apart), each once."""
    needed: dict[str, Count] = {}
    for figure in figures:
        keys = (figure.numerator, figure.denominator) if isinstance(figure, Ratio) else (figure.key,)
        for key in keys:
            part = catalogue()[key]
            if isinstance(part, Count):
                needed[key] = part
    return list(needed.values())


def _ratio(figure: Ratio, spot: Spot, answers: Answers) -> Cell:
    empty = Cell(figure, spot.union_id, spot.period, None)
    top, bottom = answers.get((figure.numerator, spot), empty), answers.get((figure.denominator, spot), empty)
    value = divide(top.value, bottom.value, figure.unit)
    exact = top.qualifier is bottom.qualifier is Qualifier.EXACT
    return Cell(
        figure,
        spot.union_id,
        spot.period,
        value,
        bottom.rows,
        qualifier=Qualifier.EXACT if exact or value is None else Qualifier.ABOUT,
        numerator=top.value,
        denominator=bottom.value,
    )


@functools.cache
def _compiled_right_below(dialect: str) -> Compiled:
    return compiler.sql(statement.right_below(), dialect)


def children(target: int, period: Period) -> list[int]:
    """Return the unions right below in the tree of the period's end; one that left in the period is there."""
    found = run(None, _compiled_right_below(dialect()), target, [period])
    first = period.first.isoformat()
    return sorted(int(row["union_id"]) for row in found if row["left_on"] >= first)


def unions_below(target: int, day: date) -> dict[int, date]:
    """Return the unions that count towards a target on a day, itself included, with the day each left.

    The day is ``date.max`` where a union is still in the tree: flows count up to it, stocks before it.
    """
    found = run(None, _compiled_reach("self", dialect()), target, [Period(day, day)])
    return {int(row["union_id"]): date.fromisoformat(row["left_on"]) for row in found}


def _inside(figure: Band, spot: Spot, answers: Answers) -> bool | None:
    """Say whether a union lies in the band; None when it is not looked at or a part of it is not known."""
    member, below = answers.get((figure.members, spot)), answers.get((figure.denominator, spot))
    if member is None or not member.value or below is None or not below.value:
        return None
    above = answers.get((figure.numerator, spot))
    if above is None or above.value is None:
        return None
    low, high = figure.low * below.value, None if figure.high is None else figure.high * below.value
    return above.value >= low and (high is None or above.value < high)


def band_unions(
    figures: Sequence[Band], target: int, slices: Sequence[Period], mode: str = "self"
) -> dict[tuple[str, Spot], list[int]]:
    """Return the unions inside each band, per target and slice; a spot in which no union has both parts is
    not there. Each union is computed by itself, in one statement per fact table for all bands together.
    """
    if not figures:
        return {}
    keys = dict.fromkeys(key for band in figures for key in (band.members, band.numerator, band.denominator))
    counts = [part for key in keys if isinstance(part := catalogue()[key], Count)]
    answers = _counts(counts, target, slices, "own", None)
    found: dict[tuple[str, Spot], list[int]] = {}
    for pair in run(None, _compiled_reach(mode, dialect()), target, slices):
        for period in slices:
            spot, own = Spot(int(pair["target_id"]), period), Spot(int(pair["union_id"]), period)
            for figure in figures:
                inside = _inside(figure, own, answers)
                if inside is None:
                    continue
                unions = found.setdefault((figure.key, spot), [])
                if inside:
                    unions.append(own.union_id)
    return {key: sorted(unions) for key, unions in found.items()}


def _band(figure: Band, spot: Spot, bands: Mapping[tuple[str, Spot], list[int]]) -> Cell:
    unions = bands.get((figure.key, spot))
    number = None if unions is None else len(unions)
    return Cell(figure, spot.union_id, spot.period, number, number or 0)


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
    and values that have rows appear. A band has no splits.
    """
    figures = [catalogue()[key] for key in keys]
    answers = _counts(parts(figures), target, slices, mode, split)
    asked = [figure for figure in figures if isinstance(figure, Band)]
    bands = {} if split else band_unions(asked, target, slices, mode)
    spots = {spot for _key, spot in (*answers, *bands)}
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
                wanted[figure.key, spot] = _band(figure, spot, bands)
    return wanted


def row_page(key: str, target: int, period: Period, first: int, size: int) -> list[dict[str, Any]]:
    """Return ``size`` rows behind a plain figure from number ``first`` (0-based), the oldest first.

    Each has ``record_id``, ``thing`` (the union; for Distinct what is counted), ``day`` and ``amount``.
    """
    order = 'ORDER BY "day", record_id, amount'
    wrap = f"SELECT * FROM ({{body}}) AS answer {order} LIMIT {int(size)} OFFSET {int(first)}"  # noqa: S608 - two integers
    return run(_table_of(key), compiled_rows(key, dialect()), target, [period], wrap)


def row_total(key: str, target: int, period: Period) -> tuple[int, int]:
    """Return how many rows there are behind a plain figure, and the sum of their known amounts."""
    wrap = "SELECT COUNT(*) AS number, SUM(amount) AS total FROM ({body}) AS answer"
    found = run(_table_of(key), compiled_rows(key, dialect()), target, [period], wrap)[0]
    return int(found["number"]), int(found["total"] or 0)


def _table_of(key: str) -> FactTable:
    figure = catalogue()[key]
    if not isinstance(figure, Count):
        raise TypeError(f"{key} has no rows of its own")
    return fact_tables()[figure.table]
