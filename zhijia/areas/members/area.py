"""The card of the members area."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy, Tab

CARD = Card(
    name="members",
    label=_("会员"),
    icon="users",
    urls="zhijia.areas.members.urls",
    menu=(
        MenuItem(_("会员名册"), "members:roster", "users", "members.view"),
        MenuItem(_("入会申请"), "members:application-list", "user-plus", "members.record"),
        MenuItem(_("会员转入"), "members:transfer-list", "arrows-exchange", "members.record"),
    ),
    actions=(
        Action("members.view", _("查看会员名册和档案")),
        Action("members.record", _("办理入会、转会、退会和更正档案")),
    ),
    facts=("zhijia.areas.members.facts.MEMBERSHIP", "zhijia.areas.members.facts.MOVE"),
    sheets=("zhijia.areas.members.sheets.MEMBERSHIPS",),
    tabs=(Tab("union", _("会员"), "zhijia.areas.members.queries.union_tab"),),
    todos=("zhijia.areas.members.queries.todos",),
    recent=("zhijia.areas.members.queries.recent",),
    search=("zhijia.areas.members.queries.search",),
    listeners={"organisations.UnionClosed": "zhijia.areas.members.listeners.union_closed"},
    panels=("members.members", "members.joining_rate", "members.joined"),
    privacy=(
        Privacy("Person", "sensitive", _("姓名、证件号码、移动电话等，用于会籍管理和帮扶")),
        Privacy("Membership", "personal", _("会籍经历、工作单位和会费基数")),
    ),
)
