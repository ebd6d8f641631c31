"""Activities as other pages show them: rows of figures, tabs, recent records, search, to-dos."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.activities.models import Activity, Participation, Result
from zhijia.areas.activities.queries.records import (
    RECORD,
    VIEW,
    activities,
    counted_people,
    matching,
    month_start,
    results,
    without_people,
)
from zhijia.areas.activities.values import quantity
from zhijia.kernel.actor import Actor
from zhijia.kernel.records import Record
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import RowCard, TabPage, ToDo

TAB_ROWS = 10
BATCH = 500  # ids of one query; SQLite bounds the number of parameters
R = TypeVar("R", bound=Record)


def _listed(*parts: object) -> str:
    return " · ".join(str(part) for part in parts if part is not None and str(part))


def activity_card(activity: Activity) -> RowCard:
    """An activity as a line: kind, people, audience and output, each only when it is known."""
    audience, output = quantity(activity, "audience"), quantity(activity, "output")
    return RowCard(
        record_id=activity.pk,
        title=activity.name,
        union=activity.union.name,
        detail=_listed(
            activity.kind,
            counted_people(activity),
            None if audience is None else _("观众%(count)s") % {"count": audience},
            None if output is None else _("成果%(count)s") % {"count": output},
        ),
        day=activity.held_on,
        url=reverse("activities:activity-detail", args=(activity.pk,)),
    )


def result_card(result: Result) -> RowCard:
    """A result as a line: who won what, at which event."""
    return RowCard(
        record_id=result.pk,
        title=_listed(result.winner, result.item, result.rank),
        union=result.union.name,
        detail=_listed(result.activity.name, result.get_level_display(), quantity(result, "people")),
        day=result.awarded_on,
        url=reverse("activities:result-detail", args=(result.pk,)),
    )


def participation_card(participation: Participation) -> RowCard:
    """A named person at an event as a line."""
    activity = participation.activity
    return RowCard(
        record_id=participation.pk,
        title=participation.person.name,
        union=activity.union.name,
        detail=_listed(activity.name, activity.kind),
        day=activity.held_on,
        url=reverse("activities:activity-detail", args=(activity.pk,)),
    )


def _in_order(found: Iterable[R], ids: Sequence[int]) -> list[R]:
    by_id = {record.pk: record for record in found}
    return [by_id[key] for key in ids if key in by_id]


def _batches(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[at : at + BATCH] for at in range(0, len(ids), BATCH))


def describe_activities(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """The activities with these ids in this order; what is out of scope is left out."""
    found = [row for part in _batches(ids) for row in activities(scope).filter(pk__in=part)]
    return [activity_card(activity) for activity in _in_order(found, ids)]


def describe_participations(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """The named people at events with these ids in this order; what is out of scope is left out."""
    rows = Participation.objects.within(scope, VIEW).select_related(
        "activity__union", "activity__kind", "person"
    )
    found = [row for part in _batches(ids) for row in rows.filter(pk__in=part)]
    return [participation_card(participation) for participation in _in_order(found, ids)]


def describe_results(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """The results with these ids in this order; what is out of scope is left out."""
    found = [row for part in _batches(ids) for row in results(scope).filter(pk__in=part)]
    return [result_card(result) for result in _in_order(found, ids)]


def union_tab(scope: Scope, key: int) -> TabPage | None:
    """The newest activities of one union; None when the scope does not reach activities."""
    if not scope.may(VIEW):
        return None
    rows = activities(scope).filter(union_id=key)
    return TabPage(
        rows=tuple(activity_card(activity) for activity in rows[:TAB_ROWS]),
        note=_("本工会活动 %(count)d 场") % {"count": rows.count()},
        more_url=f"{reverse('activities:activity-list')}?union={key}",
    )


def person_tab(scope: Scope, key: int) -> TabPage | None:
    """What a person took part in and won; None when the scope does not reach activities."""
    if not scope.may(VIEW):
        return None
    joined = (
        Participation.objects.within(scope, VIEW)
        .filter(person_id=key)
        .select_related("activity__union", "activity__kind")
        .order_by("-activity__held_on", "-pk")
    )
    won = results(scope).filter(person_id=key)
    cards = [result_card(result) for result in won[:TAB_ROWS]]
    cards += [
        RowCard(
            record_id=row.pk,
            title=row.activity.name,
            union=row.activity.union.name,
            detail=_listed(row.activity.kind),
            day=row.activity.held_on,
            url=reverse("activities:activity-detail", args=(row.activity_id,)),
        )
        for row in joined[:TAB_ROWS]
    ]
    numbers = {"joined": joined.count(), "won": won.count()}
    return TabPage(rows=tuple(cards), note=_("参加活动 %(joined)d 次，获奖 %(won)d 项") % numbers)


def recent(scope: Scope, limit: int) -> list[RowCard]:
    """The activities recorded or changed last."""
    return [activity_card(activity) for activity in activities(scope).order_by("-updated_at", "-pk")[:limit]]


def search(scope: Scope, text: str, limit: int) -> list[RowCard]:
    """Activities by name or pinyin, newest first."""
    if not text.strip():
        return []
    return [activity_card(activity) for activity in activities(scope).filter(matching(text))[:limit]]


def todos(actor: Actor, today: date) -> list[ToDo]:
    """Last month's activities that say nothing about how many took part."""
    scope = actor.scope
    first, after = month_start(today, -1), month_start(today)
    rows = without_people(activities(scope, RECORD)).filter(held_on__gte=first, held_on__lt=after)
    count = rows.count()
    if not count:
        return []
    return [
        ToDo(
            text=gettext_lazy("上月活动未登记参加人数"),
            count=count,
            url=f"{reverse('activities:activity-list')}?missing=people&period={first:%Y-%m}",
            level="warning",
        )
    ]
