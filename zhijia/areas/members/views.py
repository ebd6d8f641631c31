"""The doors of the members area."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members import queries, services
from zhijia.areas.members.filters import RosterFilter
from zhijia.areas.members.forms import CorrectForm, EnrolForm, PlaceForm
from zhijia.areas.members.models import Membership
from zhijia.areas.members.pages.person import detail_context, edit_initial, person_page
from zhijia.areas.members.pages.steps import ANSWERS, STEPS, StepPage
from zhijia.areas.members.tables import ApplicationTable, RosterTable, TransferTable
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.kit.lists import Action, EmptyState, list_page

VIEW, RECORD = queries.VIEW, queries.RECORD


@needs(VIEW)
def roster(request: ActorRequest) -> HttpResponse:
    """Show the roster."""
    new = Action(_("登记入会"), reverse("members:member-enrol"), "user-plus", primary=True)
    find = Action(_("按完整号码查找"), reverse("members:person-find"), "search")
    scope = request.actor.scope
    may_record = bool(scope.may(RECORD))
    return list_page(
        request,
        queryset=queries.roster(scope),
        table_class=RosterTable,
        filter_class=RosterFilter,
        title=_("会员名册"),
        actions=(*((new,) if may_record else ()), find),
        export_name=_("会员名册"),
        empty=EmptyState(_("还没有会员。可以逐个登记，也可以用“会员”表导入。"), new if may_record else None),
    )


@needs(RECORD)
def member_new(request: ActorRequest) -> HttpResponse:
    """Record a new member, or an application."""
    form = EnrolForm(request.POST or None, scope=request.actor.scope)

    def save(actor: Actor, typed: dict[str, Any]) -> Membership:
        asked = {name: typed[name] for name in ("union", "on", "cause", "waits")}
        return services.member_enrol(actor=actor, facts=form.facts(), place=form.place(), **asked)

    return form_page(
        request,
        form,
        save,
        title=_("登记入会"),
        back=reverse("members:roster"),
        after=lambda made: _after(request, made),
        saved=lambda made: _("申请已登记。") if made.state == Membership.State.APPLIED else _("已登记入会。"),
    )


def _after(request: ActorRequest, membership: Membership) -> str:
    """Return the person's page, or the roster when the person's file is not (or no longer) in reach."""
    membership.person.refresh_from_db()
    return queries.person_url(request.actor.scope, membership.person) or reverse("members:roster")


@needs(VIEW)
def person_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """Show a person with the spans and what the other areas know."""
    page = person_page(request.actor.scope, pk)
    asked = request.GET.get("tab", "")
    at = int(asked) if asked.isascii() and asked.isdigit() and int(asked[:3]) < len(page.tabs) else None
    tab = import_string(page.tabs[at].reader)(request.actor.scope, pk) if at is not None else None
    return render(request, "members/person.html", detail_context(page, at, tab))


@needs(RECORD)
def person_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct a person's file."""
    person = queries.person_load(request.actor.scope, pk, RECORD)
    form = CorrectForm(request.POST or None, person=person, initial=edit_initial(person))
    return form_page(
        request,
        form,
        lambda actor, values: services.person_correct(
            actor=actor, person=person, facts=form.facts(), version=values["version"]
        ),
        title=_("更正档案"),
        back=reverse("members:person-detail", args=[pk]),
        saved=_("档案已更正。"),
        record=person,
    )


@needs(RECORD)
def membership_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct employer, post, card number and dues base."""
    membership = queries.membership_load(request.actor.scope, pk)
    initial = {name: getattr(membership, name) for name in ("employer", "post", "card_no", "dues_base")}
    form = PlaceForm(request.POST or None, scope=request.actor.scope, union=membership.union, initial=initial)
    return form_page(
        request,
        form,
        lambda actor, values: services.membership_correct(
            actor=actor, membership=membership, place=form.place(), version=values["version"]
        ),
        title=_("更正会籍"),
        back=_after(request, membership),
        record=membership,
    )


def _step(request: ActorRequest, page: StepPage, membership: Membership) -> HttpResponse:
    form = page.fields(request.POST or None, request.actor.scope, membership)
    return form_page(
        request,
        form,
        lambda actor, _values: page.do(actor, membership, form),
        title=f"{page.label}：{membership.person.name}",
        back=_after(request, membership),
        after=lambda done: _after(request, done),
        saved=_("%(step)s：已办理。") % {"step": page.label},
        template="kit/confirm.html",
        extra={"message": page.message, "danger": page.danger, "submit_label": page.label},
    )


@needs(RECORD)
def membership_step(request: ActorRequest, pk: int, word: str) -> HttpResponse:
    """Take one step with a membership in reach."""
    if word not in STEPS:
        raise Http404
    return _step(request, STEPS[word], queries.membership_load(request.actor.scope, pk))


@needs(RECORD)
def transfer_answer(request: ActorRequest, pk: int, word: str) -> HttpResponse:
    """Accept or refuse a transfer to a union in reach."""
    if word not in ANSWERS:
        raise Http404
    return _step(request, ANSWERS[word], queries.transfer_load(request.actor.scope, pk))


@needs(RECORD)
def application_list(request: ActorRequest) -> HttpResponse:
    """Show the applications that wait."""
    return list_page(
        request,
        queryset=queries.applications(request.actor.scope),
        table_class=ApplicationTable,
        title=_("入会申请"),
        empty=EmptyState(_("没有待审批的入会申请。")),
    )


@needs(RECORD)
def transfer_list(request: ActorRequest) -> HttpResponse:
    """Show the members who are being sent here."""
    return list_page(
        request,
        queryset=queries.transfers(request.actor.scope),
        table_class=TransferTable,
        title=_("会员转入"),
        empty=EmptyState(_("没有待接收的会员。")),
    )


@needs(VIEW)
def person_options(request: ActorRequest) -> HttpResponse:
    """Answer the search in a person field."""
    return JsonResponse(
        {"results": queries.person_options(request.actor.scope, request.GET.get("q", "")[:50])}
    )


@needs(RECORD)
def employer_options(request: ActorRequest) -> HttpResponse:
    """Answer the search in an employer field."""
    text = normalise(request.GET.get("q", "")[:50])
    return JsonResponse({"results": queries.employer_options(request.actor.scope, text)})
