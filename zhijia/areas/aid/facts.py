"""What is counted about relief and condolence payments."""

from typing import Any

from django.db.models import BigIntegerField, Case, F, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from zhijia.areas.aid.models import Relief
from zhijia.facts.table import FactTable, day, integer, text

WHY = "facts are scoped by the tree of unions when they are read"


def _reliefs() -> QuerySet[Any, Any]:
    return Relief.objects.everywhere(WHY).values(
        "union_id",
        "occasion",
        "fund",
        "beneficiary_kind",
        "people",
        "households",
        record_id=F("id"),
        date=day("given_on"),
        person_key=Coalesce(F("person_id"), Value(0), output_field=BigIntegerField()),
        people_q=F("people_qualifier"),
        households_q=F("households_qualifier"),
        # No amount means goods only: the money is zero, not unknown.
        money=Coalesce(F("amount"), Value(0), output_field=BigIntegerField()),
        # Goods without a value are unknown; where none are named, there were none.
        goods_money=Case(
            When(goods_value__isnull=False, then=F("goods_value")),
            When(goods="", then=Value(0)),
            output_field=BigIntegerField(),
        ),
    )


RELIEF = FactTable(
    name="aid.relief",
    label=_("慰问救助"),
    grain=_("每笔慰问救助一行"),
    queryset=_reliefs,
    describe="zhijia.areas.aid.queries.describe_reliefs",
    columns=(
        integer("record_id"),
        integer("union_id"),
        text("date", _("日期")),
        text("occasion", _("慰问事由"), dict(Relief.Occasion.choices)),
        text("fund", _("资金来源"), dict(Relief.Fund.choices)),
        text("beneficiary_kind", _("对象类别"), dict(Relief.Beneficiary.choices)),
        integer("person_key"),
        integer("people", _("人次"), nullable=True),
        text("people_q"),
        integer("households", _("户数"), nullable=True),
        text("households_q"),
        integer("money", _("金额")),
        integer("goods_money", _("慰问品价值"), nullable=True),
    ),
)
