"""From definitions to one statement per fact table.

Every statement reads three relations: ``fact`` (the fact table), ``placed`` (where each union stood in the
tree, and when) and ``slice`` (the stretches of time that are asked for: number, first and last day). The part
of the tree that is asked for becomes ``reach`` (target union, union below it), so that sums and distinct
counts are rolled up by the same join. A row is joined to every slice it belongs to, and each figure becomes a
few aggregate columns: the statement is the same for one slice and for twelve.
"""

from __future__ import annotations

import functools
import operator
from collections.abc import Sequence
from typing import Any

from zhijia.facts.table import FactTable
from zhijia.figures.compiler import literal, table
from zhijia.figures.definition import Count, Distinct, Flow, Stock, Total

IBIS_TYPE = {"int": "int64", "text": "string"}
# self: the asked union with all below; children: each union right below it with all below (see _right_below);
# all: every union of the subtree with all below; own: every union of the subtree by itself.
MODES = ("self", "children", "all", "own")
SLICE = "slice_no"


def fact(of: FactTable) -> Any:
    """Return the Ibis table of a fact table."""
    return table("fact", {column.name: IBIS_TYPE[column.kind] for column in of.columns})


def slices() -> Any:
    """Return the Ibis table of the stretches of time."""
    return table("slice", {SLICE: "int64", "first_day": "string", "last_day": "string"})


def _standing() -> Any:
    """Return each union's last place up to ``as_of``: union_id, parent_key, path and the day it left.

    A union that has left the tree (transferred out) keeps its last place: what happened there up to that day
    still counts (see ``holds``), what it is or does afterwards does not.
    """
    import ibis  # takes 0.2 s, so not at start-up

    columns = {
        "union_id": "int64",
        "parent_key": "int64",
        "path": "string",
        "starts": "string",
        "ends": "string",
    }
    placed = table("placed", columns)
    begun = placed.filter(placed.starts <= literal("as_of"))
    newest = ibis.row_number().over(ibis.window(group_by="union_id", order_by=ibis.desc("starts")))
    ranked = begun.mutate(nth=newest)
    return ranked.filter(ranked.nth == 0).select("union_id", "parent_key", "path", left_on="ends")


def _below(root: Any, standing: Any) -> Any:
    """Return the unions in a root's subtree, itself included, with the root's path."""
    top = root.select(root_path="path")
    every = standing.view()
    return top.join(every, [top.root_path <= every.path, every.path < top.root_path.concat("~")])


def _right_below(root: Any, standing: Any, asked: Any) -> Any:
    """Return the unions whose nearest standing union above is the root.

    Mostly they name it as their parent. But a school may be older than the federation it stands under now:
    before the federation was founded it counts as standing right below the county.
    """
    columns = ["union_id", "path", "left_on"]
    direct = standing.filter(standing.parent_key == asked).select(columns)
    subtree = _below(root, standing)
    proper = subtree.filter(subtree.path > subtree.root_path)
    parents = standing.view().select(standing_id="union_id")
    orphans = proper.anti_join(parents, proper.parent_key == parents.standing_id)
    others = standing.view().select(other_path="path")
    topmost = orphans.anti_join(
        others,
        [
            orphans.root_path < others.other_path,
            others.other_path < orphans.path,
            orphans.path < others.other_path.concat("~"),
        ],
    )
    return direct.union(topmost.select(columns))


def targets(mode: str, standing: Any) -> Any:
    """Return (union_id, path, left_on) of the unions that are answered for."""
    import ibis  # takes 0.2 s, so not at start-up

    asked = ibis.literal(literal("target")).cast("int64")
    root = standing.filter(standing.union_id == asked)
    if mode == "children":
        return _right_below(root, standing, asked)
    found = root if mode == "self" else _below(root, standing)
    return found.select("union_id", "path", "left_on")


def right_below() -> Any:
    """Return (union_id, left_on) of the unions right below the asked one at ``as_of``."""
    return targets("children", _standing()).select("union_id", "left_on")


def reach(mode: str) -> Any:
    """Return (target_id, union_id, left_on): which unions count towards which target at ``as_of``."""
    standing = _standing()
    found = targets(mode, standing)
    if mode == "own":
        return found.select("left_on", target_id="union_id", union_id="union_id")
    tops = found.select(target_id="union_id", target_path="path")
    inner = standing.view()
    pairs = tops.join(inner, [tops.target_path <= inner.path, inner.path < tops.target_path.concat("~")])
    return pairs.select("target_id", "union_id", "left_on")


class Row:
    """What a figure's condition sees: the columns of the fact table, and the last day of the slice."""

    def __init__(self, facts: Any) -> None:
        """Wrap an Ibis table; columns are read by name, so that none is taken for a method."""
        self._facts = facts

    def __getattr__(self, name: str) -> Any:
        """Return a column."""
        return self._facts[name]


def holds(row: Any, basis: Flow | Stock) -> Any:
    """Say whether a row belongs to a slice: it happened in it, or is valid at the end of its last day.

    A union that left the tree counts with what happened up to that day, and as long as it was there.
    """
    if isinstance(basis, Flow):
        day = row[basis.day]
        return (day >= row.first_day) & (day <= row.last_day) & (day <= row.left_on)
    return (
        (row[basis.starts] <= row.last_day) & (row[basis.ends] > row.last_day) & (row.left_on > row.last_day)
    )


def _joined(of: FactTable, bases: Sequence[Flow | Stock], mode: str) -> Any:
    """Join facts, the tree and the slices; a row of the result belongs to its slice by one of the bases."""
    placed_facts = fact(of).join(reach(mode), "union_id")
    every = placed_facts.cross_join(slices())
    belongs = holds(every, bases[0])
    for basis in bases[1:]:
        belongs |= holds(every, basis)
    return every.filter(belongs)


def bases_of(figures: Sequence[Count]) -> tuple[Flow | Stock, ...]:
    """Return the different ways in which the figures belong to time, in the order of their first use."""
    return tuple(dict.fromkeys(figure.basis for figure in figures))


def _marked(of: FactTable, figures: Sequence[Count], mode: str) -> Any:
    """Add a boolean column for each basis (``t0`` …) and for each figure (``h0`` …)."""
    bases = bases_of(figures)
    row = _joined(of, bases, mode)
    if len(bases) > 1:
        row = row.mutate(**{f"t{number}": holds(row, basis) for number, basis in enumerate(bases)})
    marks = {}
    for number, figure in enumerate(figures):
        within = row[f"t{bases.index(figure.basis)}"] if len(bases) > 1 else None
        wanted = _wanted(row, figure, within)
        if wanted is not None:
            marks[f"h{number}"] = wanted
        if figure.base:
            base = figure.base(Row(row))
            marks[f"g{number}"] = base if within is None else within & base
    return row.mutate(**marks)


def _wanted(row: Any, figure: Count, within: Any = None) -> Any:
    """Return which rows a figure counts; None for all of them. ``within`` says which belong to its basis."""
    conditions = [] if within is None else [within]
    if figure.where:
        conditions.append(figure.where(Row(row)))
    if figure.never:
        conditions.append(_has_none(row, figure, within))
    return functools.reduce(operator.and_, conditions) if conditions else None


def _has_none(row: Any, figure: Count, within: Any) -> Any:
    """Say whether the thing of a row has no row in the slice that meets the figure's ``never``."""
    import ibis  # takes 0.2 s, so not at start-up

    if not figure.never or not isinstance(figure.measure, Distinct):
        raise TypeError(f"{figure.key} counts no different things")
    such = figure.never(Row(row))
    such = such if within is None else within & such
    alike = ibis.window(group_by=["target_id", SLICE, figure.measure.column])
    # Not a cast: PostgreSQL turns no boolean into a bigint.
    return such.ifelse(1, 0).max().over(alike) == 0


def _columns(row: Any, figure: Count, number: int) -> dict[str, Any]:
    """Return the aggregate columns of one figure (see ``engine.cell_of`` for their meaning)."""
    mark, measure = f"h{number}", figure.measure
    where = row[mark] if mark in row.columns else None
    columns = {f"n{number}": row.count(where=where)}
    if figure.base:
        columns[f"g{number}"] = row.count(where=row[f"g{number}"])
    if isinstance(measure, Distinct):
        columns[f"v{number}"] = row[measure.column].nunique(where=where)
    elif isinstance(measure, Total):
        amount = row[measure.column]
        columns[f"v{number}"] = amount.sum(where=where)
        columns[f"k{number}"] = amount.count(where=where)
        if measure.qualifier:
            sort = row[measure.qualifier]
            parts = {"l": sort.isin(["at_least", "more_than"]), "a": sort == "almost", "c": sort == "about"}
            for letter, part in parts.items():
                columns[f"{letter}{number}"] = amount.count(where=part if where is None else where & part)
    return columns


def measures(of: FactTable, figures: Sequence[Count], mode: str, split: str | None) -> Any:
    """Return the expression that computes all figures of one fact table at once."""
    row = _marked(of, figures, mode)
    bases = bases_of(figures)
    columns: dict[str, Any] = {}
    for number, _basis in enumerate(bases):
        columns[f"b{number}"] = row.count(where=row[f"t{number}"] if len(bases) > 1 else None)
    for number, figure in enumerate(figures):
        columns.update(_columns(row, figure, number))
    return row.group_by(["target_id", SLICE, *([split] if split else [])]).aggregate(**columns)


def rows(of: FactTable, figure: Count) -> Any:
    """Return the expression for the rows behind a figure: record, union, day and the measure of each.

    For Distinct there is one row for each thing: its newest record, and how many records it has.
    """
    kept = _joined(of, (figure.basis,), "self")
    wanted = _wanted(kept, figure)
    if wanted is not None:
        kept = kept.mutate(wanted=wanted)
        kept = kept.filter(kept.wanted)
    measure = figure.measure
    when = figure.basis.day if isinstance(figure.basis, Flow) else figure.basis.starts
    if isinstance(measure, Distinct):
        grouped = kept.group_by(thing=kept[measure.column])
        return grouped.aggregate(record_id=kept.record_id.max(), day=kept[when].max(), amount=kept.count())
    amount = kept[measure.column] if isinstance(measure, Total) else 1
    return kept.select("record_id", thing=kept.union_id, day=kept[when], amount=amount)
