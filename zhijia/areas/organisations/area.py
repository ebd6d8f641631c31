"""What the area of organisations offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy

HERE = "zhijia.areas.organisations"
CARD = Card(
    name="organisations",
    label=_("组织建设"),
    icon="building-community",
    urls=f"{HERE}.urls",
    menu=(
        MenuItem(_("工会"), "organisations:union-list", "building-community", "organisations.view"),
        MenuItem(_("工会树"), "organisations:tree", "sitemap", "organisations.view"),
        MenuItem(_("覆盖单位"), "organisations:employer-list", "building", "organisations.view"),
        MenuItem(_("到期换届"), "organisations:term-list", "clock", "organisations.view"),
    ),
    actions=(
        Action("organisations.view", _("查看工会、单位和届次")),
        Action("organisations.record", _("登记单位、职工人数、届次和任职，更正工会资料")),
        Action("organisations.manage", _("建会、更名、升格、调整隶属和终止工会")),
    ),
    facts=(
        f"{HERE}.facts.UNION",
        f"{HERE}.facts.PLACEMENT",
        f"{HERE}.facts.CHANGE",
        f"{HERE}.facts.EMPLOYER",
        f"{HERE}.facts.HEAD_COUNT",
        f"{HERE}.facts.COMMITTEE",
    ),
    sheets=(f"{HERE}.sheets.UNIONS", f"{HERE}.sheets.EMPLOYERS", f"{HERE}.sheets.HEAD_COUNTS"),
    todos=(f"{HERE}.queries.todos",),
    recent=(f"{HERE}.queries.recent",),
    search=(f"{HERE}.queries.search",),
    panels=("organisations.unions", "organisations.staff"),
    privacy=(
        Privacy(
            "Union",
            "none",
            _("单位的资料"),
        ),
        Privacy(
            "Placement",
            "none",
            _("单位的资料"),
        ),
        Privacy(
            "UnionChange",
            "none",
            _("单位的资料"),
        ),
        Privacy(
            "Employer",
            "none",
            _("单位的资料"),
        ),
        Privacy(
            "HeadCount",
            "none",
            _("只有人数"),
        ),
        Privacy(
            "Committee",
            "none",
            _("只有届次和日期"),
        ),
        Privacy(
            "Seat",
            "personal",
            _("公布委员会组成，确定谁在任期内履行职务"),
            ("holder",),
            basis=_("个人信息保护法第13条第1款第3项：工会依法履行职责（工会法第10条：选举产生）"),
        ),
    ),
)
