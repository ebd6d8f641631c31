"""What the figures offer: their catalogue and pages."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem

CARD = Card(
    name="figures",
    label=_("统计指标"),
    icon="chart-bar",
    urls="zhijia.figures.urls",
    menu=(MenuItem(_("统计指标"), "figures:catalogue", "chart-bar", "figures.view"),),
    actions=(Action("figures.view", _("查看统计指标和排名")),),
)
