"""The sheet 经费: twice the same, and what bad rows say."""

import pytest

from zhijia.areas.finance.models import Entry
from zhijia.areas.finance.services import entry_correct
from zhijia.areas.organisations.tests.factories import employer_of, union_of
from zhijia.kernel.actor import system
from zhijia.kit.books.importing import book_import
from zhijia.kit.books.parsing import parse
from zhijia.kit.books.reader import RawSheet

pytestmark = pytest.mark.django_db
HEAD = [
    "所属工会",
    "类别",
    "日期",
    "金额(元)",
    "支出科目",
    "返还手续",
    "单位名称",
    "对方单位",
    "工资总额(元)",
    "摘要",
]
GOOD = ["E01", "经费支出", "2025-03-05", 1200, "文体活动", "", "", "", "", "春季运动会"]
PAID = ["E01", "拨缴经费收入", "2025-04-10", "２,０００.00", "", "手续待办", "甲公司", "", 100000, ""]


def load(*rows):
    book = parse([RawSheet("经费", [HEAD, *[list(row) for row in rows]])], "年度.xlsx")
    return book, book_import(actor=system("测试"), book=book)


def told(*rows):
    """Every remark about the rows: (row, column, words)."""
    book, outcome = load(*rows)
    errors = {(one.row, one.column, one.advice) for sheet in book.sheets for one in sheet.errors}
    return errors | {(one.row, one.column, one.advice) for one in outcome.errors}


def entries():
    return Entry.objects.everywhere("test").order_by("pk")


def test_it_loads_rows_and_changes_nothing_the_second_time():
    union = union_of("E01")
    employer = employer_of(union, name="甲公司")
    _book, first = load(GOOD, PAID, GOOD)
    assert first.ok
    assert [(sheet.created, sheet.updated, sheet.unchanged) for sheet in first.sheets] == [(3, 0, 0)]
    assert [(entry.amount, entry.employer_id) for entry in entries()] == [
        (1200_00, None),
        (2000_00, employer.pk),
        (1200_00, None),
    ]
    _book, second = load(GOOD, PAID, GOOD)
    assert [(sheet.created, sheet.updated, sheet.unchanged) for sheet in second.sheets] == [(0, 0, 3)]
    assert entries().count() == 3


def test_it_brings_formalities_forward_and_never_back():
    union = union_of("E01")
    employer_of(union, name="甲公司")
    load(PAID)
    ready = [*PAID[:5], "手续已完善", *PAID[6:]]
    _book, forward = load(ready)
    assert [(sheet.updated, sheet.unchanged) for sheet in forward.sheets] == [(1, 0)]
    assert entries().get().formalities == "ready"
    _book, back = load(PAID)
    assert [(sheet.updated, sheet.unchanged) for sheet in back.sheets] == [(0, 1)]
    assert entries().get().formalities == "ready"
    assert any("不能退回" in warning.advice for warning in back.warnings)


def test_it_keeps_a_payer_that_is_not_covered_as_the_counterparty():
    union_of("E01")
    _book, outcome = load(PAID)
    assert outcome.ok
    assert entries().get().counterparty == "甲公司"
    assert [warning.column for warning in outcome.warnings] == ["单位名称"]


def test_it_warns_of_a_contribution_that_is_not_two_percent():
    employer_of(union_of("E01"), name="甲公司")
    _book, outcome = load([*PAID[:3], 3000, *PAID[4:]])
    assert outcome.ok
    assert [(one.column, "2%" in one.advice) for one in outcome.warnings] == [("工资总额(元)", True)]


def test_a_formula_in_a_text_is_kept_as_text():
    union_of("E01")
    _book, outcome = load([*GOOD[:9], "=HYPERLINK(1)"])
    assert outcome.ok
    assert entries().get().note == "=HYPERLINK(1)"


def test_invisible_characters_are_pointed_out():
    union_of("E01")
    found = told([*GOOD[:9], "春季\u200b运动会"])
    assert [(row, column) for row, column, _advice in found] == [(2, "摘要")]
    assert entries().count() == 0


@pytest.mark.parametrize("amount", [-1, 10**9, 0.001, "壹佰", 0])
def test_a_wrong_amount_is_explained_and_nothing_is_saved(amount):
    union_of("E01")
    found = told([*GOOD[:3], amount, *GOOD[4:]])
    assert [(row, column) for row, column, _advice in found] == [(2, "金额(元)")]
    assert entries().count() == 0


@pytest.mark.parametrize("day", ["2024/2/30", 45000, "民国113年1月1日", "24-01-05", "2999-01-01"])
def test_a_wrong_day_is_explained_and_nothing_is_saved(day):
    union_of("E01")
    found = told([*GOOD[:2], day, *GOOD[3:]])
    assert {(row, column) for row, column, _advice in found} == {(2, "日期")}
    assert entries().count() == 0


def test_an_unknown_union_and_spending_without_category_are_explained():
    union_of("E01")
    found = told(["E99", *GOOD[1:]], [*GOOD[:4], "", *GOOD[5:]])
    assert {(row, column) for row, column, _advice in found} == {(2, "所属工会"), (3, "支出科目")}


def test_its_query_count_does_not_grow_with_rows(django_assert_max_num_queries):
    union_of("E01")
    rows = [[*GOOD[:9], f"第{number}笔"] for number in range(300)]
    with django_assert_max_num_queries(30):
        load(*rows)
    assert entries().count() == 300


def test_a_blank_cell_erases_nothing():
    union_of("E01")
    load(PAID)
    blank = [*PAID[:5], "", PAID[6], "", "", ""]
    _book, again = load(blank)
    assert [(sheet.updated, sheet.unchanged) for sheet in again.sheets] == [(0, 1)]
    assert (entries().get().formalities, entries().get().wage_base) == ("pending", 100000_00)


def test_what_was_corrected_on_a_page_is_kept_and_told():
    union_of("E01")
    load(GOOD)
    entry_correct(actor=system("测试"), entry=entries().get(), version=1, category="training")
    _book, again = load(GOOD)
    assert [(sheet.updated, sheet.unchanged) for sheet in again.sheets] == [(0, 1)]
    assert [(one.row, one.column, one.advice) for one in again.warnings] == [
        (2, "支出科目", "系统中已更正，未用文件覆盖。")
    ]
    assert entries().get().category == "training"


def test_what_only_files_have_written_follows_the_file_each_time():
    union_of("E01")
    for category in ("文体活动", "职工教育", "文体活动"):
        _book, outcome = load([*GOOD[:4], category, *GOOD[5:]])
        assert outcome.ok
    assert (entries().get().category, entries().get().version) == ("culture", 3)
