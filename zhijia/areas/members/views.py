"""The doors of the members area."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members import queries, services
from zhijia.areas.members.filters import RosterFilter
from zhijia.areas.members.forms import EnrolForm, PersonForm, PlaceForm
from zhijia.areas.members.models import Membership
from zhijia.areas.members.pages import detail_context, edit_initial, stale_text
from zhijia.areas.members.person_page import person_page
from zhijia.areas.members.steps import ANSWERS, STEPS, StepPage
from zhijia.areas.members.tables import ApplicationTable, RosterTable, TransferTable
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.lists import Action, EmptyState, list_page

VIEW, RECORD = queries.VIEW, queries.RECORD


def _keyed(request: ActorRequest) -> Actor:
    key = request.POST.get("idempotency_key", "").replace("\x00", "")  # PostgreSQL refuses it in texts
    return request.actor.keyed(key[:64])


def _version(request: ActorRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None  # noqa: PLR2004 - an integer column


@needs(VIEW)
def roster(request: ActorRequest) -> HttpResponse:
    """Show the roster."""
    new = Action(_("登记入会"), reverse("members:member-enrol"), "user-plus", primary=True)
    scope = request.actor.scope
    may_record = bool(scope.may(RECORD))
    return list_page(
        request,
        queryset=queries.roster(scope),
        table_class=RosterTable,
        filter_class=RosterFilter,
        title=_("会员名册"),
        actions=(new,) if may_record else (),
        export_name=_("会员名册"),
        empty=EmptyState(_("还没有会员。可以逐个登记,也可以用“会员”表导入。"), new if may_record else None),
    )


@needs(RECORD)
def member_new(request: ActorRequest) -> HttpResponse:
    """Record a new member, or an application."""
    form = EnrolForm(request.POST or None, scope=request.actor.scope)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        asked = {name: typed[name] for name in ("union", "on", "cause", "waits")}
        try:
            made = services.member_enrol(
                actor=_keyed(request), facts=form.facts(), place=form.place(), **asked
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("申请已登记。") if asked["waits"] else _("已登记入会。"))
            return redirect(_after(request, made))
    context = {"form": form, "title": _("登记入会"), "cancel_url": reverse("members:roster")}
    return render(request, "kit/form.html", context)


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
    form = PersonForm(request.POST or None, initial=edit_initial(person))
    if request.method == "POST" and form.is_valid():
        try:
            services.person_correct(
                actor=_keyed(request), person=person, facts=form.facts(), version=_version(request)
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except StaleVersionError as stale:
            form.add_error(None, stale_text(stale.record, form))
        else:
            messages.success(request, _("档案已更正。"))
            return redirect("members:person-detail", pk)
    context = {"form": form, "title": _("更正档案"), "version": _version(request) or person.version}
    return render(
        request, "kit/form.html", {**context, "cancel_url": reverse("members:person-detail", args=[pk])}
    )


@needs(RECORD)
def membership_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct employer, post, card number and dues base."""
    membership = queries.membership_load(request.actor.scope, pk)
    names = ("employer", "post", "card_no", "dues_base")
    initial = {name: getattr(membership, name) for name in names}
    form = PlaceForm(request.POST or None, scope=request.actor.scope, union=membership.union, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.membership_correct(
                actor=_keyed(request), membership=membership, place=form.place(), version=_version(request)
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except StaleVersionError as stale:
            form.add_error(None, stale_text(stale.record, form))
        else:
            return redirect(_after(request, membership))
    context = {"form": form, "title": _("更正会籍"), "version": _version(request) or membership.version}
    return render(request, "kit/form.html", context)


def _step(request: ActorRequest, page: StepPage, membership: Membership) -> HttpResponse:
    form = page.fields(request.POST or None, request.actor.scope, membership)
    if request.method == "POST" and form.is_valid():
        try:
            done = page.do(_keyed(request), membership, form)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except StaleVersionError as stale:
            form.add_error(None, str(stale))
        else:
            messages.success(request, _("%(step)s:已办理。") % {"step": page.label})
            return redirect(_after(request, done))
    context = {
        "form": form,
        "title": f"{page.label}:{membership.person.name}",
        "message": page.message,
        "danger": page.danger,
        "submit_label": page.label,
        "cancel_url": _after(request, membership),
    }
    return render(request, "kit/confirm.html", context)


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
