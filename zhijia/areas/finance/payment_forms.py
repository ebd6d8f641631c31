"""The forms of a payment: what is asked for, why it is stopped, and when it was paid."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance import payment_queries, payment_rules
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.members.forms import NameField, PersonField
from zhijia.areas.members.queries import VIEW as MEMBERS_VIEW
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import DateField, MoneyField, with_blank
from zhijia.kit.warned_forms import WarnedForm

KEPT = (
    "title",
    "category",
    "amount",
    "payee_kind",
    "payee",
    "person",
    "bank_name",
    "invoice_no",
    "budget_note",
)
SHOWN_DIGITS = 4


def masked_account(account: str) -> str:
    """Return a bank account with all but its last four digits hidden; a short one wholly."""
    hidden = max(len(account) - SHOWN_DIGITS, 0) if len(account) > SHOWN_DIGITS else len(account)
    return "*" * hidden + account[hidden:]


class PaymentForm(WarnedForm):
    """A request for a payment; the union is chosen once and stays.

    A stored bank account is never sent back to the page: left blank, it stays as it is.
    """

    union = forms.Field()  # replaced in __init__, where the scope is known
    title = NameField(label=_("事由"), max_length=100)
    category = forms.ChoiceField(label=_("支出科目"), choices=with_blank(Entry.Category.choices))
    amount = MoneyField(label=_("金额"))
    payee_kind = forms.ChoiceField(label=_("收款人类型"), choices=with_blank(Payment.PayeeKind.choices))
    person = forms.Field()  # as union
    payee = NameField(
        label=_("收款人"),
        max_length=100,
        required=False,
        help_text=_("单位全称或个人姓名；已选档案的可不填。"),
    )
    bank_name = NameField(label=_("开户银行"), max_length=60, required=False)
    bank_account = forms.CharField(
        label=_("银行账号"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    invoice_no = forms.CharField(
        label=_("票据号"), max_length=40, required=False, help_text=_("同一票据号在本工会只能报销一次。")
    )
    budget_note = NameField(label=_("预算说明"), max_length=80, required=False)

    def __init__(self, *args: Any, scope: Scope, payment: Payment | None = None, **kwargs: Any) -> None:
        if payment is not None:
            kwargs.setdefault("initial", {name: getattr(payment, name) for name in KEPT})
        super().__init__(*args, **kwargs)
        self.payment = payment
        if payment is None:
            action = payment_queries.REQUEST
            self.fields["union"] = UnionField(scope=scope, action=action, label=_("所属工会"))
        else:
            del self.fields["union"]
            if payment.bank_account:
                self.fields["bank_account"].help_text = _("已登记 %(account)s，留空则不变。") % {
                    "account": masked_account(payment.bank_account)
                }
        if scope.may(MEMBERS_VIEW):
            self.fields["person"] = PersonField(scope=scope, label=_("收款人档案"), required=False)
        else:  # whoever sees no files types the name
            del self.fields["person"]

    def clean_bank_account(self) -> str:
        """Return the digits."""
        return payment_rules.plain_account(self.cleaned_data["bank_account"])

    def clean_invoice_no(self) -> str:
        """Return the number as it is compared."""
        return payment_rules.plain_invoice(self.cleaned_data["invoice_no"])

    def clean(self) -> dict[str, Any]:
        """Ask the rules, and whether the invoice was handed in before."""
        data = self.cleaned_data
        stored = self.payment.person if self.payment else None
        person = data.get("person", stored)
        if person is not None:
            data["payee"] = person.name
        elif "payee" in data and not data["payee"]:
            self.add_error("payee", _("请填写收款人。"))
        if self.errors:
            return data
        if self.payment and not data["bank_account"]:
            del data["bank_account"]
        claim = payment_rules.Claim(
            title=data["title"],
            category=data["category"],
            amount=data["amount"],
            payee_kind=data["payee_kind"],
            payee=data["payee"],
            has_file=person is not None,
            bank_account=data.get("bank_account", ""),
            budget_note=data["budget_note"],
        )
        findings = payment_rules.check(claim, today=timezone.localdate(), jurisdiction=settings.JURISDICTION)
        self.judge((finding.field, finding.verdict) for finding in findings)
        union = self.payment.union if self.payment else data["union"]
        but = self.payment.pk if self.payment else None
        other = payment_queries.payment_with_invoice(union, data["invoice_no"], but=but)
        self.judge([("invoice_no", payment_rules.invoice_unused(data["invoice_no"], other))])
        return data

    def stored_value(self, record: Any, name: str) -> Any:
        """Return a stored value for the comparison with what was typed; an account only masked."""
        if name != "bank_account":
            return super().stored_value(record, name)
        typed = self.cleaned_data.get(name, "")
        return masked_account(record.bank_account) if typed and typed != record.bank_account else typed


class ReasonForm(forms.Form):
    """Why a payment is returned or refused."""

    reason = NameField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200})
    )


class PaidForm(forms.Form):
    """The day on which the money left."""

    paid_on = DateField(label=_("付款日期"), initial=timezone.localdate)
