# ruff: noqa: PLR2004 - the shares of a made-up county say nothing beyond their place
"""The events of a year and their results, as rows of the sheets 活动 and 活动成绩."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from zhijia.config.demo import event_kinds as kinds
from zhijia.config.demo.event_kinds import Plan
from zhijia.config.demo.model import County, Organ, Row, Rows, Worker, chance, day

TENS, HUNDREDS = 10, 100


@dataclass
class _Year:
    """One year's events in the making."""

    county: County
    year: int
    rng: Random
    activities: Rows
    results: Rows

    @property
    def last(self) -> date:
        """The day at which the workbook is made."""
        return date(self.year, 12, 31)


def events(county: County, year: int) -> tuple[Rows, Rows]:
    """Return the rows of both sheets for a year; the second year sees a little more."""
    work = _Year(county, year, chance(f"events-{county.year}-{year}"), [], [])
    growth = 1.07 if year == county.year else 1.0
    for organ in county.organs:
        if organ is county.top:
            for plan in kinds.COUNTY:
                if work.rng.randint(1, 100) <= plan.chance:
                    _hold(work, organ, plan, _county_members(county, work.rng, year))
            continue
        plans = kinds.FEDERATION if organ.kind == "federation" else kinds.SCHOOL
        members = _members(county, organ, year)
        habits = chance(f"habits-{organ.code}")  # what a union does one year it does the next
        for plan in plans:
            luck = habits.uniform(0, 100)
            if luck < plan.chance * organ.zeal * 0.66 * growth or (
                organ.kind == "federation" and luck < plan.chance
            ):
                _hold(work, organ, plan, members)
    work.activities.sort(key=lambda row: (row["held_on"], row["union"], row["name"]))
    work.results.sort(key=lambda row: (row["held_on"], row["union"], row["activity"]))
    return work.activities, work.results


def _members(county: County, organ: Organ, year: int) -> list[Worker]:
    """Return the people of a union; a group's are some of the school's, for the roster names no groups."""
    if organ.kind in ("group", "branch") and organ.parent is not None:
        return county.members(organ.parent, year)[::4]
    return county.members(organ, year)


def _county_members(county: County, rng: Random, year: int) -> list[Worker]:
    """Return people from all over the county whose name is theirs alone."""
    found = [
        worker
        for organ in rng.sample(county.organs, 60)
        for worker in county.members(organ, year)
        if worker.name in county.unique
    ]
    return rng.sample(found, min(len(found), 60))


def _hold(work: _Year, organ: Organ, plan: Plan, members: list[Worker]) -> None:
    """Write an event down, if the union lived on that day and has people for it."""
    rng = work.rng
    on = day(rng, work.year, plan.first, plan.last)
    if plan.kind == "三八节活动":
        on = date(work.year, 3, rng.randint(3, 9))
    elif plan.name == "庆祝教师节座谈会":
        on = date(work.year, 9, rng.randint(7, 10))
    if not organ.lives(on) or (organ.kind in ("school", "joint") and not members):
        return
    is_above = organ.kind in ("top", "federation")
    heads = rng.randint(plan.low, plan.high)
    if not is_above:
        heads = len(members) * heads // 100
    level = (
        plan.level if organ.kind != "top" or plan.level != kinds.Plan("", "", 1, 1, 0, 0, 0).level else "县级"
    )
    row: Row = {
        "union": organ.name_on(work.last),
        "name": plan.name,
        "kind": plan.kind,
        "held_on": on,
        "host_level": level,
        "host": ""
        if organ.kind != "top"
        else ("明泽县教育工会" if level == "县级" else f"{level[0]}教育工会"),
        "venue": rng.choice(kinds.COUNTY_VENUES if is_above else kinds.VENUES),
        "people": _said(rng, heads),
    }
    if plan.name.endswith("）") and "批" in plan.name:
        row["ended_on"] = on + timedelta(days=4)
    if plan.is_named and members and heads and organ.kind not in ("group", "branch"):
        _name(work, row, members, heads)
    if plan.audience:
        row["audience"] = f"{plan.audience + rng.randint(0, 5) * HUNDREDS}余"
    if plan.output:
        row["output"] = _output(rng, plan, heads)
    if plan.cost and heads and rng.random() < 0.9:
        row["cost"] = heads * plan.cost * rng.randint(85, 110) // 100
    work.activities.append(row)
    _award(work, organ, plan, row, members)


def _name(work: _Year, row: Row, members: list[Worker], heads: int) -> None:
    """Give the people by name, or by number where two share it; named people win over the head-count."""
    chosen = work.rng.sample(members, min(heads, len(members)))
    names = [worker.name if worker.name in work.county.unique else worker.id_number for worker in chosen]
    row["persons"], row["people"] = "、".join(names), None


def _said(rng: Random, heads: int) -> int | str | None:
    """Say a head-count as ledgers do: mostly exact, at times 余 or 近, at times not at all."""
    if heads == 0:
        return None
    luck = rng.random()
    step = TENS if heads < 200 else HUNDREDS
    if luck < 0.04:
        return None
    if heads < 30 or luck < 0.78:
        return heads
    if luck < 0.9:
        return f"{heads // step * step}余"
    return f"近{-(-heads // step) * step}" if luck < 0.96 else f"约{heads // step * step}"


def _output(rng: Random, plan: Plan, heads: int) -> str:
    """Say what came out of it: 30余篇, 100余份."""
    base = {"份": rng.randint(2, 6), "篇": rng.randint(10, 40), "条": rng.randint(12, 60)}.get(
        plan.output, heads
    )
    count = max(base, heads * 8 // 10 if plan.low else base)
    if count >= 30 and rng.random() < 0.5:
        return f"{count // TENS * TENS}余{plan.output}"
    return f"{count}{plan.output}"


def _award(work: _Year, organ: Organ, plan: Plan, event: Row, members: list[Worker]) -> None:
    """Write the results down: teams in matches, people in contests."""
    rng = work.rng
    is_match = plan.kind in ("体育比赛", "运动会", "文艺演出", "节日联欢")
    ranks = kinds.RANKS if is_match else kinds.GRADES
    schools = [one for one in work.county.organs if one.schools and one.lives(event["held_on"])]
    known = [worker for worker in members if worker.name in work.county.unique]
    for place in range(plan.results):
        item = kinds.CONTESTS[place % 4] if "乒乓球" in plan.name else ""
        sex = kinds.SINGLES.get(item)
        fitting = [worker for worker in known if sex is None or worker.sex == sex]
        row: Row = {
            "union": event["union"],
            "activity": event["name"],
            "held_on": event["held_on"],
            "rank": ranks[rng.randint(0, 4) if item else place % len(ranks)],
            "level": event["host_level"],
            "item": item,
        }
        if fitting and (sex or not is_match):
            row |= {"winner_kind": "个人", "winner": fitting[place % len(fitting)].name, "people": 1}
        else:
            team = _team(rng, organ, schools, event["host_level"])
            row |= {"winner_kind": "团体", "winner": team, "people": rng.randint(6, 14)}
        if event["host_level"] in ("县级", "市级", "省级"):
            row["awarded_on"] = min(event["held_on"] + timedelta(days=rng.randint(0, 9)), work.last)
        work.results.append(row)


def _team(rng: Random, organ: Organ, schools: list[Organ], level: str) -> str:
    """Return the name of a team: of a school in the county's matches, of a group within a school."""
    if level in ("市级", "省级"):
        return "明泽县教职工代表队"
    if organ.kind == "top":
        return rng.choice(schools).schools[0].name.removeprefix("明泽县") + "代表队"
    if organ.kind == "federation":
        below = [one for one in schools if one.parent is organ] or schools
        return rng.choice(below).schools[0].name.removeprefix("明泽县") + "代表队"
    return (
        rng.choice(("语文组", "数学组", "英语组", "综合组", "行政后勤组", "低年级组", "高年级组")) + "代表队"
    )
