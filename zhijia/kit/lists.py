"""The one function behind every list page: filter, sort, page, choose columns, export.

    return list_page(
        request, queryset=queries.members(scope), table_class=MemberTable, filter_class=MemberFilter,
        title=_("会员"), actions=(Action(_("新建"), reverse("members:create"), "plus", primary=True),),
        export_name=_("会员名册"), empty=EmptyState(_("还没有会员。"), Action(...)),
    )

GET parameters: the filter's own, ``sort``, ``page``, ``per_page``, ``columns`` (kept in the session). An htmx
request for ``#list-body`` gets kit/_list_body.html only. A workbook leaves by the door ``taking_out``.
"""

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, cast

from django.contrib import messages
from django.core.paginator import EmptyPage, PageNotAnInteger
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.kernel.verdict import Verdict
from zhijia.kit.access import ActorRequest
from zhijia.kit.columns import MoneyColumn, SelectColumn
from zhijia.kit.exports import CellKind, ExportColumn, export_response, watermark_text
from zhijia.kit.filters import FullNumberError, check_searches, full_number_page
from zhijia.kit.page import Action, Crumb, EmptyState
from zhijia.kit.services import EXPORT, export_log
from zhijia.kit.taking_out import Order, order_of

__all__ = ["Action", "Crumb", "EmptyState", "is_partial", "list_page", "render_list"]

PAGE_SIZES = (20, 50, 100)
MOST_EXPORTED = 200_000
"""Rows of one export made while the browser waits; more must be narrowed down."""
_CHUNK = 2_000
_NOTHING_FOUND = EmptyState(gettext_lazy("没有符合条件的记录，请放宽条件。"), icon="search")

Rows = QuerySet[Any] | Sequence[Any]


def is_partial(request: HttpRequest, target: str = "list-body") -> bool:
    """Whether htmx asks for the part ``target`` of this page only (not for a page of its history)."""
    headers = request.headers
    return headers.get("HX-Target") == target and headers.get("HX-History-Restore-Request") != "true"


def render_list(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """Render the page, or its body for htmx; the browser's cache keeps the two apart."""
    response = render(request, "kit/_list_body.html" if is_partial(request) else template, context)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response


def list_page(
    request: ActorRequest,
    *,
    queryset: Rows,
    table_class: Any,
    title: str | Promise,
    filter_class: Any = None,
    template: str = "kit/list.html",
    actions: Sequence[Action] = (),
    batch_actions: Sequence[Action] = (),
    export_name: str | Promise | None = None,
    empty: EmptyState | None = None,
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Answer a list page; see the head of this module.

    ``queryset`` is already scoped. A list with an ``export_name`` can be taken out by those who hold
    ``books.export``, as far as that reaches; each export leaves a line in the audit. ``extra`` joins the
    context (``crumbs``, ``hint``). ``empty`` is shown when there is nothing at all, not when a filter finds
    nothing. A whole identity number in a filter is answered with advice, since filters stay in addresses.
    """
    try:
        check_searches(filter_class, request.GET)
    except FullNumberError as error:
        return full_number_page(request, error)
    filterset = filter_class(request.GET, queryset=queryset, request=request) if filter_class else None
    rows = _filtered(filterset, queryset)
    hidden, choices = _columns(request, table_class, rows)
    table = table_class(rows, exclude=hidden, request=request)
    _sort(request, table)
    order = order_of(request)
    if order is not None and export_name is not None:
        return _export(request, table, str(export_name), order)
    _paginate(request, table)
    filtered = filterset is not None and bool(_active(filterset))
    table.live = True
    table.page_sizes = PAGE_SIZES
    table.label = title
    table.empty_state = _NOTHING_FOUND if filtered else empty or EmptyState(_("还没有记录。"))
    table.has_money = any(isinstance(one.column, MoneyColumn) for one in table.columns)
    table.has_select = any(isinstance(one.column, SelectColumn) for one in table.columns)
    table.before_render(request)
    context = {
        "title": title,
        "table": table,
        "filter": filterset,
        "filter_names": list(filterset.form.fields) if filterset else [],
        "filter_errors": _errors(filterset),
        "total": table.paginator.count,
        "actions": actions,
        "batch_actions": batch_actions,
        "column_choices": choices,
        "can_export": export_name is not None and table.paginator.count > 0 and bool(_may_export(request)),
        **(extra or {}),
    }
    return render_list(request, template, context)


def _filtered(filterset: Any, queryset: Rows) -> Rows:
    """The rows that pass; none if the filter is wrongly filled in, never all."""
    if filterset is None:
        return queryset
    if not filterset.is_valid():
        return filterset.queryset.none()  # type: ignore[no-any-return]  # django_filters has no types
    return filterset.qs  # type: ignore[no-any-return]  # django_filters has no types


def _active(filterset: Any) -> list[str]:
    """The names of the filters that are set."""
    return [name for name in filterset.form.fields if any(filterset.form[name].data or ())]


def _errors(filterset: Any) -> list[tuple[str, str]]:
    """Label and text of each wrong filter."""
    if filterset is None:
        return []
    form = filterset.form
    return [
        (str(form.fields[name].label if name in form.fields else _("查询条件")), str(problem))
        for name, problems in form.errors.items()
        for problem in problems
    ]


def _columns(request: HttpRequest, table_class: Any, rows: Rows) -> tuple[list[str], list[dict[str, Any]]]:
    """Hidden column names and the choice to offer. The first data column always stays."""
    names = [
        name
        for name, column in table_class.base_columns.items()
        if column.visible and not isinstance(column, SelectColumn) and getattr(column, "exported", True)
    ]
    session = getattr(request, "session", None)
    key = f"columns:{table_class.__module__}.{table_class.__qualname__}"
    if session is not None and "columns" in request.GET:
        wanted = [name for name in request.GET.getlist("columns") if name in names]
        if wanted:
            session[key] = wanted
        else:
            session.pop(key, None)
    kept = set(session.get(key, names) if session is not None else names)
    hidden = [name for name in names[1:] if name not in kept]
    bound = table_class(rows, order_by=()).columns  # only a bound column knows its model's name
    choices = [
        {"name": name, "label": bound[name].header, "shown": name not in hidden}
        for name in names[1:]
        if name in bound.names()
    ]
    return [*hidden, *(table_class._meta.exclude or ())], choices


def _sort(request: HttpRequest, table: Any) -> None:
    """Sort by the columns asked for, then by key: without it equal rows may change pages."""
    asked = request.GET.getlist(table.prefixed_order_by_field)
    if asked:
        table.order_by = asked
    data = table.data.data
    if not isinstance(data, QuerySet) or data.query.combinator or data.query.values_select:
        return
    ordering = tuple(data.query.order_by or data.model._meta.ordering or ())
    if not {"pk", "-pk"} & {name for name in ordering if isinstance(name, str)}:
        table.data.data = data.order_by(*ordering, "pk")


def _paginate(request: HttpRequest, table: Any) -> None:
    """Show the page asked for; a page that is gone is the last one."""
    asked = request.GET.get("per_page", "")
    size = int(asked) if asked in {str(one) for one in PAGE_SIZES} else PAGE_SIZES[0]
    try:
        table.paginate(page=request.GET.get(table.prefixed_page_field, 1), per_page=size)
    except PageNotAnInteger:
        table.page = table.paginator.page(1)
    except EmptyPage:
        table.page = table.paginator.page(table.paginator.num_pages)


def _may_export(request: ActorRequest) -> Verdict:
    """Whether this actor may take lists out."""
    return request.actor.scope.may(EXPORT)


def _within_reach(request: ActorRequest, data: Rows) -> Rows:
    """Keep the rows that this actor may take out: a post that may look is not always one that may export."""
    path = getattr(data.model, "scope_path", "") if isinstance(data, QuerySet) else ""
    if not isinstance(data, QuerySet) or not path:
        return data  # no record of a union: nothing to be out of reach
    return data.filter(request.actor.scope.where(EXPORT, path))


def _export(request: ActorRequest, table: Any, name: str, order: Order) -> HttpResponse:
    """The rows of the list as a workbook, in the order of the screen and with its columns."""
    verdict = _may_export(request)
    if not verdict:
        return render(request, "403.html", {"reason": verdict.reason}, status=403)
    data = table.data.data = _within_reach(request, table.data.data)
    count = data.count() if isinstance(data, QuerySet) else len(data)
    if count > MOST_EXPORTED:
        messages.error(
            request,
            _("共 %(count)d 条，一次最多导出 %(most)d 条，请先缩小范围。")
            % {"count": count, "most": MOST_EXPORTED},
        )
        return HttpResponseRedirect(request.get_full_path())
    export_log(actor=request.actor, name=name, rows=count, purpose=order.purpose)
    chosen = [one for one in table.columns if getattr(one.column, "exported", True)]
    columns = [
        ExportColumn(str(one.header), getattr(one.column, "export_kind", CellKind.AUTO)) for one in chosen
    ]
    response = export_response(
        title=name,
        columns=columns,
        rows=_values(table, [one.name for one in chosen]),
        watermark=watermark_text(who=request.actor.name, place=_place(data), purpose=order.purpose),
    )
    order.is_delivered = True
    return cast("HttpResponse", response)  # a stream; views are annotated with the plain kind


def _place(data: Rows) -> str:
    """Say in words of which unions the rows are; empty when they belong to none."""
    path = getattr(data.model, "scope_path", "") if isinstance(data, QuerySet) else ""
    if not isinstance(data, QuerySet) or not path.endswith("path"):
        return ""
    name = f"{path.removesuffix('path')}name"
    unions = [union for _path, union in data.order_by(path).values_list(path, name).distinct()]
    if len(unions) > 1:
        return _("%(union)s等 %(count)d 个工会") % {"union": unions[0], "count": len(unions)}
    return unions[0] if unions else ""


def _values(table: Any, names: Sequence[str]) -> Iterator[list[Any]]:
    """Cell values row by row, read in chunks so that memory stays flat."""
    data = table.data.data
    records = data.iterator(chunk_size=_CHUNK) if isinstance(data, QuerySet) else iter(data)
    while chunk := list(islice(records, _CHUNK)):
        part = type(table)(chunk, exclude=table.exclude, order_by=())
        for row in part.rows:
            yield [row.get_cell_value(name) for name in names]
