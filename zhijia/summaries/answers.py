"""Everything a plan asks of the records, read once into frozen values; composing needs nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from zhijia.areas.organisations.models import Committee, Union
from zhijia.figures.catalogue import catalogue
from zhijia.figures.cell import Cell
from zhijia.figures.engine import Spot, compute, unions_below
from zhijia.kernel.period import Period
from zhijia.kernel.scope import Scope
from zhijia.summaries import records, wording
from zhijia.summaries.plan import Plan, RecordList
from zhijia.summaries.records import ACTION, Line
from zhijia.summaries.sources import Place
from zhijia.summaries.wording import When
from zhijia.targets.models import Target
from zhijia.targets.rules import is_behind, is_met

ALIVE = ("activities.events", "aid.payments")  # a union with neither has been silent
ALWAYS = ("organisations.terms_overdue",)
Children = tuple[tuple[Place, Cell], ...]


@dataclass(frozen=True)
class Goal:
    """A target: what is to be reached, what is done, and whether it lags behind the time that has passed."""

    goal: Cell
    done: Cell
    met: bool
    behind: bool


@dataclass(frozen=True)
class Answers:
    """What the records say about one union in one period.

    ``children`` holds the unions right below by figure, the largest first. ``goals`` are those of this
    period and of the year it lies in, ``upcoming`` those of the period that follows. ``silent`` are the
    grassroots unions below without any activity or relief; None when there is no union below.
    """

    union: Place
    period: Period
    cells: Mapping[tuple[str, When], Cell]
    children: Mapping[str, Children] = field(default_factory=dict)
    records: Mapping[RecordList, tuple[Line, ...]] = field(default_factory=dict)
    goals: tuple[Goal, ...] = ()
    upcoming: tuple[Goal, ...] = ()
    overdue: tuple[str, ...] = ()
    silent: tuple[Place, ...] | None = None

    def cell(self, key: str, when: When = "now") -> Cell:
        """A figure of this period, of last year, or of the next period; an empty cell when not asked for."""
        period = {"now": self.period, "last": self.period.previous_year(), "next": self.period.next()}[when]
        return self.cells.get((key, when)) or Cell(catalogue()[key], self.union.id, period, None)

    @property
    def kind(self) -> str:
        """The kind of the period: year or half."""
        return self.period.kind


def place_of(union: Union) -> Place:
    """A union as the summary names it."""
    return Place(union.pk, union.code, union.name)


def gather(plan: Plan, scope: Scope, union: Union, period: Period) -> Answers:
    """Read everything: a fixed number of statements, however many figures the plan shows."""
    targets = _targets(scope, union, period)
    keys = plan.keys() | {*ALWAYS} | {target.figure for target in targets}
    has_below = any(key != union.pk for key in unions_below(union.pk, period.last))
    return Answers(
        union=place_of(union),
        period=period,
        cells=_cells(plan, keys, union, period),
        children=_children(plan, scope, union, period) if has_below else {},
        records={wanted: records.lines(scope, union, period, wanted) for wanted in _lists(plan, period)},
        goals=_goals(targets, union, period),
        upcoming=_upcoming(targets, union, period.next()),
        overdue=_overdue(scope, union, period),
        silent=silent_unions(scope, union, period) if has_below else None,
    )


def _lists(plan: Plan, period: Period) -> set[RecordList]:
    return {part.records for part in plan.parts(period.kind) if part.records}


def _cells(plan: Plan, keys: Iterable[str], union: Union, period: Period) -> dict[tuple[str, When], Cell]:
    """Each period in the tree of its own time, as the pages of the figures show it."""
    later = {
        slot.key
        for sentence in plan.sentences()
        for text in sentence.variants
        for slot in wording.slots(text)
        if slot.when == "next"
    }
    wanted: list[tuple[When, Period, Iterable[str]]] = [
        ("now", period, keys),
        ("last", period.previous_year(), keys),
        ("next", period.next(), later),
    ]
    return {
        (key, when): cell
        for when, span, asked in wanted
        for (key, _spot), cell in compute(sorted(asked), union.pk, [span]).items()
    }


def _children(plan: Plan, scope: Scope, union: Union, period: Period) -> dict[str, Children]:
    keys = {key for part in plan.parts(period.kind) for key in part.ranking}
    if not keys:
        return {}
    answers = compute(sorted(keys), union.pk, [period], mode="children")
    ids = {spot.union_id for _key, spot in answers}
    places = {one.pk: place_of(one) for one in Union.objects.within(scope, ACTION).filter(pk__in=ids)}
    ranked: dict[str, Children] = {}
    for key in keys:
        rows = [
            (places[spot.union_id], cell)
            for (name, spot), cell in answers.items()
            if name == key and spot.union_id in places and cell.value is not None
        ]
        ranked[key] = tuple(sorted(rows, key=lambda row: (-(row[1].value or 0), row[0].code)))
    return ranked


def _targets(scope: Scope, union: Union, period: Period) -> list[Target]:
    codes = {period.code, Period.year(period.first.year).code, period.next().code}
    found = Target.objects.within(scope, ACTION).filter(union=union, period__in=codes)
    return [one for one in found.order_by("period", "figure") if one.figure in catalogue()]


def _goals(targets: list[Target], union: Union, period: Period) -> tuple[Goal, ...]:
    """Targets of this period, and of the year up to the period's last day."""
    running = [one for one in targets if period.last in Period.parse(one.period)]
    if not running:
        return ()
    spans = {one.pk: Period(Period.parse(one.period).first, period.last) for one in running}
    cells: dict[tuple[str, Spot], Cell] = {}
    for span in set(spans.values()):
        cells |= compute(sorted({one.figure for one in running}), union.pk, [span])
    goals = []
    for one in running:
        done = cells[one.figure, Spot(union.pk, spans[one.pk])]
        whole = Period.parse(one.period)
        goal = Cell(done.figure, union.pk, whole, one.goal)
        behind = is_behind(done.value, one.goal, whole, period.last)
        goals.append(Goal(goal, done, is_met(done.value, one.goal), behind))
    return tuple(goals)


def _upcoming(targets: list[Target], union: Union, following: Period) -> tuple[Goal, ...]:
    goals = []
    for one in targets:
        if one.period == following.code:
            figure = catalogue()[one.figure]
            goal = Cell(figure, union.pk, following, one.goal)
            goals.append(Goal(goal, Cell(figure, union.pk, following, None), met=False, behind=False))
    return tuple(goals)


def _standing(union: Union, period: Period) -> list[int]:
    """The unions that stood below at the end of the period's last day, in the tree of that day."""
    return [key for key, left_on in unions_below(union.pk, period.last).items() if left_on > period.last]


def _overdue(scope: Scope, union: Union, period: Period) -> tuple[str, ...]:
    """The unions whose committee's term had run out before the last day, as the figure counts them."""
    terms = (
        Committee.objects.within(scope, ACTION)
        .filter(union__in=_standing(union, period), expires_on__lt=period.last)
        .filter(elected_on__lte=period.last)
        .exclude(ended_on__lte=period.last)
        .order_by("expires_on", "union__code")
    )
    return tuple(dict.fromkeys(terms.values_list("union__name", flat=True)))


def silent_unions(scope: Scope, union: Union, period: Period, action: str = ACTION) -> tuple[Place, ...]:
    """The grassroots unions below without any activity or relief in the period, by code."""
    answers = compute(ALIVE, union.pk, [period], mode="own")
    alive = {spot.union_id for (_key, spot), cell in answers.items() if cell.value}
    open_then = (
        Union.objects.within(scope, action)
        .filter(pk__in=_standing(union, period), level=Union.Level.GRASSROOTS)
        .exclude(pk=union.pk)
        .exclude(founded_on__gt=period.last)
        .exclude(closed_on__lte=period.last)
        .order_by("code")
    )
    return tuple(place_of(one) for one in open_then if one.pk not in alive)
