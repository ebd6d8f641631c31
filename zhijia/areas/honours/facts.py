"""What is counted about honours."""

from typing import Any

from django.db.models import F, QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.honours.models import Honour
from zhijia.facts.table import FactTable, day, integer, text

WHY = "facts are scoped by the tree of unions when they are read"


def _honours() -> QuerySet[Any, Any]:
    return Honour.objects.everywhere(WHY).values(
        "union_id", "level", "category", "winner_kind", record_id=F("id"), date=day("awarded_on")
    )


HONOUR = FactTable(
    name="honours.honour",
    label=_("荣誉"),
    grain=_("每项荣誉一行"),
    queryset=_honours,
    describe="zhijia.areas.honours.queries.describe_honours",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("level", _("荣誉层级"), dict(Honour.Level.choices)),
        text("category", _("荣誉类别"), dict(Honour.Category.choices)),
        text("winner_kind", _("对象类别"), dict(Honour.Winner.choices)),
        text("date", _("授予日期")),
    ),
)
