# ruff: noqa: PLR2004 - the shares of a made-up county say nothing beyond their place
"""The money of a year, as rows of the sheet 经费. All sums here are yuan."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from zhijia.config.demo.model import County, Organ, Row, Rows, Worker, chance, day, money

QUARTERS = ((1, 3), (4, 6), (7, 9), (10, 12))
SPENDING = (
    # category, share of the year's spending in percent, how often, for what
    ("文体活动", 30, 3, ("教职工运动会器材", "球类比赛", "文艺活动", "健步走活动")),
    ("职工集体福利", 34, 3, ("节日慰问品", "会员生日慰问", "节日慰问品采购")),
    ("职工教育", 8, 1, ("业务学习资料", "读书活动图书", "教学比武奖品")),
    ("宣传活动", 4, 1, ("宣传栏制作", "宣传资料印刷")),
    ("送温暖", 8, 1, ("走访慰问", "住院慰问")),
    ("困难帮扶", 5, 1, ("困难教职工帮扶",)),
    ("工会干部培训", 3, 1, ("工会干部培训费",)),
    ("会议", 2, 1, ("会员大会会务", "教代会会务")),
    ("其他业务支出", 3, 1, ("办公用品", "印刷费")),
    ("资本性支出", 3, 1, ("教工之家器材",)),
)
PER_HEAD = (260, 420, 560, 680, 780, 860, 940, 1040, 1160, 1380, 1650)


@dataclass
class _Year:
    """One year's money in the making."""

    county: County
    year: int
    rng: Random
    rows: Rows = field(default_factory=list)

    def add(self, organ: Organ, kind: str, on: date, fen: int, **more: object) -> None:
        """Write an entry down, if the union lived on that day and there is a sum."""
        if organ.lives(on) and fen > 0:
            union = organ.name_on(date(self.year, 12, 31))
            row: Row = {"union": union, "kind": kind, "happened_on": on, "amount": money(fen)}
            self.rows.append({**row, **more})


def finance(county: County, year: int) -> Rows:
    """Return the rows of a year."""
    work = _Year(county, year, chance(f"money-{county.year}-{year}"))
    for organ in county.organs:
        if organ.schools and organ.zeal > 0:
            members = county.members(organ, year)
            for school in organ.schools:
                _contribution(work, organ, school.name, county.staff(organ, date(year, 7, 1)))
            if members:
                _union(work, organ, members)
    _county(work)
    return sorted(work.rows, key=lambda row: (row["happened_on"], row["union"], row["kind"], row["amount"]))


def _contribution(work: _Year, organ: Organ, payer: str, staff: list[Worker]) -> None:
    """Two percent of the wages each quarter; private payers through the tax office, which pays back."""
    rng, is_taxed = work.rng, organ.sector == "非公企业"
    here = [worker for worker in staff if any(stay.school.name == payer for stay in worker.stays)]
    wages = sum(worker.wage for worker in here) * 3 // 100 * 100
    habit = chance(payer).choice((100, 100, 100, 96, 90, 85, 78, 64)) + (work.year == work.county.year)
    for first, last in QUARTERS:
        if not wages or (is_taxed and rng.random() < 0.12):
            continue  # nothing was paid for the quarter
        base = wages * 100  # fen; 2% of whole hundreds of yuan is whole yuan
        on = date(work.year, last, rng.randint(8, 26))
        part = base * 2 // 100
        more: Row = {"employer": payer, "wage_base": money(base), "note": f"{first}—{last}月拨缴经费"}
        if is_taxed:
            state = rng.choice(("已返还", "已返还", "手续已完善", "手续待办"))
            work.add(organ, "拨缴经费收入", on, part, formalities=state, **more)
            if state == "已返还":
                back = (
                    date(work.year, 12, 27)
                    if last == 12
                    else on.replace(month=last + 1, day=rng.randint(1, 28))
                )
                work.add(
                    organ, "经费返还", back, part * 60 // 100, counterparty="税务代收专户", note="按60%返还"
                )
            continue
        work.add(organ, "拨缴经费收入", on, part, **more)
        if last in (6, 12):
            work.add(organ, "行政列支工会经费", on, part * 2, employer=payer, note="行政账列支工会经费")
            sent = part * 2 * min(100, habit + rng.choice((-3, 0, 0, 0, 2))) // 100
            work.add(organ, "划拨到工会账户", on, sent, employer=payer, note="划入工会账户")


def _union(work: _Year, organ: Organ, members: list[Worker]) -> None:
    """Dues once a year, and what the union spends."""
    rng = work.rng
    base = sum(worker.wage for worker in members)
    work.add(
        organ, "会费收入", day(rng, work.year, 11, 12), base * 100 * 12 // 200, note=f"{work.year}年会费"
    )
    if organ.is_thrifty:
        return
    each = PER_HEAD[(sum(map(ord, organ.code)) + work.rng.randint(0, 2)) % len(PER_HEAD)]
    total = len(members) * each * (108 if work.year == work.county.year else 100) // 100
    for category, share, often, purposes in SPENDING:
        for _payment in range(often):
            if rng.random() < 0.22:
                continue
            fen = total * share * rng.randint(70, 125) // (100 * often)
            work.add(
                organ,
                "经费支出",
                day(rng, work.year, 1, 12),
                fen,
                category=category,
                note=rng.choice(purposes),
            )
    if rng.random() < 0.2:
        work.add(
            organ, "补助收入", day(rng, work.year, 4, 11), rng.choice((2, 3, 5, 8)) * 100_000,
            counterparty="明泽县教育工会", note="上级工会补助",
        )  # fmt: skip


def _county(work: _Year) -> None:
    """The county union's own money, and a little of the federations'."""
    rng, top, year = work.rng, work.county.top, work.year
    for month in (3, 6, 9, 12):
        work.add(top, "补助收入", date(year, month, 20), rng.randint(60, 90) * 100_000, note="县总工会补助")
    for category, share, often, purposes in SPENDING:
        for _payment in range(often * 4):
            fen = 1_500 * share * rng.randint(70, 125) // often
            work.add(
                top, "经费支出", day(rng, year, 1, 12), fen, category=category, note=rng.choice(purposes)
            )
    for organ in work.county.below(top):
        if organ.kind != "federation":
            continue
        work.add(organ, "补助收入", day(rng, year, 3, 5), rng.randint(8, 20) * 100_000, note="县教育工会补助")
        for category, share, _often, purposes in SPENDING[:6]:
            fen = 200 * share * rng.randint(70, 125)
            work.add(
                organ, "经费支出", day(rng, year, 5, 12), fen, category=category, note=rng.choice(purposes)
            )
