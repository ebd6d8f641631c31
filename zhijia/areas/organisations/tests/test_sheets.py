"""Loading the sheets 工会, 单位 and 单位人数."""

from datetime import date

import pytest

from zhijia.areas.organisations.models import (
    Committee,
    Employer,
    HeadCount,
    Placement,
    Seat,
    Union,
    UnionChange,
)
from zhijia.areas.organisations.sheets import (
    EMPLOYERS,
    HEAD_COUNTS,
    UNIONS,
    book_unions,
    load_employers,
    load_unions,
)
from zhijia.areas.organisations.tests.factories import employer_of, union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.command import command
from zhijia.kernel.scope import Grant, Scope
from zhijia.kit.sheets import BookContext, Outcome, Row

pytestmark = pytest.mark.django_db
SCHOOL = {"level": "grassroots", "sector": "education"}
ROOT = {"code": "R", "name": "示例县教育工会", "level": "general", "sector": "education"}


def rows_of(sheet, *values: dict) -> list[Row]:
    keys = [column.key for column in sheet.columns]
    return [
        Row(
            sheet.key,
            number,
            {key: one.get(key) for key in keys},
            {key: str(value) for key, value in one.items()},
        )
        for number, one in enumerate(values, start=2)
    ]


@command("books.import", at=None)
def run(*, actor: Actor, book: BookContext, loader, rows: list[Row]) -> Outcome:
    return loader(book, rows)


def load(loader, sheet, *values: dict, book: BookContext | None = None) -> Outcome:
    book = book or BookContext(system("测试"))
    return run(actor=book.actor, book=book, loader=loader, rows=rows_of(sheet, *values))


def unions(*values: dict, book: BookContext | None = None) -> Outcome:
    return load(load_unions.load, UNIONS, *values, book=book)


def tally(outcome: Outcome) -> tuple[int, int, int, list[tuple[int, str]]]:
    errors = [(error.row, error.column) for error in outcome.errors]
    return outcome.created, outcome.updated, outcome.unchanged, errors


def get(code: str) -> Union:
    return Union.objects.everywhere("test").get(code=code)


def test_it_loads_a_tree_whose_parents_stand_later_and_again_changes_nothing():
    sheet = (
        {"code": "G", "name": "一组", "parent": "示例一小工会", **SCHOOL, "level": "group"},
        {
            "code": "A",
            "name": "示例一小工会",
            "parent": "R",
            **SCHOOL,
            "founded_on": date(2015, 9, 1),
            "chair": "张示例",
            "term_no": 3,
            "elected_on": date(2024, 5, 1),
            "expires_on": date(2029, 4, 30),
        },
        ROOT,
    )
    assert tally(unions(*sheet)) == (3, 0, 0, [])
    assert get("G").path.startswith(get("A").path)
    assert get("A").path.startswith(get("R").path)
    term = Committee.objects.everywhere("test").get()
    seat = Seat.objects.everywhere("test").get()
    assert (term.term_no, term.expires_on, seat.holder, seat.committee_id) == (
        3,
        date(2029, 4, 30),
        "张示例",
        term.pk,
    )
    kept = list(Union.objects.everywhere("test").order_by("pk").values())
    assert tally(unions(*sheet)) == (0, 0, 3, [])
    assert list(Union.objects.everywhere("test").order_by("pk").values()) == kept
    assert Placement.objects.everywhere("test").count() == 3
    assert UnionChange.objects.everywhere("test").count() == 1
    assert Seat.objects.everywhere("test").count() == 1


def test_it_names_the_rows_of_a_cycle_and_only_those():
    outcome = unions(
        ROOT,
        {"code": "A", "name": "甲", "parent": "B", **SCHOOL},
        {"code": "B", "name": "乙", "parent": "A", **SCHOOL},
        {"code": "C", "name": "丙", "parent": "A", **SCHOOL},
    )
    assert tally(outcome) == (1, 0, 0, [(3, "上级工会"), (4, "上级工会")])


def test_it_says_what_is_wrong_in_each_bad_row():
    union_of("R", level="general")
    outcome = unions(
        {"code": "A", "name": "甲", "parent": "不存在", **SCHOOL},
        {"code": "B", "name": "乙", "parent": "A", **SCHOOL},
        {"code": "C", "name": "丙", "parent": "R", **SCHOOL, "elected_on": date(2024, 1, 1)},
        {"code": "D", "name": "丁", "parent": "R", **SCHOOL, "change": "renamed", "former_name": "旧"},
        {"code": "E", "name": "戊", "parent": "R", **SCHOOL, "founded_on": date(2199, 1, 1)},
        {"code": "F", "name": "己", "parent": "R", **SCHOOL},
        {"code": "F", "name": "己", "parent": "R", **SCHOOL},
        {"code": "H", "name": "庚", "parent": "F", **SCHOOL, "level": "general"},
    )
    assert sorted(tally(outcome)[3]) == [
        (2, "上级工会"),
        (4, "届满日期"),
        (5, "变动日期"),
        (6, "建会日期"),
        (8, "工会编码"),
        (9, "层级"),
    ]
    assert "不存在" in outcome.errors[1].advice or "不存在" in outcome.errors[0].advice


def test_it_renames_and_closes_with_dated_steps_once():
    unions(
        ROOT,
        {"code": "A", "name": "旧名工会", "parent": "R", **SCHOOL},
        {"code": "B", "name": "乙", "parent": "R", **SCHOOL},
    )
    sheet = (
        {
            "code": "A",
            "name": "新名工会",
            "parent": "R",
            **SCHOOL,
            "change": "renamed",
            "changed_on": date(2025, 3, 1),
            "former_name": "旧名工会",
        },
        {
            "code": "B",
            "name": "乙",
            "parent": "R",
            **SCHOOL,
            "change": "dissolved",
            "changed_on": date(2025, 4, 1),
            "document": "示例〔2025〕3号",
        },
    )
    assert tally(unions(*sheet)) == (0, 2, 0, [])
    assert (get("A").name, get("B").closed_on, get("B").closed_how) == (
        "新名工会",
        date(2025, 4, 1),
        "dissolved",
    )
    assert tally(unions(*sheet)) == (0, 0, 2, [])
    assert UnionChange.objects.everywhere("test").count() == 2
    assert book_unions(BookContext(system("测试"))).find("旧名工会") == get("A")


def test_it_moves_only_with_a_dated_step():
    unions(
        ROOT,
        {"code": "E", "name": "东片", "parent": "R", "level": "federation", "sector": "education"},
        {"code": "W", "name": "西片", "parent": "R", "level": "federation", "sector": "education"},
        {"code": "S", "name": "小学", "parent": "E", **SCHOOL},
        {"code": "G", "name": "组", "parent": "S", **SCHOOL, "level": "group"},
    )
    moved = {"code": "S", "name": "小学", "parent": "西片", **SCHOOL}
    assert tally(unions(moved)) == (0, 0, 0, [(2, "上级工会")])
    step = moved | {"change": "moved", "changed_on": date(2025, 3, 1)}
    assert tally(unions(step)) == (0, 1, 0, [])
    assert get("G").path.startswith(get("W").path)
    assert tally(unions(step)) == (0, 0, 1, [])


def test_it_never_erases_with_a_blank_cell():
    unions(ROOT | {"region": "示例县", "founded_on": date(2010, 1, 1)})
    assert tally(unions(ROOT)) == (0, 0, 1, [])
    assert get("R").region == "示例县"
    assert tally(unions(ROOT | {"founded_on": date(2011, 1, 1)})) == (0, 1, 0, [])
    assert Placement.objects.everywhere("test").get().starts_on == date(2011, 1, 1)


def test_it_changes_the_chair_with_an_election_only():
    row = {"code": "A", "name": "甲", **SCHOOL, "chair": "张示例"}
    unions(row)
    assert tally(unions(row | {"chair": "李示例"}))[3] == [(2, "主席")]
    election = {"term_no": 2, "elected_on": date(2025, 5, 1), "expires_on": date(2030, 4, 30)}
    assert tally(unions(row | {"chair": "李示例"} | election)) == (0, 1, 0, [])
    seats = Seat.objects.everywhere("test").order_by("pk")
    assert [(seat.holder, seat.ends_on) for seat in seats] == [("张示例", date(2025, 5, 1)), ("李示例", None)]


def test_it_keeps_importers_within_their_subtree():
    root = union_of("R", level="general")
    own, other = union_of("A", root), union_of("B", root)
    rights = ("books.import", "organisations.manage", "organisations.record")
    actor = Actor("示例干事", Scope(frozenset(Grant(right, own.path) for right in rights)))
    for row, column in (
        ({"code": "B", "name": other.name, **SCHOOL}, "工会编码"),
        ({"code": "N", "name": "新", "parent": "B", **SCHOOL}, "上级工会"),
        ({"code": "N", "name": "新", **SCHOOL}, "上级工会"),
    ):
        assert tally(unions(row, book=BookContext(actor)))[3] == [(2, column)]
    inside = {"code": "N", "name": "新", "parent": "A", **SCHOOL, "level": "group"}
    assert tally(unions(inside, book=BookContext(actor))) == (1, 0, 0, [])
    finder = book_unions(BookContext(actor))
    assert finder.find("B") is None
    assert "找不到工会" in finder.advice("B")


def test_it_finds_unions_below_the_given_root_and_reports_doubles():
    root = union_of("R", level="general")
    east, west = union_of("E", root, level="federation"), union_of("W", root, level="federation")
    first, second = union_of("A", east, name="同名工会"), union_of("B", west, name="同名工会")
    everywhere = book_unions(BookContext(system("测试")))
    assert everywhere.find("同名工会") is None
    assert "工会编码" in everywhere.advice("同名工会")
    assert everywhere.find("b") == second
    assert everywhere.find(None) is None
    book = BookContext(system("测试"), root="E")
    assert book_unions(book).find("同名工会") == first
    assert book_unions(book).find("") == east
    book.failed["union"].add("坏工会")
    assert book_unions(book).advice("坏工会") is None
    assert book_unions(BookContext(system("测试"), root="?")).find("A") is None


def test_it_loads_employers_and_counts_and_again_changes_nothing():
    union = union_of("A", name="甲工会")
    employers = (
        {"name": "一小", "union": "甲工会", "sector": "education"},
        {"name": "二小", "union": "A", "sector": "education", "covered_on": date(2021, 1, 1)},
    )
    counts = (
        {"employer": "一小", "as_of": date(2025, 6, 30), "staff": 50, "women": 30},
        {"employer": "二小", "union": "A", "as_of": date(2025, 6, 30), "staff": 20},
    )
    assert tally(load(load_employers.load, EMPLOYERS, *employers)) == (2, 0, 0, [])
    assert tally(load(load_employers.load_counts, HEAD_COUNTS, *counts)) == (2, 0, 0, [])
    assert tally(load(load_employers.load, EMPLOYERS, *employers)) == (0, 0, 2, [])
    assert tally(load(load_employers.load_counts, HEAD_COUNTS, *counts)) == (0, 0, 2, [])
    assert Employer.objects.everywhere("test").get(name="一小").covered_on == union.founded_on
    more = counts[0] | {"women": None, "migrants": 4}
    assert tally(load(load_employers.load_counts, HEAD_COUNTS, more)) == (0, 1, 0, [])
    count = HeadCount.objects.everywhere("test").get(staff=50)
    assert (count.women, count.migrants) == (30, 4)


def test_it_says_what_is_wrong_with_employers_and_counts():
    one, two = union_of("A"), union_of("B")
    employer_of(one, name="同名")
    employer_of(two, name="同名")
    bad = load(
        load_employers.load,
        EMPLOYERS,
        {"name": "甲", "union": "?", "sector": "other"},
        {"name": "乙", "union": "A", "sector": "other", "covered_on": date(2199, 1, 1)},
        {"name": "丙", "union": "A", "sector": "other", "ended_on": date(2000, 1, 1)},
        {"name": "丁", "union": "A", "sector": "other"},
        {"name": "丁", "union": "A", "sector": "other"},
    )
    assert tally(bad) == (
        1,
        0,
        0,
        [(2, "所属工会"), (3, "覆盖日期"), (4, "终止日期"), (6, "单位名称")],
    )
    day = date(2025, 1, 1)
    counts = load(
        load_employers.load_counts,
        HEAD_COUNTS,
        {"employer": "同名", "as_of": day, "staff": 5},
        {"employer": "没有", "as_of": day, "staff": 5},
        {"employer": "丁", "as_of": date(2199, 1, 1), "staff": 5},
        {"employer": "丁", "as_of": day, "staff": 5, "women": 6},
        {"employer": "丁", "union": "A", "as_of": day, "staff": 5},
    )
    assert [(error.row, error.column) for error in counts.errors] == [
        (2, "单位名称"),
        (3, "单位名称"),
        (4, "截至日期"),
        (5, "女职工"),
        (6, "截至日期"),
    ]


def test_it_loads_a_county_in_one_book():
    tree = [ROOT] + [
        {
            "code": f"S{number}",
            "name": f"示例第{number}小学工会",
            "parent": "R" if number < 20 else f"S{number % 20}",
            **SCHOOL,
            "founded_on": date(2015, 1, 1),
            "chair": "张示例",
            "elected_on": date(2024, 1, 1),
            "expires_on": date(2028, 12, 31),
        }
        for number in range(200)
    ]
    employers = [
        {"name": f"示例第{number}小学", "union": f"S{number}", "sector": "education"} for number in range(200)
    ]
    counts = [
        {"employer": f"示例第{number}小学", "as_of": date(year, 12, 31), "staff": 50 + number}
        for number in range(200)
        for year in (2024, 2025)
    ]
    book = BookContext(system("测试"))
    assert tally(unions(*tree, book=book)) == (201, 0, 0, [])
    assert tally(load(load_employers.load, EMPLOYERS, *employers, book=book)) == (200, 0, 0, [])
    assert tally(load(load_employers.load_counts, HEAD_COUNTS, *counts, book=book)) == (400, 0, 0, [])


@pytest.mark.parametrize("rights", [("books.import",), ("books.import", "organisations.record")])
def test_it_wants_the_right_of_the_area_for_each_row(rights):
    own = union_of("A", name="示例工会")
    actor = Actor("示例干事", Scope(frozenset(Grant(right, own.path) for right in rights)))
    new = {"code": "N", "name": "新", "parent": "A", **SCHOOL, "level": "group"}
    outcome = unions(new, book=BookContext(actor))
    assert tally(outcome)[3] == [(2, "工会编码")]
    assert "建会、更名" in outcome.errors[0].advice
    known = {"code": "A", "name": "示例工会", **SCHOOL, "region": "示例镇"}
    may = len(rights) > 1
    assert tally(unions(known, book=BookContext(actor)))[3] == ([] if may else [(2, "工会编码")])
    told = load(
        load_employers.load,
        EMPLOYERS,
        {"name": "甲", "union": "A", "sector": "education"},
        book=BookContext(actor),
    )
    assert tally(told)[3] == ([] if may else [(2, "所属工会")])
