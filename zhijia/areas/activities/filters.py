"""Filters of the lists of activities and results."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.activities import queries
from zhijia.areas.activities.models import Activity, ActivityKind, HostLevel, Result
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.kit.filters import PeriodFilter

if TYPE_CHECKING:
    KindChoice = forms.ModelChoiceField[ActivityKind]
else:
    KindChoice = forms.ModelChoiceField


class KindField(KindChoice):
    """A kind of the tree, indented by its depth; used to filter and to record."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("种类"))
        kwargs.setdefault("widget", forms.Select(attrs={"data-search": ""}))
        super().__init__(queryset=queries.kinds(), **kwargs)

    def label_from_instance(self, obj: ActivityKind) -> str:
        """Show a kind under its parent."""
        return "　" * obj.code.count(".") + str(obj)


class KindFilter(django_filters.Filter):  # type: ignore[misc]  # django_filters has no types
    """Keeps the rows of a kind and of all kinds under it."""

    field_class = KindField

    def filter(self, qs: Any, value: ActivityKind | None) -> Any:
        """See django_filters."""
        return qs if value is None else qs.filter(queries.of_kind(value.code, self.field_name))


class ActivityFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The filters above the list of activities."""

    text = django_filters.CharFilter(label=_("名称或拼音"), method="by_text")
    kind = KindFilter(field_name="kind", label=_("种类（含下级）"))
    host_level = django_filters.ChoiceFilter(label=_("主办层级"), choices=HostLevel.choices)
    period = PeriodFilter(field_name="held_on", label=_("期间"))
    union = UnionFilter(action=queries.VIEW)
    missing = django_filters.ChoiceFilter(
        label=_("待补内容"), choices=[("people", _("未登记参加人数"))], method="by_missing"
    )

    class Meta:
        model = Activity
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Activity], _name: str, text: str) -> QuerySet[Activity]:
        """Keep the activities whose name matches."""
        return rows.filter(queries.matching(text))

    def by_missing(self, rows: QuerySet[Activity], _name: str, _value: str) -> QuerySet[Activity]:
        """Keep the activities that say nothing about how many took part."""
        return queries.without_people(rows)


class ResultFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The filters above the list of results."""

    text = django_filters.CharFilter(label=_("获奖者或活动"), method="by_text")
    winner_kind = django_filters.ChoiceFilter(label=_("获奖类别"), choices=Result.Winner.choices)
    level = django_filters.ChoiceFilter(label=_("奖项层级"), choices=HostLevel.choices)
    kind = KindFilter(field_name="activity__kind", label=_("活动种类"))
    period = PeriodFilter(field_name="awarded_on", label=_("获奖期间"))
    union = UnionFilter(action=queries.VIEW)

    class Meta:
        model = Result
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Result], _name: str, text: str) -> QuerySet[Result]:
        """Keep the results whose winner or activity matches."""
        return rows.filter(queries.won_by(text))
