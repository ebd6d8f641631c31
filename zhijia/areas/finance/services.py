"""The only writer of the money ledger and of the payments that lead to it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any, cast

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from zhijia.areas.finance import payment_queries, payment_rules, rules, states
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Employer, Union
from zhijia.areas.organisations.tree import lock
from zhijia.kernel import records
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kernel.command import Change, command, current, require
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.verdict import worst
from zhijia.kit.subjects import ANONYMOUS, anonymise, drop_attachments

OWN = "the record that the command was given, and its union's numbers"

CORRECTABLE = (
    "kind",
    "happened_on",
    "amount",
    "category",
    "formalities",
    "employer",
    "counterparty",
    "wage_base",
    "note",
)
MENDABLE = (
    "title",
    "category",
    "amount",
    "payee_kind",
    "payee",
    "person",
    "bank_name",
    "bank_account",
    "invoice_no",
    "budget_note",
)
PLAIN = {
    "payee": normalise,
    "bank_account": payment_rules.plain_account,
    "invoice_no": payment_rules.plain_invoice,
}
NOT_STOPPED = {"stopped_by_id": None, "stopped_at": None, "reason": ""}
UNDECIDED = {"checked_by_id": None, "checked_at": None, "approved_by_id": None, "approved_at": None}


@dataclass(frozen=True)
class RevealedAccount:
    """A whole bank account number; never shown by ``repr``."""

    number: str = field(repr=False)


@command("finance.record", at="union")
def entry_record(
    *,
    actor: Actor,  # noqa: ARG001 - read by @command
    union: Union,
    kind: str,
    happened_on: date,
    amount: int,
    category: str = "",
    formalities: str = "",
    employer: Employer | None = None,
    counterparty: str = "",
    wage_base: int | None = None,
    note: str = "",
) -> Entry:
    """Write one movement; ``amount`` and ``wage_base`` in fen. Raises Refused when a rule blocks."""
    entry = Entry(
        union=union,
        kind=kind,
        happened_on=happened_on,
        amount=amount,
        category=category,
        formalities=formalities,
        employer=employer,
        counterparty=counterparty,
        wage_base=wage_base,
        note=note,
    )
    _judge(entry)
    return records.create(entry)


@command("finance.record", at="entry.union")
def entry_correct(*, actor: Actor, entry: Entry, version: int, **values: Any) -> Entry:  # noqa: ARG001 - read by @command
    """Change named fields of an entry; the union stays, and the formalities never go back (R5.5).

    Raises StaleVersionError when someone else was faster, Refused when a rule blocks.
    """
    unknown = set(values) - set(CORRECTABLE)
    if unknown:
        raise ValueError(f"not correctable: {sorted(unknown)}")
    require(rules.posted_by_hand(payment_queries.payment_behind(entry) is None))
    wanted = Entry(union=entry.union, **{name: getattr(entry, name) for name in CORRECTABLE} | values)
    _judge(wanted)
    if entry.formalities and states.is_back(entry.formalities, wanted.formalities):
        require(states.may_move(entry.formalities, wanted.formalities))
    return records.change(entry, version=version, **values)


@command("finance.record", at="entry.union")
def formalities_set(*, actor: Actor, entry: Entry, state: str, version: int | None = None) -> Entry:  # noqa: ARG001 - read by @command
    """Move the refund formalities of a contribution one step on: pending → ready → refunded (R5.5)."""
    require(rules.formalities_fit(entry.kind, state))
    require(states.may_move(entry.formalities, state))
    return records.change(entry, version=version, formalities=state)


def _judge(entry: Entry) -> None:
    movement = rules.Movement(
        entry.kind,
        entry.happened_on,
        entry.amount,
        entry.category,
        entry.formalities,
        entry.wage_base,
        entry.note,
    )
    findings = rules.check(movement, today=timezone.localdate(), jurisdiction=settings.JURISDICTION)
    require(worst(finding.verdict for finding in findings))


@command("finance.request", at="union")
def payment_request(
    *,
    actor: Actor,
    union: Union,
    title: str,
    category: str,
    amount: int,
    payee_kind: str,
    payee: str = "",
    person: Person | None = None,
    bank_name: str = "",
    bank_account: str = "",
    invoice_no: str = "",
    budget_note: str = "",
) -> Payment:
    """Ask for a payment of ``amount`` fen; it gets the next number of its union's year, without gaps.

    A ``person``'s file gives the payee's name. Raises Refused when a rule blocks (R6.1, R6.5, invoice used).
    """
    require(payment_rules.by_someone(actor))
    lock(union)  # numbers and invoice numbers of one union are given one after the other
    require(payment_rules.union_open(union.closed_on))
    year = timezone.localdate().year
    last = Payment.objects.everywhere(OWN).filter(union=union, year=year).aggregate(last=Max("number"))
    payment = Payment(
        union=union,
        year=year,
        number=(last["last"] or 0) + 1,
        title=title,
        category=category,
        amount=amount,
        payee_kind=payee_kind,
        payee=person.name if person else normalise(payee),
        person=person,
        bank_name=bank_name,
        bank_account=payment_rules.plain_account(bank_account),
        invoice_no=payment_rules.plain_invoice(invoice_no),
        budget_note=budget_note,
        requested_by_id=cast("int", actor.user_id),  # by_someone has seen to it
        requested_at=timezone.now(),
    )
    _judge_claim(payment)
    return records.create(payment)


@command("finance.request", at="payment.union")
def payment_correct(*, actor: Actor, payment: Payment, version: int, **values: Any) -> Payment:
    """Mend a request that waits for the check or was returned, and hand it in (again); by its requester only.

    Raises StaleVersionError when someone else was faster, Refused when a rule blocks.
    """
    unknown = set(values) - set(MENDABLE)
    if unknown:
        raise ValueError(f"not correctable: {sorted(unknown)}")
    lock(payment.union)
    held = _held(payment, version, states.Step.CORRECT, actor)
    for name, plain in PLAIN.items():
        if name in values:
            values[name] = plain(values[name])
    person = values.get("person", held.person)
    if person is not None:
        values["payee"] = person.name
    wanted = Payment(
        pk=held.pk, union=held.union, **{name: getattr(held, name) for name in MENDABLE} | values
    )
    _judge_claim(wanted)
    again = {"state": states.WAYS[states.Step.CORRECT].target, **NOT_STOPPED} if held.stopped_by_id else {}
    return records.change(held, version=version, **values, **again)


@command("finance.request", at="payment.union")
def payment_withdraw(*, actor: Actor, payment: Payment, version: int) -> Payment:
    """Take back the own request before it is checked; its number stays used, its invoice is free again."""
    held = _held(payment, version, states.Step.WITHDRAW, actor)
    return _stop(held, version, states.Step.WITHDRAW, actor, reason=held.reason)


@command("finance.check", at="payment.union")
def payment_check(*, actor: Actor, payment: Payment, version: int) -> Payment:
    """The accountant found papers, amount and category in order (R6.6: another than the requester)."""
    held = _held(payment, version, states.Step.CHECK, actor)
    return _move(held, version, states.Step.CHECK, checked_by_id=actor.user_id, checked_at=timezone.now())


@command("finance.check", at="payment.union")
def payment_return(*, actor: Actor, payment: Payment, version: int, reason: str) -> Payment:
    """Give a request back to its requester with a reason, before its approval."""
    held = _held(payment, version, states.Step.RETURN, actor)
    return _stop(held, version, states.Step.RETURN, actor, reason=reason)


@command("finance.approve", at="payment.union")
def payment_send_back(*, actor: Actor, payment: Payment, version: int, reason: str) -> Payment:
    """Give a checked or approved request back to its requester; check and approval are void then."""
    held = _held(payment, version, states.Step.SEND_BACK, actor)
    return _stop(held, version, states.Step.SEND_BACK, actor, reason=reason)


@command("finance.approve", at="payment.union")
def payment_refuse(*, actor: Actor, payment: Payment, version: int, reason: str) -> Payment:
    """Refuse a checked request for good; its invoice may be handed in again."""
    held = _held(payment, version, states.Step.REFUSE, actor)
    return _stop(held, version, states.Step.REFUSE, actor, reason=reason)


@command("finance.approve", at="payment.union", fresh=True)
def payment_approve(*, actor: Actor, payment: Payment, version: int) -> Payment:
    """Approve a checked request (R6.6: another than requester, checker and payee; identity proven anew)."""
    held = _held(payment, version, states.Step.APPROVE, actor)
    return _move(held, version, states.Step.APPROVE, approved_by_id=actor.user_id, approved_at=timezone.now())


@command("finance.pay", at="payment.union", fresh=True)
def payment_pay(*, actor: Actor, payment: Payment, version: int, paid_on: date) -> Payment:
    """The cashier paid: post the spending into the ledger, once, in the same transaction.

    Raises Refused when the day lies before the approval or in the future, or a step's people do not differ.
    """
    held = _held(payment, version, states.Step.PAY, actor)
    approved_on = timezone.localdate(held.approved_at)
    require(payment_rules.paid_day(paid_on, approved_on=approved_on, today=timezone.localdate()))
    entry = Entry(
        union=held.union,
        kind=Entry.Kind.SPENDING,
        happened_on=paid_on,
        amount=held.amount,
        category=held.category,
        # The ledger names units only; persons are named by the payment, which fewer people see.
        counterparty=held.payee if held.payee_kind == Payment.PayeeKind.UNIT else "",
        note="；".join(text for text in (held.title, held.budget_note) if text),
    )
    _judge(entry)
    records.create(entry)
    return _move(
        held,
        version,
        states.Step.PAY,
        paid_by_id=actor.user_id,
        paid_at=timezone.now(),
        paid_on=paid_on,
        entry=entry,
    )


@command("finance.pay", at="payment.union", fresh=True)
def account_reveal(*, actor: Actor, payment: Payment, reason: str) -> RevealedAccount:
    """Open the payee's bank account for the cashier who is to pay now; the reason stays in the audit.

    Only an approved payment opens, and only for someone who may take its last step.
    """
    require(payment_rules.reasoned(reason))
    held = Payment.objects.everywhere(OWN).get(pk=payment.pk)
    require(payment_rules.may_take(states.Step.PAY, actor, held))
    running = current()
    running.reason = reason
    label = Payment._meta.label_lower
    running.note(Change(label, held.pk, "reveal", {}, 1, ("bank_account",), held.person_id))
    return RevealedAccount(held.bank_account)


def _held(payment: Payment, version: int, step: states.Step, actor: Actor) -> Payment:
    """Return the payment as it is now, held until the commit, if the actor may take the step.

    Two who press at once: the second waits here, then sees the version of the first.
    """
    rows = Payment.objects.everywhere(OWN).select_related("union").select_for_update(of=("self",))
    held = rows.get(pk=payment.pk)
    if held.version != version:
        raise StaleVersionError(held)
    require(payment_rules.may_take(step, actor, held))
    return held


def _move(payment: Payment, version: int, step: states.Step, **values: Any) -> Payment:
    return records.change(payment, version=version, state=states.WAYS[step].target, **values)


def _stop(payment: Payment, version: int, step: states.Step, actor: Actor, *, reason: str) -> Payment:
    """Write who stopped a payment and why; the earlier steps are void unless it ends here as refused."""
    if step is not states.Step.WITHDRAW:
        require(payment_rules.reasoned(reason))
    current().reason = reason
    void = {} if step is states.Step.REFUSE else UNDECIDED
    stopped = {"stopped_by_id": actor.user_id, "stopped_at": timezone.now(), "reason": reason.strip()}
    return _move(payment, version, step, **stopped, **void)


def _judge_claim(payment: Payment) -> None:
    claim = payment_rules.Claim(
        payment.title,
        payment.category,
        payment.amount,
        payment.payee_kind,
        payment.payee,
        payment.person_id is not None,
        payment.bank_account,
        payment.budget_note,
    )
    findings = payment_rules.check(claim, today=timezone.localdate(), jurisdiction=settings.JURISDICTION)
    require(worst(finding.verdict for finding in findings))
    other = payment_queries.payment_with_invoice(payment.union, payment.invoice_no, but=payment.pk)
    require(payment_rules.invoice_unused(payment.invoice_no, other))


@command("privacy.erase", at="person.union", fresh=True)
def payments_anonymise(*, actor: Actor, person: Person) -> int:  # noqa: ARG001 - read by @command
    """Take name and account from all payments to a person; amount, day and chain of steps stay."""
    rows = list(Payment.objects.everywhere("all payments to the person").filter(person=person))
    for payment in rows:
        words = {
            name: getattr(payment, name).replace(person.name, ANONYMOUS)
            for name in ("title", "reason", "budget_note")
        }
        anonymise(payment, payee=ANONYMOUS, bank_name="", bank_account="", **words)
        drop_attachments(payment)
        entry = payment.entry
        if entry is not None:
            told = {name: getattr(entry, name) for name in ("counterparty", "note")}
            gone = {name: text.replace(person.name, ANONYMOUS) for name, text in told.items()}
            anonymise(entry, **gone)
            drop_attachments(entry)
    return len(rows)
