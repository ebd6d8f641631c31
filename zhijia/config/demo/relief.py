# ruff: noqa: PLR2004 - the shares of a made-up county say nothing beyond their place
"""The relief and condolence payments of a year, as rows of the sheet 慰问救助."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from random import Random

from zhijia.config.demo.model import County, Organ, Row, Rows, Worker, chance, day
from zhijia.config.demo.names import full_name

RELATIVES = ("父亲", "母亲", "配偶", "配偶父亲", "配偶母亲")
FESTIVALS = (
    (1, "春节", ("大米、食用油", "坚果礼盒、食用油")),
    (6, "端午", ("粽子、皮蛋", "粽子礼盒")),
    (9, "中秋", ("月饼、牛奶", "月饼、水果")),
    (9, "国庆", ("大米、牛奶", "杂粮礼盒")),
)
RETAINED, DUES, HIGHER = "拨缴经费留成", "会费", "上级补助"
EMPLOYER, FISCAL, DONATION, MUTUAL = "行政补助", "财政帮扶资金", "社会捐款", "互助基金"


@dataclass
class _Year:
    """One year's payments in the making."""

    county: County
    year: int
    rng: Random
    rows: Rows = field(default_factory=list)

    def times(self, count: int) -> int:
        """Return how often in this year: the second sees a little more."""
        return count * 108 // 100 if self.year == self.county.year else count

    def add(self, organ: Organ, occasion: str, on: date, **more: object) -> None:
        """Write a payment down, if the union lived on that day."""
        if organ.lives(on):
            union = organ.name_on(date(self.year, 12, 31))
            self.rows.append({"union": union, "occasion": occasion, "given_on": on, **more})


def relief(county: County, year: int) -> Rows:
    """Return the rows of a year."""
    work = _Year(county, year, chance(f"relief-{county.year}-{year}"))
    organs = [one for one in county.organs if one.schools and one.zeal > 0]
    pairs = [(one, county.members(one, year)) for one in organs]
    pairs = [(organ, members) for organ, members in pairs if members]
    _county(work)
    _in_need(work, pairs)
    _life(work, pairs)
    _festive(work, pairs)
    _retired(work)
    return sorted(
        work.rows, key=lambda row: (row["given_on"], row["union"], row["occasion"], row["beneficiary"])
    )


def _person(worker: Worker) -> Row:
    return {"kind": "个人", "beneficiary": worker.name, "id_number": worker.id_number}


def _someone(work: _Year, pairs: list[tuple[Organ, list[Worker]]]) -> tuple[Organ, Worker]:
    organ, members = work.rng.choices(pairs, weights=[len(members) for _organ, members in pairs])[0]
    return organ, work.rng.choice(members)


def _county(work: _Year) -> None:
    """What the county union itself gives: front line, retired model workers, schools in need."""
    rng, top, year = work.rng, work.county.top, work.year
    for on, who, heads in (
        (date(year, 1, 14), "特教教师", 30),
        (date(year, 6, 7), "高考监考教师", 180),
        (date(year, 6, 16), "中考监考教师", 220),
        (date(year, 9, 9), "乡村教师代表", 42),
    ):
        goods = {"goods": "矿泉水、防暑药品" if on.month == 6 else "慰问品", "goods_value": heads * 60}
        work.add(
            top,
            "一线慰问",
            on,
            kind="个人",
            beneficiary=who,
            people=heads + rng.randint(0, 8),
            fund=HIGHER,
            **goods,
        )
    for number in range(work.times(16)):
        on = day(rng, year, 1)
        home = full_name(rng, "male") + "家庭"
        work.add(
            top, "元旦春节送温暖", on, kind="家庭", beneficiary=home, households=1, fund=FISCAL,
            amount=rng.choice((1000, 1500, 2000)), note=f"困难教职工家庭第{number + 1}户",
        )  # fmt: skip
    for school in rng.sample([one for one in work.county.organs if one.kind == "federation"], 5):
        work.add(
            top, "其他慰问", date(year, 9, 8), kind="单位", beneficiary=school.name, fund=HIGHER, amount=3000,
            note="教师节走访乡镇学校",
        )  # fmt: skip


def _in_need(work: _Year, pairs: list[tuple[Organ, list[Worker]]]) -> None:
    rng, year = work.rng, work.year
    for count, occasion, months, sums, fund in (
        (62, "元旦春节送温暖", (1, 1), (1000, 1500, 2000, 3000), FISCAL),
        (34, "困难帮扶", (3, 11), (800, 1000, 2000, 3000), HIGHER),
        (8, "临时救助", (2, 12), (3000, 5000, 10000), MUTUAL),
        (4, "工伤慰问", (2, 12), (500, 1000), RETAINED),
    ):
        for _payment in range(work.times(count)):
            organ, worker = _someone(work, pairs)
            work.add(
                organ,
                occasion,
                day(rng, year, *months),
                **_person(worker),
                amount=rng.choice(sums),
                fund=fund,
            )
    for _payment in range(work.times(46)):
        organ, worker = _someone(work, pairs)
        child = worker.name[0] + rng.choice("子一小思") + rng.choice("涵轩萱辰睿")
        work.add(
            organ, "金秋助学", day(rng, year, 8), kind="个人", beneficiary=child,
            fund=rng.choice((FISCAL, DONATION)), amount=rng.choice((2000, 3000, 4000, 5000)),
            note=f"{worker.name}子女，{rng.choice(('高中', '大学', '大学'))}",
        )  # fmt: skip


def _life(work: _Year, pairs: list[tuple[Organ, list[Worker]]]) -> None:
    """Illness, marriage, birth, a death in the family."""
    rng, year = work.rng, work.year
    for count, occasion, sums, fund in (
        (112, "生病住院慰问", (300, 500, 500, 800, 1000), RETAINED),
        (38, "结婚慰问", (300, 500), DUES),
        (46, "生育慰问", (300, 500), DUES),
        (52, "丧事慰问", (500, 800, 1000), RETAINED),
    ):
        for _payment in range(work.times(count)):
            organ, worker = _someone(work, pairs)
            more: Row = {**_person(worker), "amount": rng.choice(sums), "fund": fund}
            if occasion == "丧事慰问":
                more["note"] = f"{rng.choice(RELATIVES)}去世"
            work.add(organ, occasion, day(rng, year, 1, 12), **more)


def _festive(work: _Year, pairs: list[tuple[Organ, list[Worker]]]) -> None:
    """Gifts to all: a school gives goods on some festivals; few records, many people."""
    rng, year = work.rng, work.year
    for organ, members in pairs:
        heads = len(members)
        habits = chance(f"gifts-{organ.code}")  # what a union gives one year it gives the next
        zeal = organ.zeal * work.times(100) / 100
        for month, festival, goods in FESTIVALS:
            if habits.random() < 0.2 * zeal:
                each = rng.choice((150, 200, 260, 300))
                on = date(year, month, rng.randint(2, 12) if month == 6 else rng.randint(14, 27))
                work.add(
                    organ, "节日慰问", on, kind="个人", beneficiary="全体会员", people=heads, fund=RETAINED,
                    goods=rng.choice(goods), goods_value=heads * each, note=f"{festival}慰问",
                )  # fmt: skip
        if habits.random() < 0.22 * zeal:
            some = max(1, heads // 4)
            work.add(
                organ, "生日慰问", day(rng, year, 3, 12), kind="个人", beneficiary="本季度过生日的会员",
                people=some, fund=DUES, goods="生日蛋糕券", goods_value=some * rng.choice((150, 200, 260)),
            )  # fmt: skip
        if habits.random() < 0.18 * zeal:
            women = max(1, sum(worker.sex == "female" for worker in members))
            work.add(
                organ, "三八节慰问", date(year, 3, rng.randint(4, 8)), kind="个人", beneficiary="女教职工",
                people=women, fund=EMPLOYER, goods="鲜花、毛巾", goods_value=women * 50,
            )  # fmt: skip
        if habits.random() < 0.14 * zeal:
            work.add(
                organ, "教师节慰问", date(year, 9, rng.randint(6, 10)), kind="个人", beneficiary="全体教职工",
                people=f"{heads // 10 * 10}余" if heads > 40 else heads, fund=EMPLOYER, goods="慰问品",
                goods_value=heads * 100,
            )  # fmt: skip
        if habits.random() < 0.07 * zeal:
            work.add(
                organ, "送清凉", day(rng, year, 7, 8), kind="个人", beneficiary="暑期值班与施工人员",
                people=rng.randint(6, 30), fund=RETAINED, goods="西瓜、凉茶",
                goods_value=rng.randint(4, 18) * 100,
            )  # fmt: skip


def _retired(work: _Year) -> None:
    """A farewell to those who retire, and what is given when a member dies."""
    rng = work.rng
    for worker in work.county.workers:
        for stay in worker.stays:
            organ = stay.school.union
            if (
                organ is None
                or stay.joined_on is None
                or stay.ends_on is None
                or stay.ends_on.year != work.year
            ):
                continue
            if stay.state == "保留会籍" and rng.random() < 0.62 and organ.zeal:
                work.add(
                    organ,
                    "退休慰问",
                    stay.ends_on,
                    **_person(worker),
                    amount=500,
                    fund=RETAINED,
                    goods="纪念品",
                )
            elif stay.state == "死亡":
                work.add(
                    organ, "丧事慰问", stay.ends_on, kind="家庭", beneficiary=f"{worker.name}家属",
                    households=1, amount=2000, fund=RETAINED, note="会员去世",
                )  # fmt: skip
