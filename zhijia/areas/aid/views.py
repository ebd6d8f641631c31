"""Doors to relief and condolence payments."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhijia.areas.aid import queries, services
from zhijia.areas.aid.filters import ReliefFilter
from zhijia.areas.aid.forms import BatchForm, ReliefForm
from zhijia.areas.aid.models import Relief
from zhijia.areas.aid.tables import ReliefTable, relief_fields
from zhijia.kernel.actor import Actor
from zhijia.kernel.audit import record
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
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
    _note_reading(request.actor, relief)
    edit = Action(_("更正"), reverse("aid:relief-edit", args=[pk]), "pencil")
    context = {
        "title": str(relief.get_occasion_display()),
        "crumbs": _crumbs(Crumb(str(relief))),
        "fields": relief_fields(scope, relief),
        "actions": [edit] if scope.may(queries.RECORD, relief.union.path or "") else [],
        "findings": queries.findings(relief),
        "jurisdiction": settings.JURISDICTION,
        "history": history(relief, labels={"person": _("个人")}),
    }
    return render(request, "aid/relief_detail.html", context)


def _note_reading(actor: Actor, relief: Relief) -> None:
    """Note that someone reads words about hardship or illness: the person concerned can see who did."""
    path = relief.union.path or ""
    if relief.note and actor.scope.may(queries.RECORD, path):
        record(
            actor,
            "view",
            action="aid.view",
            model="aid.relief",
            object_id=relief.pk,
            subject_id=relief.person_id,
            fields=("note",),
            path=path,
        )


@needs("aid.record")
@require_http_methods(["GET", "POST"])
def relief_new(request: ActorRequest) -> HttpResponse:
    """Write a payment."""
    return form_page(
        request,
        ReliefForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.relief_record(actor=actor, **values),
        title=_("登记慰问救助"),
        back=reverse("aid:relief-list"),
        after=_address,
        saved=_("已登记。"),
        crumbs=_crumbs(),
    )


@needs("aid.record")
@require_http_methods(["GET", "POST"])
def relief_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct a payment."""
    relief = queries.relief_load(request.actor.scope, pk, queries.RECORD)
    if request.method == "GET":
        _note_reading(request.actor, relief)
    return form_page(
        request,
        ReliefForm(request.POST or None, scope=request.actor.scope, relief=relief),
        lambda actor, values: services.relief_correct(actor=actor, relief=relief, **values),
        title=_("更正慰问救助"),
        back=_address(relief),
        saved=_("已更正。"),
        record=relief,
        crumbs=_crumbs(),
    )


@needs("aid.record")
@require_http_methods(["GET", "POST"])
def relief_batch(request: ActorRequest) -> HttpResponse:
    """Write a condolence list."""
    form = BatchForm(request.POST or None, scope=request.actor.scope)
    return form_page(
        request,
        form,
        lambda actor, values: services.relief_record_batch(
            actor=actor.keyed(""),
            key=actor.key,
            union=values["union"],
            common=form.common(),
            lines=form.batch,
        ),
        title=_("批量登记慰问"),
        back=reverse("aid:relief-list"),
        after=lambda _made: queries.list_url(union=form.cleaned_data["union"].pk),
        saved=lambda made: _("已登记%(count)d人。") % {"count": len(made)},
        crumbs=_crumbs(),
    )


def _address(relief: Relief) -> str:
    return reverse("aid:relief-detail", args=[relief.pk])


def _crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    return (Crumb(_("慰问救助"), reverse("aid:relief-list")), *last)
