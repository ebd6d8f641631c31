"""Filters of list pages that every area can use; that of unions is in zhijia.areas.organisations.filters."""

from __future__ import annotations

import re
import unicodedata
from typing import Any

import django_filters
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_filters.conf import settings as every_filter

from zhijia.kernel.period import Period
from zhijia.kit.forms import DateField, PeriodField

every_filter.EMPTY_CHOICE_LABEL = gettext_lazy("全部")  # what a choice says that keeps every row

# An identity number or a mobile one; static/zhijia/app.js knows the same.
_WHOLE = re.compile(r"[0-9]{15}|(?<![0-9])(?:86)?1[3-9][0-9]{9}(?![0-9])")
# Where what stood between the digits is taken out: two days in a row (16 digits) are no number.
_JOINED = re.compile(r"(?<![0-9])(?:[0-9]{15}|[0-9]{17}[0-9Xx]|(?:86)?1[3-9][0-9]{9})(?![0-9])")
_BETWEEN = re.compile(r"[\s.\-\u00b7\u2010-\u2015]+")
_UNSEEN = re.compile(r"[\u200b-\u200f\u2060\ufeff]")


class FullNumberError(ValueError):
    """A search holds a whole identity or mobile number, which would stay in addresses, histories and logs."""

    def __init__(self) -> None:
        super().__init__(_("请只输入号码的后4位；要按完整号码查找，请用会员名册里的“按完整号码查找”。"))


def holds_whole_number(text: str) -> bool:
    """Say whether a text holds a whole identity or mobile number, with blanks or hyphens in it or without.

    Passports and other papers are shorter than 15 digits and are not known here.
    """
    plain = _UNSEEN.sub("", unicodedata.normalize("NFKC", text))
    return bool(_WHOLE.search(plain) or _JOINED.search(_BETWEEN.sub("", plain)))


def searched(text: str) -> str:
    """Return what is searched for, without blanks around it.

    Raises FullNumberError, whose text is the advice, when it holds a whole number. Names, initials and last
    digits are all left as they are.
    """
    if holds_whole_number(text):
        raise FullNumberError
    return text.strip()


def full_number_page(request: HttpRequest, error: FullNumberError) -> HttpResponse:
    """Answer a search for a whole number with the advice and 400; nothing of the address is repeated.

    A part that htmx asks for is answered with 200, else it would not be shown; the address stays as it was.
    """
    if request.headers.get("HX-Request") == "true":
        said = format_html('<p class="kit-hint" role="alert">{}</p>', str(error))
        return HttpResponse(said, headers={"HX-Push-Url": "false"})
    # Without the request: the choice of language below the page would repeat the address.
    return HttpResponse(render_to_string("403.html", {"reason": str(error)}), status=400)


def check_searches(filter_class: Any, asked: Any) -> None:
    """Raise FullNumberError when one of the texts asked for by a filter set holds a whole number."""
    for name, one in filter_class.base_filters.items() if filter_class else ():
        if isinstance(one, django_filters.CharFilter):
            searched(asked.get(name, ""))


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
