# ruff: noqa: PLR2004 - the shares of a made-up county say nothing beyond their place
"""The honours of a year, as rows of the sheet 荣誉."""

from __future__ import annotations

from datetime import date

from zhijia.config.demo.model import County, Rows, chance

COLLECTIVE = (
    # name, category, level, who confers it, month, how many
    ("先进基层工会", "先进工会", "县级", "明泽县总工会", 4, 12),
    ("模范职工之家", "模范(星级)职工之家", "市级", "市总工会", 4, 3),
    ("五星级教工之家", "模范(星级)职工之家", "县级", "明泽县教育工会", 12, 6),
    ("模范职工小家", "模范(星级)职工之家", "省级", "省总工会", 5, 1),
    ("工人先锋号", "工人先锋号", "市级", "市总工会", 4, 2),
    ("工人先锋号", "工人先锋号", "县级", "明泽县总工会", 4, 4),
    ("五一劳动奖状", "五一劳动奖状", "市级", "市总工会", 4, 1),
    ("巾帼文明岗", "三八红旗手(巾帼文明岗)", "县级", "县妇联", 3, 4),
    ("优秀组织奖", "优秀组织奖", "县级", "明泽县教育工会", 11, 10),
    ("优秀组织奖", "优秀组织奖", "市级", "市教育工会", 10, 3),
)
INDIVIDUAL = (
    ("优秀工会工作者", "优秀工会工作者", "县级", "明泽县总工会", 4, 14),
    ("优秀工会工作者", "优秀工会工作者", "市级", "市总工会", 4, 3),
    ("师德标兵", "师德标兵", "县级", "明泽县教育局", 9, 20),
    ("师德标兵", "师德标兵", "市级", "市教育局", 9, 4),
    ("三八红旗手", "三八红旗手(巾帼文明岗)", "县级", "县妇联", 3, 6),
    ("三八红旗手", "三八红旗手(巾帼文明岗)", "市级", "市妇联", 3, 2),
    ("五一劳动奖章", "五一劳动奖章", "市级", "市总工会", 4, 2),
    ("劳动模范", "劳动模范", "市级", "市人民政府", 4, 1),
    ("优秀教师", "其他荣誉", "省级", "省教育厅", 9, 2),
    ("优秀班主任", "其他荣誉", "县级", "明泽县教育局", 9, 16),
)


def awards(county: County, year: int) -> Rows:
    """Return the rows of a year; the county union and those who do most win most."""
    rng = chance(f"awards-{county.year}-{year}")
    last = date(year, 12, 31)
    organs = [one for one in county.organs if one.schools and one.zeal > 0 and one.lives(last)]
    weights = [one.zeal for one in organs]
    rows: Rows = []
    for is_person, table in ((False, COLLECTIVE), (True, INDIVIDUAL)):
        for name, category, level, awarder, month, count in table:
            on = date(year, month, rng.randint(18, 28))
            number = f"〔{year}〕{rng.randint(3, 60)}号"
            many = count + (rng.randint(0, 2) if year == county.year and count > 3 else 0)
            seen: set[str] = set()
            for _one in range(many):
                organ = rng.choices(organs, weights)[0]
                members = [worker for worker in county.members(organ, year) if worker.name in county.unique]
                winner = rng.choice(members).name if is_person and members else organ.schools[0].name
                if winner in seen or (is_person and not members):
                    continue
                seen.add(winner)
                rows.append(
                    {
                        "union": organ.name_on(last),
                        "name": name,
                        "category": category,
                        "level": level,
                        "awarded_on": on,
                        "awarder": awarder,
                        "winner_kind": "个人" if is_person else "集体",
                        "winner": winner,
                        "document": awarder[:2] + "发" + number,
                    }
                )
    rows.append(
        {
            "union": county.top.name,
            "name": "全市教育工会工作先进单位",
            "category": "先进工会",
            "level": "市级",
            "awarded_on": date(year, 12, 20),
            "awarder": "市教育工会",
            "winner_kind": "集体",
            "winner": county.top.name,
            "document": f"市教工〔{year}〕{rng.randint(20, 60)}号",
        }
    )
    return sorted(rows, key=lambda row: (row["awarded_on"], row["name"], row["winner"]))
