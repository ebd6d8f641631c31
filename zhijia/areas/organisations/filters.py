"""The filters of this area's lists; UnionFilter serves the areas above too."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations import queries
from zhijia.areas.organisations.forms import UnionField
from zhijia.areas.organisations.models import Committee, Employer, Union
from zhijia.areas.organisations.rules import months_after
from zhijia.kernel.scope import below
from zhijia.kit.filters import DayFilter

MISSING = (("employers", _("没有登记覆盖单位")), ("counts", _("没有登记职工人数")))
DUE = (("overdue", _("已届满")), ("3", _("三个月内届满")), ("6", _("六个月内届满")))


class UnionFilter(django_filters.Filter):  # type: ignore[misc]  # django_filters has no types
    """Keeps what belongs to a union in which ``action`` is granted, or to one below it.

    ``field_name`` is the column with the path.
    """

    def __init__(self, *args: Any, action: str = queries.VIEW, **kwargs: Any) -> None:
        self.action = action
        kwargs.setdefault("label", _("工会（含下级）"))
        kwargs.setdefault("field_name", "union__path")
        super().__init__(*args, **kwargs)

    @property
    def field(self) -> UnionField:
        """The form field, made for the actor of this request."""
        if not hasattr(self, "_field"):
            scope = self.parent.request.actor.scope
            self._field = UnionField(
                scope=scope, action=self.action, closed=True, required=False, label=self.label
            )
        return self._field

    def filter(self, qs: Any, value: Union | None) -> Any:
        """See django_filters."""
        return qs if value is None else qs.filter(below(self.field_name, value.path or "~"))


class UnionListFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The list of unions."""

    q = django_filters.CharFilter(method="by_text", label=_("名称、首字母或编码"))
    level = django_filters.ChoiceFilter(choices=Union.Level.choices)
    sector = django_filters.ChoiceFilter(choices=Union.Sector.choices)
    state = django_filters.ChoiceFilter(
        method="by_state", label=_("状态"), choices=(("open", _("在册")), ("closed", _("已终止")))
    )
    under = UnionFilter(field_name="path")
    founded_from = DayFilter(field_name="founded_on", lookup_expr="gte", label=_("建会日期自"))
    founded_to = DayFilter(field_name="founded_on", lookup_expr="lte", label=_("建会日期至"))
    missing = django_filters.ChoiceFilter(method="by_missing", label=_("待完善"), choices=MISSING)

    class Meta:
        model = Union
        fields: tuple[str, ...] = ("q", "level", "sector", "state", "under")

    def by_text(self, rows: QuerySet[Union], _name: str, value: str) -> QuerySet[Union]:
        """Keep the unions whose name, pinyin, initials or code matches."""
        return rows.filter(queries.named(value))

    def by_state(self, rows: QuerySet[Union], _name: str, value: str) -> QuerySet[Union]:
        """Keep the open or the closed unions."""
        return rows.filter(closed_on__isnull=value == "open")

    def by_missing(self, rows: QuerySet[Union], _name: str, value: str) -> QuerySet[Union]:
        """Keep the unions that lack employers or head-counts."""
        scope = self.request.actor.scope
        lacking = queries.without_employers if value == "employers" else queries.without_head_counts
        return rows.filter(pk__in=lacking(scope).values("pk"))


class EmployerListFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The list of covered employers."""

    q = django_filters.CharFilter(method="by_text", label=_("单位名称或信用代码"))
    sector = django_filters.ChoiceFilter(choices=Union.Sector.choices)
    union = UnionFilter()
    state = django_filters.ChoiceFilter(
        method="by_state", label=_("状态"), choices=(("open", _("在覆盖")), ("ended", _("已终止")))
    )

    class Meta:
        model = Employer
        fields: tuple[str, ...] = ("q", "sector", "union", "state")

    def by_text(self, rows: QuerySet[Employer], _name: str, value: str) -> QuerySet[Employer]:
        """Keep the employers whose name or credit code matches."""
        return rows.filter(Q(name__icontains=value.strip()) | Q(uscc__istartswith=value.strip()))

    def by_state(self, rows: QuerySet[Employer], _name: str, value: str) -> QuerySet[Employer]:
        """Keep the covered or the ended employers."""
        return rows.filter(ended_on__isnull=value == "open")


class TermListFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The list of terms."""

    due = django_filters.ChoiceFilter(method="by_due", label=_("届满"), choices=DUE)
    kind = django_filters.ChoiceFilter(choices=Committee.Kind.choices)
    union = UnionFilter()

    class Meta:
        model = Committee
        fields: tuple[str, ...] = ("due", "kind", "union")

    def by_due(self, rows: QuerySet[Committee], _name: str, value: str) -> QuerySet[Committee]:
        """Keep the overdue terms, or those that end within three or six months."""
        today = timezone.localdate()
        if value == "overdue":
            return rows.filter(expires_on__lt=today)
        return rows.filter(expires_on__gte=today, expires_on__lte=months_after(today, int(value)))
