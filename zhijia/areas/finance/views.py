"""Doors to the money ledger."""

from __future__ import annotations

from typing import Any

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
from zhijia.areas.finance.tables import EntryTable, entry_fields
from zhijia.kernel.actor import Actor
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.history import history
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState


def submitted(request: ActorRequest) -> Actor:
    """Return the actor with the idempotency key of the submitted form."""
    return request.actor.keyed(request.POST.get("idempotency_key", "")[:64])


def version_of(request: ActorRequest) -> int:
    """Return the version that the submitted form was made from; 0, which never matches, for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else 0  # noqa: PLR2004 - fits an integer


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
    context = {
        "title": str(entry.get_kind_display()),
        "crumbs": _crumbs(Crumb(str(entry))),
        "fields": entry_fields(entry),
        "status": entry.get_formalities_display() if entry.formalities else "",
        "actions": _actions(request, entry),
        "version": entry.version,
        "history": history(entry),
    }
    return render(request, "finance/entry_detail.html", context)


@needs("finance.record")
@require_http_methods(["GET", "POST"])
def entry_new(request: ActorRequest) -> HttpResponse:
    """Write an entry."""
    form = EntryForm(request.POST or None, scope=request.actor.scope)
    if request.method == "POST" and form.is_valid() and form.settled:
        entry = form.attempt(lambda: services.entry_record(actor=submitted(request), **form.values()))
        if entry is not None:
            messages.success(request, _("已登记。"))
            return redirect("finance:entry-detail", entry.pk)
    return _form_page(request, form, _("登记收支"), reverse("finance:entry-list"))


@needs("finance.record")
@require_http_methods(["GET", "POST"])
def entry_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct an entry."""
    entry = queries.entry_load(request.actor.scope, pk, queries.RECORD)
    form = EntryForm(request.POST or None, scope=request.actor.scope, entry=entry)
    if request.method == "POST" and form.is_valid() and form.settled:
        done = form.attempt(
            lambda: services.entry_correct(
                actor=submitted(request), entry=entry, version=version_of(request), **form.values()
            )
        )
        if done is not None:
            messages.success(request, _("已更正。"))
            return redirect("finance:entry-detail", pk)
    version = form.version or version_of(request) or entry.version
    return _form_page(request, form, _("更正收支"), reverse("finance:entry-detail", args=[pk]), version)


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


def _form_page(
    request: ActorRequest, form: EntryForm, title: str, back: str, version: int | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "title": title,
        "crumbs": _crumbs(Crumb(title)),
        "form": form,
        "cancel_url": back,
        "version": version,
        "submit_label": _("已核对，仍然保存") if form.warnings else _("保存"),
    }
    return render(request, "finance/entry_form.html", context)
