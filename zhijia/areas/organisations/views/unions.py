"""The pages of unions: list, tree, one union, and the steps in its life."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations import forms, queries, services
from zhijia.areas.organisations.filters import UnionListFilter
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.pages import union_context
from zhijia.areas.organisations.services import MANAGE, RECORD
from zhijia.areas.organisations.tables import UnionTable
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.kit.lists import Action, Crumb, EmptyState, list_page

VIEW = queries.VIEW
UNION_PAGE = "organisations:union-detail"
FACTS = ("sector", "founded_on", *services.UnionFacts.__dataclass_fields__)


def _page(union: Union) -> str:
    return reverse(UNION_PAGE, args=[union.pk])


@needs(VIEW)
def union_list(request: ActorRequest) -> HttpResponse:
    """List the unions within reach."""
    new = Action(_("新建工会"), reverse("organisations:union-create"), "plus", primary=True)
    may = bool(request.actor.scope.may(MANAGE))
    tree = Action(_("工会树"), reverse("organisations:tree"), "sitemap")
    return list_page(
        request,
        queryset=queries.unions(request.actor.scope),
        table_class=UnionTable,
        filter_class=UnionListFilter,
        title=_("工会"),
        actions=(new, tree) if may else (tree,),
        export_name=_("工会名册"),
        empty=EmptyState(_("还没有工会。可以新建，也可以用年度工作簿导入。"), new if may else None),
    )


@needs(VIEW)
def tree(request: ActorRequest) -> HttpResponse:
    """Show the topmost unions of the tree; each opens its children by htmx."""
    context = {
        "title": _("工会树"),
        "nodes": queries.union_tree(request.actor.scope),
        "crumbs": (Crumb(_("工会"), reverse("organisations:union-list")), Crumb(_("工会树"))),
    }
    return render(request, "organisations/tree.html", context)


@needs(VIEW)
def tree_children(request: ActorRequest, pk: int) -> HttpResponse:
    """Answer the children of one node: a part of the page for htmx, a page for others."""
    union = queries.union_load(request.actor.scope, pk)
    nodes = queries.union_tree(request.actor.scope, union)
    template = "organisations/_nodes.html" if request.htmx else "organisations/tree.html"
    crumbs = (Crumb(_("工会树"), reverse("organisations:tree")), Crumb(union.name))
    return render(request, template, {"title": union.name, "nodes": nodes, "crumbs": crumbs})


@needs(VIEW)
def union_options(request: ActorRequest) -> HttpResponse:
    """Answer a searchable select: at most 30 unions in which ``action`` is granted."""
    action = request.GET.get("action", VIEW)
    found = queries.union_options(request.actor.scope, request.GET.get("q", ""), action)
    return JsonResponse({"results": [{"id": one.pk, "text": f"{one.name}（{one.code}）"} for one in found]})


@needs(VIEW)
def union_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """Show one union with its committees, employers, changes, and what other areas know of it."""
    page = queries.union_page(request.actor.scope, pk)
    context = union_context(request.actor.scope, page, timezone.localdate(), request.GET.get("tab", ""))
    return render(request, "organisations/union.html", context)


@needs(MANAGE)
def union_create(request: ActorRequest) -> HttpResponse:
    """Register a union."""
    scope = request.actor.scope
    form = forms.UnionForm(request.POST or None, scope=scope, initial={"parent": request.GET.get("parent")})

    def save(actor: Any, values: dict[str, Any]) -> Union:
        named = {name: values[name] for name in ("parent", "code", "name", "level", "sector", "founded_on")}
        return services.union_found(actor=actor, facts=form.facts(), **named)

    back = reverse("organisations:union-list")
    return form_page(request, form, save, title=_("新建工会"), back=back, after=_page)


@needs(RECORD)
def union_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct what is written about a union."""
    union = queries.union_load(request.actor.scope, pk, RECORD)
    initial = {name: getattr(union, name) for name in FACTS}
    return form_page(
        request,
        forms.UnionFactsForm(request.POST or None, initial=initial),
        lambda actor, values: services.union_correct(actor=actor, union=union, **values),
        title=_("更正工会资料"),
        back=_page(union),
        record=union,
        extra={"hint": _("名称、层级和隶属关系的变动请在工会页面分别办理，以便留下日期和文件。")},
    )


@needs(MANAGE)
def union_rename(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a union a new name."""
    union = queries.union_load(request.actor.scope, pk, MANAGE)
    return form_page(
        request,
        forms.RenameForm(request.POST or None),
        lambda actor, values: services.union_rename(actor=actor, union=union, **values),
        title=_("更名"),
        back=_page(union),
        extra={"hint": union.name},
    )


@needs(MANAGE)
def union_upgrade(request: ActorRequest, pk: int) -> HttpResponse:
    """Raise a union to another level."""
    union = queries.union_load(request.actor.scope, pk, MANAGE)
    return form_page(
        request,
        forms.UpgradeForm(request.POST or None),
        lambda actor, values: services.union_upgrade(actor=actor, union=union, **values),
        title=_("升格"),
        back=_page(union),
        extra={"hint": union.name},
    )


@needs(MANAGE)
def union_move(request: ActorRequest, pk: int) -> HttpResponse:
    """Put a union under another one."""
    union = queries.union_load(request.actor.scope, pk, MANAGE)
    return form_page(
        request,
        forms.MoveForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.union_move(actor=actor, union=union, **values),
        title=_("调整隶属"),
        back=_page(union),
        extra={"hint": _("下级工会一并调整；此日期以前的数字仍按原隶属关系统计。")},
    )


@needs(MANAGE)
def union_close(request: ActorRequest, pk: int) -> HttpResponse:
    """End a union."""
    union = queries.union_load(request.actor.scope, pk, MANAGE)
    return form_page(
        request,
        forms.CloseForm(request.POST or None),
        lambda actor, values: services.union_close(actor=actor, union=union, **values),
        title=_("终止工会"),
        back=_page(union),
        extra={"hint": _("终止后历史资料仍保留；委员会、任职和覆盖单位同日终止。")},
    )
