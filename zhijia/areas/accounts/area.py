"""The card of the accounts area."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy

CARD = Card(
    name="accounts",
    label=_("账号与岗位"),
    icon="user-shield",
    urls="zhijia.areas.accounts.urls",
    menu=(
        MenuItem(_("账号管理"), "accounts:user-list", "user-shield", "accounts.manage"),
        MenuItem(_("谁有什么权限"), "accounts:seat-register", "users", "accounts.matrix"),
        MenuItem(_("权限矩阵"), "accounts:matrix", "grid-dots", "accounts.matrix"),
        MenuItem(_("为什么能或不能"), "accounts:why", "help-circle", "accounts.matrix"),
    ),
    actions=(
        Action("accounts.manage", _("管理账号：新建、停用、重置密码、关联档案")),
        Action("accounts.grant", _("授予和收回岗位")),
        Action("accounts.appoint", _("授予和收回系统、安全、审计管理员岗位")),
        Action("accounts.matrix", _("查看权限矩阵和谁有什么权限")),
        Action("accounts.own", _("修改自己的密码和界面语言")),
    ),
    listeners={"organisations.UnionClosed": "zhijia.areas.accounts.listeners.union_closed"},
    privacy=(
        Privacy(
            "User",
            "personal",
            _("登录和确认操作人"),
            (
                "username",
                "name",
                "email",
                "password",
                "person",
                "last_login",
                "language",
                "made_by_id",
            ),
            basis=_("个人信息保护法第13条第1款第3项、第51条；网络安全法第24条：确认用户身份"),
            months=6,
            seen_by=(
                "accounts.manage",
                "accounts.own",
            ),
        ),
        Privacy(
            "Holding",
            "personal",
            _("确定谁在任期内担任哪个岗位"),
            (
                "user",
                "seat",
            ),
            basis=_("个人信息保护法第13条第1款第3项：工会依法履行职责"),
            seen_by=(
                "accounts.manage",
                "accounts.matrix",
                "accounts.own",
            ),
        ),
    ),
    subject=("zhijia.areas.accounts.subject.subject_part",),
    uses=("zhijia.areas.accounts.subject.uses",),
    erasers=("zhijia.areas.accounts.services.login_anonymise",),
)
