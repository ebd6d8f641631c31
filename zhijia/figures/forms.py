"""The choice of union and period above every page of figures."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.forms import UnionField
from zhijia.areas.organisations.models import Union
from zhijia.figures.ask import VIEW
from zhijia.kernel.period import Period
from zhijia.kernel.scope import Scope


class PlaceForm(forms.Form):
    """Which union, which period, and what the catalogue is searched for."""

    period = forms.CharField(label=_("期间"), required=False, max_length=24)
    q = forms.CharField(label=_("指标名称"), required=False, max_length=40)

    def __init__(
        self, *, scope: Scope, union: Union, period: Period, search: bool = False, text: str = ""
    ) -> None:
        """Show the union and period that the page is about; ``search`` keeps the box for a name."""
        super().__init__(initial={"at": union.pk, "period": period.code, "q": text})
        self.fields["at"] = UnionField(scope=scope, action=VIEW, closed=True, required=False)
        self.fields["period"].widget.attrs["placeholder"] = "2025 2025H1 2025Q2 2025-03"
        if not search:
            del self.fields["q"]
        self.order_fields(["at", "period", "q"])
