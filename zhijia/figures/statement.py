"""From definitions to one statement per fact table.

Every statement reads two relations: ``fact`` (the fact table) and ``placed`` (where each union stands in the
tree). The part of the tree that is asked for becomes ``reach`` (target union, union below it), so that sums
and distinct counts are rolled up by the same join. Each figure becomes a few aggregate columns per slice of
time; all figures of a table share one pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from zhijia.facts.table import FactTable
from zhijia.figures.compiler import literal, table
from zhijia.figures.definition import Count, Distinct, Flow, Total

IBIS_TYPE = {"int": "int64", "text": "string"}
# self: the asked union with all below; children: each union right below it with all below;
# all: every union of the subtree with all below; own: every union of the subtree by itself.
MODES = ("self", "children", "all", "own")


def fact(of: FactTable) -> Any:
    """Return the Ibis table of a fact table."""
    return table("fact", {column.name: IBIS_TYPE[column.kind] for column in of.columns})


def _placed() -> Any:
    return table(
        "placed", {"union_id": "int64", "parent_key": "int64", "path": "string", "starts": "string", "ends": "string"}
    )


def reach(mode: str) -> Any:
    """Return (target_id, union_id): which unions count towards which target, as the tree stood at ``as_of``."""
    import ibis  # takes 0.2 s, so not at start-up

    placed = _placed()
    alive = placed.filter([placed.starts <= literal("as_of"), placed.ends > literal("as_of")])
    root = alive.filter(alive.union_id == ibis.literal(literal("target")).cast("int64"))
    if mode == "children":
        target = alive.filter(alive.parent_key == ibis.literal(literal("target")).cast("int64"))
    elif mode == "self":
        target = root
    else:
        target = _below(root, alive)
    target = target.select(target_id="union_id", target_path="path")
    if mode == "own":
        return target.select("target_id", union_id="target_id")
    inner = alive.view()
    pairs = target.join(
        inner, [target.target_path <= inner.path, inner.path < target.target_path.concat("~")]
    )
    return pairs.select("target_id", "union_id")


def _below(root: Any, alive: Any) -> Any:
    from_path = root.select(root_path="path")
    every = alive.view()
    pairs = from_path.join(every, [from_path.root_path <= every.path, every.path < from_path.root_path.concat("~")])
    return pairs.select("union_id", "path")


class Row:
    """What a figure's condition sees: the columns of the fact table, and the last day of the slice."""

    def __init__(self, facts: Any, last_day: str) -> None:
        """Wrap an Ibis table; columns are read by name, so that none is taken for a method."""
        self._facts = facts
        self.last_day = last_day

    def __getattr__(self, name: str) -> Any:
        """Return a column."""
        return self._facts[name]


def _within(row: Any, figure: Count, slice_no: int) -> Any:
    first, last = literal(f"first{slice_no}"), literal(f"last{slice_no}")
    basis = figure.basis
    if isinstance(basis, Flow):
        return (row[basis.day] >= first) & (row[basis.day] <= last)
    return (row[basis.starts] <= last) & (row[basis.ends] > last)


def condition(row: Any, figure: Count, slice_no: int = 0) -> Any:
    """Return the boolean that says whether a row belongs to the figure in a slice."""
    within = _within(row, figure, slice_no)
    if figure.where is None:
        return within
    return within & figure.where(Row(row, literal(f"last{slice_no}")))


def _columns(row: Any, figure: Count, number: int, slice_no: int) -> dict[str, Any]:
    """Return the aggregate columns of one figure in one slice (see Cell for their meaning)."""
    holds, name, measure = condition(row, figure, slice_no), f"{number}_{slice_no}", figure.measure
    columns = {f"n{name}": row.count(where=holds), f"b{name}": row.count(where=_within(row, figure, slice_no))}
    if isinstance(measure, Distinct):
        columns[f"v{name}"] = row[measure.column].nunique(where=holds)
    elif isinstance(measure, Total):
        columns[f"v{name}"] = row[measure.column].sum(where=holds)
        columns[f"m{name}"] = row.count(where=holds & row[measure.column].isnull())
        if measure.qualifier:
            sort = row[measure.qualifier]
            columns[f"l{name}"] = row.count(where=holds & sort.isin(["at_least", "more_than"]))
            columns[f"a{name}"] = row.count(where=holds & (sort == "almost"))
            columns[f"c{name}"] = row.count(where=holds & (sort == "about"))
    return columns


def measures(of: FactTable, figures: Sequence[Count], slices: int, mode: str, split: str | None) -> Any:
    """Return the expression that computes all figures of one fact table at once."""
    facts = fact(of)
    scope = reach(mode)
    row = facts.join(scope, "union_id")
    columns: dict[str, Any] = {}
    for number, figure in enumerate(figures):
        for slice_no in range(slices):
            columns.update(_columns(row, figure, number, slice_no))
    return row.group_by(["target_id", split] if split else ["target_id"]).aggregate(**columns)


def rows(of: FactTable, figure: Count) -> Any:
    """Return the expression for the rows behind a figure: record, union, day and the measure of each."""
    facts = fact(of)
    row = facts.join(reach("self"), "union_id")
    kept = row.filter(condition(row, figure))
    when = kept[figure.basis.day if isinstance(figure.basis, Flow) else figure.basis.starts]
    measure = figure.measure
    if isinstance(measure, Distinct):
        grouped = kept.mutate(when=when).group_by(thing=measure.column)
        return grouped.aggregate(
            record_id=kept.record_id.max(), when=when.max(), amount=kept.count()
        ).order_by(["when", "record_id"])
    amount = kept[measure.column] if isinstance(measure, Total) else 1
    return kept.select("record_id", "union_id", when=when, amount=amount).order_by(["when", "record_id"])
