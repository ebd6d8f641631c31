"""What one person took part in and won, and how long the area needs to know who it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.db.models import Max
from django.utils.translation import gettext as _

from zhijia.areas.activities.models import Participation, Result
from zhijia.areas.activities.queries import VIEW, results
from zhijia.kernel.scope import Scope
from zhijia.kit.subjects import SubjectTable, Use

WHY = "terms of keeping are counted over all records of a person, wherever they lie"


def subject_part(scope: Scope, person_id: int) -> list[SubjectTable]:
    """Return the named participations and the prizes of a person in reach."""
    joined = (
        Participation.objects.within(scope, VIEW)
        .filter(person_id=person_id)
        .select_related("activity__union", "activity__kind")
        .order_by("activity__held_on", "pk")
    )
    won = results(scope).filter(person_id=person_id).order_by("awarded_on", "pk")
    return [
        SubjectTable(
            _("参加活动"),
            (_("工会"), _("日期"), _("活动名称"), _("活动种类"), _("地点")),
            tuple(
                (one.union.name, one.held_on, one.name, str(one.kind), one.venue)
                for one in (row.activity for row in joined)
            ),
        ),
        SubjectTable(
            _("活动成绩"),
            (_("工会"), _("获奖日期"), _("活动名称"), _("项目"), _("名次或等级"), _("获奖者")),
            tuple(
                (one.union.name, one.awarded_on, one.activity.name, one.item, one.rank, one.winner)
                for one in won
            ),
        ),
    ]


def uses(person_ids: Collection[int] | None = None) -> Iterator[Use]:
    """Tell when a person took part, and when it won, last."""
    joined = Participation.objects.everywhere(WHY).order_by()
    won = Result.objects.everywhere(WHY).exclude(person=None).order_by()
    if person_ids is not None:
        joined, won = joined.filter(person_id__in=person_ids), won.filter(person_id__in=person_ids)
    for person_id, last in joined.values_list("person_id").annotate(last=Max("activity__held_on")):
        yield Use(person_id, "activities.Participation", last)
    for winner_id, last in won.values_list("person_id").annotate(last=Max("awarded_on")):
        if winner_id is not None:
            yield Use(winner_id, "activities.Result", last)
