"""The sheet 慰问救助: twice the same, persons by number, caps as warnings, and what bad rows say."""

from datetime import date

import pytest

from zhijia.areas.aid import services
from zhijia.areas.aid.models import Relief
from zhijia.areas.members.models import Person
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import system
from zhijia.kit.books.importing import book_import
from zhijia.kit.books.parsing import parse
from zhijia.kit.books.reader import RawSheet

pytestmark = pytest.mark.django_db
KEYS = (
    "所属工会",
    "慰问事由",
    "日期",
    "对象类别",
    "慰问对象",
    "证件号码",
    "人次",
    "户数",
    "金额(元)",
    "慰问品",
    "慰问品价值(元)",
    "资金来源",
    "依据",
    "说明",
)
GOOD = {
    "所属工会": "E01",
    "慰问事由": "春节慰问",
    "日期": "2025-01-20",
    "慰问对象": "张示例",
    "金额(元)": "５００",
    "资金来源": "拨缴留成",
}
NUMBER = synthetic_id(1, date(1980, 5, 1), "female")


def row(**kw):
    return GOOD | kw


def load(*rows):
    cells = [[one.get(key, "") for key in KEYS] for one in rows]
    book = parse([RawSheet("慰问救助", [list(KEYS), *cells])], "年度.xlsx")
    return book, book_import(actor=system("测试"), book=book)


def told(*rows):
    book, outcome = load(*rows)
    errors = {(one.row, one.column) for sheet in book.sheets for one in sheet.errors}
    return errors | {(one.row, one.column) for one in outcome.errors}


def counts(outcome):
    return [(sheet.created, sheet.updated, sheet.unchanged) for sheet in outcome.sheets]


def stored():
    return Relief.objects.everywhere("test").order_by("pk")


def test_it_loads_rows_and_changes_nothing_the_second_time():
    union_of("E01")
    rows = (
        row(),
        row(),
        row(**{"慰问对象": "一线职工", "人次": "200余", "金额(元)": 20000}),
        row(**{"慰问对象": "王示例家庭", "对象类别": "家庭", "慰问品": "被褥", "金额(元)": ""}),
    )
    _book, first = load(*rows)
    assert first.ok, first.errors
    assert counts(first) == [(4, 0, 0)]
    assert [
        (one.occasion, one.fund, one.people, one.people_qualifier, one.households) for one in stored()
    ] == [
        ("warmth", "retained", 1, "", None),
        ("warmth", "retained", 1, "", None),
        ("warmth", "retained", 200, "at_least", None),
        ("warmth", "retained", None, "", 1),
    ]
    _book, second = load(*rows)
    assert counts(second) == [(0, 0, 4)]
    _book, third = load(row(说明="独居"), *rows[1:])
    assert counts(third) == [(0, 1, 3)]


def test_it_ties_a_known_number_and_opens_a_file_for_an_unknown_one():
    union = union_of("E01")
    other = synthetic_id(2, date(1970, 1, 2), "male")
    known = person_of(union, name="李示例", id_number=other)
    rows = (
        row(证件号码=NUMBER),
        row(证件号码=NUMBER, 日期="2025-02-01"),
        row(证件号码=other, 慰问对象="李示例"),
    )
    load(*rows)
    made = Person.objects.everywhere("test").get(id_index=NUMBER)
    assert (made.name, made.union, made.sex, made.born_on) == ("张示例", union, "female", date(1980, 5, 1))
    assert [one.person_id for one in stored()] == [made.pk, made.pk, known.pk]
    _book, again = load(*rows)
    assert counts(again) == [(0, 0, 3)]
    assert Person.objects.everywhere("test").count() == 2


def test_a_number_left_out_later_keeps_the_person():
    union_of("E01")
    load(row(证件号码=NUMBER))
    _book, again = load(row())
    assert counts(again) == [(0, 0, 1)]
    assert stored().get().person.id_number == NUMBER


def test_it_does_not_tie_a_number_to_another_name():
    union = union_of("E01")
    person_of(union, name="李示例", id_number=NUMBER)
    _book, outcome = load(row(证件号码=NUMBER))
    assert outcome.ok
    assert stored().get().person is None
    assert [warning.column for warning in outcome.warnings] == ["证件号码"]
    assert all(NUMBER not in str(warning) for warning in outcome.warnings)


def test_a_cap_is_a_warning_and_the_festivals_of_a_year_add_up_in_the_file(settings):
    settings.JURISDICTION = "cn-51"
    union = union_of("E01")
    person_of(union, name="张示例", id_number=NUMBER)
    gift = {"慰问事由": "节日慰问", "证件号码": NUMBER, "金额(元)": "", "慰问品": "粽子"}
    rows = (
        row(**gift, **{"日期": "2025-09-20", "慰问品价值(元)": 600}),
        row(**gift, **{"日期": "2025-02-01", "慰问品价值(元)": 1600}),
        row(**{"慰问事由": "生日", "慰问对象": "王示例", "金额(元)": 300.01}),
    )
    _book, outcome = load(*rows)
    assert outcome.ok
    assert [(warning.row, warning.column) for warning in outcome.warnings] == [
        (2, "金额(元)"),
        (4, "金额(元)"),
    ]
    _book, again = load(*rows)
    assert counts(again) == [(0, 0, 3)]
    assert [(warning.row, warning.column) for warning in again.warnings] == [(2, "金额(元)"), (4, "金额(元)")]


def test_what_the_law_blocks_is_an_error_with_its_row():
    union_of("E01")
    heat = {"慰问事由": "送清凉", "说明": "发放降温费"}
    assert told(row(), row(**heat)) == {(3, "资金来源")}
    assert stored().count() == 0
    _book, with_basis = load(row(**heat, 依据="市总工会〔2025〕3号"))
    assert with_basis.ok


def test_a_formula_as_a_name_is_kept_as_text():
    union_of("E01")
    load(row(慰问对象="=HYPERLINK(1)"))
    assert stored().get().beneficiary == "=HYPERLINK(1)"


def test_invisible_characters_in_a_name_are_pointed_out():
    union_of("E01")
    assert told(row(慰问对象="张\u202e示例")) == {(2, "慰问对象")}
    assert stored().count() == 0


@pytest.mark.parametrize("amount", [-1, 10**9, 0.001, "壹佰", 0])
def test_a_wrong_amount_is_explained_and_nothing_is_saved(amount):
    union_of("E01")
    assert told(row(**{"金额(元)": amount})) == {(2, "金额(元)")}
    assert stored().count() == 0


@pytest.mark.parametrize("day", ["2024/2/30", 45000, "民国113年1月1日", "24-01-05", "2999-01-01"])
def test_a_wrong_day_is_explained_and_nothing_is_saved(day):
    union_of("E01")
    assert told(row(日期=day)) == {(2, "日期")}
    assert stored().count() == 0


def test_a_wrong_number_an_unknown_union_and_nothing_given_are_explained():
    union_of("E01")
    wrong = NUMBER[:-1] + ("0" if NUMBER[-1] != "0" else "1")
    rows = (row(证件号码=wrong), row(所属工会="E99"), row(**{"金额(元)": ""}))
    assert told(*rows) == {(2, "证件号码"), (3, "所属工会"), (4, "金额(元)")}


def test_its_query_count_does_not_grow_with_rows(django_assert_max_num_queries):
    union_of("E01")
    rows = [
        row(慰问对象=f"张示例{number}", 证件号码=synthetic_id(number, date(1980, 5, 1), "male"))
        for number in range(300)
    ]
    with django_assert_max_num_queries(40):
        load(*rows)
    assert stored().exclude(person=None).count() == 300


def test_a_blank_cell_erases_nothing():
    union_of("E01")
    load(row(人次="200余", 依据="某文〔2025〕1号"))
    _book, again = load(row())
    assert counts(again) == [(0, 0, 1)]
    assert (stored().get().people, stored().get().basis) == (200, "某文〔2025〕1号")


def test_what_was_corrected_on_a_page_is_kept_and_told():
    union_of("E01")
    load(row(人次="20"))
    services.relief_correct(actor=system("测试"), relief=stored().get(), version=1, note="已核对")
    _book, again = load(row(人次="30", 说明="独居"))
    assert counts(again) == [(0, 0, 1)]
    kept = [(one.row, one.column) for one in again.warnings if "已更正" in one.advice]
    assert kept == [(2, "人次"), (2, "说明")]
    assert (stored().get().people, stored().get().note) == (1, "已核对")
