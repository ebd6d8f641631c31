"""Honours conferred on unions, units and persons."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import LedgerRow


class Honour(LedgerRow):
    """One honour; ``union`` is the union whose person or unit received it."""

    subject: ClassVar[str] = "person_id"
    sensitive: ClassVar[frozenset[str]] = frozenset({"winner"})

    class Level(models.TextChoices):
        """Who conferred it (R14.2)."""

        UNIT = "unit", _("校级(单位级)")
        COUNTY = "county", _("县级")
        CITY = "city", _("市级")
        PROVINCE = "province", _("省级")
        NATION = "nation", _("国家级")

    class Category(models.TextChoices):
        """What is honoured."""

        MODEL_WORKER = "model_worker", _("劳动模范")
        MEDAL = "medal", _("五一劳动奖章")
        CERTIFICATE = "certificate", _("五一劳动奖状")
        PIONEER = "pioneer", _("工人先锋号")
        WOMEN = "women", _("三八红旗手(巾帼文明岗)")
        HOME = "home", _("模范(星级)职工之家")
        UNION = "union", _("先进工会")
        OFFICER = "officer", _("优秀工会工作者")
        ETHICS = "ethics", _("师德标兵")
        ORGANISING = "organising", _("优秀组织奖")
        OTHER = "other", _("其他荣誉")

    class Winner(models.TextChoices):
        """Collective or individual."""

        UNIT = "unit", _("集体")
        PERSON = "person", _("个人")

    name = models.CharField(_("荣誉名称"), max_length=100)
    category = models.CharField(
        _("荣誉类别"), max_length=14, choices=Category.choices, default=Category.OTHER
    )
    level = models.CharField(_("荣誉层级"), max_length=8, choices=Level.choices)
    awarded_on = models.DateField(_("授予日期"))
    awarder = models.CharField(_("授予单位"), max_length=100, blank=True)
    winner_kind = models.CharField(_("对象类别"), max_length=8, choices=Winner.choices)
    winner = models.CharField(_("获得者"), max_length=100)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+")
    document = models.CharField(_("文号"), max_length=60, blank=True)

    class Meta(LedgerRow.Meta):
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["union", "awarded_on"], name="honour_by_union"),
        ]
