"""The form by which a target is set."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.forms import UnionField
from zhijia.figures.catalogue import catalogue
from zhijia.kernel.money import FEN_PER_YUAN
from zhijia.kernel.quantity import CountUnit
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import PeriodField
from zhijia.targets.models import Target

SCALE = {CountUnit.FEN: FEN_PER_YUAN, CountUnit.PERCENT: 100}
KEY = ("union", "figure", "period")
"""What makes a target the same target."""


def _initial(target: Target) -> dict[str, Any]:
    scale = SCALE.get(catalogue()[target.figure].unit, 1) if target.figure in catalogue() else 1
    kept = {"union": target.union_id, "figure": target.figure, "period": target.period}
    return {**kept, "goal": Decimal(target.goal) / scale, "note": target.note}


class TargetForm(forms.Form):
    """A figure, a period and the value to reach, in the unit people use (元, %, 人)."""

    figure = forms.ChoiceField(label=_("指标"))
    period = PeriodField(label=_("期间"), help_text=_("如 2026、2026H1、2026Q2 或 2026-03"), max_length=30)
    goal = forms.DecimalField(
        label=_("目标值"),
        min_value=Decimal("0.01"),
        max_digits=14,
        decimal_places=2,
        help_text=_("金额填元，比例填百分数，其余填个数"),
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=200)

    def __init__(self, *args: Any, scope: Scope, target: Target | None = None, **kwargs: Any) -> None:
        """Offer the unions in which targets may be set, and all figures; of ``target`` goal and note only."""
        if target is not None:
            kwargs["initial"] = _initial(target)
        super().__init__(*args, **kwargs)
        self.fields["union"] = UnionField(scope=scope, action="targets.set")
        self.order_fields(["union", "figure", "period", "goal", "note"])
        chosen = self.fields["figure"]
        if isinstance(chosen, forms.ChoiceField):
            chosen.choices = [(key, f"{one.label}（{one.unit.label}）") for key, one in catalogue().items()]

        for name in KEY if target is not None else ():
            self.fields[name].disabled = True

    def clean(self) -> dict[str, Any]:
        """Turn the goal into the figure's own integer unit."""
        data = super().clean() or {}
        if "goal" in data and "figure" in data:
            scaled = data["goal"] * SCALE.get(catalogue()[data["figure"]].unit, 1)
            if scaled != scaled.to_integral_value():
                self.add_error("goal", _("这个指标的目标值应为整数。"))
            data["goal"] = int(scaled)
        return data
