"""Honours: rules, records, the sheet 荣誉, and the readers of the card."""

from datetime import date

import pytest
from django.http import Http404

from zhijia.areas.honours import queries, rules, services
from zhijia.areas.honours.models import Honour
from zhijia.areas.honours.tests.factories import honour_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import EVERYWHERE, Grant, Scope
from zhijia.kernel.verdict import Refused
from zhijia.kit.books.importing import book_import
from zhijia.kit.books.parsing import parse
from zhijia.kit.books.reader import RawSheet

TODAY = date(2025, 6, 30)
ROBOT = system("测试")
HEAD = [
    "所属工会",
    "荣誉名称",
    "荣誉类别",
    "荣誉层级",
    "授予日期",
    "授予单位",
    "对象类别(集体/个人)",
    "获得者",
    "文号",
]
UNIT = [
    "E01",
    "先进基层工会",
    "先进工会",
    "县级",
    "2025-04-28",
    "县总工会",
    "集体",
    "示例小学工会",
    "县工发〔2025〕3号",
]
PERSON = ["E01", "优秀工会工作者", "优秀工会工作者", "县级", "2025-04-28", "县总工会", "个人", "王示例", ""]


def scope_of(union, *actions):
    wanted = actions or ("honours.view", "honours.record", "members.view")
    return Scope(frozenset(Grant(action, union.path) for action in wanted))


def values(**kw):
    return {
        "name": "先进基层工会",
        "category": "union",
        "level": "county",
        "awarded_on": date(2025, 4, 28),
        "winner_kind": "unit",
        "winner": "示例小学工会",
    } | kw


def wang_of(union):
    return person_of(union, "王示例")


def load(*rows, actor=ROBOT):
    book = parse([RawSheet("荣誉", [HEAD, *[list(row) for row in rows]])], "年度.xlsx")
    outcome = book_import(actor=actor, book=book)
    return outcome, {(one.row, one.column, one.advice) for one in outcome.errors}


def counts(outcome):
    return [(sheet.created, sheet.updated, sheet.unchanged) for sheet in outcome.sheets]


def stored():
    return Honour.objects.everywhere("test").order_by("pk")


def test_it_refuses_an_honour_of_the_future_or_of_nobody():
    assert rules.honour_recordable(values(), TODAY)
    assert not rules.honour_recordable(values(awarded_on=date(2025, 7, 2)), TODAY)
    assert not rules.honour_recordable(values(winner=" "), TODAY)


@pytest.mark.parametrize(
    ("category", "winner_kind", "fits"),
    [
        ("model_worker", "person", True),
        ("model_worker", "unit", False),
        ("pioneer", "unit", True),
        ("pioneer", "person", False),
        ("medal", "unit", False),
        ("certificate", "person", False),
        ("women", "unit", True),
        ("women", "person", True),
    ],
)
def test_titles_go_to_the_kind_of_holder_that_they_are_made_for(category, winner_kind, fits):
    assert bool(rules.category_fits(category, winner_kind)) is fits


@pytest.mark.django_db
def test_it_records_and_corrects_an_honour_with_its_audit():
    honour = services.honour_record(
        actor=ROBOT, union=union_of("E01"), **values(document="县工发〔2025〕3号")
    )
    services.honour_correct(actor=ROBOT, honour=honour, version=1, level="city")
    found = queries.honour_load(EVERYWHERE, honour.pk)
    assert (found.level, found.document, found.version) == ("city", "县工发〔2025〕3号", 2)
    assert [event.verb for event in AuditEvent.objects.filter(model="honours.honour").order_by("pk")] == [
        "create",
        "change",
    ]
    with pytest.raises(StaleVersionError):
        services.honour_correct(actor=ROBOT, honour=found, version=1, level="province")
    with pytest.raises(Refused):
        services.honour_correct(actor=ROBOT, honour=found, winner_kind="person")


@pytest.mark.django_db
def test_it_refuses_unions_and_persons_out_of_reach():
    mine, other = union_of("E01"), union_of("E02")
    clerk = Actor("李示例", scope_of(mine))
    with pytest.raises(Refused):
        services.honour_record(actor=clerk, union=other, **values())
    single = values(category="officer", winner_kind="person", winner="王示例", person=wang_of(other))
    with pytest.raises(Refused):
        services.honour_record(actor=clerk, union=mine, **single)
    assert stored().count() == 0
    with pytest.raises(Http404):
        queries.honour_load(clerk.scope, honour_of(other).pk)


@pytest.mark.django_db
def test_it_warns_of_the_same_title_twice_in_a_year():
    union = union_of("E01")
    honour_of(union, awarded_on=date(2024, 4, 28))
    first = honour_of(union)
    assert queries.twice(first).level == "pass"
    second = honour_of(union, awarded_on=date(2025, 12, 1))
    assert queries.twice(first).level == queries.twice(second).level == "warn"


@pytest.mark.django_db
def test_the_readers_of_the_card_keep_order_and_scope():
    mine, other = union_of("E01"), union_of("E02")
    wang = wang_of(mine)
    first = honour_of(mine, "三八红旗手", winner_kind="person", winner="王示例", person=wang)
    second, hidden = honour_of(mine), honour_of(other)
    scope = scope_of(mine)
    cards = queries.describe_honours(scope, [second.pk, hidden.pk, first.pk])
    assert [card.record_id for card in cards] == [second.pk, first.pk]
    assert [card.record_id for card in queries.person_tab(scope, wang.pk).rows] == [first.pk]
    assert len(queries.union_tab(scope, mine.pk).rows) == 2
    assert queries.union_tab(scope, other.pk).rows == ()
    assert queries.union_tab(Scope(), mine.pk) is None
    assert [card.record_id for card in queries.search(scope, "红旗手", 5)] == [first.pk]
    assert {card.record_id for card in queries.recent(scope, 5)} == {first.pk, second.pk}


@pytest.mark.django_db
def test_the_sheet_loads_once_and_ties_the_person():
    wang = wang_of(union_of("E01"))
    outcome, errors = load(UNIT, PERSON)
    assert errors == set()
    assert counts(outcome) == [(2, 0, 0)]
    assert list(stored().values_list("winner", "winner_kind", "category", "person_id")) == [
        ("示例小学工会", "unit", "union", None),
        ("王示例", "person", "officer", wang.pk),
    ]
    before = list(stored().values())
    outcome, _errors = load(UNIT, PERSON)
    assert counts(outcome) == [(0, 0, 2)]
    assert list(stored().values()) == before
    outcome, _errors = load([*UNIT[:3], "市级", *UNIT[4:]])
    assert counts(outcome) == [(0, 1, 0)]


@pytest.mark.django_db
def test_an_honour_entered_by_hand_is_taken_up_not_doubled():
    hand = honour_of(union_of("E01"), winner="示例小学工会")
    outcome, _errors = load(UNIT)
    assert counts(outcome) == [(0, 1, 0)]
    assert stored().get().pk == hand.pk
    assert counts(load(UNIT)[0]) == [(0, 0, 1)]


@pytest.mark.django_db
def test_one_of_two_namesakes_is_not_guessed():
    union = union_of("E01")
    wang_of(union)
    wang_of(union)
    outcome, _errors = load(PERSON)
    assert counts(outcome) == [(1, 0, 0)]
    assert stored().get().person_id is None


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("place", "value", "column"),
    [
        (0, "E99", "所属工会"),
        (3, "", "荣誉层级"),
        (3, "街道级", "荣誉层级"),
        (4, "2025", "授予日期"),
        (4, "2025年", "授予日期"),
        (4, "2999-01-01", "授予日期"),
        (6, "个人", "对象类别"),
        (7, "", "获得者"),
    ],
)
def test_a_bad_cell_is_named_with_row_and_column(place, value, column):
    union_of("E01")
    _outcome, errors = load(PERSON, [*UNIT[:place], value, *UNIT[place + 1 :]])
    assert [(row, title) for row, title, _advice in errors] == [(3, column)]
    assert stored().count() == 0


@pytest.mark.django_db
def test_a_corrected_honour_is_kept_when_its_file_comes_again():
    union_of("E01")
    row = list(UNIT)
    load(row)
    services.honour_correct(
        actor=ROBOT, honour=stored().get(), document="县工发〔2025〕9号", awarder="县工会"
    )
    outcome, errors = load(row)
    assert (counts(outcome), errors) == ([(0, 0, 1)], set())
    assert {(one.row, one.advice) for one in outcome.warnings} == {(2, "系统中已更正，未用文件覆盖。")}
    assert (stored().get().document, stored().get().awarder) == ("县工发〔2025〕9号", "县工会")
