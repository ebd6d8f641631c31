"""The one door by which lists leave the house: POST with a purpose, after a fresh proof of identity.

The form names the address of a list page with its filters. The page's own view is asked for it, so that
rights, filters and columns are those of the screen, and finds the order at the request; see ``order_of``.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.services import EXPORT

LONGEST_NOTE = 60
OTHER = "other"
PURPOSES = (
    ("statistics", gettext_lazy("统计分析")),
    ("report", gettext_lazy("上报上级")),
    ("audit", gettext_lazy("审计检查")),
    ("check", gettext_lazy("核对更正")),
    ("event", gettext_lazy("组织活动或慰问")),
    (OTHER, gettext_lazy("其他（请写明）")),
)
_ATTRIBUTE = "export_order"


@dataclass
class Order:
    """Someone wants the list as a workbook, for this purpose; whoever delivers it says so."""

    purpose: str
    is_delivered: bool = False


def order_of(request: HttpRequest) -> Order | None:
    """Return the order for a workbook that this request carries; addresses alone never carry one."""
    return getattr(request, _ATTRIBUTE, None)


class ExportForm(forms.Form):
    """What a list is taken out for."""

    purpose = forms.ChoiceField(choices=PURPOSES)
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def clean(self) -> dict[str, Any]:
        """Want words where no choice fits."""
        values = super().clean() or {}
        if values.get("purpose") == OTHER and not values.get("note"):
            self.add_error("note", _("请写明用途。"))
        return values

    def spoken(self) -> str:
        """Return the purpose in words, on one line."""
        values = self.cleaned_data
        note = " ".join(values["note"].split())
        if values["purpose"] == OTHER:
            return note
        label = str(dict(PURPOSES)[values["purpose"]])
        return _("%(purpose)s：%(note)s") % {"purpose": label, "note": note} if note else label


@require_POST
@needs(EXPORT, fresh=True)
def export(request: ActorRequest) -> HttpResponse:
    """Send the list behind ``address`` as a workbook; each file that leaves is a line in the audit.

    The submission's key is not used to leave out a second file: whatever leaves is written down.
    """
    address = urlsplit(request.POST.get("address", ""))
    match = _page(address.path)
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("没有导出：请选择用途，选“其他”时请写明（不超过 60 个字）。"))
        return redirect(f"{address.path}?{address.query}" if address.query else address.path)
    order = Order(form.spoken())
    answer: HttpResponse = match.func(
        _as_shown(request, address.path, address.query, match, order), *match.args, **match.kwargs
    )
    if answer.status_code == 200 and not order.is_delivered:  # noqa: PLR2004 - a page, but no list to take out
        raise Http404
    return answer


def _page(path: str) -> ResolverMatch:
    try:
        return resolve(path)
    except Resolver404 as error:
        raise Http404 from error


def _as_shown(
    request: ActorRequest, path: str, query: str, match: ResolverMatch, order: Order
) -> ActorRequest:
    """Return the request as if the page had been asked for, with the order."""
    shown = copy.copy(request)
    shown.method, shown.path, shown.path_info = "GET", path, path
    shown.META = {**request.META, "REQUEST_METHOD": "GET", "QUERY_STRING": query, "PATH_INFO": path}
    shown.GET, shown.POST = QueryDict(query), QueryDict()
    shown.resolver_match = match
    setattr(shown, _ATTRIBUTE, order)
    return shown
