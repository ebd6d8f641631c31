"""How payments are shown: the lists' columns, the fields of a page, and the picture of the four steps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

import django_tables2 as tables
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance.models import Payment
from zhijia.areas.finance.payment_forms import masked_account
from zhijia.kit.columns import DateColumn, MoneyColumn, TextColumn
from zhijia.kit.page import Field, link
from zhijia.kit.templatetags.kit import chinese_date, money

State = Payment.State
COLOURS = MappingProxyType(
    {
        State.REQUESTED: "orange",
        State.RETURNED: "red",
        State.CHECKED: "orange",
        State.APPROVED: "blue",
        State.PAID: "green",
        State.REFUSED: "red",
        State.WITHDRAWN: "secondary",
    }
)


class PaymentTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The payments of all unions in reach."""

    code = TextColumn(
        verbose_name=_("编号"),
        order_by=("year", "number"),
        linkify=("finance:payment-detail", [tables.A("pk")]),
    )
    union = tables.Column(verbose_name=_("工会"), accessor="union__name", order_by=("union__path",))
    title = tables.Column(verbose_name=_("事由"))
    payee = tables.Column(verbose_name=_("收款人"))
    amount = MoneyColumn(verbose_name=_("金额"), total=True)
    state = tables.Column(verbose_name=_("状态"))
    category = tables.Column(verbose_name=_("支出科目"))
    requester = tables.Column(
        verbose_name=_("经手人"), accessor="requested_by__name", order_by=("requested_by__name",)
    )
    requested_at = DateColumn(verbose_name=_("申请时间"))
    paid_on = DateColumn(verbose_name=_("付款日期"))

    class Meta:
        model = Payment
        fields = (
            *("code", "title", "amount", "state", "payee", "union", "category"),
            *("requester", "requested_at", "paid_on"),
        )

    def render_state(self, record: Payment) -> SafeString:
        """The state with its colour."""
        colour = COLOURS[State(record.state)]
        return format_html('<span class="badge bg-{}-lt">{}</span>', colour, record.get_state_display())

    def value_state(self, record: Payment) -> str:
        """The word, for the export."""
        return record.get_state_display()


class OwnPaymentTable(PaymentTable):
    """What the one who looks has asked for."""

    code = TextColumn(
        verbose_name=_("编号"),
        order_by=("year", "number"),
        linkify=("finance:payment-own", [tables.A("pk")]),
    )

    class Meta(PaymentTable.Meta):
        exclude = ("requester",)


def payment_fields(payment: Payment) -> list[Field]:
    """Return label and value of every field of a payment, for its page. Missing values are None."""
    union, entry = payment.union, payment.entry
    fields: list[Field] = [
        (_("工会"), link(reverse("organisations:union-detail", args=[union.pk]), union.name)),
        (_("编号"), payment.code),
        (_("事由"), payment.title),
        (_("金额（元）"), money(payment.amount)),
        (_("支出科目"), payment.get_category_display()),
        *payee_fields(payment),
        (_("票据号"), payment.invoice_no),
        (_("预算说明"), payment.budget_note),
    ]
    if entry is not None:
        fields.append((_("付款日期"), chinese_date(payment.paid_on)))
        fields.append((_("经费台账"), link(reverse("finance:entry-detail", args=[entry.pk]), str(entry))))
    return fields


def payee_fields(payment: Payment, account: str = "") -> list[Field]:
    """Return who is paid and where to; the account masked, unless the revealed one is given."""
    stored = payment.bank_account
    return [
        (_("收款人"), f"{payment.payee}（{payment.get_payee_kind_display()}）"),
        (_("开户银行"), payment.bank_name),
        (_("银行账号"), account or (masked_account(stored) if stored else None)),
    ]


@dataclass(frozen=True)
class StepView:
    """One of the four steps as the page draws it: done by whom and when, waiting, or still to come."""

    label: str | Promise
    who: str = ""
    at: datetime | None = None
    waits: bool = False

    @property
    def done(self) -> bool:
        """Whether someone has taken it."""
        return self.at is not None


WAITS = MappingProxyType({State.REQUESTED: 1, State.CHECKED: 2, State.APPROVED: 3})
"""Which of the four steps a state waits for."""


def steps_of(payment: Payment) -> list[StepView]:
    """Return the picture of the steps. The payment was loaded with its people."""
    taken = (
        (_("经手"), payment.requested_by, payment.requested_at),
        (_("审核"), payment.checked_by, payment.checked_at),
        (_("审批"), payment.approved_by, payment.approved_at),
        (_("付款"), payment.paid_by, payment.paid_at),
    )
    waits = WAITS.get(State(payment.state))
    return [
        StepView(label, str(who) if who else "", at, waits=number == waits)
        for number, (label, who, at) in enumerate(taken)
    ]
