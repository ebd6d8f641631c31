"""Filters and tags of every template (a built-in library: no ``{% load %}`` needed)."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.context import Context
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhijia.kernel import money as kernel_money

register = template.Library()

MISSING = "—"
"""Shown where nothing is recorded: never a zero."""

_BLANK = (None, "")
_NOT_KEPT = ("export", "purpose", "_")


@register.filter
def yuan(fen: int | str | None) -> str:
    """Fen as yuan: 123450 → 1,234.50."""
    return MISSING if fen in _BLANK else f"{kernel_money.yuan(int(fen)):,.2f}"


@register.filter
def wan(fen: int | str | None, digits: int = 2) -> str:
    """Fen as 万元: 2500000 → 2.5."""
    return MISSING if fen in _BLANK else f"{kernel_money.wan(int(fen), digits):,f}"


@register.filter
def money(fen: int | str | None) -> SafeString | str:
    """Fen as yuan in a cell that the 元/万元 switch can change."""
    if fen in _BLANK:
        return MISSING
    text = yuan(fen)
    return format_html(
        '<span data-fen="{}" data-yuan="{}" data-wan="{}">{}</span>', int(fen), text, wan(fen), text
    )


@register.filter
def quantity(value: object) -> str:
    """A Quantity as people write it: 2,000余人次."""
    return MISSING if value in _BLANK else str(value)


@register.filter
def chinese_date(value: date | datetime | None) -> str:
    """2026年3月5日 (in the language of the page); a moment is taken to the local day."""
    if not value:
        return MISSING
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return _("%(year)d年%(month)d月%(day)d日") % {"year": value.year, "month": value.month, "day": value.day}


@register.filter
def chinese_time(value: datetime | None) -> str:
    """2026年3月5日 14:05, local time."""
    if not value:
        return MISSING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return f"{chinese_date(local)} {local:%H:%M}"


@register.filter
def readable(value: object) -> str:
    """Any plain value in words: a day, yes or no, or its text; what is missing is shown as missing."""
    if value is None or value == "":
        return MISSING
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return chinese_time(value)
    return chinese_date(value) if isinstance(value, date) else str(value)


@register.filter
def mask_id(value: str | None) -> str:
    """An ID number with all but the first three and last four signs hidden; short ones wholly."""
    return _masked(value, 3, 4)


@register.filter
def mask_phone(value: str | None) -> str:
    """A telephone number as 138****0000; short ones wholly hidden."""
    return _masked(value, 3, 4)


def _masked(value: str | None, head: int, tail: int) -> str:
    text = str(value or "").strip()
    if not text:
        return MISSING
    hidden = len(text) - head - tail
    return "*" * len(text) if hidden < 1 else f"{text[:head]}{'*' * hidden}{text[-tail:]}"


@register.simple_tag
def icon(name: str, label: str = "", css: str = "") -> SafeString:
    """One icon of the sprite; decorative unless a ``label`` is given."""
    spoken = (
        format_html('role="img" aria-label="{}"', label) if label else format_html('aria-hidden="{}"', "true")
    )
    return format_html(
        '<svg class="icon {}" {}><use href="{}#{}"></use></svg>',
        css,
        spoken,
        static("vendor/icons.svg"),
        name,
    )


@register.filter
def any_active(items: Iterable[Any]) -> bool:
    """Whether one of the menu items (dicts or objects) is the page on show."""
    return any(
        bool(item.get("active") if isinstance(item, Mapping) else getattr(item, "active", False))
        for item in items
    )


@register.simple_tag(takes_context=True)
def query_string(context: Context, *pairs: object, **changes: object) -> str:
    """The query of this page with changes: ``{% query_string page=3 sort=None %}`` → ``?q=..&page=3``.

    A name that is known at run time only is given as a pair: ``{% query_string table.page_field 3 %}``.
    """
    query = context["request"].GET.copy()
    for name in _NOT_KEPT:
        query.pop(name, None)
    named = {str(name): value for name, value in zip(pairs[::2], pairs[1::2], strict=True)}
    for name, value in {**named, **changes}.items():
        if value is None:
            query.pop(name, None)
        else:
            query[name] = str(value)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def hidden_query(context: Context, *leave_out: str | Iterable[str], form: str = "") -> SafeString:
    """Hidden inputs that carry this page's query into another GET form, without the names given.

    A name may be a list of names. ``form`` is the id of a form that stands elsewhere in the page.
    """
    skipped = set(_NOT_KEPT)
    for names in leave_out:
        skipped.update([names] if isinstance(names, str) else names)
    owner = format_html(' form="{}"', form) if form else ""
    pairs = (
        (name, value, owner)
        for name, values in context["request"].GET.lists()
        if name not in skipped
        for value in values
    )
    return format_html_join("", '<input type="hidden" name="{}" value="{}"{}>', pairs)


@register.simple_tag(takes_context=True)
def idempotency_key(context: Context) -> str:
    """The key of one press of a button: kept when a form comes back with errors, else new."""
    given = context.get("idempotency_key")
    request = context.get("request")
    if not given and request is not None:
        given = request.POST.get("idempotency_key")
    return str(given or uuid.uuid4())


@register.simple_tag
def new_key() -> str:
    """A fresh idempotency key, for a button that is its own form."""
    return str(uuid.uuid4())


@register.simple_tag
def field_widget(field: BoundField) -> SafeString:
    """The widget of a bound field with the kit's classes, so that no form names any."""
    return field.as_widget(attrs={"class": _widget_class(field)})


@register.simple_tag
def field_choices(field: BoundField) -> SafeString:
    """Radio buttons or tick boxes of a field, one label each."""
    field.field.widget.attrs["class"] = _widget_class(field)
    return format_html_join(
        "",
        '<label class="form-check">{}<span class="form-check-label">{}</span></label>',
        ((part.tag(), part.choice_label) for part in field.subwidgets),
    )


@register.filter
def widget_kind(field: BoundField) -> str:
    """How kit/field.html lays a field out: hidden, choices, check, or plain."""
    widget = field.field.widget
    if field.is_hidden:
        return "hidden"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    return "check" if isinstance(widget, forms.CheckboxInput) else "plain"


def _widget_class(field: BoundField) -> str:
    widget = field.field.widget
    if isinstance(widget, forms.CheckboxInput | forms.RadioSelect | forms.CheckboxSelectMultiple):
        kind = "form-check-input"
    else:
        kind = "form-select" if isinstance(widget, forms.Select) else "form-control"
    wrong = "is-invalid" if field.errors else ""
    return " ".join(part for part in (kind, str(widget.attrs.get("class", "")), wrong) if part)


@register.inclusion_tag("kit/chart.html")
def chart(
    kind: str, labels: list[Any], series: list[dict[str, Any]], title: str = "", unit: str = "", **more: Any
) -> dict[str, Any]:
    """A chart with its table. ``series``: [{"name", "values"}]; None in values is missing, not zero.

    ``kind``: bar, line or pie; ``more``: horizontal=True, stacked=True.
    """
    names = [str(label) for label in labels]
    spec = {
        "type": kind,
        "labels": names,
        "unit": str(unit),
        "series": [{"name": str(one["name"]), "values": list(one["values"])} for one in series],
        **more,
    }
    rows = [(name, [one["values"][at] for one in series]) for at, name in enumerate(names)]
    return {
        "title": title,
        "unit": unit,
        "spec": json.dumps(spec, ensure_ascii=False, default=str),
        "series": series,
        "rows": rows,
        "missing": MISSING,
    }


@register.inclusion_tag("kit/_attachments.html", takes_context=True)
def attachments(context: Context) -> dict[str, Any]:
    """The files of the record that this page shows; nothing on pages whose records take no files."""
    from zhijia.kit.attachments.panel import panel_of  # forms load this library before there are models

    request = context.get("request")
    return {"panel": panel_of(request) if request is not None else None}


@register.inclusion_tag("kit/_export.html", takes_context=True)
def export_form(context: Context, label: str) -> dict[str, Any]:
    """The button that takes out the list of this page as it is filtered, after asking what for."""
    from zhijia.kit.taking_out import LONGEST_NOTE, PURPOSES  # its views load templates, and so this library

    return {
        "address": context["request"].get_full_path(),
        "purposes": PURPOSES,
        "longest": LONGEST_NOTE,
        "label": label,
    }
