"""Filters of the ledger lists; the parts for unions and periods serve the areas above too."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.period import Period
from zhijia.kernel.scope import below


class PeriodField(forms.CharField):
    """A period as people type it: 2025, 2025H1, 2025Q2, 2025-03, 2025-01-01..2025-06-30."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "2025、2025Q2、2025-03"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """Return the Period, or None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return Period.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


class PeriodFilter(django_filters.Filter):  # type: ignore[misc]  # django_filters has no types
    """Keeps the rows whose day (``field_name``) lies in the period."""

    field_class = PeriodField

    def filter(self, qs: Any, value: Period | None) -> Any:
        """See django_filters."""
        if value is None:
            return qs
        return qs.filter(**{f"{self.field_name}__gte": value.first, f"{self.field_name}__lt": value.end})


class UnionFilter(django_filters.Filter):  # type: ignore[misc]  # django_filters has no types
    """Keeps the rows of a union and of all below it; only unions in which ``action`` is granted."""

    def __init__(self, *args: Any, action: str, **kwargs: Any) -> None:
        self.action = action
        kwargs.setdefault("label", _("工会（含下级）"))
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

    def filter(self, qs: Any, value: Any) -> Any:
        """See django_filters."""
        return qs if value is None else qs.filter(below("union__path", value.path or ""))


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The filters above the ledger."""

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
