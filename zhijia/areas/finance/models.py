"""Money ledgers before the double-entry ledger comes: what came in, went back, was moved and was spent.

And the payments: how money may leave at all.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.models import User
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Employer, LedgerRow, Union
from zhijia.kernel.crypto.columns import RowKeyField, SealedField
from zhijia.kernel.records import Record


class Entry(LedgerRow):
    """One money movement of a union; ``amount`` in fen, always positive - the kind says which way."""

    class Kind(models.TextChoices):
        """What the movement is."""

        CONTRIBUTION = "contribution", _("拨缴经费收入")
        DUES = "dues", _("会费收入")
        SUBSIDY = "subsidy", _("补助收入")
        REFUND = "refund", _("经费返还")
        BOOKED = "booked", _("行政列支工会经费")
        TRANSFER = "transfer", _("划拨到工会账户")
        SPENDING = "spending", _("经费支出")

    class Category(models.TextChoices):
        """Spending categories (R6.1)."""

        EDUCATION = "education", _("职工教育")
        CULTURE = "culture", _("文体活动")
        PUBLICITY = "publicity", _("宣传活动")
        WELFARE = "welfare", _("职工集体福利")
        RIGHTS = "rights", _("维权")
        HARDSHIP = "hardship", _("困难帮扶")
        WARMTH = "warmth", _("送温暖")
        TRAINING = "training", _("工会干部培训")
        MEETING = "meeting", _("会议")
        OPERATING = "operating", _("其他业务支出")
        CAPITAL = "capital", _("资本性支出")
        OTHER = "other", _("其他支出")

    class Formalities(models.TextChoices):
        """Refund formalities of a contribution collected by the tax office (R5.5)."""

        NONE = "", _("不适用")
        PENDING = "pending", _("手续待办")
        READY = "ready", _("手续已完善")
        REFUNDED = "refunded", _("已返还")

    kind = models.CharField(_("类别"), max_length=12, choices=Kind.choices)
    happened_on = models.DateField(_("日期"))
    amount = models.BigIntegerField(_("金额(分)"))
    category = models.CharField(_("支出科目"), max_length=12, choices=Category.choices, blank=True)
    formalities = models.CharField(_("返还手续"), max_length=10, choices=Formalities.choices, blank=True)
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    counterparty = models.CharField(_("对方单位"), max_length=100, blank=True)
    wage_base = models.BigIntegerField(_("工资总额(分)"), null=True, blank=True)
    note = models.CharField(_("摘要"), max_length=200, blank=True)

    class Meta(LedgerRow.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="entry_amount_positive"),
            models.CheckConstraint(
                condition=~models.Q(kind="spending") | ~models.Q(category=""),
                name="entry_spending_has_category",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "happened_on"], name="entry_by_union"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"


def _together(*names: str) -> models.Q:
    """Select the rows in which all these columns are filled."""
    return models.Q(**{f"{name}__isnull": False for name in names})


def _none_of(*names: str) -> models.Q:
    """Select the rows in which none of these columns is filled."""
    return models.Q(**{f"{name}__isnull": True for name in names})


def _differ(one: str, other: str) -> models.CheckConstraint:
    """Two steps of one payment are taken by two log-ins, whatever program writes them (R6.6)."""
    return models.CheckConstraint(
        condition=_none_of(one) | _none_of(other) | ~models.Q(**{one: models.F(other)}),
        name=f"payment_{one}_not_{other}",
    )


class Payment(Record):
    """A request to pay something from union funds, through checking and approval to the payment itself.

    ``amount`` in fen. Each step keeps who took it and when; the money leaves at the last one only, which
    posts ``entry`` into the ledger. See states.py for the way between the states.
    """

    sensitive: ClassVar[frozenset[str]] = frozenset(
        {"bank_account", "payee", "title", "reason", "budget_note"}
    )
    subject: ClassVar[str] = "person_id"

    class State(models.TextChoices):
        """Named by what the payment waits for, or how it ended."""

        REQUESTED = "requested", _("待审核")
        RETURNED = "returned", _("已退回")
        CHECKED = "checked", _("待审批")
        APPROVED = "approved", _("待付款")
        PAID = "paid", _("已付款")
        REFUSED = "refused", _("未批准")
        WITHDRAWN = "withdrawn", _("已撤回")

    class PayeeKind(models.TextChoices):
        """Whom the money goes to."""

        UNIT = "unit", _("单位")
        PERSON = "person", _("个人")

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    year = models.PositiveSmallIntegerField(_("年度"), editable=False)
    number = models.PositiveIntegerField(_("顺序号"), editable=False)  # without gaps in a union's year
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.REQUESTED)
    title = models.CharField(_("事由"), max_length=100)
    category = models.CharField(_("支出科目"), max_length=12, choices=Entry.Category.choices)
    amount = models.BigIntegerField(_("金额(分)"))
    payee_kind = models.CharField(_("收款人类型"), max_length=6, choices=PayeeKind.choices)
    payee = models.CharField(_("收款人"), max_length=100)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("收款人档案")
    )
    row_key = RowKeyField()
    bank_name = models.CharField(_("开户银行"), max_length=60, blank=True)
    bank_account = SealedField(_("银行账号"), domain="bank", blank=True)
    invoice_no = models.CharField(_("票据号"), max_length=40, blank=True)
    budget_note = models.CharField(_("预算说明"), max_length=80, blank=True)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("经手人"))
    requested_at = models.DateTimeField(_("申请时间"))
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("审核人")
    )
    checked_at = models.DateTimeField(_("审核时间"), null=True)
    approved_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    approved_at = models.DateTimeField(_("审批时间"), null=True)
    paid_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name=_("付款人"))
    paid_at = models.DateTimeField(_("付款登记时间"), null=True)
    paid_on = models.DateField(_("付款日期"), null=True)
    # Who returned, refused or withdrew it, and why; blank again when it is handed in again.
    stopped_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("退回人")
    )
    stopped_at = models.DateTimeField(_("退回时间"), null=True)
    reason = models.CharField(_("退回或不批准的原因"), max_length=200, blank=True)
    entry = models.OneToOneField(
        Entry, models.PROTECT, null=True, related_name="payment", verbose_name=_("经费台账")
    )

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["union", "year", "number"], name="payment_number_once"),
            models.UniqueConstraint(
                fields=["union", "invoice_no"],
                condition=~models.Q(invoice_no="") & ~models.Q(state__in=["refused", "withdrawn"]),
                name="payment_invoice_once",
            ),
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="payment_amount_positive"),
            models.CheckConstraint(condition=~models.Q(category=""), name="payment_has_category"),
            models.CheckConstraint(
                condition=models.Q(person=None) | models.Q(payee_kind="person"), name="payment_file_of_person"
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state__in=["requested", "returned", "withdrawn"])
                    & _none_of("checked_by", "checked_at")
                )
                | (
                    models.Q(state__in=["checked", "approved", "paid", "refused"])
                    & _together("checked_by", "checked_at")
                ),
                name="payment_checked_by_someone",
            ),
            models.CheckConstraint(
                condition=(~models.Q(state__in=["approved", "paid"]) & _none_of("approved_by", "approved_at"))
                | (models.Q(state__in=["approved", "paid"]) & _together("approved_by", "approved_at")),
                name="payment_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=(~models.Q(state="paid") & _none_of("paid_by", "paid_at", "paid_on", "entry"))
                | (models.Q(state="paid") & _together("paid_by", "paid_at", "paid_on", "entry")),
                name="payment_paid_with_entry",
            ),
            models.CheckConstraint(
                condition=(
                    models.Q(state__in=["returned", "refused", "withdrawn"])
                    & _together("stopped_by", "stopped_at")
                )
                | (
                    ~models.Q(state__in=["returned", "refused", "withdrawn"])
                    & _none_of("stopped_by", "stopped_at")
                ),
                name="payment_stopped_by_someone",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["returned", "refused"]) | ~models.Q(reason=""),
                name="payment_stopped_with_reason",
            ),
            _differ("checked_by", "requested_by"),
            _differ("approved_by", "requested_by"),
            _differ("approved_by", "checked_by"),
            _differ("paid_by", "checked_by"),
            _differ("paid_by", "approved_by"),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "state"], name="payment_by_state"),
        ]

    def __str__(self) -> str:
        return self.code

    @property
    def code(self) -> str:
        """Return the number as people quote it: 2026-0003."""
        return f"{self.year}-{self.number:04d}"
