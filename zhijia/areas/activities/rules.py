"""What may stand in an activity's record. Pure functions; each answer names its reason and its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.money import LARGEST_FEN
from zhijia.kernel.quantity import Quantity
from zhijia.kernel.rulebook import Rule, RuleMissing, rule
from zhijia.kernel.verdict import Verdict, passed, refused, warned, worst

LARGEST_COUNT = 10_000_000  # people at one event; more is a slip of the pen
DAY = timedelta(days=1)  # an event of tonight may be recorded by a machine whose clock is behind
TRUE_LEDGER = "records are true to the ledger"
PRIZE_SHARE = "aid.cap.prize_share"  # R6.3: how many of the entrants may win


def days_in_order(held_on: date, ended_on: date | None) -> Verdict:
    """An event does not end before it begins."""
    if ended_on is not None and ended_on < held_on:
        return refused(_("结束日期不能早于活动日期。"), TRUE_LEDGER)
    return passed()


def already_held(held_on: date, today: date) -> Verdict:
    """People, output and prizes are known only when the event has been held; a plan may lie ahead."""
    if held_on > today + DAY:
        return refused(_("活动尚未举行，不能登记参加人员、成果或成绩。"), TRUE_LEDGER)
    return passed()


def count_plausible(count: Quantity | None) -> Verdict:
    """A count of more than ten million is refused as a slip of the pen."""
    if count is not None and count.value > LARGEST_COUNT:
        return refused(_("数量超过一千万，请核对。"), TRUE_LEDGER)
    return passed()


def cost_allowed(cost: int | None) -> Verdict:
    """``cost`` is in fen: not negative, at most 100亿元; None means that it is not known."""
    if cost is not None and not 0 <= cost <= LARGEST_FEN:
        return refused(_("经费不能是负数，也不能超过100亿元。"), TRUE_LEDGER)
    return passed()


def activity_recordable(values: Mapping[str, Any], today: date) -> Verdict:
    """All that an activity must keep; ``values`` are complete and as people give them."""
    counts = [values.get(name) for name in ("people", "audience", "output")]
    known = any(count is not None for count in counts)
    return worst(
        (
            days_in_order(values["held_on"], values.get("ended_on")),
            already_held(values["held_on"], today) if known else passed(),
            *(count_plausible(count) for count in counts),
            cost_allowed(values.get("cost")),
        )
    )


def winner_within(winner_path: str, activity_path: str) -> Verdict:
    """The winner's union is the one that keeps the activity, or one below it."""
    if not winner_path.startswith(activity_path):
        return refused(_("获奖者所属工会应是登记活动的工会或其下级。"), TRUE_LEDGER)
    return passed()


def awarded_in_time(awarded_on: date, held_on: date, today: date) -> Verdict:
    """A prize is given on or after the first day of the event, and not in the future."""
    if awarded_on < held_on:
        return refused(_("获奖日期不能早于活动日期。"), TRUE_LEDGER)
    return already_held(awarded_on, today)


def awards_after(held_on: date, first_award: date | None) -> Verdict:
    """An event is not moved behind the day on which its first prize was given."""
    if first_award is not None and first_award < held_on:
        return refused(_("已登记的获奖日期早于新的活动日期，请先更正成绩。"), TRUE_LEDGER)
    return passed()


def winner_named(winner_kind: str, winner: str, *, has_person: bool) -> Verdict:
    """A prize names its winner, and only a person's prize is tied to a person."""
    if not winner.strip():
        return refused(_("请填写获奖者。"), TRUE_LEDGER)
    if has_person and winner_kind != "person":
        return refused(_("团体奖项不能对应到个人，请改为“个人”或去掉人员。"), TRUE_LEDGER)
    return passed()


def prize_limit(on: date, jurisdiction: str) -> Rule | None:
    """The local rule on how many entrants may win; None where the rulebook knows none."""
    try:
        return rule(PRIZE_SHARE, on=on, jurisdiction=jurisdiction)
    except RuleMissing:
        return None


def prize_share(winners: int | None, entrants: int | None, limit: Rule | None) -> Verdict:
    """Warn when more entrants win than the local rule allows (R6.3); unknown numbers give no warning."""
    if limit is None or winners is None or not entrants:
        return passed()
    share = limit.value
    if winners * share["denominator"] > entrants * share["numerator"]:
        return warned(
            _("获奖人次超过参加人次的 %(top)d/%(of)d，请核对当地奖励标准。")
            % {"top": share["numerator"], "of": share["denominator"]},
            limit.source,
        )
    return passed()
