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
        MenuItem(_("完整号码导出申请"), "members:full-export-list", "file-export", "members.export_full"),
    ),
    actions=(
        Action("members.view", _("查看会员名册和档案")),
        Action("members.record", _("办理入会、转会、退会和更正档案")),
        Action("members.reveal", _("查看完整的证件号码和移动电话")),
        Action("members.export_full", _("申请导出完整号码")),
        Action("members.approve_full", _("审批完整号码的导出")),
        Action("members.own", _("查看本人档案和谁看过本人资料")),
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
        Privacy(
            "Person",
            "sensitive",
            _("会籍管理、维权和帮扶时确认本人"),
            (
                "name",
                "name_key",
                "initials",
                "id_type",
                "id_number",
                "id_index",
                "id_tail",
                "sex",
                "born_on",
                "phone",
                "phone_index",
                "phone_tail",
                "ethnicity",
                "education",
                "politics",
                "migrant",
                "new_form",
            ),
            basis=_(
                "个人信息保护法第13条第1款第3项：工会依法履行职责；证件号码另按第28条，仅用于核实身份、防止重复入会"
            ),
            months=60,
            seen_by=(
                "members.view",
                "members.reveal",
                "members.own",
            ),
        ),
        Privacy(
            "Membership",
            "personal",
            _("记载入会、转会、退会经历和会费"),
            (
                "person",
                "employer",
                "reason",
                "card_no",
                "post",
                "dues_base",
            ),
            basis=_("个人信息保护法第13条第1款第3项：工会依法履行职责（工会会员会籍管理办法）"),
            months=60,
            seen_by=(
                "members.view",
                "members.own",
            ),
        ),
        Privacy(
            "FullExport",
            "personal",
            _("记载谁申请、谁同意导出完整号码"),
            (
                "asked_by",
                "asked_name",
                "answered_by",
                "answered_name",
                "purpose",
                "reason",
            ),
            basis=_("个人信息保护法第51条：安全措施"),
            months=36,
            seen_by=(
                "members.export_full",
                "members.approve_full",
            ),
        ),
    ),
    subject=("zhijia.areas.members.subject.subject_part",),
    uses=("zhijia.areas.members.subject.uses",),
    erasers=("zhijia.areas.members.services.person_anonymise",),
)
