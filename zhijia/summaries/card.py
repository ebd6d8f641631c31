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
    privacy=(Privacy("Summary", "personal", _("荣誉和获奖名单中的姓名")),),
)
