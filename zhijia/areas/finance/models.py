"""Money ledgers before the double-entry ledger comes: what came in, went back, was moved and was spent."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Employer, LedgerRow


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
