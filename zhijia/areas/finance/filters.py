"""The filters above the ledger."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance import queries
from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.kit.filters import PeriodFilter


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """By words, kind, category, formalities, period and branch of the tree."""

    q = django_filters.CharFilter(label=_("单位、往来单位或摘要"), method="by_text")
    kind = django_filters.ChoiceFilter(label=_("类别"), empty_label=_("全部"), choices=Entry.Kind.choices)
    category = django_filters.ChoiceFilter(
        label=_("支出科目"), empty_label=_("全部"), choices=Entry.Category.choices
    )
    formalities = django_filters.ChoiceFilter(
        label=_("返还手续"),
        empty_label=_("全部"),
        choices=[choice for choice in Entry.Formalities.choices if choice[0]],
    )
    period = PeriodFilter(field_name="happened_on", label=_("期间"))
    union = UnionFilter(action="finance.view")

    class Meta:
        model = Entry
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Entry], _name: str, text: str) -> QuerySet[Entry]:
        """Keep the entries whose payer, counterparty or note holds the text."""
        return rows.filter(queries.matching(text))
