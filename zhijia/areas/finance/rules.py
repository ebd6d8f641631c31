"""What an entry of the money ledger must keep: pure functions of the rulebook and what they are given."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance.models import Entry
from zhijia.kernel.money import shown
from zhijia.kernel.rulebook import RuleMissing, rule
from zhijia.kernel.verdict import Verdict, passed, refused, warned

CONTRIBUTION_RATE = "finance.contribution_rate_bp"
BASIS_POINTS = 10_000
TOLERANCE = 100  # fen: one yuan, because payers round
EMPLOYER_ITEMS = "aid.employer_items"
_BASIS = re.compile(r"依据[::\s]*[^\s::。,,;;))]{2,}")


@dataclass(frozen=True)
class Movement:
    """What the rules look at: one entry before it is written. Money in fen."""

    kind: str
    happened_on: date
    amount: int
    category: str = ""
    formalities: str = ""
    wage_base: int | None = None
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """One rule's answer and the field it speaks of."""

    field: str
    verdict: Verdict


def check(movement: Movement, *, today: date, jurisdiction: str = "cn") -> list[Finding]:
    """Return every rule's answer that is not a plain yes."""
    findings = (
        Finding("amount", amount_positive(movement.amount)),
        Finding("happened_on", not_in_future(movement.happened_on, today)),
        Finding("category", category_fits(movement.kind, movement.category)),
        Finding("formalities", formalities_fit(movement.kind, movement.formalities)),
        Finding("note", employer_item(movement, jurisdiction=jurisdiction)),
        Finding("wage_base", contribution_plausible(movement, jurisdiction=jurisdiction)),
    )
    return [finding for finding in findings if finding.verdict.level != "pass"]


def amount_positive(amount: int) -> Verdict:
    """The kind says which way the money went; the amount itself is never zero or negative."""
    return passed() if amount > 0 else refused(_("金额应为0.01元以上。"))


def not_in_future(day: date, today: date) -> Verdict:
    """A ledger keeps what has happened."""
    return passed() if day <= today else refused(_("日期不能晚于今天。"))


def category_fits(kind: str, category: str) -> Verdict:
    """Spending needs a category; other movements have none (R6.1)."""
    source = "总工办发〔2017〕32号(R6.1)"
    if kind == Entry.Kind.SPENDING and not category:
        return refused(_("经费支出必须填写支出科目。"), source)
    if kind != Entry.Kind.SPENDING and category:
        return refused(_("只有“经费支出”才填写支出科目。"), source)
    return passed()


def formalities_fit(kind: str, formalities: str) -> Verdict:
    """Refund formalities belong to contributions that the tax office collected (R5.5)."""
    if formalities and kind != Entry.Kind.CONTRIBUTION:
        return refused(_("只有“拨缴经费收入”才有返还手续。"), "R5.5")
    return passed()


def posted_by_hand(is_by_hand: bool) -> Verdict:  # noqa: FBT001 - the one thing that it is asked about
    """What a payment posted stays as three people decided it (R6.6)."""
    return passed() if is_by_hand else refused(_("这笔支出由付款审批生成，不能更正。"), "R6.6")


def has_basis(note: str) -> bool:
    """Whether a note names a basis: ``依据:`` followed by a document."""
    return _BASIS.search(note) is not None


def employer_item(movement: Movement, *, jurisdiction: str = "cn") -> Verdict:
    """Items that the employer owes are not paid from union funds, unless a basis is named (R6.5)."""
    if movement.kind != Entry.Kind.SPENDING or has_basis(movement.note):
        return passed()
    try:
        items = rule(EMPLOYER_ITEMS, on=movement.happened_on, jurisdiction=jurisdiction)
    except RuleMissing:
        return passed()
    found = next((item for item in items.value.values() if item in movement.note), "")
    if not found:
        return passed()
    return refused(
        _("“%(item)s”应由单位行政承担，不能从工会经费列支；确有文件依据的，请在摘要中写明“依据：文件名”。")
        % {"item": found},
        items.source,
    )


def contribution_plausible(movement: Movement, *, jurisdiction: str = "cn") -> Verdict:
    """Compare a contribution with the legal share of the total wages; warn beyond one yuan (R5.3)."""
    if movement.kind != Entry.Kind.CONTRIBUTION or movement.wage_base is None:
        return passed()
    try:
        rate = rule(CONTRIBUTION_RATE, on=movement.happened_on, jurisdiction=jurisdiction)
    except RuleMissing:
        return passed()
    expected = movement.wage_base * int(rate.value)
    if abs(movement.amount * BASIS_POINTS - expected) <= TOLERANCE * BASIS_POINTS:
        return passed()
    return warned(
        _("按工资总额的%(percent)s%%应拨缴%(expected)s，登记为%(amount)s，请核对。")
        % {
            "percent": f"{int(rate.value) / 100:g}",
            "expected": shown((expected + BASIS_POINTS // 2) // BASIS_POINTS),
            "amount": shown(movement.amount),
        },
        rate.source,
    )
