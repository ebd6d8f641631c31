"""What a payment must keep: its contents, invoice and day, and the people of its steps (R6.1, R6.5, R6.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance import rules
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.finance.rules import Finding
from zhijia.areas.finance.states import Step, may_step
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kernel.separation import SOURCE, another, not_own
from zhijia.kernel.verdict import Verdict, passed, refused, worst

JOINT = "总工办发〔2017〕32号(R6.6)"
_ACCOUNT = re.compile(r"[0-9]{8,32}")
_BETWEEN = re.compile(r"[\s\-]+")


@dataclass(frozen=True)
class Claim:
    """What the rules look at: one request before it is written. ``amount`` in fen."""

    title: str
    category: str
    amount: int
    payee_kind: str
    payee: str
    has_file: bool = False
    bank_account: str = ""
    budget_note: str = ""


def check(claim: Claim, *, today: date, jurisdiction: str = "cn") -> list[Finding]:
    """Return every rule's answer about the contents that is not a plain yes."""
    spending = rules.Movement(
        Entry.Kind.SPENDING, today, claim.amount, claim.category, note=f"{claim.title}；{claim.budget_note}"
    )
    findings = (
        Finding("amount", rules.amount_positive(claim.amount)),
        Finding("category", rules.category_fits(spending.kind, spending.category)),
        Finding("title", _filled(claim.title)),
        Finding("payee", _filled(claim.payee)),
        Finding("person", _file_fits(claim)),
        Finding("bank_account", account_readable(claim.bank_account)),
        Finding("title", rules.employer_item(spending, jurisdiction=jurisdiction)),
    )
    return [finding for finding in findings if finding.verdict.level != "pass"]


def _filled(text: str) -> Verdict:
    return passed() if text.strip() else refused(_("请填写事由和收款人。"))


def _file_fits(claim: Claim) -> Verdict:
    if claim.has_file and claim.payee_kind != Payment.PayeeKind.PERSON:
        return refused(_("收款人是单位时不能选择人员档案。"))
    return passed()


def plain_invoice(text: str) -> str:
    """Return an invoice number as it is compared: half-width, capitals, no blanks or hyphens."""
    return _BETWEEN.sub("", normalise(text)).upper()


def plain_account(text: str) -> str:
    """Return a bank account number without the blanks and hyphens between its digits."""
    return _BETWEEN.sub("", normalise(text))


def account_readable(account: str) -> Verdict:
    """A bank account is 8 to 32 digits, or not known."""
    if not account or _ACCOUNT.fullmatch(account):
        return passed()
    return refused(_("银行账号应为8至32位数字。"))


def invoice_unused(invoice_no: str, other: Payment | None) -> Verdict:
    """An invoice is paid once in a union; ``other`` is the living payment that names the same one."""
    if not invoice_no or other is None:
        return passed()
    if other.state == Payment.State.PAID:
        return refused(_("该票据号已报销（编号%(code)s，本单位范围）。") % {"code": other.code}, JOINT)
    return refused(
        _("该票据号已在申请报销（编号%(code)s，%(state)s，本单位范围）。")
        % {"code": other.code, "state": other.get_state_display()},
        JOINT,
    )


def by_someone(actor: Actor) -> Verdict:
    """Each step of a payment is a person's: the system itself neither asks, approves nor pays."""
    if actor.user_id is None:
        return refused(_("付款的申请、审核、审批和付款须由登录的工作人员办理。"), JOINT)
    return passed()


def may_take(step: Step, actor: Actor, payment: Payment) -> Verdict:
    """Say whether ``actor`` may take this step of this payment now: the state, the people, the own matter.

    Whether the post has the action at all is asked by the command.
    """
    return worst((by_someone(actor), may_step(payment.state, step), _people(step, actor, payment)))


def _people(step: Step, actor: Actor, payment: Payment) -> Verdict:
    """Handler, checker and approver are three people, and the cashier is neither of the last two (R6.6).

    The cashier may have handed in the request or be paid by it: to carry out what two others decided is no
    decision on the own matter.
    """
    requester, checker, approver = payment.requested_by_id, payment.checked_by_id, payment.approved_by_id
    if step in (Step.CORRECT, Step.WITHDRAW):
        return _requester_only(actor, requester)
    if step is Step.PAY:
        return another(actor, (checker, approver))
    earlier = (requester, checker) if step in (Step.APPROVE, Step.REFUSE) else (requester,)
    return worst((not_own(actor, user_id=requester), not_payee(actor, payment), another(actor, earlier)))


def _requester_only(actor: Actor, requester: int) -> Verdict:
    if actor.user_id == requester:
        return passed()
    return refused(_("只有经手人本人可以更正或撤回付款申请。"), SOURCE)


def not_payee(actor: Actor, payment: Payment) -> Verdict:
    """Nobody decides on money for oneself. Where files do not tell people apart, an equal name is refused."""
    if payment.payee_kind != Payment.PayeeKind.PERSON:
        return passed()
    if payment.person_id is not None and actor.person_id is not None:
        return not_own(actor, person_id=payment.person_id)
    if normalise(actor.name) == normalise(payment.payee):
        return refused(
            _("收款人与您同名，无法确认不是您本人：请由他人办理，或在申请和账号中都关联人员档案。"), SOURCE
        )
    return passed()


def paid_day(day: date, *, approved_on: date, today: date) -> Verdict:
    """Money leaves after the approval, and the ledger keeps what has happened."""
    if day > today:
        return rules.not_in_future(day, today)
    if day < approved_on:
        return refused(_("付款日期不能早于审批日期。"), JOINT)
    return passed()


def reasoned(reason: str) -> Verdict:
    """Whoever stops a payment says why."""
    return passed() if reason.strip() else refused(_("请填写原因。"))


def union_open(closed_on: date | None) -> Verdict:
    """A union that has ended spends nothing any more."""
    return passed() if closed_on is None else refused(_("该工会已终止，不能申请付款。"))
