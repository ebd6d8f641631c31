"""What other parts of the house ask of the members."""

from datetime import date

import pytest
from django.http import Http404

from zhijia.areas.members import queries
from zhijia.areas.members.forms import PersonField
from zhijia.areas.members.tests.factories import member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import committee_of, seat_of, union_of
from zhijia.kernel.actor import Actor
from zhijia.kernel.scope import EVERYWHERE, Grant, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return union_of("C", level="general")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


@pytest.fixture
def other(county):
    return union_of("T", parent=county)


@pytest.fixture
def scope(school):
    return Scope(frozenset(Grant(action, school.path) for action in ("members.view", "members.record")))


def test_descriptions_keep_the_order_and_drop_what_is_out_of_reach(scope, school, other):
    first, second, hidden = member_of(school, "甲"), member_of(school, "乙"), member_of(other)
    rows = queries.describe_memberships(scope, [second.pk, hidden.pk, first.pk, 10**6])
    assert [row.title for row in rows] == ["乙", "甲"]
    people = queries.describe_persons(scope, [second.person_id, hidden.person_id, first.person_id])
    assert [row.record_id for row in people] == [second.person_id, first.person_id]


def test_a_member_who_moved_on_is_described_without_a_link(scope, school, other):
    person = person_of(other)
    left = membership_of(person, school, state="ended", ends_on=date(2024, 1, 1), end_cause="transferred_out")
    (row,) = queries.describe_memberships(scope, [left.pk])
    assert row.url == ""
    with pytest.raises(Http404):
        queries.person_load(scope, person.pk)


def test_to_dos_count_applications_and_transfers(scope, school, other):
    today = date(2024, 1, 1)
    assert queries.todos(Actor("", scope), today) == []
    membership_of(person_of(school), starts_on=None, state="applied")
    membership_of(person_of(other), state="transferring", transfer_to=school)
    membership_of(person_of(other), starts_on=None, state="applied")
    assert [line.count for line in queries.todos(Actor("", scope), today)] == [1, 1]
    looking = Scope(frozenset({Grant("members.view", school.path)}))
    assert [line.count for line in queries.todos(Actor("", looking), today)] == []


def test_the_latest_come_first(scope, school):
    member_of(school, "甲")
    member_of(school, "乙")
    assert [row.title for row in queries.recent(scope, 1)] == ["乙"]


def test_search_finds_people_who_are_not_members(scope, school):
    person_of(school, "郑示例")
    assert [row.title for row in queries.search(scope, "zsl", 5)] == ["郑示例"]
    assert queries.search(scope, "", 5) == []
    assert queries.search(scope, "  ", 5) == []


def test_the_tab_of_a_union_counts_its_members(scope, school, other):
    member_of(school)
    tab = queries.union_tab(scope, school.pk)
    assert len(tab.rows) == 1
    assert "1人" in str(tab.note)
    assert queries.union_tab(scope, other.pk) is None


def test_the_person_field_fails_closed(scope, school, other):
    inside, outside = person_of(school), person_of(other)
    field = PersonField(scope=scope)
    assert field.clean(str(inside.pk)) == inside
    for value in (str(outside.pk), "x", "999999"):
        with pytest.raises(Exception, match="职责范围"):
            field.clean(value)


def test_the_tab_of_a_union_says_which_committees_are_due():
    union = union_of("K01")
    for _number in range(25):
        member_of(union)
    note = str(queries.union_tab(EVERYWHERE, union.pk).note)
    assert "会员25人(满25人),应当建立基层工会委员会。" in note
    elected = committee_of(union, date(2024, 1, 1), date(2028, 12, 31))
    assert "应当建立基层工会委员会" not in str(queries.union_tab(EVERYWHERE, union.pk).note)
    seat_of(union, "member", committee=elected)
    assert "现为1人" in str(queries.union_tab(EVERYWHERE, union.pk).note)
