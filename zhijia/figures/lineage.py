"""From a figure to the rows behind it: as many rows, or exactly the sum, as the figure says."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.http import Http404
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.facts.table import FactTable
from zhijia.figures.ask import check, definition
from zhijia.figures.catalogue import catalogue, fact_tables
from zhijia.figures.definition import Band, Count, Definition, Distinct, Ratio, Total
from zhijia.figures.engine import Spot, band_unions, row_page, row_total
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import CountUnit, Quantity
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import RowCard

UNIONS = "organisations.union"
PAGE = 50
Place = tuple[Union, Period]


@dataclass(frozen=True)
class RowLine:
    """One row of a figure: the record, and what it adds to the figure (None: not recorded).

    For a distinct count a line is one person or payer and ``amount`` is 1, however many records it has.
    """

    card: RowCard
    amount: int | None
    unit: CountUnit

    @property
    def shown(self) -> str:
        """Return the amount as people read it."""
        return _("未登记") if self.amount is None else str(Quantity(self.amount, self.unit))


@dataclass(frozen=True)
class RowList:
    """A page of the rows of one plain figure. ``total`` is the exact sum of the known amounts of all rows.

    ``closed``: the reader may see none of these records, so that there is the number but no line.
    """

    figure: Definition
    role: str | Promise
    lines: list[RowLine]
    number: int
    total: int
    page: int
    size: int
    closed: bool = False

    @property
    def pages(self) -> int:
        """Return how many pages there are, at least one."""
        return 1 if self.closed else max(1, -(-self.number // self.size))

    @property
    def amount_unit(self) -> CountUnit:
        """Return the unit of the amounts, which is the figure's own."""
        return self.figure.unit

    @property
    def is_sum(self) -> bool:
        """Say whether the figure is the sum of the amounts (else it is the number of lines)."""
        return isinstance(self.figure, Count) and isinstance(self.figure.measure, Total)

    @property
    def total_shown(self) -> str:
        """Return the sum as people read it."""
        return str(Quantity(self.total, self.amount_unit))


def rows(
    scope: Scope, key: str, union: Union, period: Period, page: int = 1, size: int = PAGE
) -> list[RowList]:
    """Return a page of the rows behind a figure: one list, or two for a ratio (numerator, denominator).

    Rows whose record the reader may not see stay in the list without their content, so that the list is as
    long as the figure says. Http404 for a union out of reach, an unknown figure, and a page below 1.
    """
    check(scope, union)
    figure = definition(key)
    if page < 1:
        raise Http404
    place, cut = (union, period), (page, size)
    if isinstance(figure, Ratio):
        top, bottom = catalogue()[figure.numerator], catalogue()[figure.denominator]
        return [_counted(scope, top, _("分子"), place, cut), _counted(scope, bottom, _("分母"), place, cut)]
    if isinstance(figure, Band):
        return [_banded(scope, figure, place, cut)]
    return [_counted(scope, figure, "", place, cut)]


def _counted(scope: Scope, figure: Definition, role: str, place: Place, cut: tuple[int, int]) -> RowList:
    (union, period), (page, size) = place, cut
    if not isinstance(figure, Count):
        raise TypeError(f"{figure.key} is not made of rows")
    number, total = row_total(figure.key, union.pk, period)
    found = row_page(figure.key, union.pk, period, (page - 1) * size, size)
    cards = _cards(scope, fact_tables()[figure.table], found)
    is_distinct = isinstance(figure.measure, Distinct)
    lines = [
        RowLine(card, 1 if is_distinct else _amount(row), figure.unit)
        for row, card in zip(found, cards, strict=True)
    ]
    closed = _is_closed(scope, figure.table, union, lines)
    total = number if is_distinct else total
    return RowList(figure, role, [] if closed else lines, number, total, page, size, closed)


def _amount(row: dict[str, Any]) -> int | None:
    return None if row["amount"] is None else int(row["amount"])


def _is_closed(scope: Scope, table: str, union: Union, lines: Sequence[RowLine]) -> bool:
    """Say whether the reader's posts reach no record of the area anywhere in this union's tree."""
    path = union.path or ""
    roots = scope.paths(f"{table.partition('.')[0]}.view")
    reaches = any(path.startswith(root) or root.startswith(path) for root in roots)
    return bool(lines) and not reaches and not any(line.card.union for line in lines)


def _banded(scope: Scope, figure: Band, place: Place, cut: tuple[int, int]) -> RowList:
    (union, period), (page, size) = place, cut
    unions = band_unions([figure], union.pk, [period]).get((figure.key, Spot(union.pk, period)), [])
    shown = unions[(page - 1) * size : page * size]
    cards = _cards(scope, fact_tables()[UNIONS], [{"record_id": key, "day": ""} for key in shown])
    lines = [RowLine(card, 1, figure.unit) for card in cards]
    closed = _is_closed(scope, UNIONS, union, lines)
    return RowList(figure, "", [] if closed else lines, len(unions), len(unions), page, size, closed)


def _cards(scope: Scope, table: FactTable, found: Sequence[dict[str, Any]]) -> list[RowCard]:
    """Describe rows in their order; what is out of the reader's reach keeps its line and its day only."""
    ids = [int(row["record_id"]) for row in found]
    described = import_string(table.describe)(scope, list(dict.fromkeys(ids)))
    by_id = {card.record_id: card for card in described}
    hidden = _("(不在您的查看范围内)")
    cards = [by_id.get(key) or RowCard(key, hidden, "") for key in ids]
    return [replace(card, day=_day(row["day"]) or card.day) for card, row in zip(cards, found, strict=True)]


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
