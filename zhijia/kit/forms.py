"""Form rendering and the fields that clerks type into."""

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.kernel import money
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity

if TYPE_CHECKING:
    ManyRows = forms.ModelMultipleChoiceField[Any]
else:
    ManyRows = forms.ModelMultipleChoiceField

_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?")
_KEY_LIMIT = 2**63  # the databases hold no larger integer
QUALIFIED = {
    Qualifier.EXACT: ("", ""),
    Qualifier.AT_LEAST: ("", "余"),
    Qualifier.ALMOST: ("近", ""),
    Qualifier.MORE_THAN: ("超过", ""),
    Qualifier.ABOUT: ("约", ""),
}
"""What is written before and behind an inexact count."""


class KitRenderer(TemplatesSetting):
    """Django's form renderer with the kit's own field template; pages lay their forms out themselves."""

    field_template_name = "kit/field.html"


class MoneyField(forms.Field):
    """An amount typed in yuan (1,234.50, full-width digits, 2.5万), cleaned to integer fen."""

    unit = _("元")

    def __init__(self, *, allow_negative: bool = False, **kwargs: Any) -> None:
        self.allow_negative = allow_negative
        kwargs.setdefault(
            "widget", forms.TextInput(attrs={"inputmode": "decimal", "class": "num", "autocomplete": "off"})
        )
        super().__init__(**kwargs)

    def to_python(self, value: object) -> int | None:
        """The amount in fen, or None where nothing was typed; ValidationError says what is wrong."""
        if value in self.empty_values:
            return None
        try:
            return money.parse_yuan(str(value), allow_negative=self.allow_negative)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """Fen as the text in the box; what was typed stays as it was typed."""
        return f"{money.yuan(value):,.2f}" if isinstance(value, int) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another amount was typed; 1,200 and 1200.00 are the same."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class QuantityField(forms.Field):
    """A count as officers write it (2000余, 近300), cleaned to a Quantity of the given unit."""

    def __init__(self, *, count_unit: CountUnit, **kwargs: Any) -> None:
        self.count_unit = count_unit
        kwargs.setdefault("widget", forms.TextInput(attrs={"class": "num", "autocomplete": "off"}))
        super().__init__(**kwargs)

    @property
    def unit(self) -> str:
        """The counting word shown behind the box."""
        return self.count_unit.label

    def to_python(self, value: object) -> Quantity | None:
        """The count with its qualifier, or None where nothing was typed."""
        if value in self.empty_values:
            return None
        try:
            return Quantity.parse(str(value), self.count_unit)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """The count as the text in the box, in words that ``Quantity.parse`` reads back in any language."""
        if not isinstance(value, Quantity):
            return value
        before, after = QUALIFIED[value.qualifier]
        return f"{before}{value.value:,}{after}"

    def has_changed(self, initial: Any, data: Any) -> bool:
        """Whether another count was typed; 2000余 and 2,000多 are the same."""
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True


class DateField(forms.DateField):
    """A day: 2025-03-05, 2025/3/5, 2025.3.5 or 2025年3月5日, full-width digits too."""

    default_error_messages = {
        "invalid": _("看不懂这个日期，请写成 2025-03-05 或 2025年3月5日。"),
    }

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)

    def to_python(self, value: Any) -> date | None:
        """The day, or None where nothing was typed."""
        if not isinstance(value, str) or value in self.empty_values:
            return super().to_python(value)
        found = _DAY.fullmatch("".join(unicodedata.normalize("NFKC", value).split()))
        if found is None:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        try:
            return date(int(found[1]), int(found[2]), int(found[3]))
        except ValueError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class PeriodField(forms.CharField):
    """A period as people type it: 2025, 2025H1, 2025Q2, 2025-03, 2025-01-01..2025-06-30."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"placeholder": "2025、2025Q2、2025-03"}))
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        """The Period, or None where nothing was typed."""
        text = super().clean(value)
        if not text:
            return None
        try:
            return Period.parse(text)
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error


def with_blank(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Choices with an empty one on top."""
    return [("", "—"), *((code, label) for code, label in choices if code)]


def search_select(
    url: str | Promise, *, placeholder: str | Promise = "", multiple: bool = False
) -> forms.Select | forms.SelectMultiple:
    """A select that searches on the server: ``url?q=`` answers {"results": [{"id", "text"}]}.

    Give the field ``queryset`` all rows the actor may choose; only the chosen ones are rendered.
    """
    attrs = {"data-search": "", "data-url": url, "data-placeholder": placeholder}
    return ChosenOnlySelectMultiple(attrs=attrs) if multiple else ChosenOnlySelect(attrs=attrs)


class _ChosenOnly(forms.Select):
    """Renders the chosen options only, so that a list of 100,000 members is never sent."""

    def optgroups(
        self, name: str, value: list[str], attrs: dict[str, Any] | None = None
    ) -> list[tuple[str | None, list[dict[str, Any]], int | None]]:
        """The options of the values chosen; the rest is searched on the server."""
        queryset = getattr(self.choices, "queryset", None)
        if queryset is not None:
            field: Any = getattr(self.choices, "field")  # noqa: B009 - ModelChoiceIterator is not in the stubs here
            key = field.to_field_name or "pk"
            chosen = queryset.filter(**{f"{key}__in": possible_keys(queryset, key, value)})
            pairs = [(field.prepare_value(row), field.label_from_instance(row)) for row in chosen]
            self.choices = [*([] if self.is_required else [("", "")]), *pairs]
        return super().optgroups(name, value, attrs)


def possible_keys(queryset: QuerySet[Any], key: str, typed: Iterable[Any]) -> list[Any]:
    """Those of the values that can be a ``key`` (a column, or pk) of the table; words, 30 digits cannot."""
    options = queryset.model._meta
    column: Any = options.pk if key == "pk" else options.get_field(key)
    keys = []
    for one in typed:
        try:
            value = column.to_python(one)
        except ValidationError:
            continue
        fits = -_KEY_LIMIT <= value < _KEY_LIMIT if isinstance(value, int) else "\x00" not in str(value)
        if value is not None and fits:
            keys.append(value)
    return keys


class RowsField(ManyRows):
    """Several rows, searched on the server; what cannot be a key is an error like an absent row."""

    def __init__(
        self, queryset: QuerySet[Any], *, url: str | Promise, placeholder: str | Promise = "", **kwargs: Any
    ) -> None:
        kwargs.setdefault("widget", search_select(url, placeholder=placeholder, multiple=True))
        super().__init__(queryset, **kwargs)

    def clean(self, value: Any) -> Any:
        """The rows chosen, as a queryset."""
        typed = list(value or ())
        rows: Any = self.queryset  # never None: the constructor demands it
        if len(possible_keys(rows, "pk", typed)) < len(typed):
            wrong = {"value": ""}
            raise ValidationError(self.error_messages["invalid_choice"], code="invalid_choice", params=wrong)
        return super().clean(value)


class ChosenOnlySelect(_ChosenOnly):
    """One row, searched on the server."""


class ChosenOnlySelectMultiple(_ChosenOnly, forms.SelectMultiple):
    """Several rows, searched on the server."""
