"""Summaries of small worlds: the same bytes twice, missing sections, the three plans, the command line."""

import json
import re
from datetime import date
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from zhijia.areas.activities.models import Activity
from zhijia.areas.aid.models import Relief
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.services import union_move
from zhijia.areas.organisations.tests.factories import committee_of, union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.period import Period
from zhijia.kernel.scope import Grant, Scope
from zhijia.kernel.verdict import Refused
from zhijia.summaries.answers import gather
from zhijia.summaries.docx.model import Paragraph
from zhijia.summaries.docx.read import anchors, plain_text
from zhijia.summaries.files import file_path
from zhijia.summaries.models import Summary
from zhijia.summaries.plan import RecordList, plans
from zhijia.summaries.queries import draft
from zhijia.summaries.records import lines
from zhijia.summaries.services import summary_make
from zhijia.summaries.tests.worlds import activity_of, county, entry_of, honour_of, member_of, relief_of
from zhijia.targets.models import Target

pytestmark = pytest.mark.django_db
ACTOR = system("test")


@pytest.fixture(autouse=True)
def results(settings, tmp_path):
    settings.RESULTS = tmp_path / "results"


def text_of(union, period, plan=""):
    made = summary_make(actor=ACTOR, union=union, period=Period.parse(period), plan=plan)
    return plain_text(file_path(made).read_bytes(), appendix=False)


def run(tmp_path, *options):
    out, told = tmp_path / "F.docx", StringIO()
    call_command("summary", "--out", str(out), *options, stdout=told, stderr=StringIO())
    return out, told.getvalue()


def test_it_gives_the_same_bytes_for_the_same_records(tmp_path):
    county()
    first, _told = run(tmp_path, "--union", "XJ", "--period", "2025")
    data = first.read_bytes()
    second, _told = run(tmp_path, "--union", "XJ", "--period", "2025")

    assert second.read_bytes() == data
    assert Summary.objects.everywhere("test").count() == 1


def test_it_makes_the_file_again_when_it_is_gone():
    made = summary_make(actor=ACTOR, union=county(), period=Period.year(2025))
    data = file_path(made).read_bytes()
    file_path(made).unlink()

    assert file_path(made).read_bytes() == data


def test_it_makes_another_summary_when_a_record_has_changed():
    union = county()
    first = summary_make(actor=ACTOR, union=union, period=Period.year(2025))
    relief_of(union, "hardship", date(2025, 7, 1), 3, 900)
    second = summary_make(actor=ACTOR, union=union, period=Period.year(2025))

    assert first.digest != second.digest
    assert Summary.objects.everywhere("test").count() == 2


def test_it_writes_one_audit_line_for_a_summary():
    summary_make(actor=ACTOR, union=county(), period=Period.year(2025))

    assert AuditEvent.objects.filter(action="summaries.make", model="summaries.summary").count() == 1


def test_it_marks_a_section_whose_records_are_all_gone():
    union = county()
    before = text_of(union, "2025")
    Relief.objects.everywhere("test").delete()
    after = text_of(union, "2025")
    (note,) = [line for line in after.splitlines() if line.startswith("【") and "慰问救助" in line]

    assert "走访慰问困难教职工24人次" in before
    assert "走访慰问" not in after
    assert note == "【本期无“困难帮扶”“慰问救助”“慰问金和救助金”记录，请核实或补充】"
    assert not re.search(r"\d", note)


def test_it_never_says_a_zero_or_a_counting_word_twice():
    union = county()
    Activity.objects.everywhere("test").filter(kind__code__startswith="culture").delete()
    text = text_of(union, "2025")
    sentences = [line for line in text.splitlines() if line.endswith("。")]

    assert not [line for line in sentences if re.search(r"(?<![\d.,])0(?![\d.,])[人场家个户元份篇条]", line)]
    assert not re.search(r"(人次){2}|元元|场场|人人次|，，|，。|；。|。。", text)


@pytest.mark.parametrize("name", ["county_education", "school", "township_general"])
@pytest.mark.parametrize("period", ["2025", "2025H1", "2025H2"])
def test_every_plan_renders_with_and_without_records(name, period):
    union = county(sector="township" if name.startswith("town") else "education")
    place = Union.objects.everywhere("test").get(code="XJ1") if name == "school" else union
    bare = Union.objects.everywhere("test").get(code="XJ4")

    for one in (place, bare):
        data = file_path(
            summary_make(actor=ACTOR, union=one, period=Period.parse(period), plan=name)
        ).read_bytes()
        text = plain_text(data, appendix=False)
        assert "{" not in text
        assert "[" not in text
        assert all(anchor.key for anchor in anchors(data))


def test_it_writes_the_summary_of_a_school():
    county()
    text = text_of(Union.objects.everywhere("test").get(code="XJ2"), "2025H1")

    assert "示范县第二小学工会2025年上半年工作总结" in text
    assert "截至6月底，共有会员22人，比上年同期增加3人" in text
    assert "召开“教职工代表大会”，49人次参加" in text


def test_it_writes_the_summary_of_a_township():
    union = county("ZJ", "township")
    entry_of(
        union, "contribution", date(2025, 5, 1), 13_173_100, counterparty="示范机械厂", formalities="ready"
    )
    entry_of(union, "contribution", date(2025, 6, 1), 100, counterparty="示范食品厂", formalities="pending")
    text = text_of(union, "2025")

    assert "缴交工会经费的单位2家，收到拨缴经费1,317.32万元" in text
    assert "返还手续已完善的单位1家，占50%，手续待办的单位1家" in text
    assert "示范县第四小学工会" in text


def test_it_holds_the_targets_against_what_was_done():
    union = county()
    Target(union=union, figure="members.joined", period="2025", goal=100).save()
    Target(union=union, figure="members.joined", period="2026", goal=40).save()
    text = text_of(union, "2025")

    assert "新入会会员2025年目标为100人，实际完成12人，没有达到目标" in text
    assert "力争新入会会员达到40人" in text


def test_it_keeps_missing_measures_apart_from_missing_records():
    union = county()
    Activity.objects.everywhere("test").filter(kind_id="training.officer").update(people=None)
    composed = draft(ACTOR.scope, union, Period.year(2025), plans()["county_education"])
    marked = [
        block.runs[0] for block in composed.document.blocks if isinstance(block, Paragraph) and block.marked
    ]

    assert any("有部分记录未填数量" in str(note) for note in marked)


def test_it_lists_last_years_records_of_a_school_that_has_moved_away_since():
    county = union_of("C", level="general")
    east, west = (union_of(code, county, level="federation") for code in "EW")
    school = union_of("S", east)
    honour_of(school, "示例荣誉", "county", date(2024, 5, 1), "示例教师", "person")
    committee_of(school, date(2019, 3, 1), date(2024, 3, 1))
    fresh, to = (Union.objects.everywhere("test").get(pk=one.pk) for one in (school, west))
    union_move(actor=ACTOR, union=fresh, new_parent=to, on=date(2025, 7, 1), document="示例文件")

    year, wanted = Period.year(2024), RecordList("honours", 5)
    plan = plans()["county_education"]
    found = {one.code: gather(plan, ACTOR.scope, one, year) for one in (east, west)}
    lists = {one.code: len(lines(ACTOR.scope, one, year, wanted)) for one in (east, west)}
    assert lists == {"E": 1, "W": 0}
    assert [(len(found[code].overdue), len(found[code].silent or ())) for code in "EW"] == [(1, 1), (0, 0)]
    assert len(lines(ACTOR.scope, west, Period.year(2025), wanted)) == 0


def test_it_writes_the_document_number_with_the_issuer_code(tmp_path):
    county()
    out, _told = run(tmp_path, "--union", "XJ", "--period", "2025", "--number", "7")
    text = plain_text(out.read_bytes())

    assert f"示教工〔{timezone.localdate().year}〕7号" in text
    assert "示范县教育工会文件" in text


def test_it_prints_what_was_used_as_json(tmp_path):
    county()
    out, told = run(tmp_path, "--union", "XJ", "--period", "2025H1", "--json")
    outcome = json.loads(told)

    assert outcome["path"] == str(out)
    assert outcome["plan"] == "county_education"
    assert "aid.person_times" in outcome["figures"]
    assert any("女职工" in note for note in outcome["notes"])


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--union", "NONE", "--period", "2025"), "找不到编码为“NONE”的工会"),
        (("--union", "XJ", "--period", "2025H3"), "看不懂期间"),
        (("--union", "XJ", "--period", "2025Q1"), "只做全年和半年"),
        (("--union", "XJ", "--period", "2199"), "还没有开始"),
        (("--union", "XJ", "--period", "2025", "--plan", "nothing"), "可用：county_education"),
        (("--union", "XJ1", "--period", "2025", "--number", "3"), "没有登记机关代字"),
    ],
)
def test_it_says_what_is_wrong_and_ends_with_code_2(tmp_path, options, words):
    county()
    with pytest.raises(CommandError) as caught:
        run(tmp_path, *options)

    assert words in str(caught.value)
    assert caught.value.returncode == 2
    assert Summary.objects.everywhere("test").count() == 0


def test_it_refuses_a_union_out_of_reach():
    union = county()
    below = Union.objects.everywhere("test").get(code="XJ1")
    actor = Actor("clerk", Scope(frozenset({Grant("summaries.make", below.path)})))

    with pytest.raises(Refused):
        summary_make(actor=actor, union=union, period=Period.year(2025))


def test_it_reads_with_as_many_statements_for_many_schools(django_assert_max_num_queries):
    union = county(schools=2)
    plan = plans()["county_education"]
    with django_assert_max_num_queries(60) as few:
        draft(ACTOR.scope, union, Period.year(2025), plan)
    member_of(union, "示例新", date(2025, 2, 1))
    activity_of(union, "culture.show", "新年演出", date(2025, 1, 5), 30)
    with django_assert_max_num_queries(len(few)):
        draft(ACTOR.scope, union, Period.year(2025), plan)
