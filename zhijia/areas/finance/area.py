"""What the finance area offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy, Tab

CARD = Card(
    name="finance",
    label=_("工会经费"),
    icon="coin-yuan",
    urls="zhijia.areas.finance.urls",
    menu=(MenuItem(_("经费台账"), "finance:entry-list", "coin-yuan", "finance.view"),),
    actions=(
        Action("finance.view", _("查看经费台账")),
        Action("finance.record", _("登记和更正经费收支")),
    ),
    facts=("zhijia.areas.finance.facts.ENTRY",),
    sheets=("zhijia.areas.finance.sheets.ENTRIES",),
    tabs=(Tab("union", _("经费"), "zhijia.areas.finance.queries.union_tab"),),
    todos=("zhijia.areas.finance.queries.todos",),
    recent=("zhijia.areas.finance.queries.recent",),
    search=("zhijia.areas.finance.queries.search",),
    panels=("finance.income", "finance.transfer_rate"),
    privacy=(Privacy("Entry", "none", _("只登记单位之间的资金往来，不登记个人。")),),
)
