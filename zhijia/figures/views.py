"""Pages of figures: the catalogue, one figure, and the rows behind it."""

from __future__ import annotations

from typing import Any, cast

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.figures import ask, lineage, pages
from zhijia.figures.forms import PlaceForm
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.exports import export_response, watermark_text
from zhijia.kit.lists import MOST_EXPORTED
from zhijia.kit.page import Crumb
from zhijia.kit.services import EXPORT, export_log
from zhijia.kit.taking_out import Order, order_of

COUNT_ONLY = gettext_lazy("您的岗位只能查看这一数字，不能查看明细。")


def _context(request: ActorRequest, place: pages.Asked, title: str, **more: Any) -> dict[str, Any]:
    """Return what all three pages show: where we are, the switch, and when it was computed."""
    form = PlaceForm(
        scope=request.actor.scope,
        union=place.union,
        period=place.period,
        search="text" in more,
        text=more.get("text", ""),
    )
    home = Crumb(_("统计指标"), f"{reverse('figures:catalogue')}?{place.query}")
    return {
        "title": title,
        "crumbs": [home, *more.pop("crumbs", ()), Crumb(title)],
        "place": place,
        "union": place.union,
        "form": form,
        "computed_at": timezone.now(),
        **more,
    }


@needs(ask.VIEW)
def catalogue(request: ActorRequest) -> HttpResponse:
    """Show all figures by area with last year's, for a union and a period."""
    place = pages.asked(request.actor.scope, request.GET)
    text = request.GET.get("q", "")
    groups = pages.groups(request.actor.scope, place, text)
    context = _context(request, place, _("统计指标"), groups=groups, text=text)
    context["crumbs"] = []
    return render(request, "figures/catalogue.html", context)


@needs(ask.VIEW)
def figure(request: ActorRequest, key: str) -> HttpResponse:
    """Show one figure: value, definition, trend, splits, and the ranking of the unions below."""
    place = pages.asked(request.actor.scope, request.GET)
    page = pages.figure_page(request.actor.scope, key, place)
    return render(request, "figures/figure.html", _context(request, place, str(page.figure.label), page=page))


@needs(ask.VIEW)
def rows(request: ActorRequest, key: str) -> HttpResponse:
    """Show the rows behind a figure, or send them as a workbook."""
    scope = request.actor.scope
    place = pages.asked(scope, request.GET)
    shown = ask.definition(key)
    may_export = scope.may(EXPORT)
    order = order_of(request)
    if order is not None and may_export:
        return _export(request, key, place, order)
    number = request.GET.get("page", "1")
    page = int(number) if number.isdecimal() and len(number) < pages.KEY_DIGITS else 1
    lists = lineage.rows(scope, key, place.union, place.period, max(page, 1))
    compared = ask.figure_cells(scope, [key], place.union, place.period, compare=False)[key]
    up = Crumb(shown.label, f"{reverse('figures:figure', args=[key])}?{place.query}")
    context = _context(
        request, place, _("数据明细"), lists=lists, cell=compared.cell, page=page, crumbs=[up], figure=shown
    )
    is_closed = any(one.closed for one in lists)
    context |= {"pages": max(one.pages for one in lists), "may_export": may_export and not is_closed}
    return render(request, "figures/rows.html", context)


def _export(request: ActorRequest, key: str, place: pages.Asked, order: Order) -> HttpResponse:
    """Send all rows of a figure (at most kit.lists.MOST_EXPORTED of each list) as a workbook."""
    shown = ask.definition(key)
    lists = lineage.rows(request.actor.scope, key, place.union, place.period, 1, MOST_EXPORTED)
    if any(one.closed for one in lists):
        return render(request, "403.html", {"reason": COUNT_ONLY}, status=403)
    unit = lists[0].amount_unit
    title = f"{shown.label} {place.union.name} {place.period.label}"
    count = sum(len(one.lines) for one in lists)
    export_log(actor=request.actor, name=title, rows=count, purpose=order.purpose)
    response = export_response(
        title=title,
        columns=pages.export_columns(unit),
        rows=pages.export_rows(lists, unit),
        watermark=watermark_text(who=request.actor.name, place=place.union.name, purpose=order.purpose),
    )
    order.is_delivered = True
    return cast("HttpResponse", response)  # a stream; views are annotated with the plain kind
