"""Filters of the list of honours."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.honours import queries
from zhijia.areas.honours.models import Honour
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.kit.filters import PeriodFilter


class HonourFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The filters above the list."""

    text = django_filters.CharFilter(label=_("荣誉、获得者或文号"), method="by_text")
    level = django_filters.ChoiceFilter(label=_("荣誉层级"), choices=Honour.Level.choices)
    category = django_filters.ChoiceFilter(label=_("荣誉类别"), choices=Honour.Category.choices)
    winner_kind = django_filters.ChoiceFilter(label=_("对象类别"), choices=Honour.Winner.choices)
    period = PeriodFilter(field_name="awarded_on", label=_("年份或期间"))
    union = UnionFilter(action=queries.VIEW)

    class Meta:
        model = Honour
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Any], _name: str, text: str) -> QuerySet[Any]:
        """Keep the honours whose title, holder, conferring body or document matches."""
        return rows.filter(queries.matching(text))
