"""The filters above the lines of the audit."""

from __future__ import annotations

from typing import Any

import django_filters
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.areas.audit.queries import VIEW, midnight
from zhijia.areas.audit.words import VERBS
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.period import Period
from zhijia.kernel.registry import registry
from zhijia.kit.filters import PeriodFilter


def _actions() -> list[tuple[str, str | Promise]]:
    return [(key, action.label) for key, action in registry().actions.items()]


class MomentPeriodFilter(PeriodFilter):
    """Keeps the lines whose moment lies in the local days of the period."""

    def filter(self, qs: Any, value: Period | None) -> Any:
        """See django_filters."""
        return qs if value is None else qs.filter(at__gte=midnight(value.first), at__lt=midnight(value.end))


class LineFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """Who, what, with which right, when, where."""

    who = django_filters.CharFilter(field_name="actor_name", lookup_expr="icontains", label=_("操作人"))
    verb = django_filters.ChoiceFilter(label=_("做了什么"), choices=list(VERBS.items()))
    action = django_filters.ChoiceFilter(label=_("所用权限"), choices=_actions)
    period = MomentPeriodFilter(label=_("年份或期间"))
    place = UnionFilter(field_name="path", action=VIEW)

    class Meta:
        model = AuditEvent
        fields: list[str] = []
