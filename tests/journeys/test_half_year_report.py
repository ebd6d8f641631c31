"""The half-year of a county education union, from its filled workbook to the Word file.

The people are invented; the numbers are those of a published half-year report (inventory A2, rows 50-53, 96).
"""

from __future__ import annotations

from datetime import date

import pytest
from django.core.management import call_command

from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.organisations.models import Union
from zhijia.figures.engine import Spot, compute
from zhijia.figures.lineage import rows
from zhijia.kernel.period import Period
from zhijia.kernel.scope import EVERYWHERE
from zhijia.kit.books.template import write_rows
from zhijia.summaries.docx.read import anchors, plain_text
from zhijia.summaries.models import Summary

pytestmark = pytest.mark.django_db
TOP = "示范县教育工会"
SCHOOLS = ("示范县第一中学", "示范县第二中学", "示范县湖滨小学", "示范县山前小学")
H1 = Period.half(2025, 1)


def unions():
    top = {"code": "SF", "name": TOP, "level": "总工会", "sector": "教育", "founded_on": "2010-05-01"}
    below = [
        {
            "code": f"SF{number}",
            "name": f"{school}工会",
            "parent": "SF",
            "level": "基层工会",
            "sector": "教育",
            "founded_on": "2012-09-01",
        }
        for number, school in enumerate(SCHOOLS, start=1)
    ]
    return [top | {"issuer_code": "示教工"}, *below]


def employers():
    return [
        {"name": school, "union": f"SF{number}", "sector": "教育", "covered_on": "2012-09-01"}
        for number, school in enumerate(SCHOOLS, start=1)
    ]


def head_counts():
    return [{"employer": school, "as_of": "2025-01-01", "staff": 90, "women": 55} for school in SCHOOLS]


def members():
    born = date(1985, 4, 12)
    return [
        {
            "name": f"示例{'甲乙丙丁'[number]}",
            "id_number": synthetic_id(number, born, "female"),
            "union": f"SF{number + 1}",
            "employer": SCHOOLS[number],
            "starts_on": "2020-09-01",
        }
        for number in range(4)
    ]


def activities():
    def row(name, kind, day, union="SF", **more):
        return {"union": union, "name": name, "kind": kind, "held_on": day} | more

    return [
        row("春季无偿献血", "无偿献血", "2025-04-10", people="100"),
        row("城区学校无偿献血", "无偿献血", "2025-04-24", "SF1", people="71"),
        row("劳模精神主题征文", "征文", "2025-05-12", output="30余篇"),
        row("教职工思想状况问卷", "问卷调查", "2025-03-18", output="100余份"),
        row("职工歌咏比赛", "文艺演出", "2025-04-28", host="示范县总工会", people="6"),
        row("职工文化奖评选", "书画摄影", "2025-05-20", host_level="市级", people="3"),
        row("全县职工运动会", "运动会", "2025-05-16", host_level="县级", host="示范县总工会"),
        row("全县职工乒乓球赛", "体育比赛", "2025-06-06", host_level="县级", host="示范县总工会"),
        row("教代会提案落实情况抽查", "代表巡视", "2025-06-12"),
        row("外出学习考察", "参观学习", "2025-03-26", people="12"),
    ]


def results():
    def row(activity, kind, winner, item, rank, **more):
        place = {"union": "SF", "activity": activity, "winner_kind": kind, "level": "县级"}
        return place | {"winner": winner, "item": item, "rank": rank} | more

    match = "全县职工乒乓球赛"
    return [
        row("全县职工运动会", "团体", "教育系统代表队", "团体", "第二名"),
        row("全县职工运动会", "个人", "教育系统选手", "个人单项", "一、二、三等奖", people="16"),
        row(match, "团体", "教育系统女队", "女子团体", "第一名"),
        row(match, "团体", "教育系统男队", "男子团体", "第三名"),
    ]


def relief():
    parts = (
        ("SF", "2025-01-16", 31, 13000),
        ("SF1", "2025-02-20", 18, 7000),
        ("SF3", "2025-06-03", 12, 5000),
    )
    return [
        {
            "union": union,
            "occasion": "困难帮扶",
            "given_on": day,
            "kind": "个人",
            "beneficiary": "特困教职工",
            "people": people,
            "amount": amount,
            "fund": "拨缴经费留成",
        }
        for union, day, people, amount in parts
    ]


def honours():
    def row(union, name, category, level, kind, winner):
        place = {
            "union": union,
            "name": name,
            "category": category,
            "level": level,
            "awarded_on": "2025-04-28",
        }
        return place | {"winner_kind": kind, "winner": winner, "awarder": "示范县总工会"}

    return [
        row("SF1", "五一劳动奖状", "", "市级", "集体", SCHOOLS[0]),
        row("SF3", "五一劳动奖状", "", "县级", "集体", SCHOOLS[2]),
        row("SF1", "劳动模范", "", "县级", "个人", "示例甲"),
        row("SF2", "五一劳动奖章", "", "市级", "个人", "示例乙"),
        row("SF4", "工会工作先进个人", "", "县级", "个人", "示例丁"),
    ]


SHEETS = {
    "unions": unions,
    "employers": employers,
    "head_counts": head_counts,
    "memberships": members,
    "activities": activities,
    "results": results,
    "relief": relief,
    "honours": honours,
}
EXPECTED = {
    "aid.hardship": "61人次",
    "aid.hardship_amount": "2.5万元",
    "activities.blood": "171人",
    "activities.essays": "30余篇",
    "activities.questionnaires": "100余份",
    "activities.winners": "16人次",
    "honours.collective": "2个",
    "honours.individual": "3个",
}


@pytest.fixture
def report(tmp_path, settings):
    settings.RESULTS = tmp_path / "results"
    book, out = tmp_path / "台账.xlsx", tmp_path / "总结.docx"
    write_rows(book, {key: rows_of() for key, rows_of in SHEETS.items()})
    call_command("import_book", str(book))
    call_command("summary", "--union", "SF", "--period", "2025H1", "--out", str(out))
    return out.read_bytes()


def test_it_writes_every_number_of_the_half_year_with_its_anchor(report):
    text = plain_text(report, appendix=False)
    found = {(anchor.key, anchor.text) for anchor in anchors(report)}

    for key, shown in EXPECTED.items():
        assert shown in text
        assert (key, shown) in found
    assert "集体荣誉2个" in text
    assert "个人荣誉3个" in text


def test_it_finds_a_key_for_every_number_and_the_rows_add_up(report):
    union = Union.objects.everywhere("test").get(code="SF")

    assert all(anchor.key for anchor in anchors(report))
    for key, shown in EXPECTED.items():
        cell = compute([key], union.pk, [H1])[key, Spot(union.pk, H1)]
        (listed,) = rows(EVERYWHERE, key, union, H1)
        assert cell.shown == shown
        assert cell.value == (listed.total if listed.is_sum else listed.number)


def test_it_gives_the_same_bytes_again_and_keeps_one_summary(report, tmp_path):
    again = tmp_path / "again.docx"
    call_command("summary", "--union", "SF", "--period", "2025H1", "--out", str(again))

    assert again.read_bytes() == report
    assert Summary.objects.everywhere("test").count() == 1


def test_it_names_the_honours_and_the_school_without_records(report):
    text = plain_text(report, appendix=False)

    assert "示范县第一中学获市级“五一劳动奖状”称号" in text
    assert "示例乙获市级“五一劳动奖章”称号" in text
    assert "示范县教育工会2025年上半年工作总结" in text
    assert "2025年下半年工作打算" in text
