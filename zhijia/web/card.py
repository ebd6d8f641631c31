"""What the assembly itself offers: the page of the system's state."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem

CARD = Card(
    name="system",
    label=_("系统"),
    icon="server",
    urls="zhijia.web.system_urls",
    menu=(MenuItem(_("系统状态"), "system:status", "server", "system.view"),),
    actions=(Action("system.view", _("查看系统状态")),),
    todos=("zhijia.web.system.todos",),
)
