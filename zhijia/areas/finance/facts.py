"""What is counted about money ledgers."""

from typing import Any

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance.models import Entry
from zhijia.facts.table import FactTable, day, integer, text

WHY = "facts are scoped by the tree of unions when they are read"


def _entries() -> QuerySet[Any, Any]:
    return Entry.objects.everywhere(WHY).values(
        "union_id",
        "kind",
        "category",
        "formalities",
        "amount",
        record_id=F("id"),
        date=day("happened_on"),
        # By name, so that an employer is one payer whether the ledger links it or only names it.
        payer=Coalesce(F("employer__name"), F("counterparty")),
    )


ENTRY = FactTable(
    name="finance.entry",
    label=_("经费"),
    grain=_("每笔经费收支一行"),
    queryset=_entries,
    describe="zhijia.areas.finance.queries.describe_entries",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("kind", _("类别"), dict(Entry.Kind.choices)),
        text("category", _("支出科目"), dict(Entry.Category.choices)),
        text("formalities", _("返还手续"), dict(Entry.Formalities.choices)),
        text("date", _("日期")),
        integer("amount", _("金额")),
        text("payer", _("缴费单位")),
    ),
)
