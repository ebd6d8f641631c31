"""Which honours of one person the area holds, and since when."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Max
from django.utils.translation import gettext as _

from zhijia.areas.honours.models import Honour
from zhijia.areas.honours.queries import honours
from zhijia.kernel.scope import Scope
from zhijia.kit.subjects import SubjectTable, Use

WHY = "terms of keeping are counted over all records of a person, wherever they lie"


def subject_part(scope: Scope, person_id: int) -> list[SubjectTable]:
    """Return the honours of a person in reach."""
    heads = (
        *(_("工会"), _("授予日期"), _("荣誉名称"), _("荣誉类别"), _("荣誉层级")),
        *(_("授予单位"), _("获得者"), _("文号")),
    )
    rows = tuple(
        (
            honour.union.name,
            honour.awarded_on,
            honour.name,
            str(honour.get_category_display()),
            str(honour.get_level_display()),
            honour.awarder,
            honour.winner,
            honour.document,
        )
        for honour in honours(scope).filter(person_id=person_id).order_by("awarded_on", "pk")
    )
    return [SubjectTable(_("荣誉"), heads, rows)]


def uses(person_ids: Collection[int] | None = None) -> Iterator[Use]:
    """Tell when a person was honoured last."""
    rows = Honour.objects.everywhere(WHY).exclude(person=None)
    if person_ids is not None:
        rows = rows.filter(person_id__in=person_ids)
    for person_id, last in rows.order_by().values_list("person_id").annotate(last=Max("awarded_on")):
        yield Use(person_id, "honours.Honour", last)
