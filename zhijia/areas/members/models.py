"""Persons and their memberships - two things: a beneficiary need not be a member."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Employer, Union
from zhijia.kernel.crypto.columns import BlindIndexField, RowKeyField, SealedField
from zhijia.kernel.identity import last_four, whole
from zhijia.kernel.records import Record


class Person(Record):
    """Someone the union knows; ``union`` keeps the file: that of the membership, or of the aid."""

    subject: ClassVar[str] = "pk"
    sensitive: ClassVar[frozenset[str]] = frozenset(
        {
            *("id_number", "phone", "name", "name_key", "initials", "born_on"),
            *("ethnicity", "education", "politics"),
        }
    )

    class Sex(models.TextChoices):
        """As on the identity document."""

        MALE = "male", _("男")
        FEMALE = "female", _("女")

    class IdType(models.TextChoices):
        """Kinds of identity documents (R13.3)."""

        RESIDENT = "resident", _("居民身份证")
        HMT = "hmt", _("港澳台居民证件")
        FOREIGN = "foreign", _("外国人证件")

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    name = models.CharField(_("姓名"), max_length=50)
    name_key = models.CharField(max_length=200, editable=False, default="", db_index=True)
    initials = models.CharField(max_length=20, editable=False, default="", db_index=True)
    id_type = models.CharField(_("证件类型"), max_length=10, choices=IdType.choices, default=IdType.RESIDENT)
    row_key = RowKeyField()
    id_number = SealedField(_("证件号码"), domain="identity", null=True, blank=True)
    id_index = BlindIndexField(of="id_number", part=whole, unique=True)
    id_tail = BlindIndexField(of="id_number", part=last_four, db_index=True)
    sex = models.CharField(_("性别"), max_length=6, choices=Sex.choices, blank=True)
    born_on = models.DateField(_("出生日期"), null=True, blank=True)
    phone = SealedField(_("移动电话"), domain="identity", blank=True)
    phone_index = BlindIndexField(of="phone", part=whole, db_index=True)
    phone_tail = BlindIndexField(of="phone", part=last_four, db_index=True)
    ethnicity = models.CharField(_("民族"), max_length=20, blank=True)
    education = models.CharField(_("学历"), max_length=20, blank=True)
    politics = models.CharField(_("政治面貌"), max_length=20, blank=True)
    migrant = models.BooleanField(_("农民工"), default=False)
    new_form = models.BooleanField(_("新就业形态劳动者"), default=False)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "name"], name="person_by_union")
        ]


class Membership(Record):
    """One span of membership in one union. A person has at most one open active span (R4.1)."""

    sensitive: ClassVar[frozenset[str]] = frozenset({"card_no", "dues_base", "post", "reason"})

    subject: ClassVar[str] = "person_id"

    class State(models.TextChoices):
        """See states.py for the way between them."""

        APPLIED = "applied", _("申请中")
        REJECTED = "rejected", _("未通过")
        ACTIVE = "active", _("在籍")
        TRANSFERRING = "transferring", _("转出中")
        RETAINED = "retained", _("保留会籍")
        ENDED = "ended", _("已终止")

    class Start(models.TextChoices):
        """Why a span began."""

        JOINED = "joined", _("入会")
        TRANSFERRED_IN = "transferred_in", _("转入")
        RETAINED = "retained", _("转为保留会籍")
        RESUMED = "resumed", _("恢复会籍")

    class End(models.TextChoices):
        """Why a span ended."""

        TRANSFERRED_OUT = "transferred_out", _("转出")
        RETAINED = "retained", _("转为保留会籍")
        RESUMED = "resumed", _("恢复会籍")
        RESIGNED = "resigned", _("退会")
        LAPSED = "lapsed", _("自动退会")
        EXPELLED = "expelled", _("除名")
        DECEASED = "deceased", _("死亡")

    person = models.ForeignKey(Person, models.PROTECT, related_name="memberships")
    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    employer = models.ForeignKey(Employer, models.PROTECT, null=True, blank=True, related_name="+")
    # The union that the member is moving to, while the transfer waits for its answer.
    transfer_to = models.ForeignKey(Union, models.PROTECT, null=True, blank=True, related_name="+")
    state = models.CharField(_("会籍状态"), max_length=12, choices=State.choices, default=State.APPLIED)
    applied_on = models.DateField(_("申请日期"), null=True, blank=True)
    starts_on = models.DateField(_("入会日期"), null=True, blank=True)
    start_cause = models.CharField(_("入会方式"), max_length=16, choices=Start.choices, default=Start.JOINED)
    ends_on = models.DateField(_("终止日期"), null=True, blank=True)
    end_cause = models.CharField(_("终止原因"), max_length=16, choices=End.choices, blank=True)
    reason = models.CharField(_("说明"), max_length=200, blank=True)
    card_no = models.CharField(_("会员证号"), max_length=30, blank=True)
    post = models.CharField(_("岗位"), max_length=50, blank=True)
    dues_base = models.PositiveIntegerField(_("会费基数(分)"), null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(state__in=["active", "transferring", "retained"]),
                name="membership_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=["applied", "rejected"]) | models.Q(starts_on__isnull=False),
                name="membership_has_start",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="ended")
                | (models.Q(ends_on__isnull=False) & ~models.Q(end_cause="")),
                name="membership_end_has_cause",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="membership_forward",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "state"], name="membership_by_union"),
        ]


class FullExport(Record):
    """A wish to take out a roster with whole numbers: one person asks, another one allows it (R16.4)."""

    class State(models.TextChoices):
        """Where the wish stands; an allowed one can be taken for a day."""

        ASKED = "asked", _("待审批")
        APPROVED = "approved", _("已同意")
        REFUSED = "refused", _("未同意")

    union = models.ForeignKey(Union, models.PROTECT, related_name="+", verbose_name=_("工会"))
    purpose = models.CharField(_("用途"), max_length=200)
    state = models.CharField(_("状态"), max_length=10, choices=State.choices, default=State.ASKED)
    asked_by = models.BigIntegerField(editable=False)
    asked_name = models.CharField(_("申请人"), max_length=100, editable=False)
    answered_by = models.BigIntegerField(_("审批账号"), null=True, editable=False)
    answered_name = models.CharField(_("审批人"), max_length=100, blank=True, editable=False)
    answered_at = models.DateTimeField(_("审批时间"), null=True, editable=False)
    reason = models.CharField(_("未同意的原因"), max_length=200, blank=True)
    taken = models.PositiveSmallIntegerField(_("已导出次数"), default=0, editable=False)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(state="asked") | ~models.Q(answered_by=models.F("asked_by")),
                name="full_export_second_person",
            ),
            models.CheckConstraint(
                condition=models.Q(state="asked") | models.Q(answered_by__isnull=False),
                name="full_export_answered_by_someone",
            ),
        ]
