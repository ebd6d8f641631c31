"""The form that orders a summary."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.period import Period, latest_full_year
from zhijia.kernel.scope import Scope
from zhijia.summaries.plan import plans
from zhijia.summaries.rules import SummaryError, number_of, plan_for

YEARS_BACK = 5


def period_choices() -> list[tuple[str, str]]:
    """The years and half years that have begun, newest first."""
    today = timezone.localdate()
    found: list[Period] = []
    for year in range(today.year, today.year - YEARS_BACK, -1):
        found += [Period.year(year), Period.half(year, 2), Period.half(year, 1)]
    return [(period.code, period.label) for period in found if period.first <= today]


class SummaryForm(forms.Form):
    """Which union, which period, which plan; ``cleaned_data`` holds a Union, a Period and a plan's name."""

    period = forms.ChoiceField(label=_("期间"), choices=period_choices)
    plan = forms.ChoiceField(
        label=_("方案"), required=False, help_text=_("不选时按工会的层级和类型自动选用。")
    )
    number = forms.CharField(
        label=_("发文字号"),
        required=False,
        max_length=60,
        help_text=_("可不填；只填序号时自动加上机关代字和年份。"),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["union"] = UnionField(scope=scope, action="summaries.make")
        self.fields["period"].initial = latest_full_year(timezone.localdate()).code
        choices = [("", _("自动选用")), *((plan.name, plan.title) for plan in plans().values())]
        self.fields["plan"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, read as Field
        self.order_fields(["union", "period", "plan", "number"])

    def clean_period(self) -> Period:
        """The period itself."""
        return Period.parse(self.cleaned_data["period"])

    def clean(self) -> dict[str, Any]:
        """Check plan and number against the union."""
        given = self.cleaned_data
        if "union" in given and "period" in given:
            try:
                given["chosen"] = plan_for(given["union"], given["period"], given.get("plan", ""))
                if given.get("number"):
                    number_of(given["union"], given["number"], timezone.localdate())
            except SummaryError as error:
                self.add_error(None, str(error))
        return given
