"""Table columns of the kit: money, counts, days, masked numbers, tick boxes. Each also knows its export."""

from datetime import date, datetime
from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.kernel.quantity import Qualifier, Quantity
from zhijia.kit.exports import CellKind
from zhijia.kit.templatetags import kit as shown

_NUMBER = {"th": {"class": "num"}, "td": {"class": "num"}, "tf": {"class": "num"}}


class MoneyColumn(tables.Column):  # type: ignore[misc]  # django_tables2 has no types
    """Integer fen as yuan, right-aligned, with the 元/万元 switch; exported as a number of yuan.

    ``total=True`` shows the sum of the rows on the page in the footer.
    """

    export_kind: ClassVar[CellKind] = CellKind.MONEY

    def __init__(self, *args: Any, total: bool = False, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", _NUMBER)
        if total:
            kwargs.setdefault("footer", _page_sum)
        super().__init__(*args, **kwargs)

    def render(self, value: int) -> SafeString | str:
        """The cell of the page."""
        return shown.money(value)

    def value(self, value: int) -> int:
        """Fen, for the export."""
        return value


def _page_sum(bound_column: Any, table: Any) -> SafeString | str:
    amounts = [bound_column.accessor.resolve(row.record) for row in table.paginated_rows]
    known = [amount for amount in amounts if amount is not None]
    return format_html("{} {}", _("本页合计"), shown.money(sum(known))) if known else ""


class NumberColumn(tables.Column):  # type: ignore[misc]  # django_tables2 has no types
    """A whole number, right-aligned with thousands marks; exported as a number."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("attrs", _NUMBER)
        super().__init__(*args, **kwargs)

    def render(self, value: int) -> str:
        """The cell of the page."""
        return f"{value:,}"

    def value(self, value: int) -> int:
        """The number, for the export."""
        return value


class QuantityColumn(NumberColumn):
    """A Quantity with its unit and 余/近; exported as a number, or with 余/近 as text."""

    def render(self, value: object) -> str:
        """The cell of the page."""
        return shown.quantity(value)

    def value(self, value: object) -> int | str:  # type: ignore[override]  # a count with 余 is a text
        """The count, for the export."""
        return exported_count(value) if isinstance(value, Quantity) else shown.quantity(value)


def exported_count(count: Quantity | None) -> int | str:
    """An exact count as a number, so that a sheet can add it up; else its text. Blank when unknown."""
    if count is None:
        return ""
    return count.value if count.qualifier is Qualifier.EXACT else str(count)


class YesNoColumn(tables.BooleanColumn):  # type: ignore[misc]  # django_tables2 has no types
    """A truth as 是 or 否, on the page and in the export."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("yesno", (gettext_lazy("是"), gettext_lazy("否")))
        super().__init__(*args, **kwargs)

    def value(self, record: Any, value: Any, bound_column: Any) -> str:
        """The same word, for the export."""
        return str(self.yesno[int(not self._get_bool_value(record, value, bound_column))])


class DateColumn(tables.Column):  # type: ignore[misc]  # django_tables2 has no types
    """A day or a moment as 2026年3月5日; exported as a date."""

    def render(self, value: date | datetime) -> str:
        """The cell of the page."""
        return shown.chinese_time(value) if isinstance(value, datetime) else shown.chinese_date(value)

    def value(self, value: date | datetime) -> date | datetime:
        """The day, for the export."""
        return value


class MaskedColumn(tables.Column):  # type: ignore[misc]  # django_tables2 has no types
    """An ID, card or telephone number, masked on the page and in the export alike."""

    export_kind: ClassVar[CellKind] = CellKind.TEXT

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["orderable"] = False
        super().__init__(*args, **kwargs)

    def render(self, value: object) -> str:
        """The masked number."""
        return shown.mask_id(str(value))

    def value(self, value: object) -> str:
        """The masked number: an export never shows more than the screen."""
        return shown.mask_id(str(value))


class TextColumn(tables.Column):  # type: ignore[misc]  # django_tables2 has no types
    """A code that looks like a number (credit code, file number); exported as text."""

    export_kind: ClassVar[CellKind] = CellKind.TEXT


class SelectColumn(tables.Column):  # type: ignore[misc]  # django_tables2 has no types
    """Tick boxes for batch actions: put it first, ``accessor="pk"``. Not exported."""

    exported: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(orderable=False, accessor=kwargs.get("accessor", "pk"))
        super().__init__(*args, **kwargs)

    @property
    def header(self) -> SafeString:
        """The box that ticks the page."""
        return format_html(
            '<input class="form-check-input" type="checkbox" data-all-rows aria-label="{}">',
            _("选中本页全部"),
        )

    def render(self, value: object) -> SafeString:
        """The box of one row; it belongs to the form of the batch bar."""
        return format_html(
            '<input class="form-check-input" type="checkbox" name="pk" value="{}" form="list-batch" data-row '
            'aria-label="{}">',
            value,
            _("选中此行"),
        )


class ActionColumn(tables.TemplateColumn):  # type: ignore[misc]  # django_tables2 has no types
    """Links at the end of a row; not sorted, not exported, not printed."""

    exported: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.update(orderable=False)
        kwargs.setdefault("verbose_name", "")
        kwargs.setdefault("attrs", {"th": {"class": "d-print-none"}, "td": {"class": "d-print-none"}})
        super().__init__(*args, **kwargs)
