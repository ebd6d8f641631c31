"""What the records themselves say about problems and next steps: targets, terms, silence, decline."""

from __future__ import annotations

from collections.abc import Mapping

from zhijia.summaries.answers import Answers, Goal
from zhijia.summaries.plan import Plan
from zhijia.summaries.sources import Piece, Place, Told, growth, told

NAMED = 5  # unions or figures named in one sentence
SHOWN_FALLS = 3
NOT_WORSE = frozenset(
    {"organisations.terms_due", "organisations.terms_overdue", "finance.payers_pending", "finance.spending"}
)
"""Figures of which less is no problem."""

Pieces = tuple[Piece, ...]


def problem_sentences(plan: Plan, answers: Answers, words: Mapping[str, str]) -> list[Pieces]:
    """The problems in the order of their weight, each without its ordinal and full stop."""
    found = [*_goals(answers), _overdue(answers), _silent(answers), _falls(plan, answers, words)]
    return [pieces for pieces in found if pieces][:9]


def _goal_told(goal: Goal, place: Place) -> Told:
    base = told(goal.goal, place)
    return Told(
        text=base.text,
        key=base.key,
        label=f"{base.label}（目标）",
        definition="在“目标任务”中设定的目标值。",
        union=base.union,
        period=base.period,
        value=base.value,
        rows="—",
        url="/targets/",
    )


def _goals(answers: Answers) -> list[Pieces]:
    """Targets of the period that were missed; targets of the year that lag behind the time passed."""
    sentences: list[Pieces] = []
    for goal in answers.goals:
        is_over = goal.goal.period.last <= answers.period.last
        if goal.met or not (is_over or goal.behind):
            continue
        label = str(goal.goal.figure.label)
        of = goal.goal.period.label
        done: Pieces = ("本期没有记录",)
        if goal.done.has_data:
            done = ("已完成" if not is_over else "实际完成", told(goal.done, answers.union))
        end = "没有达到目标" if is_over else "进度落后于时间进度"
        sentences.append((f"{label}{of}目标为", _goal_told(goal, answers.union), "，", *done, f"，{end}"))
    return sentences


def _named(names: list[str]) -> str:
    more = "等" if len(names) > NAMED else ""
    return "、".join(names[:NAMED]) + more


def _overdue(answers: Answers) -> Pieces:
    cell = answers.cell("organisations.terms_overdue")
    if not cell.value:
        return ()
    of = f"，涉及{_named(list(answers.overdue))}" if answers.overdue else ""
    return ("有", told(cell, answers.union), f"委员会任期届满尚未换届{of}")


def _silent(answers: Answers) -> Pieces:
    if not answers.silent:
        return ()
    place, period = answers.union, answers.period
    number = f"{len(answers.silent):,}个"
    shown = Told(
        text=number,
        key="organisations.grassroots",
        label="无记录的基层工会",
        definition="期末存续、本期没有登记任何活动和慰问救助的基层工会。",
        union=place.name,
        period=period.label,
        value=number,
        rows=f"{len(answers.silent):,}条",
        url=f"/summaries/silent/?union={place.code}&period={period.code}",
    )
    names = _named([one.name for one in answers.silent])
    return ("工作开展还不平衡，有", shown, f"基层工会本期没有登记活动和慰问救助（{names}）")


def _falls(plan: Plan, answers: Answers, words: Mapping[str, str]) -> Pieces:
    """Compared figures that fell, the first three in the plan's order."""
    parts: list[Pieces] = []
    for part in plan.parts(answers.kind):
        for key in part.comparison:
            moved = growth(answers.cell(key), answers.cell(key, "last"), answers.union)
            if moved and moved.direction < 0 and moved.number and key not in NOT_WORSE:
                parts.append((f"{answers.cell(key).figure.label}{moved.words}", moved.number))
    if not parts:
        return ()
    pieces: list[Piece] = [f"部分指标比{words['last']}回落，其中"]
    for order, one in enumerate(parts[:SHOWN_FALLS]):
        pieces += ["、" if order else "", *one]
    return tuple(piece for piece in pieces if piece != "")


def unclear(answers: Answers) -> str:
    """The note about figures whose records partly lack the number: their sums are lower bounds."""
    labels = [
        f"“{cell.figure.label}”"
        for (_key, when), cell in sorted(answers.cells.items(), key=lambda item: item[0])
        if when == "now" and cell.missing and cell.has_data
    ]
    if not labels:
        return ""
    more = "等" if len(labels) > NAMED else ""
    return f"{''.join(labels[:NAMED])}{more}有部分记录未填数量，文中的数没有计入这些记录，请补充后重新生成"


def step_items(answers: Answers) -> list[Pieces]:
    """Next steps that follow from targets: those of the next period, else what is left of the year's."""
    goals = answers.upcoming or tuple(
        goal for goal in answers.goals if not goal.met and goal.goal.period.last > answers.period.last
    )
    if not goals:
        return []
    pieces: list[Piece] = ["落实目标责任，力争"]
    for order, goal in enumerate(goals):
        pieces += [f"{'，' if order else ''}{goal.goal.figure.label}达到", _goal_told(goal, answers.union)]
    return [tuple(pieces)]
