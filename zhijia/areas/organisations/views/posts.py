"""The pages of terms and posts."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations import forms, queries, services
from zhijia.areas.organisations.filters import TermListFilter
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.services import RECORD
from zhijia.areas.organisations.tables import TermTable
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.kit.lists import EmptyState, list_page


def _page(union: Union) -> str:
    return reverse("organisations:union-detail", args=[union.pk])


@needs(queries.VIEW)
def term_list(request: ActorRequest) -> HttpResponse:
    """List the current terms, the next to end first (到期换届)."""
    return list_page(
        request,
        queryset=queries.terms(request.actor.scope),
        table_class=TermTable,
        filter_class=TermListFilter,
        title=_("到期换届"),
        export_name=_("到期换届"),
        empty=EmptyState(_("还没有登记委员会届次。请在工会页面登记换届。")),
    )


@needs(RECORD)
def committee_create(request: ActorRequest, pk: int) -> HttpResponse:
    """Record an election."""
    scope = request.actor.scope
    union = queries.union_load(scope, pk, RECORD)
    initial = {"term_no": queries.next_term_no(scope, union)}
    return form_page(
        request,
        forms.CommitteeForm(request.POST or None, initial=initial),
        lambda actor, values: services.committee_elect(actor=actor, union=union, **values),
        title=_("登记换届"),
        back=_page(union),
        extra={"hint": _("每届任期三年或者五年；上一届于选举当日卸任。")},
    )


@needs(RECORD)
def committee_end(request: ActorRequest, pk: int) -> HttpResponse:
    """End a committee in its term."""
    committee = queries.committee_load(request.actor.scope, pk, RECORD)
    return form_page(
        request,
        forms.DayForm(request.POST or None),
        lambda actor, values: services.committee_end(actor=actor, committee=committee, **values),
        title=_("委员会卸任"),
        back=_page(committee.union),
    )


@needs(RECORD)
def seat_create(request: ActorRequest, pk: int) -> HttpResponse:
    """Put someone into a post."""
    scope = request.actor.scope
    union = queries.union_load(scope, pk, RECORD)
    return form_page(
        request,
        forms.SeatForm(request.POST or None, committees=queries.open_committees(scope, union)),
        lambda actor, values: services.seat_assign(actor=actor, union=union, **values),
        title=_("登记任职"),
        back=_page(union),
        extra={"hint": _("会计和出纳不能由同一人担任。")},
    )


@needs(RECORD)
def seat_end(request: ActorRequest, pk: int) -> HttpResponse:
    """Record that someone left a post."""
    seat = queries.seat_load(request.actor.scope, pk, RECORD)
    return form_page(
        request,
        forms.DayForm(request.POST or None),
        lambda actor, values: services.seat_end(actor=actor, seat=seat, **values),
        title=_("登记离任"),
        back=_page(seat.union),
        extra={"hint": f"{seat.get_post_display()} {seat.holder}"},
    )
