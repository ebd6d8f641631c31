"""What the area of honours offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy, Tab

HERE = "zhijia.areas.honours"
CARD = Card(
    name="honours",
    label=_("荣誉"),
    icon="award",
    urls=f"{HERE}.urls",
    menu=(MenuItem(_("荣誉"), "honours:honour-list", "award", "honours.view"),),
    actions=(
        Action("honours.view", _("查看荣誉")),
        Action("honours.record", _("登记和更正荣誉")),
    ),
    facts=(f"{HERE}.facts.HONOUR",),
    sheets=(f"{HERE}.sheets.HONOURS",),
    tabs=(
        Tab("union", _("荣誉"), f"{HERE}.queries.union_tab"),
        Tab("person", _("荣誉"), f"{HERE}.queries.person_tab"),
    ),
    recent=(f"{HERE}.queries.recent",),
    search=(f"{HERE}.queries.search",),
    panels=("honours.honours",),
    privacy=(Privacy("Honour", "personal", _("获奖者的姓名")),),
)
