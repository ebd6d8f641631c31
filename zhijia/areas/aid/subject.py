"""What the aid area holds about one person, and how long it needs to know who it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Max
from django.utils.translation import gettext as _

from zhijia.areas.aid.models import Relief
from zhijia.areas.aid.queries import reliefs
from zhijia.kernel.money import yuan
from zhijia.kernel.scope import Scope
from zhijia.kit.subjects import SubjectTable, Use

WHY = "terms of keeping are counted over all records of a person, wherever they lie"


def subject_part(scope: Scope, person_id: int) -> list[SubjectTable]:
    """Return the payments to a person in reach, with their notes."""
    heads = (
        *(_("工会"), _("日期"), _("慰问事由"), _("慰问对象"), _("金额（元）"), _("慰问品")),
        *(_("慰问品价值（元）"), _("资金来源"), _("依据"), _("说明")),
    )
    rows = reliefs(scope).filter(person_id=person_id).order_by("given_on", "pk")
    return [SubjectTable(_("慰问救助"), heads, tuple(_row(relief) for relief in rows))]


def _row(relief: Relief) -> tuple[object, ...]:
    return (
        relief.union.name,
        relief.given_on,
        str(relief.get_occasion_display()),
        relief.beneficiary,
        _yuan(relief.amount),
        relief.goods,
        _yuan(relief.goods_value),
        str(relief.get_fund_display()),
        relief.basis,
        relief.note,
    )


def _yuan(fen: int | None) -> str:
    return "" if fen is None else str(yuan(fen))


def uses(person_ids: Collection[int] | None = None) -> Iterator[Use]:
    """Tell when a person got something last."""
    rows = Relief.objects.everywhere(WHY).exclude(person=None)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    for person_id, last in rows.order_by().values_list("person_id").annotate(last=Max("given_on")):
        yield Use(person_id, "aid.Relief", last)
