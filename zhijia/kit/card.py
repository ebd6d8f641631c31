"""What the web kit itself offers: the import of ledgers and the export of lists."""

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import Action, Card, MenuItem

CARD = Card(
    name="books",
    label=_("导入"),
    icon="file-import",
    urls="zhijia.kit.urls",
    menu=(MenuItem(_("导入台账"), "books:import-upload", "file-import", "books.import"),),
    actions=(Action("books.import", _("导入台账")), Action("books.export", _("导出名册和台账"))),
    jobs={
        "books.preview": "zhijia.kit.books.jobs.run_preview",
        "books.import": "zhijia.kit.books.jobs.run_import",
    },
)
