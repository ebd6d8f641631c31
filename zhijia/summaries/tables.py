"""The list of made summaries."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.period import Period
from zhijia.kit.columns import ActionColumn, DateColumn, NumberColumn
from zhijia.summaries.models import Summary
from zhijia.summaries.plan import plans


class SummaryTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """One line for each summary."""

    title = tables.Column(linkify=("summaries:summary-detail", [tables.A("pk")]), verbose_name=_("标题"))
    union = tables.Column(accessor="union__name", verbose_name=_("工会"))
    period_code = tables.Column(verbose_name=_("期间"))
    plan = tables.Column(verbose_name=_("方案"))
    notes = NumberColumn(verbose_name=_("待核实"), orderable=False)
    computed_at = DateColumn(verbose_name=_("生成时间"))
    made_by = tables.Column(verbose_name=_("生成人"))
    download = ActionColumn(template_name="summaries/_download.html")

    class Meta:
        model = Summary
        fields = ("title", "union", "period_code", "plan", "notes", "computed_at", "made_by", "download")
        order_by = "-computed_at"

    def render_period_code(self, value: str) -> str:
        """The name of the period."""
        return Period.parse(value).label

    def render_plan(self, value: str) -> str:
        """The plan's title; a plan that is gone keeps its name."""
        plan = plans().get(value)
        return plan.title if plan else value

    def render_notes(self, value: list[str]) -> str:
        """How many notes wait for the officer."""
        return str(len(value))

    def value_notes(self, value: list[str]) -> int:
        """The same, for the export."""
        return len(value)
