"""Form rendering and the fields that clerks type into."""

import re
import unicodedata
from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import TemplatesSetting
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.kernel import money
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity

_DAY = re.compile(r"(\d{4})(?:[-/.]|年)(\d{1,2})(?:[-/.]|月)(\d{1,2})日?")
_QUALIFIED = {
    Qualifier.EXACT: ("", ""),
    Qualifier.AT_LEAST: ("", "余"),
    Qualifier.ALMOST: ("近", ""),
    Qualifier.MORE_THAN: ("超过", ""),
    Qualifier.ABOUT: ("约", ""),
}


class KitRenderer(TemplatesSetting):
    """Django's form renderer with the kit's own field and form templates."""

    field_template_name = "kit/field.html"
    form_template_name = "kit/form_fields.html"


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
        before, after = _QUALIFIED[value.qualifier]
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
            wanted = [one for one in value if one]
            field: Any = getattr(self.choices, "field")  # noqa: B009 - ModelChoiceIterator is not in the stubs here
            key = field.to_field_name or "pk"
            chosen = queryset.filter(**{f"{key}__in": wanted}) if wanted else queryset.none()
            pairs = [(field.prepare_value(row), field.label_from_instance(row)) for row in chosen]
            self.choices = [*([] if self.is_required else [("", "")]), *pairs]
        return super().optgroups(name, value, attrs)


class ChosenOnlySelect(_ChosenOnly):
    """One row, searched on the server."""


class ChosenOnlySelectMultiple(_ChosenOnly, forms.SelectMultiple):
    """Several rows, searched on the server."""
