"""What the area of the audit offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem

HERE = "zhijia.areas.audit"
CARD = Card(
    name="audit",
    label=_("审计"),
    icon="shield-check",
    urls=f"{HERE}.urls",
    menu=(
        MenuItem(_("审计记录"), "audit:line-list", "list-details", "audit.view"),
        MenuItem(_("每日封印"), "audit:daily-head", "rubber-stamp", "audit.view"),
        MenuItem(_("异常提醒"), "audit:alert-list", "alert-triangle", "audit.alerts"),
        MenuItem(_("谁看过我的资料"), "audit:mine", "eye", "members.own"),
    ),
    actions=(
        Action("audit.view", _("查看和核验审计记录")),
        Action("audit.alerts", _("查看异常提醒")),
    ),
    todos=(f"{HERE}.alerts.todos",),
)
