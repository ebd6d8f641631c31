"""What targets offer."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy

CARD = Card(
    name="targets",
    label=_("目标任务"),
    icon="target",
    urls="zhijia.targets.urls",
    menu=(MenuItem(_("目标任务"), "targets:target-list", "target", "targets.view"),),
    actions=(Action("targets.view", _("查看目标")), Action("targets.set", _("设定目标"))),
    todos=("zhijia.targets.queries.todos",),
    privacy=(Privacy("Target", "none", _("只有单位的目标值")),),
)
