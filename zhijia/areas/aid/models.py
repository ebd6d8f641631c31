"""Relief and condolence payments: who received what, on which occasion, from which fund."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import LedgerRow
from zhijia.kernel.crypto.columns import RowKeyField, SealedField


class Relief(LedgerRow):
    """One payment or gift: to a named person, or to a counted number of people, households or units."""

    subject: ClassVar[str] = "person_id"
    sensitive: ClassVar[frozenset[str]] = frozenset({"note", "beneficiary"})

    class Occasion(models.TextChoices):
        """Why it was given (inventory areas 9 and 12, R6.2-R6.3)."""

        WARMTH = "warmth", _("元旦春节送温暖")
        FESTIVAL = "festival", _("节日慰问")
        WOMEN = "women", _("三八节慰问")
        CHILDREN = "children", _("六一慰问")
        TEACHERS = "teachers", _("教师节慰问")
        BIRTHDAY = "birthday", _("生日慰问")
        MARRIAGE = "marriage", _("结婚慰问")
        BIRTH = "birth", _("生育慰问")
        ILLNESS = "illness", _("生病住院慰问")
        BEREAVEMENT = "bereavement", _("丧事慰问")
        RETIREMENT = "retirement", _("退休慰问")
        HARDSHIP = "hardship", _("困难帮扶")
        EMERGENCY = "emergency", _("临时救助")
        EDUCATION = "education", _("金秋助学")
        COOLING = "cooling", _("送清凉")
        INJURY = "injury", _("工伤慰问")
        FRONT_LINE = "front_line", _("一线慰问")
        OTHER = "other", _("其他慰问")

    class Beneficiary(models.TextChoices):
        """Whom it reached."""

        PERSON = "person", _("个人")
        HOUSEHOLD = "household", _("家庭")
        UNIT = "unit", _("单位")

    class Fund(models.TextChoices):
        """Where the money came from (R6.5)."""

        DUES = "dues", _("会费")
        RETAINED = "retained", _("拨缴经费留成")
        HIGHER = "higher", _("上级补助")
        EMPLOYER = "employer", _("行政补助")
        FISCAL = "fiscal", _("财政帮扶资金")
        DONATION = "donation", _("社会捐款")
        MUTUAL = "mutual", _("互助基金")

    occasion = models.CharField(_("慰问事由"), max_length=12, choices=Occasion.choices)
    given_on = models.DateField(_("日期"))
    beneficiary_kind = models.CharField(
        _("对象类别"), max_length=10, choices=Beneficiary.choices, default=Beneficiary.PERSON
    )
    beneficiary = models.CharField(_("慰问对象"), max_length=100)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    people = models.PositiveIntegerField(_("人次"), null=True, blank=True)
    people_qualifier = models.CharField(max_length=10, blank=True)
    households = models.PositiveIntegerField(_("户数"), null=True, blank=True)
    households_qualifier = models.CharField(max_length=10, blank=True)
    amount = models.BigIntegerField(_("金额(分)"), null=True, blank=True)
    goods = models.CharField(_("慰问品"), max_length=100, blank=True)
    goods_value = models.BigIntegerField(_("慰问品价值(分)"), null=True, blank=True)
    fund = models.CharField(_("资金来源"), max_length=10, choices=Fund.choices)
    basis = models.CharField(_("依据"), max_length=100, blank=True)
    row_key = RowKeyField()
    note = SealedField(_("说明"), domain="hardship", blank=True)

    class Meta(LedgerRow.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            *LedgerRow.Meta.constraints,
            models.CheckConstraint(
                condition=models.Q(amount__gt=0) | models.Q(goods_value__gt=0) | ~models.Q(goods=""),
                name="relief_gives_something",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "given_on"], name="relief_by_union"),
        ]

    def __str__(self) -> str:
        return f"{self.get_occasion_display()} {self.beneficiary}"
