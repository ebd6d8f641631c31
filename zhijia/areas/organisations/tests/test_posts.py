"""Employers, head-counts, committees and posts."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from zhijia.areas.organisations import queries, services
from zhijia.areas.organisations.tests.factories import (
    committee_of,
    employer_of,
    head_count_of,
    seat_of,
    union_of,
)
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.scope import EVERYWHERE, Scope
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db
CLERK = system("测试")
TODAY = date(2025, 6, 30)


def test_it_covers_an_employer_once_and_ends_it():
    union = union_of("A")
    cover = {"actor": CLERK, "union": union, "name": "示例小学", "sector": "education"}
    employer = services.employer_cover(**cover, covered_on=date(2021, 1, 1))
    with pytest.raises(Refused):
        services.employer_cover(**cover, covered_on=date(2022, 1, 1))
    with pytest.raises(Refused):
        services.employer_end(actor=CLERK, employer=employer, on=date(2020, 12, 31))
    services.employer_end(actor=CLERK, employer=employer, on=date(2025, 1, 1))
    assert employer.ended_on == date(2025, 1, 1)


def test_it_keeps_one_head_count_a_day_and_parts_within_the_whole():
    employer = employer_of(union_of("A"))
    count = services.head_count_record(
        actor=CLERK, employer=employer, as_of=date(2025, 1, 1), staff=50, women=50
    )
    assert (count.women, count.migrants) == (50, None)
    for as_of, staff, women, migrants in (
        (date(2025, 1, 1), 60, None, None),
        (date(2025, 2, 1), 50, 51, None),
        (date(2025, 2, 1), 50, None, 51),
        (timezone.localdate() + timedelta(days=1), 50, None, None),
    ):
        with pytest.raises(Refused):
            services.head_count_record(
                actor=CLERK, employer=employer, as_of=as_of, staff=staff, women=women, migrants=migrants
            )
    services.head_count_correct(actor=CLERK, head_count=count, staff=60, women=40)
    count.refresh_from_db()
    assert (count.staff, count.women) == (60, 40)


def test_it_elects_a_committee_for_five_years_and_ends_the_one_before():
    union = union_of("A")
    first = committee_of(union, date(2020, 3, 1), date(2025, 2, 28))
    second = services.committee_elect(
        actor=CLERK, union=union, term_no=2, elected_on=date(2025, 2, 20), years=5
    )
    first.refresh_from_db()
    assert second.expires_on == date(2030, 2, 19)
    assert first.ended_on == date(2025, 2, 20)
    for term_no, elected_on, years in (
        (2, date(2025, 3, 1), 5),
        (3, date(2025, 3, 1), 4),
        (1, date(2024, 1, 1), 5),
    ):
        with pytest.raises(Refused):
            services.committee_elect(
                actor=CLERK, union=union, term_no=term_no, elected_on=elected_on, years=years
            )


def test_it_ends_a_committee_with_its_posts():
    union = union_of("A")
    term = committee_of(union, date(2023, 1, 1), date(2027, 12, 31))
    seat = seat_of(union, committee=term, starts_on=date(2023, 1, 1))
    services.committee_end(actor=CLERK, committee=term, on=date(2025, 5, 1))
    seat.refresh_from_db()
    assert (term.ended_on, seat.ends_on) == (date(2025, 5, 1), date(2025, 5, 1))


def test_it_keeps_the_duties_of_one_union_apart():
    union, other = union_of("A"), union_of("B")
    assign = {"actor": CLERK, "union": union, "holder": "张示例", "starts_on": date(2025, 1, 1)}
    services.seat_assign(**assign, post="accountant")
    with pytest.raises(Refused, match="会计和出纳"):
        services.seat_assign(**assign, post="cashier")
    services.seat_assign(**assign | {"union": other}, post="cashier")
    services.seat_assign(**assign | {"holder": "李示例"}, post="cashier")


def test_it_has_one_chair_at_a_time():
    union = union_of("A")
    old = seat_of(union, holder="李示例")
    assign = {"actor": CLERK, "union": union, "post": "chair", "starts_on": date(2025, 1, 2)}
    with pytest.raises(Refused, match="现任主席"):
        services.seat_assign(**assign, holder="张示例")
    services.seat_end(actor=CLERK, seat=old, on=date(2025, 1, 1))
    assert services.seat_assign(**assign, holder="张示例", full_time=True).full_time


def test_it_lists_the_terms_that_are_due():
    root = union_of("R", level="general")
    for code, expires in (("A", date(2025, 6, 29)), ("B", date(2025, 12, 30)), ("C", date(2026, 1, 1))):
        committee_of(union_of(code, root), date(2021, 1, 1), expires)
    renewed = union_of("D", root)
    committee_of(renewed, date(2018, 1, 1), date(2022, 12, 31))
    committee_of(renewed, date(2023, 1, 1), date(2027, 12, 31), term_no=2)
    due = queries.terms_due(EVERYWHERE, TODAY, 6)
    assert [term.union.code for term in due] == ["A", "B"]
    texts = {todo.text: todo.count for todo in queries.todos(Actor("", EVERYWHERE), TODAY)}
    assert texts["工会委员会任期已届满，应当换届"] == 1
    assert texts["工会委员会六个月内届满"] == 1
    assert texts["基层工会没有登记覆盖单位"] == 4
    assert queries.todos(Actor(""), TODAY) == []


def test_it_tells_uncounted_from_counted_employers():
    union = union_of("A")
    employer = employer_of(union)
    assert list(queries.without_head_counts(EVERYWHERE)) == [union]
    head_count_of(employer, date(2025, 1, 1), 10)
    assert not queries.without_head_counts(EVERYWHERE)


def test_it_describes_records_in_the_order_asked_and_drops_the_unreachable():
    own, other = union_of("A"), union_of("B")
    mine, theirs = employer_of(own), employer_of(other)
    count = head_count_of(mine, date(2025, 1, 1), 10, women=4)
    from zhijia.kernel.scope import Grant

    scope = Scope(frozenset({Grant("organisations.view", own.path)}))
    assert [card.record_id for card in queries.describe_unions(scope, [other.pk, own.pk])] == [own.pk]
    both = [theirs.pk, mine.pk]
    assert [card.record_id for card in queries.describe_employers(EVERYWHERE, both)] == both
    assert [card.record_id for card in queries.describe_employers(scope, both)] == [mine.pk]
    (card,) = queries.describe_head_counts(scope, [count.pk])
    assert card.detail == "职工10人，女职工4人，农民工未统计"


def test_it_finds_unions_by_initials_and_code():
    union_of("E01", name="示例第一小学工会")
    assert [card.title for card in queries.search(EVERYWHERE, "sldyx", 5)] == ["示例第一小学工会"]
    assert [card.title for card in queries.search(EVERYWHERE, "e0", 5)] == ["示例第一小学工会"]
    assert queries.search(Scope(), "e0", 5) == []
