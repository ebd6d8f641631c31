"""What the area of honours offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, AttachTo, Card, MenuItem, Privacy, Tab

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
    privacy=(
        Privacy(
            "Honour",
            "personal",
            _("记载表彰和荣誉"),
            (
                "person",
                "winner",
            ),
            basis=_("个人信息保护法第13条第1款第3项：工会依法履行职责；公开姓名的，须本人同意（第25条）"),
            seen_by=(
                "honours.view",
                "members.own",
            ),
        ),
    ),
    attachments=(
        AttachTo(
            "honours.Honour",
            page="honours:honour-detail",
            view="honours.view",
            record="honours.record",
            load=f"{HERE}.queries.honour_load",
        ),
    ),
    subject=(f"{HERE}.subject.subject_part",),
    uses=(f"{HERE}.subject.uses",),
    erasers=(f"{HERE}.services.honours_anonymise",),
)
