"""Figures use the tree as it stood at the period's end: later reorganisation does not move them."""

from __future__ import annotations

from datetime import date

import pytest

from zhijia.areas.aid.models import Relief
from zhijia.areas.organisations import services
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.figures.ask import children, ranking
from zhijia.figures.catalogue import catalogue
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.actor import system
from zhijia.kernel.period import Period
from zhijia.kernel.scope import EVERYWHERE

pytestmark = pytest.mark.django_db
ACTOR = system("test")
LAST_YEAR, YEAR = Period.parse("2024"), Period.parse("2025")


def relief(union, on, people):
    Relief(
        union=union, occasion="warmth", given_on=on, beneficiary="示例", people=people, amount=1, fund="dues"
    ).save()


def times(union, period):
    return compute(["aid.person_times"], union.pk, [period])["aid.person_times", Spot(union.pk, period)].value


@pytest.fixture
def tree():
    top = union_of("A", level="general")
    east, west = union_of("B", top, level="federation"), union_of("C", top, level="federation")
    school = union_of("D", east)
    group = union_of("E", school, level="group")
    for on, people in ((date(2024, 5, 1), 3), (date(2025, 2, 1), 10), (date(2025, 9, 1), 20)):
        relief(school, on, people)
        relief(group, on, people * 100)
    return top, east, west, school


def moved(school, parent, on):
    fresh, target = Union._base_manager.get(pk=school.pk), Union._base_manager.get(pk=parent.pk)
    services.union_move(actor=ACTOR, union=fresh, new_parent=target, on=on, document="示例文件")


def test_it_leaves_last_year_where_it_was_when_a_union_moves(tree):
    _top, east, west, school = tree
    keys = list(catalogue())
    before = {union.pk: compute(keys, union.pk, [LAST_YEAR]) for union in tree}
    moved(school, west, date(2025, 7, 1))
    assert {union.pk: compute(keys, union.pk, [LAST_YEAR]) for union in tree} == before
    assert (times(east, LAST_YEAR), times(west, LAST_YEAR)) == (303, None)


def test_it_counts_the_whole_year_where_the_union_stands_at_its_end(tree):
    top, east, west, school = tree
    moved(school, west, date(2025, 7, 1))
    assert (times(east, YEAR), times(west, YEAR), times(top, YEAR)) == (None, 3030, 3030)
    assert times(east, Period.parse("2025H1")) == 1010


def test_it_takes_all_months_of_a_year_in_the_tree_of_its_end(tree):
    _top, _east, west, school = tree
    moved(school, west, date(2025, 7, 1))
    months = YEAR.months()
    cells = compute(["aid.person_times"], west.pk, months)
    found = [cells["aid.person_times", Spot(west.pk, month)].value for month in months]
    assert [value for value in found if value] == [1010, 2020]


def test_it_ranks_the_children_of_the_period_asked_for(tree):
    top, east, west, school = tree
    moved(school, west, date(2025, 7, 1))
    assert [union.code for union in children(EVERYWHERE, east, LAST_YEAR)] == ["D"]
    assert [union.code for union in children(EVERYWHERE, west, YEAR)] == ["D"]
    lines = ranking(EVERYWHERE, "aid.person_times", top, YEAR)
    assert [(line.union.code, line.rank, line.cell.shown) for line in lines] == [
        ("C", 1, "3,030人次"),
        ("B", None, "无数据"),
    ]


def test_it_keeps_what_happened_before_a_union_left_the_tree(tree):
    """Its year up to that day, and its leaving itself, still belong to the union above it."""
    west = tree[2]
    leaver = union_of("F", west)
    relief(leaver, date(2025, 3, 1), 7)
    relief(leaver, date(2025, 8, 1), 50)
    fresh = Union._base_manager.get(pk=leaver.pk)
    services.union_close(
        actor=ACTOR, union=fresh, how="transferred", on=date(2025, 6, 1), document="示例文件"
    )
    assert times(west, YEAR) == 7
    counted = compute(["organisations.transferred", "organisations.unions"], west.pk, [YEAR])
    assert {key: cell.value for (key, _spot), cell in counted.items()} == {
        "organisations.transferred": 1,
        "organisations.unions": 1,
    }
    assert times(west, Period.parse("2026")) is None
    assert "F" in [union.code for union in children(EVERYWHERE, west, YEAR)]
    assert "F" not in [union.code for union in children(EVERYWHERE, west, Period.parse("2026"))]


def test_it_counts_a_school_right_below_the_county_before_its_federation_was_founded(tree):
    top = tree[0]
    young = union_of("Y", top, level="federation", founded_on=date(2025, 3, 1))
    school = union_of("Z", young, founded_on=date(2019, 1, 1))
    relief(school, date(2024, 6, 1), 5)
    assert [union.code for union in children(EVERYWHERE, top, LAST_YEAR)] == ["B", "C", "Z"]
    assert [union.code for union in children(EVERYWHERE, top, YEAR)] == ["B", "C", "Y"]
    lines = ranking(EVERYWHERE, "aid.person_times", top, LAST_YEAR)
    assert [(line.union.code, line.cell.value) for line in lines] == [("B", 303), ("Z", 5), ("C", None)]
    assert times(top, LAST_YEAR) == 308
