"""Doors to relief and condolence payments."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhijia.areas.aid import queries, services
from zhijia.areas.aid.filters import ReliefFilter
from zhijia.areas.aid.forms import BatchForm, ReliefForm
from zhijia.areas.aid.tables import ReliefTable, relief_fields
from zhijia.areas.finance.forms import LedgerForm
from zhijia.areas.finance.views import submitted, version_of
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.history import history
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState


@needs("aid.view")
@require_safe
def relief_list(request: ActorRequest) -> HttpResponse:
    """The payments with filters and sums."""
    new = Action(_("登记慰问"), reverse("aid:relief-new"), "plus", primary=True)
    batch = Action(_("批量登记"), reverse("aid:relief-batch"), "list-details")
    may = request.actor.scope.may(queries.RECORD)
    return list_page(
        request,
        queryset=queries.reliefs(request.actor.scope),
        table_class=ReliefTable,
        filter_class=ReliefFilter,
        title=_("慰问救助"),
        actions=(new, batch) if may else (),
        export_name=_("慰问救助台账"),
        empty=EmptyState(_("还没有慰问救助。可以逐笔或批量登记，或用年度工作簿导入。"), new if may else None),
    )


@needs("aid.view")
@require_safe
def relief_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One payment with what the rules say about it and its history."""
    scope = request.actor.scope
    relief = queries.relief_load(scope, pk)
    edit = Action(_("更正"), reverse("aid:relief-edit", args=[pk]), "pencil")
    context = {
        "title": str(relief.get_occasion_display()),
        "crumbs": _crumbs(Crumb(str(relief))),
        "fields": relief_fields(scope, relief),
        "actions": [edit] if scope.may(queries.RECORD, relief.union.path or "") else [],
        "findings": queries.findings(relief),
        "jurisdiction": settings.JURISDICTION,
        "history": history(relief),
    }
    return render(request, "aid/relief_detail.html", context)


@needs("aid.record")
@require_http_methods(["GET", "POST"])
def relief_new(request: ActorRequest) -> HttpResponse:
    """Write a payment."""
    form = ReliefForm(request.POST or None, scope=request.actor.scope)
    if request.method == "POST" and form.is_valid() and form.settled:
        relief = form.attempt(lambda: services.relief_record(actor=submitted(request), **form.values()))
        if relief is not None:
            messages.success(request, _("已登记。"))
            return redirect("aid:relief-detail", relief.pk)
    return _form_page(request, form, _("登记慰问救助"), reverse("aid:relief-list"))


@needs("aid.record")
@require_http_methods(["GET", "POST"])
def relief_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct a payment."""
    relief = queries.relief_load(request.actor.scope, pk, queries.RECORD)
    form = ReliefForm(request.POST or None, scope=request.actor.scope, relief=relief)
    if request.method == "POST" and form.is_valid() and form.settled:
        done = form.attempt(
            lambda: services.relief_correct(
                actor=submitted(request), relief=relief, version=version_of(request), **form.values()
            )
        )
        if done is not None:
            messages.success(request, _("已更正。"))
            return redirect("aid:relief-detail", pk)
    version = form.version or version_of(request) or relief.version
    return _form_page(request, form, _("更正慰问救助"), reverse("aid:relief-detail", args=[pk]), version)


@needs("aid.record")
@require_http_methods(["GET", "POST"])
def relief_batch(request: ActorRequest) -> HttpResponse:
    """Write a condolence list."""
    form = BatchForm(request.POST or None, scope=request.actor.scope)
    if request.method == "POST" and form.is_valid() and form.settled:
        made = form.attempt(
            lambda: services.relief_record_batch(
                actor=request.actor,
                union=form.cleaned_data["union"],
                common=form.common(),
                lines=form.batch,
                key=request.POST.get("idempotency_key", "")[:64],
            )
        )
        if made is not None:
            messages.success(request, _("已登记%(count)d人。") % {"count": len(made)})
            return redirect(queries.list_url(union=form.cleaned_data["union"].pk))
    return _form_page(request, form, _("批量登记慰问"), reverse("aid:relief-list"))


def _crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    return (Crumb(_("慰问救助"), reverse("aid:relief-list")), *last)


def _form_page(
    request: ActorRequest, form: LedgerForm, title: str, back: str, version: int | None = None
) -> HttpResponse:
    context = {
        "title": title,
        "crumbs": _crumbs(Crumb(title)),
        "form": form,
        "cancel_url": back,
        "version": version,
        "submit_label": _("已核对，仍然保存") if form.warnings else _("保存"),
    }
    return render(request, "finance/entry_form.html", context)
