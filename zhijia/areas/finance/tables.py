"""How entries are shown: the list's columns and the fields of a detail page."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance import queries
from zhijia.areas.finance.models import Entry, Payment
from zhijia.kit.columns import DateColumn, MoneyColumn
from zhijia.kit.page import Field, link
from zhijia.kit.templatetags.kit import chinese_date, money


def kind_sums(bound_column: Any, table: Any) -> SafeString | str:  # noqa: ARG001 - django_tables2 passes both by name
    """Return the sums of all filtered rows by kind; nothing in an export."""
    rows = table.data.data
    if not isinstance(rows, QuerySet):
        return ""
    sums = ((total.label, money(total.amount)) for total in queries.totals(rows))
    return format_html_join("", '<div><span class="text-secondary">{}</span> {}</div>', sums)


class EntryTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The ledger list; its footer adds up everything that is filtered, kind by kind."""

    happened_on = DateColumn(verbose_name=_("日期"), linkify=("finance:entry-detail", [tables.A("pk")]))
    union = tables.Column(verbose_name=_("工会"), accessor="union__name", order_by=("union__path",))
    kind = tables.Column(verbose_name=_("类别"))
    amount = MoneyColumn(verbose_name=_("金额"), footer=kind_sums)
    category = tables.Column(verbose_name=_("支出科目"))
    formalities = tables.Column(verbose_name=_("返还手续"))
    payer = tables.Column(
        verbose_name=_("对方单位"), empty_values=(), order_by=("employer__name", "counterparty")
    )
    note = tables.Column(verbose_name=_("摘要"))

    class Meta:
        model = Entry
        fields = ("happened_on", "union", "kind", "amount", "category", "formalities", "payer", "note")

    def render_payer(self, record: Entry) -> str:
        """The covered employer, else the name in the ledger."""
        return payer_of(record) or "—"

    def value_payer(self, record: Entry) -> str:
        """The same for the export, blank when unknown."""
        return payer_of(record)


def payer_of(entry: Entry) -> str:
    """Return who paid or was paid: the covered employer, else the name in the ledger; both if they differ."""
    names = [entry.employer.name if entry.employer else "", entry.counterparty]
    return " / ".join(dict.fromkeys(name for name in names if name))


def entry_fields(entry: Entry, payment: Payment | None = None) -> list[Field]:
    """Return label and value of every field of an entry, for its page. Missing values are None.

    ``payment`` is the one that posted the entry.
    """
    union = entry.union
    fields: list[Field] = [
        (_("工会"), link(reverse("organisations:union-detail", args=[union.pk]), union.name)),
        (_("类别"), entry.get_kind_display()),
        (_("日期"), chinese_date(entry.happened_on)),
        (_("金额（元）"), money(entry.amount)),
        (_("单位名称"), entry.employer.name if entry.employer else None),
        (_("对方单位"), entry.counterparty),
        (_("摘要"), entry.note),
    ]
    if entry.kind == Entry.Kind.SPENDING:
        fields.insert(4, (_("支出科目"), entry.get_category_display()))
    if entry.kind == Entry.Kind.CONTRIBUTION:
        wages = money(entry.wage_base) if entry.wage_base is not None else None
        fields[4:4] = [(_("返还手续"), entry.get_formalities_display()), (_("工资总额（元）"), wages)]
    if payment is not None:
        url = reverse("finance:payment-detail", args=[payment.pk])
        fields.append((_("付款审批"), link(url, payment.code)))
    return fields
