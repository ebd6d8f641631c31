"""The only reader of targets."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Union
from zhijia.figures.catalogue import catalogue
from zhijia.figures.cell import Cell
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.actor import Actor
from zhijia.kernel.period import Period
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import ToDo
from zhijia.targets.models import Target
from zhijia.targets.rules import is_behind, is_met

VIEW, SET = "targets.view", "targets.set"
ID_DIGITS = 9  # more do not fit into the column


@dataclass(frozen=True)
class TargetProgress:
    """A target with the figure as it stands; ``over`` when no day of its period is left."""

    target: Target
    cell: Cell
    goal: Cell
    met: bool
    behind: bool
    over: bool = False

    @property
    def percent(self) -> int:
        """Return the share done in whole percent."""
        return (self.cell.value or 0) * 100 // self.target.goal

    @property
    def width(self) -> int:
        """Return the width of the bar, 0 to 100."""
        return max(0, min(100, self.percent))


def targets(scope: Scope) -> QuerySet[Target]:
    """Return the targets in reach, newest period first."""
    return (
        Target.objects.within(scope, VIEW)
        .select_related("union")
        .order_by("-period", "union__path", "figure")
    )


def target_load(scope: Scope, target_id: str) -> Target:
    """Return a target that may be changed; Http404 for an absent one and for one out of reach alike."""
    known = Target.objects.within(scope, SET).select_related("union")
    is_id = target_id.isdecimal() and len(target_id) <= ID_DIGITS
    found = known.filter(pk=int(target_id)).first() if is_id else None
    if found is None:
        raise Http404
    return found


def measured(found: list[Target], today: date) -> list[TargetProgress]:
    """Measure targets that are already scoped; one computation per union and period."""
    groups: dict[tuple[int, str], list[Target]] = defaultdict(list)
    for target in found:
        if target.figure in catalogue():
            groups[target.union_id, target.period].append(target)
    progress = {}
    for (union_id, code), group in groups.items():
        period = Period.parse(code)
        cells = compute({target.figure for target in group}, union_id, [period])
        for target in group:
            cell = cells[target.figure, Spot(union_id, period)]
            goal = Cell(cell.figure, union_id, period, target.goal)
            behind = is_behind(cell.value, target.goal, period, today)
            met, over = is_met(cell.value, target.goal), period.last < today
            progress[target.pk] = TargetProgress(target, cell, goal, met, behind, over)
    return [progress[target.pk] for target in found if target.pk in progress]


def progress(scope: Scope, union: Union, period: Period, today: date | None = None) -> list[TargetProgress]:
    """Return the targets of one union in one period with their progress on ``today``."""
    found = list(targets(scope).filter(union=union, period=period.code))
    return measured(found, today or timezone.localdate())


def todos(actor: Actor, today: date) -> list[ToDo]:
    """Return the line about targets that are behind, of the periods that run today."""
    scope = actor.scope
    running = [target for target in targets(scope)[:200] if Period.parse(target.period).contains(today)]
    behind = sum(1 for one in measured(running, today) if one.behind)
    url = reverse("targets:target-list")
    return [ToDo(_("目标进度落后于时间进度"), behind, url, "warning")] if behind else []
