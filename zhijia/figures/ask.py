"""What people may ask of the figures - the scope-checked door to the engine.

Every function takes the scope first and needs ``figures.view`` at the union's place: a union out of reach is
absent (Http404), and so is a key that is not in the catalogue. Rows stand in ``lineage.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.http import Http404
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.facts.table import FactTable
from zhijia.figures import engine
from zhijia.figures.catalogue import catalogue, fact_tables
from zhijia.figures.cell import PERCENT_SCALE, Cell
from zhijia.figures.definition import Band, Count, Definition, Flow, Ratio
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.money import shown as money_shown
from zhijia.kernel.period import Period, latest_full_year
from zhijia.kernel.quantity import CountUnit, counted
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Scope

VIEW = "figures.view"
WHY = "the tree below a union that was loaded within the scope"


@dataclass(frozen=True)
class Compared:
    """A figure beside the same period of last year, each in the tree of its own time."""

    cell: Cell
    last_year: Cell | None = None

    @property
    def change(self) -> int | None:
        """Return the difference in the figure's own unit; None when one of the two is unknown."""
        if self.last_year is None or self.cell.value is None or self.last_year.value is None:
            return None
        return self.cell.value - self.last_year.value

    @property
    def growth(self) -> int | None:
        """Return the growth in hundredths of a percent; None without a change, from zero, and of a rate."""
        before = self.last_year.value if self.last_year else None
        if self.change is None or not before or self.cell.figure.unit is CountUnit.PERCENT:
            return None
        quotient = Decimal(self.change) * PERCENT_SCALE / Decimal(abs(before))
        return int(quotient.quantize(Decimal(1), ROUND_HALF_UP))

    @property
    def change_shown(self) -> str:
        """Return the difference as people read it: +3人次, -1.2万元, +2.5个百分点."""
        if self.change is None:
            return ""
        unit = self.cell.figure.unit
        sign = "+" if self.change > 0 else ""
        if unit is CountUnit.PERCENT:
            points = f"{(Decimal(self.change) / 100).normalize():f}"
            return f"{sign}{_('%(points)s个百分点') % {'points': points}}"
        amount = money_shown(self.change) if unit is CountUnit.FEN else counted(self.change, unit)
        return f"{sign}{amount}"

    @property
    def growth_shown(self) -> str:
        """Return the growth as people read it: +12.5%."""
        if self.growth is None:
            return ""
        return f"{'+' if self.growth > 0 else ''}{(Decimal(self.growth) / 100).normalize():f}%"


@dataclass(frozen=True)
class Ranked:
    """A union right below the asked one with its figure; ``rank`` is None when there is no data.

    A union that has left the reader's reach since keeps its line, but not its name.
    """

    union: Union
    cell: Cell
    rank: int | None
    in_reach: bool = True

    @property
    def name(self) -> str:
        """Return the union's name, or that the reader may not see it."""
        return self.union.name if self.in_reach else _("(不在您的查看范围内)")


@dataclass(frozen=True)
class Part:
    """One value of a split with its word and figure."""

    code: str
    label: str
    cell: Cell


def union_by_code(scope: Scope, code: str) -> Union:
    """Return the union with that code; Http404 for absent and for out of reach alike."""
    found = Union.objects.within(scope, VIEW).filter(code=code).first()
    if found is None:
        raise Http404
    return found


def union_by_id(scope: Scope, key: int) -> Union:
    """Return the union with that id; Http404 for absent and for out of reach alike."""
    found = Union.objects.within(scope, VIEW).filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def highest_union(scope: Scope) -> Union:
    """Return the first of the highest unions in reach; Http404 when there is none."""
    found = Union.objects.within(scope, VIEW).filter(closed_on=None).order_by("path").first()
    if found is None:
        raise Http404
    return found


def panel_keys() -> list[str]:
    """Return the key figures that the cards put on the home page."""
    return [key for card in registry().cards for key in card.panels if key in catalogue()]


def current_period(union: Union, today: date) -> Period:
    """Return the period a page opens with: this year when its ledgers have begun, else the last full year."""
    this_year = Period.year(today.year)
    flows = [key for key in panel_keys() if kind_of(catalogue()[key]) == "flow"]
    cells = compute(flows, union.pk, [this_year])
    return this_year if any(cell.has_data for cell in cells.values()) else latest_full_year(today)


def check(scope: Scope, union: Union) -> None:
    """Raise Http404 unless the scope reaches the union with ``figures.view``."""
    if not scope.may(VIEW, union.path or ""):
        raise Http404


def definition(key: str) -> Definition:
    """Return a figure; Http404 for an unknown key."""
    if key not in catalogue():
        raise Http404
    return catalogue()[key]


def kind_of(figure: Definition) -> str:
    """Return ``flow``, ``stock``, ``ratio`` or ``band``."""
    if isinstance(figure, Count):
        return "flow" if isinstance(figure.basis, Flow) else "stock"
    return "ratio" if isinstance(figure, Ratio) else "band"


def tables_of(figure: Definition) -> list[FactTable]:
    """Return the fact tables a figure is computed from, each once."""
    if isinstance(figure, Count):
        return [fact_tables()[figure.table]]
    keys = [figure.numerator, figure.denominator]
    if isinstance(figure, Band):
        keys.append(figure.members)
    return list({table.name: table for key in keys for table in tables_of(catalogue()[key])}.values())


def figure_cells(
    scope: Scope, keys: Iterable[str], union: Union, period: Period, *, compare: bool = True
) -> dict[str, Compared]:
    """Return figures by key, with the same period of last year unless ``compare`` is False."""
    check(scope, union)
    asked = [definition(key).key for key in keys]
    now = compute(asked, union.pk, [period])
    if not compare:
        return {key: Compared(now[key, Spot(union.pk, period)]) for key in asked}
    last = period.previous_year()
    then = compute(asked, union.pk, [last])
    return {key: Compared(now[key, Spot(union.pk, period)], then[key, Spot(union.pk, last)]) for key in asked}


def children(scope: Scope, union: Union, period: Period) -> list[Union]:
    """Return the unions right below, as the tree stood on the period's last day, in the order of their codes.

    A union that left or was closed during the period is still there; one that was gone before is not.
    """
    check(scope, union)
    standing = engine.children(union.pk, period)
    return list(
        Union.objects.everywhere(WHY)
        .filter(Q(closed_on=None) | Q(closed_on__gte=period.first), pk__in=standing)
        .order_by("code")
    )


def rankings(scope: Scope, keys: Sequence[str], union: Union, period: Period) -> dict[str, list[Ranked]]:
    """Rank the unions right below by each figure, the largest first; those without data stand at the end.

    Equal values share a rank (1, 2, 2, 4).
    """
    below = children(scope, union, period)
    asked = [definition(key).key for key in keys]
    answers = compute(asked, union.pk, [period], mode="children")
    ranked = {}
    for key in asked:
        empty = {child.pk: Cell(catalogue()[key], child.pk, period, None) for child in below}
        cells = {child.pk: answers.get((key, Spot(child.pk, period)), empty[child.pk]) for child in below}
        values = [value for cell in cells.values() if (value := cell.value) is not None]
        lines = [
            Ranked(
                child,
                cell,
                None if cell.value is None else 1 + sum(value > cell.value for value in values),
                in_reach=bool(scope.may(VIEW, child.path or "")),
            )
            for child in below
            for cell in (cells[child.pk],)
        ]
        ranked[key] = sorted(lines, key=lambda line: (line.rank is None, line.rank or 0, line.union.code))
    return ranked


def ranking(scope: Scope, key: str, union: Union, period: Period) -> list[Ranked]:
    """Rank the unions right below by one figure; see ``rankings``."""
    return rankings(scope, [key], union, period)[key]


def by_month(scope: Scope, keys: Sequence[str], union: Union, period: Period) -> dict[str, list[Cell]]:
    """Return each figure for the months of the period: flows within it, stocks as at its end.

    All months are taken in the tree of the period's last day, so that flows add up to the period's figure.
    """
    check(scope, union)
    asked = [definition(key).key for key in keys]
    months = period.months()
    answers = compute(asked, union.pk, months)
    return {key: [answers[key, Spot(union.pk, month)] for month in months] for key in asked}


def splits_of(figure: Definition) -> dict[str, str]:
    """Return the columns by which a figure can be broken down, with their labels; a rate by those of both."""
    if isinstance(figure, Count):
        columns = fact_tables()[figure.table].by_name
        return {name: str(columns[name].label) for name in figure.splits}
    if isinstance(figure, Band):
        return {}
    top, bottom = catalogue()[figure.numerator], catalogue()[figure.denominator]
    if not isinstance(top, Count) or not isinstance(bottom, Count) or top.table != bottom.table:
        return {}
    below = splits_of(bottom)
    return {name: label for name, label in splits_of(top).items() if name in below}


def split(scope: Scope, key: str, union: Union, period: Period, column: str) -> list[Part]:
    """Break a figure down by a column of its facts, the largest part first; Http404 for another column.

    Parts of counts and sums add up to the figure; parts of distinct counts (人) may overlap.
    """
    check(scope, union)
    figure = definition(key)
    if column not in splits_of(figure):
        raise Http404
    words = tables_of(figure)[0].by_name[column].words()
    answers = compute([key], union.pk, [period], split=column)
    parts = [
        Part(spot.split, str(words.get(spot.split) or spot.split or _("未注明")), cell)
        for (_key, spot), cell in answers.items()
        if cell.rows or cell.value
    ]
    return sorted(parts, key=lambda part: (-(part.cell.value or 0), part.code))
