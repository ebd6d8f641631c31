"""Unions in their dated tree, the employers they cover, and their committees."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.fields import PathField
from zhijia.kernel.records import Record


class Union(Record):
    """A trade union at any level. Never deleted: it is closed with a reason and a document (R1.2)."""

    scope_path: ClassVar[str] = "path"

    class Level(models.TextChoices):
        """The five levels of the tree."""

        GENERAL = "general", _("总工会")
        FEDERATION = "federation", _("工会联合会")
        JOINT = "joint", _("联合工会")
        GRASSROOTS = "grassroots", _("基层工会")
        GROUP = "group", _("工会小组")

    class Sector(models.TextChoices):
        """The type of the units a union serves (R4.4, unit table)."""

        EDUCATION = "education", _("教育")
        GOVERNMENT = "government", _("机关")
        INSTITUTION = "institution", _("事业单位")
        STATE = "state", _("国有企业")
        PRIVATE = "private", _("非公企业")
        TOWNSHIP = "township", _("乡镇街道")
        COMMUNITY = "community", _("村社区")
        OTHER = "other", _("其他")

    class Closing(models.TextChoices):
        """How a union ended."""

        DEREGISTERED = "deregistered", _("注销")
        DISSOLVED = "dissolved", _("撤销")
        TRANSFERRED = "transferred", _("转出")

    code = models.CharField(_("工会编码"), max_length=20, unique=True)
    name = models.CharField(_("工会名称"), max_length=100)
    name_key = models.CharField(max_length=300, editable=False, default="")
    level = models.CharField(_("层级"), max_length=12, choices=Level.choices)
    sector = models.CharField(_("类型"), max_length=12, choices=Sector.choices)
    region = models.CharField(_("所在地区"), max_length=60, blank=True)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    issuer_code = models.CharField(_("机关代字"), max_length=20, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    path = PathField(max_length=120, unique=True, null=True, editable=False)
    founded_on = models.DateField(_("建会日期"), null=True, blank=True)
    legal_person_on = models.DateField(_("法人登记日期"), null=True, blank=True)
    account_opened_on = models.DateField(_("开户日期"), null=True, blank=True)
    closed_on = models.DateField(_("终止日期"), null=True, blank=True)
    closed_how = models.CharField(_("终止方式"), max_length=12, choices=Closing.choices, blank=True)
    closed_document = models.CharField(_("终止文件"), max_length=100, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(closed_on=None) | ~models.Q(closed_how=""), name="union_closed_with_reason"
            ),
        ]


class Placement(Record):
    """Where a union stood in the tree from one day to another; the figures of a period use it."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    parent = models.ForeignKey(Union, models.PROTECT, null=True, related_name="+")
    path = PathField(max_length=120)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["union"], condition=models.Q(ends_on=None), name="placement_one_open"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gt=models.F("starts_on")),
                name="placement_ends_after_start",
            ),
        ]
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["path"], name="placement_path")]


class UnionChange(Record):
    """A dated step in a union's life."""

    class Kind(models.TextChoices):
        """The steps that the annual statistics count."""

        FOUNDED = "founded", _("新建")
        RENAMED = "renamed", _("更名")
        UPGRADED = "upgraded", _("升格")
        MOVED = "moved", _("调整隶属")
        TRANSFERRED = "transferred", _("转出")
        DEREGISTERED = "deregistered", _("注销")
        DISSOLVED = "dissolved", _("撤销")

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    kind = models.CharField(_("变动"), max_length=12, choices=Kind.choices)
    happened_on = models.DateField(_("日期"))
    document = models.CharField(_("文件"), max_length=100, blank=True)
    before = models.CharField(_("变动前"), max_length=100, blank=True)
    after = models.CharField(_("变动后"), max_length=100, blank=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [models.Index(fields=["happened_on"], name="change_day")]


class Employer(Record):
    """A covered employer (school, enterprise, office) of one union."""

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    name = models.CharField(_("单位名称"), max_length=100)
    uscc = models.CharField(_("统一社会信用代码"), max_length=18, blank=True)
    sector = models.CharField(_("单位类型"), max_length=12, choices=Union.Sector.choices)
    industry = models.CharField(_("行业"), max_length=60, blank=True)
    covered_on = models.DateField(_("覆盖日期"))
    ended_on = models.DateField(_("终止日期"), null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["union", "name"], name="employer_once"),
        ]


class HeadCount(Record):
    """How many staff an employer had on a day; valid until the next count."""

    scope_path: ClassVar[str] = "employer__union__path"

    employer = models.ForeignKey(Employer, models.PROTECT, related_name="head_counts")
    as_of = models.DateField(_("截至日期"))
    staff = models.PositiveIntegerField(_("职工人数"))
    women = models.PositiveIntegerField(_("女职工"), null=True, blank=True)
    migrants = models.PositiveIntegerField(_("农民工"), null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["employer", "as_of"], name="head_count_once"),
            models.CheckConstraint(
                condition=(models.Q(women=None) | models.Q(women__lte=models.F("staff")))
                & (models.Q(migrants=None) | models.Q(migrants__lte=models.F("staff"))),
                name="head_count_parts",
            ),
        ]


class Committee(Record):
    """One term of a committee of a union."""

    class Kind(models.TextChoices):
        """The three committees."""

        UNION = "union", _("工会委员会")
        AUDIT = "audit", _("经费审查委员会")
        WOMEN = "women", _("女职工委员会")

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    kind = models.CharField(_("委员会"), max_length=8, choices=Kind.choices, default=Kind.UNION)
    term_no = models.PositiveSmallIntegerField(_("届次"), default=1)
    elected_on = models.DateField(_("选举日期"))
    expires_on = models.DateField(_("届满日期"))
    ended_on = models.DateField(_("卸任日期"), null=True, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["union", "kind", "term_no"], name="committee_term_once"),
            models.CheckConstraint(
                condition=models.Q(expires_on__gt=models.F("elected_on")), name="committee_term_forward"
            ),
        ]


class Seat(Record):
    """A post in a union, held by someone for a time. Accounts tie a log-in to it."""

    sensitive: ClassVar[frozenset[str]] = frozenset({"holder"})

    class Post(models.TextChoices):
        """The posts that rules and rights know."""

        CHAIR = "chair", _("主席")
        VICE_CHAIR = "vice_chair", _("副主席")
        MEMBER = "member", _("委员")
        AUDIT = "audit", _("经审委员")
        WOMEN = "women", _("女职工委员")
        CLERK = "clerk", _("工会干事")
        ACCOUNTANT = "accountant", _("会计")
        CASHIER = "cashier", _("出纳")
        GROUP_LEADER = "group_leader", _("工会小组长")
        SUPERVISOR = "supervisor", _("监票人")
        SYSTEM_ADMIN = "system_admin", _("系统管理员")
        SECURITY_ADMIN = "security_admin", _("安全管理员")
        AUDIT_ADMIN = "audit_admin", _("审计管理员")

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    committee = models.ForeignKey(Committee, models.PROTECT, null=True, blank=True, related_name="+")
    post = models.CharField(_("职务"), max_length=16, choices=Post.choices)
    holder = models.CharField(_("姓名"), max_length=50)
    full_time = models.BooleanField(_("专职"), default=False)
    starts_on = models.DateField(_("任职日期"))
    ends_on = models.DateField(_("离任日期"), null=True, blank=True)


class LedgerRow(Record):
    """The base of ledger records: they belong to a union and may come from a workbook.

    ``source_key`` is the natural key of the workbook's row, so that the same file again changes nothing.
    """

    union = models.ForeignKey(Union, models.PROTECT, related_name="+")
    source_key = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    class Meta:
        abstract = True
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(
                fields=["union", "source_key"],
                condition=~models.Q(source_key=""),
                name="%(app_label)s_%(class)s_source_once",
            ),
        ]
