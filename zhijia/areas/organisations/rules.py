"""What law and statutes say about unions, committees and posts. Pure: facts and rules in, Verdict out."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.conf import settings
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Seat, Union
from zhijia.kernel.rulebook import Rule, RuleMissing, rule
from zhijia.kernel.verdict import Verdict, passed, refused, warned

LAW = "工会法（2021修正）"
ELECTIONS = "工会基层组织选举工作条例（总工发〔2016〕27号）"
HIGHER_LEVELS = (Union.Level.GENERAL, Union.Level.FEDERATION)
_RANK = {
    Union.Level.GENERAL: 0,
    Union.Level.FEDERATION: 1,
    Union.Level.JOINT: 2,
    Union.Level.GRASSROOTS: 2,
    Union.Level.GROUP: 3,
}
Due = Literal["overdue", "3", "6", "later"]


def months_after(day: date, months: int) -> date:
    """Return the day so many months later; a day the month lacks becomes its last."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def level_below(parent: str, child: str) -> Verdict:
    """Say whether a union of level ``child`` may stand directly below one of level ``parent``."""
    if parent == Union.Level.GROUP:
        return refused(_("工会小组下面不能再设工会。"), "中国工会章程")
    if _RANK[Union.Level(child)] < _RANK[Union.Level(parent)]:
        return refused(
            _("%(child)s不能隶属于%(parent)s。")
            % {"child": Union.Level(child).label, "parent": Union.Level(parent).label},
            f"{LAW}第十二条",
        )
    return passed()


def place_below(parent: Union, level: str) -> Verdict:
    """Say whether a union of that level may be put below ``parent``, which must be open."""
    if parent.closed_on:
        return refused(_("上级工会“%(name)s”已终止。") % {"name": parent.name}, f"{LAW}第十二条")
    return level_below(parent.level, level)


def day_known(on: date, today: date) -> Verdict:
    """Refuse days in the future: the register records what has happened."""
    if on > today:
        return refused(_("日期不能晚于今天。"))
    return passed()


def still_open(union: Union) -> Verdict:
    """Refuse changes of a union that has ended."""
    if union.closed_on:
        return refused(_("工会“%(name)s”已终止，不能再变动。") % {"name": union.name}, f"{LAW}第十三条")
    return passed()


def rule_on(code: str, on: date) -> Rule | None:
    """Return the dated rule of this area in force on a day; None before the oldest one that is kept."""
    try:
        return rule(f"organisations.{code}", on=on, jurisdiction=settings.JURISDICTION)
    except RuleMissing:
        return None


def term_length(level: str, years: int, elected_on: date) -> Verdict:
    """A term is three or five years; local and industry unions have five (R1.4)."""
    if level in HIGHER_LEVELS and (fixed := rule_on("federation_term_years", elected_on)):
        if years != fixed.value:
            return refused(_("地方和产业工会每届任期是%(years)d年。") % {"years": fixed.value}, fixed.source)
    elif (known := rule_on("term_years", elected_on)) and years not in known.value:
        choices = "、".join(str(value) for value in known.value)
        return refused(_("每届任期是%(years)s年。") % {"years": choices}, known.source)
    return passed()


def committee_seats(members: int, seats: int, on: date) -> Verdict:
    """Warn when the number of committee seats leaves the band for so many members (R2.2)."""
    bands = rule_on("committee_size", on)
    if bands is None:
        return passed()
    for band in bands.value:
        if band["from_members"] <= members <= band.get("to_members", members):
            if not band["least"] <= seats <= band["most"]:
                words = {"members": members, "least": band["least"], "most": band["most"], "seats": seats}
                text = _("会员%(members)d人，委员会委员一般为%(least)d至%(most)d人，现为%(seats)d人。")
                return warned(text % words, bands.source)
            break
    return passed()


def committee_needed(members: int, on: date, *, has_committee: bool) -> Verdict:
    """From 25 members on a grassroots union must have a committee (R1.1)."""
    least = rule_on("committee_mandatory_members", on)
    if least and members >= least.value and not has_committee:
        text = _("会员%(members)d人(满%(least)d人),应当建立基层工会委员会。")
        return refused(text % {"members": members, "least": least.value}, least.source)
    return passed()


def women_committee_needed(women: int, on: date, *, has_committee: bool) -> Verdict:
    """With many women members a women workers' committee is due; the number is local (R1.5)."""
    least = rule_on("women_committee_members", on)
    if least and women >= least.value and not has_committee:
        text = _("女会员%(women)d人(满%(least)d人),应当建立女职工委员会。")
        return warned(text % {"women": women, "least": least.value}, least.source)
    return passed()


@dataclass(frozen=True)
class TermDue:
    """How far a term is from its end: overdue, within three months, within six, or later; days may be < 0."""

    state: Due
    days: int


def term_due(expires_on: date, today: date) -> TermDue:
    """Say when the next election is due (R2.7: warn six and three months ahead); the last day counts."""
    days = (expires_on - today).days
    if days < 0:
        return TermDue("overdue", days)
    if expires_on <= months_after(today, 3):
        return TermDue("3", days)
    if expires_on <= months_after(today, 6):
        return TermDue("6", days)
    return TermDue("later", days)


def duties_apart(post: str, held: Collection[str]) -> Verdict:
    """Accountant and cashier of one union are two people; audit members handle no money (R2.8)."""
    money = {str(Seat.Post.ACCOUNTANT), str(Seat.Post.CASHIER)}
    now = {*held, post}
    if money <= now:
        return refused(_("会计和出纳不能由同一人担任。"), "会计法")
    if Seat.Post.AUDIT in now and now & {*money, str(Seat.Post.CHAIR), str(Seat.Post.VICE_CHAIR)}:
        return refused(_("主席、副主席和会计、出纳不能兼任经审委员。"), ELECTIONS)
    return passed()
