"""What summaries offer."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem, Privacy

CARD = Card(
    name="summaries",
    label=_("工作总结"),
    icon="file-text",
    urls="zhijia.summaries.urls",
    menu=(MenuItem(_("工作总结"), "summaries:summary-list", "file-text", "summaries.view"),),
    actions=(Action("summaries.view", _("查看工作总结")), Action("summaries.make", _("生成工作总结"))),
    jobs={"summaries.make": "zhijia.summaries.jobs.run_make"},
    privacy=(
        Privacy(
            "Summary",
            "personal",
            _("工作总结中列举荣誉和获奖者；已形成的总结是归档公文"),
            ("title", "content", "notes", "made_by"),
            basis=_("个人信息保护法第13条第1款第3项：工会依法履行职责；公开姓名的，须本人同意（第25条）"),
        ),
    ),
)
