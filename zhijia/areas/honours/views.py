"""Doors to honours."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhijia.areas.honours import queries, services
from zhijia.areas.honours.filters import HonourFilter
from zhijia.areas.honours.forms import HonourForm
from zhijia.areas.honours.models import Honour
from zhijia.areas.honours.tables import HonourTable, honour_fields
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.kit.history import history
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState


@needs(queries.VIEW)
@require_safe
def honour_list(request: ActorRequest) -> HttpResponse:
    """The honours with filters."""
    new = Action(_("登记荣誉"), reverse("honours:honour-new"), "plus", primary=True)
    may = request.actor.scope.may(queries.RECORD)
    return list_page(
        request,
        queryset=queries.honours(request.actor.scope),
        table_class=HonourTable,
        filter_class=HonourFilter,
        title=_("荣誉"),
        actions=(new,) if may else (),
        export_name=_("荣誉"),
        empty=EmptyState(_("还没有荣誉。可以逐项登记，或用年度工作簿导入。"), new if may else None),
    )


@needs(queries.VIEW)
@require_safe
def honour_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One honour with its history."""
    honour = queries.honour_load(request.actor.scope, pk)
    edit = Action(_("更正"), reverse("honours:honour-edit", args=[pk]), "pencil")
    context = {
        "title": honour.name,
        "crumbs": _crumbs(Crumb(honour.name)),
        "fields": honour_fields(request.actor.scope, honour),
        "warning": queries.twice(honour),
        "actions": [edit] if request.actor.scope.may(queries.RECORD, honour.union.path or "") else [],
        "history": history(honour, labels={"person": _("会员")}),
    }
    return render(request, "honours/honour_detail.html", context)


@needs(queries.RECORD)
@require_http_methods(["GET", "POST"])
def honour_new(request: ActorRequest) -> HttpResponse:
    """Record an honour."""
    return form_page(
        request,
        HonourForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.honour_record(actor=actor, **values),
        title=_("登记荣誉"),
        back=reverse("honours:honour-list"),
        after=_address,
        saved=_("已登记。"),
        crumbs=_crumbs(),
    )


@needs(queries.RECORD)
@require_http_methods(["GET", "POST"])
def honour_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct an honour."""
    honour = queries.honour_load(request.actor.scope, pk, queries.RECORD)
    return form_page(
        request,
        HonourForm(request.POST or None, scope=request.actor.scope, honour=honour),
        lambda actor, values: services.honour_correct(actor=actor, honour=honour, **values),
        title=_("更正荣誉"),
        back=_address(honour),
        saved=_("已更正。"),
        record=honour,
        crumbs=_crumbs(),
    )


def _address(honour: Honour) -> str:
    return reverse("honours:honour-detail", args=[honour.pk])


def _crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    return (Crumb(_("荣誉"), reverse("honours:honour-list")), *last)
