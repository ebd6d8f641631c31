"""What the aid area offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy, Tab

CARD = Card(
    name="aid",
    label=_("慰问救助"),
    icon="heart-handshake",
    urls="zhijia.areas.aid.urls",
    menu=(MenuItem(_("慰问救助"), "aid:relief-list", "heart-handshake", "aid.view"),),
    actions=(
        Action("aid.view", _("查看慰问救助")),
        Action("aid.record", _("登记和更正慰问救助")),
    ),
    facts=("zhijia.areas.aid.facts.RELIEF",),
    sheets=("zhijia.areas.aid.sheets.RELIEF",),
    tabs=(
        Tab("person", _("慰问救助"), "zhijia.areas.aid.queries.person_tab"),
        Tab("union", _("慰问救助"), "zhijia.areas.aid.queries.union_tab"),
    ),
    recent=("zhijia.areas.aid.queries.recent",),
    search=("zhijia.areas.aid.queries.search",),
    panels=("aid.person_times", "aid.amount"),
    privacy=(
        Privacy("Relief", "sensitive", _("说明中可能有健康、困难情况，只在详情页显示；六一慰问涉及儿童。")),
    ),
)
