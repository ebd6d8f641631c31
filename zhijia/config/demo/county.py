# ruff: noqa: PLR2004 - the shares and counts of a made-up county say nothing beyond their place
"""Draws the unions and the employers of the county, and what became of them in the two years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from random import Random

from stdnum.cn import uscc

from zhijia.config.demo import CODE
from zhijia.config.demo.model import Change, County, Organ, School, Term, chance, day, years_after
from zhijia.config.demo.names import GROUPS, TOWNS, VILLAGES, full_name

NAME = "明泽县"
SILENT = 0.06  # share of schools that record nothing at all
THRIFTY = 0.09  # share of schools that record no spending
OVERDUE = 0.12  # share of unions that let their term run out


@dataclass(frozen=True)
class Kind:
    """What a kind of school is like: how many on the staff, and how many are women (percent)."""

    low: int
    high: int
    women: int
    sector: str = "教育"


KINDS = {
    "high": Kind(190, 290, 50),
    "vocational": Kind(120, 180, 48),
    "junior": Kind(52, 100, 55),
    "city_primary": Kind(95, 160, 72),
    "central": Kind(62, 108, 66),
    "village": Kind(12, 34, 60),
    "kinder": Kind(18, 42, 88),
    "private": Kind(70, 130, 62, "非公企业"),
    "office": Kind(35, 80, 46, "机关"),
    "small": Kind(8, 16, 90, "非公企业"),
}
DIRECT = (
    *(("high", f"第{number}高级中学") for number in "一二三四五"),
    ("high", "实验高级中学"),
    ("vocational", "职业技术教育中心"),
    ("vocational", "中等卫生职业学校"),
    *(("junior", f"第{number}初级中学") for number in "一二三四"),
    ("city_primary", "实验小学"),
    *(("city_primary", f"第{number}小学") for number in "一二三四五六七"),
    *(("kinder", f"第{number}幼儿园") for number in "一二三四五"),
    ("kinder", "实验幼儿园"),
    ("office", "教育局机关"),
    ("office", "教师进修学校"),
    ("office", "特殊教育学校"),
    ("office", "青少年活动中心"),
    ("private", "启航外国语学校"),
    ("private", "博文高级中学"),
    ("private", "新苗学校"),
    ("private", "育英实验学校"),
    ("private", "星河幼教集团"),
)


@dataclass
class _Draft:
    """The county on the drawing board."""

    year: int
    rng: Random
    organs: list[Organ]
    number: int = 0

    def union(self, code: str, name: str, parent: Organ | None, level: str, kind: str, **more: str) -> Organ:
        """Add a union that was founded long ago."""
        founded = date(
            self.rng.randint(1986, self.year - 6), self.rng.randint(1, 12), self.rng.randint(1, 28)
        )
        organ = Organ(
            code, name, parent, level, more.get("sector", "教育"), more.get("region", NAME), founded, kind
        )
        organ.zeal = self.rng.choice((0.55, 0.8, 1.0, 1.0, 1.2, 1.5))
        self.organs.append(organ)
        return organ

    def school(self, organ: Organ, name: str, kind: str) -> School:
        """Add an employer to a union."""
        facts = KINDS[kind]
        school = School(
            name, facts.sector, self.rng.randint(facts.low, facts.high), kind, organ.founded_on, organ
        )
        organ.schools.append(school)
        return school


def build_county(year: int) -> County:
    """Return the county as it stands at the end of ``year``, with the changes of that year and the last."""
    draft = _Draft(year, chance(f"county-{year}"), [])
    top = draft.union(CODE, f"{NAME}教育工会", None, "工会联合会", "top")
    top.founded_on, top.issuer_code = date(1984, 5, 18), "明教工"
    for number, town in enumerate(TOWNS, 1):
        _town(draft, top, number, town)
    _direct(draft, top)
    _papers(draft)
    _news(draft, top)
    _terms(draft)
    return County(year, top, draft.organs)


def _town(draft: _Draft, top: Organ, number: int, town: str) -> None:
    """One township: a federation, its schools and kindergartens, in some a joint union of small ones."""
    rng = draft.rng
    above = draft.union(
        f"{CODE}-{number:02}", f"{town}学校工会联合会", top, "工会联合会", "federation", region=town
    )
    villages = rng.sample(VILLAGES, 4)
    names = [("central", f"{town}中心小学"), ("junior", f"{town}初级中学"), ("kinder", f"{town}中心幼儿园")]
    if number % 3 == 0:
        names.append(("junior", f"{town}第二初级中学"))
    names += [("village", f"{town}{village}小学") for village in villages[: 3 + number % 2]]
    if number % 2:
        names.append(("kinder", f"{town}第二幼儿园"))
    for place, (kind, name) in enumerate(names, 1):
        organ = draft.union(
            f"{above.code}-{place:02}", f"{name}工会", above, "基层工会", "school", region=town
        )
        draft.school(organ, f"{NAME}{name}", kind)
    if number % 2 == 0:
        joint = draft.union(
            f"{above.code}-90", f"{town}民办幼儿园联合工会", above, "联合工会", "joint",
            sector="非公企业", region=town,
        )  # fmt: skip
        for village in villages[:3]:
            draft.school(joint, f"{town}{village}幼儿园", "small")


def _direct(draft: _Draft, top: Organ) -> None:
    """The schools right below the county union, with groups in the biggest ones."""
    for number, (kind, name) in enumerate(DIRECT, 1):
        code = f"{CODE}-Z{number:02}"
        sector = KINDS[kind].sector
        organ = draft.union(code, f"{NAME}{name}工会", top, "基层工会", "school", sector=sector)
        draft.school(organ, f"{NAME}{name}", kind)
        if kind == "high" and number <= 4:
            for place, group in enumerate(GROUPS, 1):
                draft.union(f"{code}-{place}", f"{NAME}{name}{group}工会小组", organ, "工会小组", "group")
    for label, field, places in (
        ("Y01", "校外培训机构", ("睿思", "知行", "墨香", "乐学")),
        ("Y02", "城区民办幼儿园", ("小天使", "七彩", "向日葵", "金贝", "童心")),
    ):
        joint = draft.union(
            f"{CODE}-{label}", f"{NAME}{field}联合工会", top, "联合工会", "joint", sector="非公企业"
        )
        for brand in places:
            draft.school(joint, f"{NAME}{brand}{'幼儿园' if '园' in field else '培训学校'}", "small")


def _papers(draft: _Draft) -> None:
    """Give most unions their registration and account, some of them in the two years; a few are silent."""
    rng, year = draft.rng, draft.year
    for organ in draft.organs:
        if organ.kind == "group":
            organ.zeal = 0.3
            continue
        if organ.kind == "top" or rng.random() < 0.84:
            since = rng.randint(year - 12, year - 2) if rng.random() < 0.93 else rng.randint(year - 1, year)
            organ.legal_person_on = day(rng, max(since, organ.founded_on.year + 1), 3, 11)
            body = f"81999{rng.randint(100, 999)}{rng.randint(0, 999_999_999):09}"
            organ.uscc = body + uscc.calc_check_digit(body)
            if rng.random() < 0.94:
                organ.account_opened_on = organ.legal_person_on.replace(month=12, day=18)
        if organ.kind == "school":
            organ.zeal = 0.0 if rng.random() < SILENT else organ.zeal
            organ.is_thrifty = rng.random() < THRIFTY


def _news(draft: _Draft, top: Organ) -> None:
    """Let unions be founded, renamed, upgraded, moved and closed in both years."""
    year, rng = draft.year, draft.rng
    schools = [one for one in draft.organs if one.kind == "school" and one.schools[0].kind == "village"]
    renamed = [one for one in draft.organs if one.kind == "school" and one.schools[0].kind == "kinder"]
    renamed = [one for one in renamed if _older(one.name) != one.name]
    for at, organ in enumerate((*rng.sample(renamed, 5), *rng.sample(schools, 2))):
        organ.changes.append(_change(rng, "更名", year - 1 if at < 3 else year, _older(organ.name)))
    calm = [one for one in schools if not one.changes]
    for at, organ in enumerate(rng.sample(calm, 5)):
        organ.changes.append(_change(rng, "撤销" if at == 4 else "注销", year - 1 if at < 2 else year))
        organ.closed_on = organ.changes[-1].on
        organ.schools[0].ended_on = organ.closed_on
    moving = next(one for one in draft.organs if one.code == f"{CODE}-01-02")
    moving.changes.append(_change(rng, "调整隶属", year))
    moving.moved_from, moving.parent = moving.parent, top
    for place, (since, name) in enumerate(((year - 1, "国际部"), (year, "东校区")), 1):
        organ = draft.union(
            f"{CODE}-Z0{place}-9", f"{NAME}{DIRECT[place - 1][1]}{name}工会", top, "基层工会", "branch"
        )
        organ.parent = next(one for one in draft.organs if one.code == f"{CODE}-Z0{place}")
        on = _change(rng, "升格", since)
        organ.changes += [on, Change("更名", on.on, on.document, organ.name + "小组")]
    _founded(draft, top)


def _older(name: str) -> str:
    """Return what a school's union was called before."""
    return (
        name.replace("中心幼儿园", "幼儿园").replace("第二幼儿园", "第二幼教点").replace("小学", "完全小学")
    )


def _founded(draft: _Draft, top: Organ) -> None:
    """The unions founded in the two years, five and seven."""
    names = (
        "晨光",
        "蓝天",
        "朝阳",
        "小星星",
        "百灵",
        "春蕾",
        "彩虹",
        "金色摇篮",
        "蒲公英",
        "萌芽",
        "阳光",
        "育苗",
    )
    for place, name in enumerate(names, 1):
        since = draft.year - 1 if place <= 5 else draft.year
        organ = draft.union(
            f"{CODE}-N{place:02}", f"{NAME}{name}幼儿园工会", top, "基层工会", "school", sector="非公企业"
        )
        organ.founded_on = day(draft.rng, since, 3, 11)
        school = draft.school(organ, f"{NAME}{name}幼儿园", "kinder")
        school.sector = "非公企业"


def _change(rng: Random, kind: str, year: int, former: str = "") -> Change:
    return Change(kind, day(rng, year, 2, 11), f"明教工〔{year}〕{rng.randint(2, 60)}号", former)


def _terms(draft: _Draft) -> None:
    """Give each union but the groups its terms: the one of before, and those elected in the two years."""
    rng, year = draft.rng, draft.year
    for organ in draft.organs:
        if organ.kind in ("group", "branch"):
            continue
        length = rng.choice((5, 5, 5, 3))
        elected = date(rng.randint(year - 1 - length, year - 2), rng.randint(3, 11), rng.randint(1, 28))
        if organ.founded_on > elected:
            elected = organ.founded_on.replace(day=min(organ.founded_on.day, 28))
        chair = full_name(rng, "female" if rng.random() < 0.45 else "male")
        number = max(1, (elected.year - organ.founded_on.year) // length + 1)
        organ.terms.append(Term(number, elected, years_after(elected, length), chair))
        if rng.random() < OVERDUE and organ.kind != "top":
            continue
        while organ.terms[-1].expires_on <= date(year, 12, 20) and organ.lives(organ.terms[-1].expires_on):
            last = organ.terms[-1]
            if rng.random() < 0.3:
                chair = full_name(rng, "male")
            organ.terms.append(
                Term(last.number + 1, last.expires_on, years_after(last.expires_on, length), chair)
            )
