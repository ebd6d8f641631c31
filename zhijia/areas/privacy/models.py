"""The ledgers that the personal information protection law asks for: requests, consents, erasures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.models import User
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Union
from zhijia.kernel.crypto.columns import RowKeyField, SealedField
from zhijia.kernel.records import Record


class AboutPerson(Record):
    """The base of these ledgers: a row concerns one person and belongs to the union that keeps the file."""

    subject: ClassVar[str] = "person_id"

    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("本人"))
    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name=_("工会"))

    class Meta:
        abstract = True


class SubjectRequest(AboutPerson):
    """What someone asked about the own data (art. 44-48), and the answer."""

    sensitive: ClassVar[frozenset[str]] = frozenset({"detail", "answer"})

    class Kind(models.TextChoices):
        """Which right is used."""

        ACCESS = "access", _("查阅")
        COPY = "copy", _("复制")
        CORRECTION = "correction", _("更正、补充")
        DELETION = "deletion", _("删除")
        WITHDRAWAL = "withdrawal", _("撤回同意")
        EXPLANATION = "explanation", _("解释说明处理规则")

    class Channel(models.TextChoices):
        """How it reached the union."""

        VISIT = "visit", _("当面")
        PAPER = "paper", _("书面")
        PHONE = "phone", _("电话")
        ONLINE = "online", _("网上")

    class Outcome(models.TextChoices):
        """How it was answered."""

        DONE = "done", _("已办理")
        PARTLY = "partly", _("部分办理")
        REFUSED = "refused", _("不予办理")

    kind = models.CharField(_("请求"), max_length=12, choices=Kind.choices)
    channel = models.CharField(_("方式"), max_length=8, choices=Channel.choices, default=Channel.VISIT)
    received_on = models.DateField(_("收到日期"))
    due_on = models.DateField(_("答复期限"))
    row_key = RowKeyField()
    detail = SealedField(_("请求内容"), domain="hardship", blank=True)
    answered_on = models.DateField(_("答复日期"), null=True, blank=True)
    outcome = models.CharField(_("办理结果"), max_length=8, choices=Outcome.choices, blank=True)
    answer = SealedField(_("答复内容和理由"), domain="hardship", blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(answered_on=None, outcome="")
                | (models.Q(answered_on__isnull=False) & ~models.Q(outcome="")),
                name="request_answer_has_outcome",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "due_on"], name="request_by_union"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.received_on}"


class Consent(AboutPerson):
    """A consent to one purpose, apart from all others where the data are sensitive (art. 14, 29)."""

    class Purpose(models.TextChoices):
        """What was agreed to."""

        HARDSHIP = "hardship", _("困难帮扶（家庭、健康情况）")
        MEDICAL = "medical", _("医疗互助和病历")
        CHILDREN = "children", _("未满十四周岁子女的信息（监护人同意）")
        BANK = "bank", _("银行账户发放")
        PUBLICITY = "publicity", _("公示、宣传姓名和照片")
        SHARING = "sharing", _("向其他单位提供")
        FACE = "face", _("人脸等生物识别信息")

    class Form(models.TextChoices):
        """How it was given."""

        PAPER = "paper", _("书面签字")
        ONLINE = "online", _("网上勾选")

    purpose = models.CharField(_("同意的用途"), max_length=12, choices=Purpose.choices)
    given_on = models.DateField(_("同意日期"))
    form = models.CharField(_("方式"), max_length=8, choices=Form.choices, default=Form.PAPER)
    document = models.CharField(_("同意书编号"), max_length=60, blank=True)
    withdrawn_on = models.DateField(_("撤回日期"), null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=models.Q(withdrawn_on=None),
                name="consent_one_standing",
            ),
            models.CheckConstraint(
                condition=models.Q(withdrawn_on=None) | models.Q(withdrawn_on__gte=models.F("given_on")),
                name="consent_forward",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "purpose"], name="consent_by_union"),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} {self.given_on}"


class Erasure(AboutPerson):
    """A proposal to take away what leads to a person; one proposes, another one decides (art. 47)."""

    sensitive: ClassVar[frozenset[str]] = frozenset({"note"})

    class Ground(models.TextChoices):
        """Why the data are to go (art. 47)."""

        ACHIEVED = "achieved", _("处理目的已实现或不再必要")
        EXPIRED = "expired", _("保存期限已满")
        WITHDRAWN = "withdrawn", _("本人撤回同意")
        UNLAWFUL = "unlawful", _("处理违反法律法规或约定")

    class State(models.TextChoices):
        """Where the proposal stands."""

        PROPOSED = "proposed", _("待审批")
        DONE = "done", _("已匿名化")
        REJECTED = "rejected", _("未同意")

    ground = models.CharField(_("理由"), max_length=10, choices=Ground.choices)
    row_key = RowKeyField()
    note = SealedField(_("说明"), domain="hardship", blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("提请人")
    )
    proposed_on = models.DateField(_("提请日期"))
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("审批人")
    )
    decided_on = models.DateField(_("审批日期"), null=True, blank=True)
    records = models.PositiveIntegerField(_("处理的记录"), null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"], condition=models.Q(state="proposed"), name="erasure_one_waiting"
            ),
            models.UniqueConstraint(fields=["person"], condition=models.Q(state="done"), name="erasure_once"),
            models.CheckConstraint(
                condition=models.Q(decided_by=None) | ~models.Q(decided_by=models.F("proposed_by")),
                name="erasure_second_person",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_ground_display()} {self.proposed_on}"


class Overdue(AboutPerson):
    """A person whom nothing needs any more since a day; the daily run writes the list, people decide."""

    since = models.DateField(_("保存期限届满日"))

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["person"], name="overdue_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.since}"
