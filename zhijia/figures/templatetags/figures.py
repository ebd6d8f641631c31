"""``{% figure cell %}``: a figure's value as a link to its page."""

from __future__ import annotations

from django import template
from django.template.context import Context
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.figures.cell import Cell

register = template.Library()


@register.simple_tag(takes_context=True)
def figure(context: Context, cell: Cell, union: Union | None = None, page: str = "figure") -> SafeString:
    """Link a cell to the page of its figure (``page="rows"``: to its rows).

    The tooltip says definition, union, period and that the value is of now. ``union`` is needed for its name
    and code only; by default the page's own ``union``.
    """
    found = union or context.get("union")
    mine = found if isinstance(found, Union) and found.pk == cell.union_id else None
    place = {"union": mine.code} if mine else {"at": str(cell.union_id)}
    query = urlencode({**place, "period": cell.period.code})
    address = f"{reverse(f'figures:{page}', args=[cell.figure.key])}?{query}"
    words = [
        str(cell.figure.definition),
        mine.name if mine else "",
        cell.period.label,
        _("按现有记录实时计算"),
    ]
    return format_html(
        '<a href="{}" title="{}" class="{}">{}</a>',
        address,
        " · ".join(word for word in words if word),
        "kit-missing" if cell.value is None else "",
        cell.shown,
    )
