"""Filters of list pages that every area can use; that of unions is in zhijia.areas.organisations.filters."""

from __future__ import annotations

from typing import Any

import django_filters

from zhijia.kernel.period import Period
from zhijia.kit.forms import DateField, PeriodField


class PeriodFilter(django_filters.Filter):  # type: ignore[misc]  # django_filters has no types
    """Keeps the rows whose day (``field_name``) lies in the period."""

    field_class = PeriodField

    def filter(self, qs: Any, value: Period | None) -> Any:
        """See django_filters."""
        if value is None:
            return qs
        return qs.filter(**{f"{self.field_name}__gte": value.first, f"{self.field_name}__lt": value.end})


class DayFilter(django_filters.DateFilter):  # type: ignore[misc]  # django_filters has no types
    """A day typed as clerks do."""

    field_class = DateField
