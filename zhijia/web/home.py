"""The home page as data: key figures with last year's, charts, to-dos, recent records."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404

from zhijia.areas.organisations.models import Union
from zhijia.figures.ask import current_period, panel_keys
from zhijia.figures.catalogue import catalogue
from zhijia.figures.cell import Cell
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.actor import Actor
from zhijia.kernel.period import Period
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import RowCard, ToDo

BY_MONTH = ("activities.person_times", "aid.person_times")
BY_UNION = ("members.members",)
LINES = 8


@dataclass(frozen=True)
class Panel:
    """A key figure with the same period of last year."""

    cell: Cell
    before: Cell

    @property
    def change(self) -> int | None:
        """Return the difference to last year; None when one of them is unknown."""
        if self.cell.value is None or self.before.value is None:
            return None
        return self.cell.value - self.before.value


@dataclass(frozen=True)
class Home:
    """Everything the home page shows."""

    union: Union
    period: Period
    panels: tuple[Panel, ...]
    charts: tuple[dict[str, Any], ...]
    todos: tuple[ToDo, ...]
    recent: tuple[RowCard, ...]

    @property
    def periods(self) -> tuple[Period, ...]:
        """Return the periods that the page offers: the year, its halves, and the year before."""
        year = self.period.first.year
        return (Period.year(year), Period.half(year, 1), Period.half(year, 2), Period.year(year - 1))


def own_union(scope: Scope, code: str = "") -> Union:
    """Return the union asked for, else the highest in reach; Http404 when there is none."""
    reach: QuerySet[Union] = (
        Union.objects.within(scope, "figures.view").filter(closed_on=None).order_by("path")
    )
    found = (reach.filter(code=code) if code else reach).first()
    if found is None:
        raise Http404
    return found


def _panels(union: Union, period: Period) -> tuple[Panel, ...]:
    keys, last = panel_keys(), period.previous_year()
    now, then = compute(keys, union.pk, [period]), compute(keys, union.pk, [last])
    return tuple(Panel(now[key, Spot(union.pk, period)], then[key, Spot(union.pk, last)]) for key in keys)


def _by_month(union: Union, period: Period) -> list[dict[str, Any]]:
    months = period.months()
    cells = compute(BY_MONTH, union.pk, list(months))
    charts = []
    for key in BY_MONTH:
        values = [cells[key, Spot(union.pk, month)].value for month in months]
        charts.append(_chart(key, [month.label for month in months], values, "line"))
    return charts


def _by_union(scope: Scope, union: Union, period: Period) -> list[dict[str, Any]]:
    cells = compute(BY_UNION, union.pk, [period], mode="children")
    charts = []
    for key in BY_UNION:
        found = sorted(
            ((cell.value or 0, cell.union_id) for (name, _spot), cell in cells.items() if name == key),
            reverse=True,
        )[:LINES]
        names = dict(
            Union.objects.within(scope, "figures.view")
            .filter(pk__in=[union_id for _value, union_id in found])
            .values_list("pk", "name")
        )
        known = [(names[union_id], value) for value, union_id in found if union_id in names]
        if known:
            charts.append(
                _chart(key, [name for name, _value in known], [value for _name, value in known], "bar")
            )
    return charts


def _chart(key: str, labels: list[str], values: Sequence[int | None], kind: str) -> dict[str, Any]:
    figure = catalogue()[key]
    series = [{"name": figure.label, "values": values}]
    return {
        "title": figure.label,
        "labels": labels,
        "series": series,
        "kind": kind,
        "unit": figure.unit.label,
    }


def todos(actor: Actor, today: date) -> tuple[ToDo, ...]:
    """Return what waits for this person, from all cards."""
    return tuple(line for reader in registry().objects("todos") for line in reader(actor, today))


def home(actor: Actor, today: date, code: str = "", period_code: str = "") -> Home:
    """Return the home page of the union asked for, or of the highest in reach."""
    scope = actor.scope
    union = own_union(scope, code)
    period = Period.parse(period_code) if period_code else current_period(union, today)
    found = [card for reader in registry().objects("recent") for card in reader(scope, LINES)]
    newest = sorted(found, key=lambda card: card.day or date.min, reverse=True)[:LINES]
    charts = (*_by_month(union, period), *_by_union(scope, union, period))
    return Home(union, period, _panels(union, period), charts, todos(actor, today), tuple(newest))
