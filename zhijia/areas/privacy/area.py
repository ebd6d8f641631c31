"""What the area of privacy offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy

HERE = "zhijia.areas.privacy"
_PROOF = _("个人信息保护法第13条第1款第3项、第50条、第55条：履行法定义务，证明已依法处理")
CARD = Card(
    name="privacy",
    label=_("个人信息保护"),
    icon="shield-check",
    urls=f"{HERE}.urls",
    menu=(
        MenuItem(_("处理活动登记"), "privacy:register", "list-details", "privacy.view"),
        MenuItem(_("个人信息请求"), "privacy:request-list", "messages", "privacy.serve"),
        MenuItem(_("个人信息同意"), "privacy:consent-list", "file-check", "privacy.serve"),
        MenuItem(_("匿名化"), "privacy:erasure-list", "user-x", "privacy.erase"),
        MenuItem(_("保存期限已满"), "privacy:overdue-list", "hourglass", "privacy.erase"),
        MenuItem(_("我的个人信息"), "privacy:own", "user", "members.own"),
    ),
    actions=(
        Action("privacy.view", _("查看个人信息处理活动登记表")),
        Action("privacy.serve", _("办理个人信息请求和同意，导出个人信息副本")),
        Action("privacy.erase", _("提请和审批匿名化")),
    ),
    todos=(f"{HERE}.queries.todos",),
    privacy=(
        Privacy(
            "SubjectRequest",
            "personal",
            _("办理查阅、复制、更正、删除等请求，证明已及时答复"),
            ("person", "detail", "answer"),
            basis=_PROOF,
            seen_by=("privacy.serve", "members.own"),
        ),
        Privacy(
            "Consent",
            "personal",
            _("证明敏感个人信息的处理已取得单独同意"),
            ("person", "purpose", "document"),
            basis=_PROOF,
            seen_by=("privacy.serve", "members.own"),
        ),
        Privacy(
            "Erasure",
            "personal",
            _("匿名化的提请和审批"),
            ("person", "note", "proposed_by", "decided_by"),
            basis=_PROOF,
            seen_by=("privacy.erase",),
        ),
        Privacy(
            "Overdue",
            "personal",
            _("提示哪些人的保存期限已满"),
            ("person",),
            basis=_("个人信息保护法第19条、第47条"),
            seen_by=("privacy.erase",),
        ),
    ),
    subject=(f"{HERE}.queries.subject_part",),
    uses=(f"{HERE}.queries.uses",),
    erasers=(f"{HERE}.services.requests_anonymise",),
)
