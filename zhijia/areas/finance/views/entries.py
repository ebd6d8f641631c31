"""Doors to the money ledger."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhijia.areas.finance import queries, services, states
from zhijia.areas.finance.filters import EntryFilter
from zhijia.areas.finance.forms import EntryForm
from zhijia.areas.finance.models import Entry
from zhijia.areas.finance.payment_queries import payment_behind
from zhijia.areas.finance.tables import EntryTable, entry_fields
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page, submitted, version_of
from zhijia.kit.history import history
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState


@needs("finance.view")
@require_safe
def entry_list(request: ActorRequest) -> HttpResponse:
    """The ledger with filters and sums."""
    new = Action(_("登记收支"), reverse("finance:entry-new"), "plus", primary=True)
    may = request.actor.scope.may(queries.RECORD)
    return list_page(
        request,
        queryset=queries.entries(request.actor.scope),
        table_class=EntryTable,
        filter_class=EntryFilter,
        title=_("经费台账"),
        actions=(new,) if may else (),
        export_name=_("经费台账"),
        empty=EmptyState(_("还没有经费收支。可以逐笔登记，或用年度工作簿导入。"), new if may else None),
    )


@needs("finance.view")
@require_safe
def entry_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One entry with its history."""
    entry = queries.entry_load(request.actor.scope, pk)
    payment = payment_behind(entry)
    context = {
        "title": str(entry.get_kind_display()),
        "crumbs": _crumbs(Crumb(str(entry))),
        "fields": entry_fields(entry, payment),
        "status": entry.get_formalities_display() if entry.formalities else "",
        "actions": [] if payment else _actions(request, entry),
        "version": entry.version,
        "history": history(entry, labels={"employer": _("单位名称")}),
    }
    return render(request, "kit/detail.html", context)


@needs("finance.record")
@require_http_methods(["GET", "POST"])
def entry_new(request: ActorRequest) -> HttpResponse:
    """Write an entry."""
    return form_page(
        request,
        EntryForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.entry_record(actor=actor, **values),
        title=_("登记收支"),
        back=reverse("finance:entry-list"),
        after=_address,
        saved=_("已登记。"),
        crumbs=_crumbs(),
    )


@needs("finance.record")
@require_http_methods(["GET", "POST"])
def entry_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct an entry."""
    entry = queries.entry_load(request.actor.scope, pk, queries.RECORD)
    return form_page(
        request,
        EntryForm(request.POST or None, scope=request.actor.scope, entry=entry),
        lambda actor, values: services.entry_correct(actor=actor, entry=entry, **values),
        title=_("更正收支"),
        back=_address(entry),
        saved=_("已更正。"),
        record=entry,
        crumbs=_crumbs(),
    )


@needs("finance.record")
@require_POST
def formalities(request: ActorRequest, pk: int, state: str) -> HttpResponse:
    """Move the refund formalities on."""
    entry = queries.entry_load(request.actor.scope, pk, queries.RECORD)
    try:
        services.formalities_set(
            actor=submitted(request), entry=entry, state=state, version=version_of(request)
        )
    except (Refused, StaleVersionError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("返还手续已更新。"))
    return redirect("finance:entry-detail", pk)


def _address(entry: Entry) -> str:
    return reverse("finance:entry-detail", args=[entry.pk])


def _crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    return (Crumb(_("经费台账"), reverse("finance:entry-list")), *last)


def _actions(request: ActorRequest, entry: Entry) -> list[Action]:
    """The buttons of an entry for this actor."""
    if not request.actor.scope.may(queries.RECORD, entry.union.path or ""):
        return []
    found = [Action(_("更正"), reverse("finance:entry-edit", args=[entry.pk]), "pencil")]
    following = states.NEXT.get(entry.formalities)
    if following:
        label = _("改为“%(state)s”") % {"state": Entry.Formalities(following).label}
        url = reverse("finance:formalities-set", args=[entry.pk, following])
        found.insert(0, Action(label, url, "check", primary=True, post=True))
    return found
