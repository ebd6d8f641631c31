"""How payments are shown: the list's columns, and the fields of a detail page."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhijia.areas.aid import queries
from zhijia.areas.aid.models import Relief
from zhijia.areas.members.queries import person_url
from zhijia.kernel.scope import Scope
from zhijia.kit.columns import DateColumn, MoneyColumn, exported_count
from zhijia.kit.page import Field, link
from zhijia.kit.templatetags.kit import MISSING, chinese_date, mask_id, money

_NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}}


def _totals(table: Any) -> queries.Totals | None:
    """Return the sums of all filtered rows, read once per page; None in an export."""
    if not hasattr(table, "sums"):
        rows = table.data.data
        table.sums = queries.totals(rows) if isinstance(rows, QuerySet) else None
    sums: queries.Totals | None = table.sums
    return sums


def _amount_sum(table: Any) -> SafeString | str:
    sums = _totals(table)
    return money(sums.amount) if sums else ""


def _goods_sum(table: Any) -> SafeString | str:
    sums = _totals(table)
    return money(sums.goods_value) if sums else ""


def _people_sum(table: Any) -> SafeString | str:
    sums = _totals(table)
    if sums is None:
        return ""
    text = str(sums.people) if sums.people else MISSING
    if not sums.uncounted:
        return text
    missing = _t("另有%(count)d笔未登记人数") % {"count": sums.uncounted}
    return format_html('{}<div class="text-secondary">{}</div>', text, missing)


def _households_sum(table: Any) -> str:
    sums = _totals(table)
    return str(sums.households) if sums and sums.households else ""


class ReliefTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The list of payments; notes stay on the detail page. The footer adds up everything that is filtered."""

    given_on = DateColumn(
        verbose_name=_("日期"), linkify=("aid:relief-detail", [tables.A("pk")]), footer=_("合计")
    )
    union = tables.Column(verbose_name=_("工会"), accessor="union__name", order_by=("union__path",))
    occasion = tables.Column(verbose_name=_("慰问事由"))
    beneficiary = tables.Column(verbose_name=_("慰问对象"))
    beneficiary_kind = tables.Column(verbose_name=_("对象类别"))
    people = tables.Column(verbose_name=_("人次"), attrs=_NUMBER, footer=_people_sum)
    households = tables.Column(verbose_name=_("户数"), attrs=_NUMBER, footer=_households_sum)
    amount = MoneyColumn(verbose_name=_("金额"), footer=_amount_sum)
    goods = tables.Column(verbose_name=_("慰问品"))
    goods_value = MoneyColumn(verbose_name=_("慰问品价值"), footer=_goods_sum)
    fund = tables.Column(verbose_name=_("资金来源"))

    class Meta:
        model = Relief
        fields = (
            "given_on",
            "union",
            "occasion",
            "beneficiary",
            "beneficiary_kind",
            "people",
            "households",
            "amount",
            "goods",
            "goods_value",
            "fund",
        )

    def render_people(self, record: Relief) -> str:
        """The count with its 余 or 近."""
        return str(queries.people_of(record) or "")

    def render_households(self, record: Relief) -> str:
        """The count with its 余 or 近."""
        return str(queries.households_of(record) or "")

    def value_people(self, record: Relief) -> int | str:
        """The same for the export."""
        return exported_count(queries.people_of(record))

    def value_households(self, record: Relief) -> int | str:
        """The same for the export."""
        return exported_count(queries.households_of(record))


def _note(scope: Scope, relief: Relief) -> str | Promise:
    """Return the words about someone's hardship or illness, to those who handle such cases there."""
    if not relief.note or scope.may("aid.record", relief.union.path):
        return relief.note
    return _("（仅经办人可见）")


def relief_fields(scope: Scope, relief: Relief) -> list[Field]:
    """Return label and value of every field of a payment, for its page. Missing values are None."""
    person = relief.person
    who: Any = relief.beneficiary
    if person is not None and (address := person_url(scope, person)):
        who = link(address, relief.beneficiary)
    number = mask_id(person.id_number) if person is not None and person.id_number else None
    return [
        (_("工会"), link(reverse("organisations:union-detail", args=[relief.union_id]), relief.union.name)),
        (_("慰问事由"), relief.get_occasion_display()),
        (_("日期"), chinese_date(relief.given_on)),
        (_("对象类别"), relief.get_beneficiary_kind_display()),
        (_("慰问对象"), who),
        (_("证件号码"), number),
        (_("人次"), queries.people_of(relief)),
        (_("户数"), queries.households_of(relief)),
        (_("金额（元）"), money(relief.amount) if relief.amount is not None else None),
        (_("慰问品"), relief.goods),
        (_("慰问品价值（元）"), money(relief.goods_value) if relief.goods_value is not None else None),
        (_("资金来源"), relief.get_fund_display()),
        (_("依据"), relief.basis),
        (_("说明"), _note(scope, relief)),
    ]
