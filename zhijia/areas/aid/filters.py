"""The filters above the list of payments."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.aid import queries
from zhijia.areas.aid.models import Relief
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.kit.filters import PeriodFilter


class ReliefFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """By beneficiary, occasion, fund, kind of beneficiary, period and branch of the tree."""

    q = django_filters.CharFilter(label=_("姓名、首字母、号码后几位"), method="by_text")
    occasion = django_filters.ChoiceFilter(
        label=_("慰问事由"), empty_label=_("全部"), choices=Relief.Occasion.choices
    )
    fund = django_filters.ChoiceFilter(
        label=_("资金来源"), empty_label=_("全部"), choices=Relief.Fund.choices
    )
    kind = django_filters.ChoiceFilter(
        field_name="beneficiary_kind",
        label=_("对象类别"),
        empty_label=_("全部"),
        choices=Relief.Beneficiary.choices,
    )
    period = PeriodFilter(field_name="given_on", label=_("期间"))
    union = UnionFilter(action="aid.view")

    class Meta:
        model = Relief
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Relief], _name: str, text: str) -> QuerySet[Relief]:
        """Keep the payments to those whom a text means."""
        return rows.filter(queries.matching(text))
