"""The card of the accounts area."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy

CARD = Card(
    name="accounts",
    label=_("账号与岗位"),
    icon="user-shield",
    urls="zhijia.areas.accounts.urls",
    menu=(MenuItem(_("账号管理"), "accounts:user-list", "user-shield", "accounts.manage"),),
    actions=(
        Action("accounts.manage", _("管理账号和岗位授权")),
        Action("accounts.own", _("修改自己的密码和界面语言")),
    ),
    listeners={"organisations.UnionClosed": "zhijia.areas.accounts.listeners.union_closed"},
    privacy=(
        Privacy("User", "personal", _("登录名、姓名和密码摘要")),
        Privacy("Holding", "personal", _("谁担任哪个岗位")),
    ),
)
