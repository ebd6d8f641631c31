"""The pages of figures as data: what is asked for by the address, and what each page shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.http import Http404, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.figures import ask
from zhijia.figures.catalogue import catalogue
from zhijia.figures.cell import Cell
from zhijia.figures.definition import Band, Definition, Ratio
from zhijia.figures.lineage import RowList
from zhijia.kernel.money import yuan
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import CountUnit
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Scope
from zhijia.kit.exports import CellKind, ExportColumn

KEY_DIGITS = 18  # more do not fit into the database's integer


@dataclass(frozen=True)
class Asked:
    """The union and the period of a page; ``problem`` says why another period was not understood."""

    union: Union
    period: Period
    problem: str = ""

    @property
    def query(self) -> str:
        """Return the query that leads another page of figures to the same place."""
        query = QueryDict(mutable=True)
        query["union"], query["period"] = self.union.code, self.period.code
        return query.urlencode()


@dataclass(frozen=True)
class Group:
    """The figures of one area in the catalogue."""

    label: str | Promise
    lines: list[ask.Compared]


@dataclass(frozen=True)
class FigurePage:
    """Everything the page of one figure shows."""

    figure: Definition
    compared: ask.Compared
    kind: str
    sources: list[str | Promise]
    parts: list[ask.Compared]
    trend: dict[str, Any]
    splits: list[dict[str, Any]]
    ranking: list[ask.Ranked]


def asked(scope: Scope, query: QueryDict) -> Asked:
    """Read ``union`` (a code) or ``at`` (an id), and ``period``; else the highest union, the usual period."""
    at, code = query.get("at", ""), query.get("union", "")
    if at:
        if not at.isdecimal() or len(at) > KEY_DIGITS:
            raise Http404
        union = ask.union_by_id(scope, int(at))
    else:
        union = ask.union_by_code(scope, code) if code else ask.highest_union(scope)
    code, problem = query.get("period", ""), ""
    try:
        if code:
            return Asked(union, Period.parse(code))
    except ValueError as error:
        problem = str(error)
    return Asked(union, ask.current_period(union, timezone.localdate()), problem)


def groups(scope: Scope, place: Asked, text: str = "") -> list[Group]:
    """Return the figures whose label, key or definition holds the text, grouped by area."""
    wanted = text.strip().lower()
    keys = [
        key
        for key, figure in catalogue().items()
        if not wanted or wanted in f"{figure.label} {key} {figure.definition}".lower()
    ]
    compared = ask.figure_cells(scope, keys, place.union, place.period)
    found = []
    for card in registry().cards:
        lines = [compared[key] for key in keys if key.startswith(f"{card.name}.")]
        if lines:
            found.append(Group(card.label, lines))
    return found


def figure_page(scope: Scope, key: str, place: Asked) -> FigurePage:
    """Return the page of one figure; Http404 for an unknown key."""
    figure = ask.definition(key)
    keys = [key, *(part.key for part in _parts(figure))]
    compared = ask.figure_cells(scope, keys, place.union, place.period)
    return FigurePage(
        figure=figure,
        compared=compared[key],
        kind={"flow": _("期间累计"), "stock": _("期末时点"), "ratio": _("比率"), "band": _("分段")}[
            ask.kind_of(figure)
        ],
        sources=[table.label for table in ask.tables_of(figure)],
        parts=[compared[part] for part in keys[1:]],
        trend=_trend(scope, figure, place),
        splits=[
            _split_chart(figure, label, ask.split(scope, key, place.union, place.period, column))
            for column, label in ask.splits_of(figure).items()
        ],
        ranking=ask.ranking(scope, key, place.union, place.period),
    )


def _parts(figure: Definition) -> list[Definition]:
    if isinstance(figure, Ratio | Band):
        return [catalogue()[figure.numerator], catalogue()[figure.denominator]]
    return []


def shown_number(value: int | None, unit: CountUnit) -> int | float | None:
    """Return a value for an axis: 元 for money, percent for rates. For drawing only, never for sums."""
    if value is None or unit not in (CountUnit.FEN, CountUnit.PERCENT):
        return value
    return float(yuan(value))  # hundredths of a percent and fen alike are hundredths


def _trend(scope: Scope, figure: Definition, place: Asked) -> dict[str, Any]:
    """Return the chart by month with last year's line; a single month is shown within its year."""
    period = place.period
    if len(period.months()) == 1:
        period = Period.year(period.first.year)
    now = ask.by_month(scope, [figure.key], place.union, period)[figure.key]
    then = ask.by_month(scope, [figure.key], place.union, period.previous_year())[figure.key]
    labels = [_("%(month)d月") % {"month": cell.period.first.month} for cell in now]
    series = [(_("本期"), now), (_("上年同期"), then)]
    return _chart(figure, labels, [(name, cells[: len(labels)]) for name, cells in series])


def _chart(
    figure: Definition, labels: list[str], series: Sequence[tuple[str, Sequence[Cell]]]
) -> dict[str, Any]:
    lines = [
        {"name": name, "values": [shown_number(cell.value, figure.unit) for cell in cells]}
        for name, cells in series
    ]
    return {"labels": labels, "series": lines, "unit": figure.unit.label}


def _split_chart(figure: Definition, label: str, parts: list[ask.Part]) -> dict[str, Any]:
    chart = _chart(
        figure, [part.label for part in parts], [(str(figure.label), [part.cell for part in parts])]
    )
    return {"title": _("按%(column)s") % {"column": label}, **chart}


def export_columns(unit: CountUnit) -> list[ExportColumn]:
    """Return the columns of a workbook with the rows of a figure."""
    kind = CellKind.MONEY if unit is CountUnit.FEN else CellKind.AUTO
    return [
        ExportColumn(_("部分"), width=10),
        ExportColumn(_("日期")),
        ExportColumn(_("工会"), width=30),
        ExportColumn(_("记录"), width=40),
        ExportColumn(_("内容"), width=40),
        ExportColumn(_("数量(%(unit)s)") % {"unit": unit.label}, kind),
    ]


def export_rows(lists: Sequence[RowList], unit: CountUnit) -> list[list[Any]]:
    """Return the rows of that workbook. Where the parts of a rate differ in unit, amounts are texts."""
    return [
        [
            str(one.role),
            line.card.day,
            line.card.union,
            line.card.title,
            str(line.card.detail),
            line.amount if one.amount_unit is unit else line.shown,
        ]
        for one in lists
        for line in one.lines
    ]
