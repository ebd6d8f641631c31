"""What the area of activities offers."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, AttachTo, Card, MenuItem, Privacy, Tab

HERE = "zhijia.areas.activities"
CARD = Card(
    name="activities",
    label=_("活动"),
    icon="calendar-event",
    urls=f"{HERE}.urls",
    menu=(
        MenuItem(_("活动台账"), "activities:activity-list", "calendar-event", "activities.view"),
        MenuItem(_("活动月历"), "activities:calendar", "calendar", "activities.view"),
        MenuItem(_("活动成绩"), "activities:result-list", "trophy", "activities.view"),
    ),
    actions=(
        Action("activities.view", _("查看活动、参加人员和成绩")),
        Action("activities.record", _("登记和更正活动、参加人员和成绩")),
    ),
    facts=(f"{HERE}.facts.EVENT", f"{HERE}.facts.PARTICIPATION", f"{HERE}.facts.RESULT"),
    sheets=(f"{HERE}.sheets.ACTIVITIES", f"{HERE}.sheets.RESULTS"),
    tabs=(
        Tab("union", _("活动"), f"{HERE}.queries.union_tab"),
        Tab("person", _("参加活动"), f"{HERE}.queries.person_tab"),
    ),
    todos=(f"{HERE}.queries.todos",),
    recent=(f"{HERE}.queries.recent",),
    search=(f"{HERE}.queries.search",),
    panels=("activities.events", "activities.person_times"),
    privacy=(
        Privacy(
            "ActivityKind",
            "none",
            _("只有种类名称"),
        ),
        Privacy(
            "Activity",
            "none",
            _("活动的时间、地点和人数"),
        ),
        Privacy(
            "Participation",
            "personal",
            _("统计实名参加活动的人次"),
            ("person",),
            basis=_("个人信息保护法第13条第1款第3项：工会依法履行职责"),
            months=36,
            seen_by=(
                "activities.view",
                "members.own",
            ),
        ),
        Privacy(
            "Result",
            "personal",
            _("记载名次和奖项，用于总结和表彰"),
            (
                "person",
                "winner",
            ),
            basis=_("个人信息保护法第13条第1款第3项：工会依法履行职责；公开姓名的，须本人同意（第25条）"),
            seen_by=(
                "activities.view",
                "members.own",
            ),
        ),
    ),
    attachments=(
        AttachTo(
            "activities.Activity",
            page="activities:activity-detail",
            view="activities.view",
            record="activities.record",
            load=f"{HERE}.queries.activity_load",
        ),
    ),
    subject=(f"{HERE}.subject.subject_part",),
    uses=(f"{HERE}.subject.uses",),
    erasers=(f"{HERE}.services.results_anonymise",),
)
