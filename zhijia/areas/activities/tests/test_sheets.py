"""The sheets 活动 and 活动成绩: twice the same, qualifiers, names, and what bad rows say."""

import pytest

from zhijia.areas.activities import queries, services
from zhijia.areas.activities.models import Activity, Participation, Result
from zhijia.areas.activities.tests.factories import activity_of, kind_of, somebody
from zhijia.areas.activities.values import quantity
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.scope import Grant, Scope
from zhijia.kit.books.importing import book_import
from zhijia.kit.books.parsing import parse
from zhijia.kit.books.reader import RawSheet

pytestmark = pytest.mark.django_db
ROBOT = system("测试")
EVENTS = [
    "所属工会",
    "活动名称",
    "种类",
    "日期",
    "参加人次",
    "观众人次",
    "成果数量",
    "成果单位",
    "经费(元)",
    "参加人员",
]
PRIZES = [
    "所属工会",
    "活动名称",
    "活动日期",
    "获奖类别(个人/团体)",
    "获奖者",
    "项目",
    "名次或等级",
    "奖项层级",
    "获奖人次",
]
ESSAY = ["E01", "师德征文", "征文", "2025-05-12", "近300", "", "30余篇", "", "1,200.50", ""]
BLOOD = ["E01", "无偿献血", "volunteer.blood", "2025年6月14日", "171", "", "", "", "", ""]


@pytest.fixture(autouse=True)
def _kinds(db):
    kind_of("culture")


def load(events=(), prizes=(), actor=ROBOT):
    raw = []
    if events:
        raw.append(RawSheet("活动", [EVENTS, *[list(row) for row in events]]))
    if prizes:
        raw.append(RawSheet("活动成绩", [PRIZES, *[list(row) for row in prizes]]))
    book = parse(raw, "年度.xlsx")
    outcome = book_import(actor=actor, book=book)
    errors = {(one.row, one.column, one.advice) for one in outcome.errors}
    return outcome, errors


def counts(outcome):
    return [(sheet.created, sheet.updated, sheet.unchanged) for sheet in outcome.sheets]


def stored():
    return Activity.objects.everywhere("test").order_by("pk")


def test_it_loads_events_and_changes_nothing_the_second_time():
    union_of("E01")
    outcome, errors = load([ESSAY, BLOOD, BLOOD])
    assert errors == set()
    assert counts(outcome) == [(3, 0, 0)]
    essay, blood, _again = stored()
    assert str(quantity(essay, "people")) == "近300人次"
    assert str(quantity(essay, "output")) == "30余篇"
    assert (essay.kind_id, essay.cost, essay.audience) == ("culture.essay", 1200_50, None)
    assert (blood.kind_id, blood.people, blood.people_qualifier) == ("volunteer.blood", 171, "")
    before = list(stored().values())
    outcome, _errors = load([ESSAY, BLOOD, BLOOD])
    assert counts(outcome) == [(0, 0, 3)]
    assert list(stored().values()) == before


def test_a_corrected_row_changes_the_same_event():
    union_of("E01")
    load([ESSAY])
    outcome, _errors = load([[*ESSAY[:4], "321", *ESSAY[5:]]])
    assert counts(outcome) == [(0, 1, 0)]
    event = stored().get()
    assert (event.people, event.people_qualifier, event.version) == (321, "", 2)


def test_an_event_entered_by_hand_is_taken_up_not_doubled():
    from datetime import date

    hand = activity_of(union_of("E01"), "culture.essay", date(2025, 5, 12), name="师德征文")
    outcome, _errors = load([ESSAY])
    assert counts(outcome) == [(0, 1, 0)]
    assert stored().get().pk == hand.pk
    outcome, _errors = load([ESSAY])
    assert counts(outcome) == [(0, 0, 1)]


def test_named_people_come_from_the_roster_by_name_or_number():
    union = union_of("E01")
    wang = somebody(union, "王示例", id_number="999001199001011239")
    li = somebody(union, "李示例")
    outcome, errors = load([[*ESSAY[:9], "李示例、999001199001011239"]])
    assert errors == set()
    rows = Participation.objects.everywhere("test")
    assert set(rows.values_list("person_id", flat=True)) == {wang.pk, li.pk}
    page = queries.activity_page(ROBOT.scope, stored().get().pk)
    assert str(page.people) == "2人次"
    outcome, _errors = load([[*ESSAY[:9], "李示例、999001199001011239"]])
    assert counts(outcome) == [(0, 0, 1)]
    outcome, _errors = load([[*ESSAY[:9], "李示例"]])
    assert counts(outcome) == [(0, 1, 0)]
    assert rows.get().person_id == li.pk
    outcome, _errors = load([ESSAY])
    assert rows.count() == 1


def test_names_that_are_unknown_or_shared_are_errors_and_nothing_is_saved():
    union, other = union_of("E01"), union_of("E02")
    somebody(union, "王示例")
    somebody(union, "王示例")
    somebody(other, "赵示例")
    _outcome, errors = load([[*ESSAY[:9], "王示例"], [*BLOOD[:9], "赵示例"]])
    assert [(row, column) for row, column, _advice in sorted(errors)] == [(2, "参加人员"), (3, "参加人员")]
    assert {("身份证号" in advice, "名册" in advice) for _row, _column, advice in errors} == {
        (True, False),
        (False, True),
    }
    assert stored().count() == 0


def test_an_advice_never_repeats_a_whole_identity_number():
    union_of("E01")
    outcome, errors = load([[*ESSAY[:9], "999001199001011239"]])
    assert errors
    told = " ".join(f"{one.found} {one.advice}" for one in outcome.errors)
    assert "999001199001011239" not in told


@pytest.mark.parametrize(
    ("place", "value", "column", "words"),
    [
        (0, "E99", "所属工会", "找不到工会"),
        (1, "", "活动名称", ""),
        (2, "不存在的种类", "种类", "可填"),
        (3, "2025-02-30", "日期", ""),
        (3, "2999-01-01", "日期", ""),
        (4, "300余人", "参加人次", "人次"),
        (4, "约300余", "参加人次", "一个"),
        (6, "30余", "成果数量", "单位"),
        (8, "-5", "经费", ""),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column(place, value, column, words):
    union_of("E01")
    _outcome, errors = load([BLOOD, [*ESSAY[:place], value, *ESSAY[place + 1 :]]])
    assert [(row, title) for row, title, _advice in errors] == [(3, column)]
    assert words in next(iter(errors))[2]
    assert stored().count() == 0


def test_a_clerk_cannot_load_rows_into_a_union_out_of_reach():
    mine = union_of("E01")
    union_of("E02")
    rights = ("books.import", "activities.record")
    clerk = Actor("李示例", Scope(frozenset(Grant(right, mine.path) for right in rights)))
    _outcome, errors = load([["E02", *BLOOD[1:]]], actor=clerk)
    assert [(row, column) for row, column, _advice in errors] == [(2, "所属工会")]
    outcome, errors = load([BLOOD], actor=clerk)
    assert (counts(outcome), errors) == ([(1, 0, 0)], set())


MATCH = ["E01", "乒乓球赛", "体育比赛", "2025-04-10", "", "", "", "", "", ""]
WOMEN = ["E01", "乒乓球赛", "", "团体", "女队", "女子团体", "第一名", "县级", ""]
MEN = ["E01", "乒乓球赛", "", "团体", "男队", "男子团体", "第三名", "县级", ""]
SINGLE = ["E01", "乒乓球赛", "", "个人", "王示例", "女子单打", "第一名", "县级", ""]


def test_it_loads_results_of_the_same_book_and_changes_nothing_the_second_time():
    wang = somebody(union_of("E01"))
    outcome, errors = load([MATCH], [WOMEN, MEN, SINGLE])
    assert errors == set()
    assert counts(outcome) == [(1, 0, 0), (3, 0, 0)]
    rows = Result.objects.everywhere("test").order_by("pk")
    assert list(rows.values_list("winner", "rank", "level", "people", "person_id")) == [
        ("女队", "第一名", "county", None, None),
        ("男队", "第三名", "county", None, None),
        ("王示例", "第一名", "county", 1, wang.pk),
    ]
    assert {row.awarded_on.isoformat() for row in rows} == {"2025-04-10"}
    outcome, _errors = load([MATCH], [WOMEN, MEN, SINGLE])
    assert counts(outcome) == [(0, 0, 1), (0, 0, 3)]
    outcome, _errors = load([], [[*MEN[:6], "第二名", *MEN[7:]]])
    assert counts(outcome) == [(0, 1, 0)]
    assert rows.get(winner="男队").rank == "第二名"


def test_a_result_says_when_its_event_is_unknown_or_not_the_only_one():
    union_of("E01")
    second = [*MATCH[:3], "2025-10-10", *MATCH[4:]]
    unknown = [WOMEN[0], "足球赛", *WOMEN[2:]]
    wrong_day = [*WOMEN[:2], "2025-04-11", *WOMEN[3:]]
    _outcome, errors = load([MATCH, second], [unknown, WOMEN, wrong_day])
    assert {(row, column) for row, column, _advice in errors} == {
        (2, "活动名称"),
        (3, "活动日期"),
        (4, "活动日期"),
    }
    outcome, errors = load([MATCH, second], [[*WOMEN[:2], "2025-10-10", *WOMEN[3:]]])
    assert (counts(outcome), errors) == ([(2, 0, 0), (1, 0, 0)], set())


KEPT = "系统中已更正，未用文件覆盖。"


def test_a_blank_cell_of_an_event_or_a_result_erases_nothing():
    union_of("E01")
    load([MATCH, ESSAY], [WOMEN])
    outcome, _errors = load([[*ESSAY[:4], "", "", "", "", "", ""]], [[*WOMEN[:7], "", ""]])
    assert counts(outcome) == [(0, 0, 1), (0, 0, 1)]
    essay = stored().get(name="师德征文")
    assert (str(quantity(essay, "people")), str(quantity(essay, "output"))) == ("近300人次", "30余篇")
    assert Result.objects.everywhere("test").get().level == "county"


def test_what_was_corrected_on_a_page_is_kept_and_told():
    union = union_of("E01")
    li, zhao = somebody(union, "李示例"), somebody(union, "赵示例")
    named = [*ESSAY[:9], li.name]
    load([named, MATCH], [WOMEN])
    essay = stored().get(name="师德征文")
    services.activity_correct(actor=ROBOT, activity=essay, venue="礼堂", cost=1)
    services.participation_set(actor=ROBOT, activity=essay, persons=[zhao])
    won = Result.objects.everywhere("test").get()
    services.result_correct(actor=ROBOT, result=won, rank="第二名")
    outcome, errors = load([named, MATCH], [WOMEN])
    assert (counts(outcome), errors) == ([(0, 0, 2), (0, 0, 1)], set())
    assert [(one.row, one.column, one.advice) for one in outcome.warnings] == [
        (2, "经费", KEPT),
        (2, "参加人员", KEPT),
        (2, "名次或等级", KEPT),
    ]
    assert (stored().get(pk=essay.pk).cost, Result.objects.everywhere("test").get().rank) == (1, "第二名")
    assert Participation.objects.everywhere("test").get().person_id == zhao.pk
