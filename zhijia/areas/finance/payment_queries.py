"""The only reader of the payments; every function takes the scope, or the actor who has one, first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.finance.payment_rules import plain_invoice
from zhijia.areas.finance.states import WAYS, Step
from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kernel.money import shown
from zhijia.kernel.scope import Scope
from zhijia.kit.attachments.queries import attachments_of, place_of
from zhijia.kit.rows import RowCard, ToDo

VIEW, REQUEST, CHECK, APPROVE, PAY = (
    "finance.view",
    "finance.request",
    "finance.check",
    "finance.approve",
    "finance.pay",
)
ACTIONS: Mapping[Step, str] = MappingProxyType(
    {
        Step.CORRECT: REQUEST,
        Step.WITHDRAW: REQUEST,
        Step.CHECK: CHECK,
        Step.RETURN: CHECK,
        Step.SEND_BACK: APPROVE,
        Step.APPROVE: APPROVE,
        Step.REFUSE: APPROVE,
        Step.PAY: PAY,
    }
)
"""Which action each step wants; the services ask for the same."""
_CODE = re.compile(r"([0-9]{4})-([0-9]{1,6})")
FORWARD = (Step.CHECK, Step.APPROVE, Step.PAY)
PEOPLE = ("requested_by", "checked_by", "approved_by", "paid_by", "stopped_by")


def _ordered(rows: QuerySet[Payment]) -> QuerySet[Payment]:
    return rows.select_related("union", "requested_by").order_by("-year", "-number", "-pk")


def payments(scope: Scope, action: str = VIEW) -> QuerySet[Payment]:
    """Return the payments in reach, newest first, with union and requester."""
    return _ordered(Payment.objects.within(scope, action))


def payments_own(actor: Actor) -> QuerySet[Payment]:
    """Return what the actor asked for, also without the right to see what others ask for."""
    return payments(actor.scope, REQUEST).filter(requested_by_id=actor.user_id)


def _one(rows: QuerySet[Payment], payment_id: int) -> Payment:
    payment = rows.select_related("union", "person", "entry", *PEOPLE).filter(pk=payment_id).first()
    if payment is None:
        raise Http404
    return payment


def payment_load(scope: Scope, payment_id: int, action: str = VIEW) -> Payment:
    """Return one payment; Http404 for an absent one and for one out of reach alike."""
    return _one(payments(scope, action), payment_id)


def payment_file_load(scope: Scope, payment_id: int, action: str = VIEW) -> Payment:
    """Return a payment for its attachments: what was checked by the papers keeps its papers as they were."""
    payment = payment_load(scope, payment_id, action)
    if action == REQUEST and payment.state not in WAYS[Step.CORRECT].sources:
        raise Http404
    return payment


def has_files(payment: Payment) -> bool:
    """Say whether a payment that the caller has loaded within a scope has its papers attached."""
    return bool(attachments_of(place_of(payment), payment.pk))


def payment_own_load(actor: Actor, payment_id: int) -> Payment:
    """Return a payment that the actor asked for; Http404 otherwise."""
    return _one(payments_own(actor), payment_id)


def payment_with_invoice(union: Union, invoice_no: str, *, but: int | None = None) -> Payment | None:
    """Return the living payment of a union that names this invoice, other than ``but``."""
    if not invoice_no:
        return None
    named = Payment.objects.everywhere("an invoice is paid once in the whole union")
    living = named.filter(union=union, invoice_no=invoice_no).exclude(
        state__in=[Payment.State.REFUSED, Payment.State.WITHDRAWN]
    )
    return (living if but is None else living.exclude(pk=but)).first()


def payment_behind(entry: Entry) -> Payment | None:
    """Return the payment that posted an entry which the caller has loaded within a scope."""
    return Payment.objects.everywhere("the entry is in reach").filter(entry=entry).first()


def waiting(actor: Actor, step: Step) -> QuerySet[Payment]:
    """Return the payments that wait for this step and whose people let this actor take it.

    The same rules as ``payment_rules.may_take``, for the database; the tests compare the two.
    """
    rows = payments(actor.scope, ACTIONS[step]).filter(state__in=WAYS[step].sources)
    if actor.user_id is None:
        return rows.none()
    if step is Step.PAY:
        return rows.exclude(checked_by=actor.user_id).exclude(approved_by=actor.user_id)
    rows = rows.exclude(requested_by=actor.user_id).exclude(_own_money(actor))
    return rows.exclude(checked_by=actor.user_id) if step is Step.APPROVE else rows


def _own_money(actor: Actor) -> Q:
    """Select what would be paid to the actor, or to someone of the same name whom no file tells apart."""
    same_name = Q(payee=normalise(actor.name))
    if actor.person_id is not None:
        same_name = Q(person=actor.person_id) | (Q(person=None) & same_name)
    return Q(payee_kind=Payment.PayeeKind.PERSON) & same_name


def for_me(actor: Actor) -> Q:
    """Select all that waits for the actor: to be checked, approved or paid, or to be mended."""
    found = Q(state=Payment.State.RETURNED, requested_by=actor.user_id or 0)
    for step in FORWARD:
        found |= Q(pk__in=waiting(actor, step).order_by().values("pk"))
    return found


def matching(text: str) -> Q:
    """Select payments by title, payee, invoice number or their own number (2026-0003)."""
    wanted = text.strip()
    found = Q(title__icontains=wanted) | Q(payee__icontains=wanted)
    if invoice := plain_invoice(wanted):
        found |= Q(invoice_no__startswith=invoice)
    if code := _CODE.fullmatch(wanted):
        found |= Q(year=int(code[1]), number=int(code[2]))
    return found


def card_of(payment: Payment) -> RowCard:
    """Return a payment as a line of a mixed list."""
    return RowCard(
        record_id=payment.pk,
        title=f"{payment.title} {shown(payment.amount)}",
        union=payment.union.name,
        detail=f"{payment.code} · {payment.payee} · {payment.get_state_display()}",
        day=payment.paid_on or timezone.localdate(payment.requested_at),
        url=reverse("finance:payment-detail", args=[payment.pk]),
    )


def search(scope: Scope, text: str, limit: int) -> list[RowCard]:
    """Return the payments whose title, payee, invoice or number is like the text."""
    if not text.strip():
        return []
    return [card_of(payment) for payment in payments(scope).filter(matching(text))[:limit]]


TODOS = MappingProxyType(
    {
        Step.CHECK: _("付款申请待审核"),
        Step.APPROVE: _("付款申请待审批"),
        Step.PAY: _("已批准的付款待付款"),
    }
)


def todos(actor: Actor, today: date) -> list[ToDo]:  # noqa: ARG001 - the signature of all todos readers
    """Return what waits to be checked, approved or paid by the actor, without what duties keep apart."""
    found = []
    for step, text in TODOS.items():
        state = next(iter(WAYS[step].sources))
        if count := waiting(actor, step).order_by().count():
            found.append(ToDo(text, count, f"{reverse('finance:payment-list')}?state={state}", "warning"))
    return found
