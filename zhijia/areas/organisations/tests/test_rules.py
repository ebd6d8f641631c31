"""The rules at their boundaries."""

from datetime import date, timedelta

import pytest

from zhijia.areas.organisations import rules

DAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("members", "seats", "level"),
    [
        (24, 3, "pass"),
        (24, 4, "warn"),
        (25, 3, "pass"),
        (200, 7, "pass"),
        (200, 8, "warn"),
        (201, 6, "warn"),
        (201, 7, "pass"),
        (1000, 15, "pass"),
        (1001, 14, "warn"),
        (5000, 21, "pass"),
        (5001, 29, "pass"),
        (10_001, 28, "warn"),
        (50_000, 37, "pass"),
        (50_001, 45, "pass"),
        (50_001, 46, "warn"),
    ],
)
def test_it_knows_the_size_of_a_committee(members, seats, level):
    assert rules.committee_seats(members, seats, DAY).level == level


def test_it_wants_a_committee_from_25_members_on():
    assert rules.committee_needed(24, DAY, has_committee=False)
    verdict = rules.committee_needed(25, DAY, has_committee=False)
    assert not verdict
    assert "第十一条" in verdict.source
    assert rules.committee_needed(25, DAY, has_committee=True)


def test_it_advises_a_women_committee_from_ten_women_on():
    assert rules.women_committee_needed(9, DAY, has_committee=False).level == "pass"
    assert rules.women_committee_needed(10, DAY, has_committee=False).level == "warn"


@pytest.mark.parametrize(("years", "ok"), [(2, False), (3, True), (4, False), (5, True), (6, False)])
def test_it_allows_terms_of_three_and_five_years(years, ok):
    assert bool(rules.term_length("grassroots", years, DAY)) is ok


def test_it_gives_local_unions_five_years():
    assert not rules.term_length("general", 3, DAY)
    assert rules.term_length("general", 5, DAY)


def test_it_does_not_judge_terms_before_the_oldest_rule():
    assert rules.term_length("grassroots", 4, date(1995, 1, 1))


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        (DAY - timedelta(days=1), "overdue"),
        (DAY, "3"),
        (date(2025, 9, 30), "3"),
        (date(2025, 10, 1), "6"),
        (date(2025, 12, 30), "6"),
        (date(2025, 12, 31), "later"),
    ],
)
def test_it_says_how_soon_a_term_ends(expires, state):
    due = rules.term_due(expires, DAY)
    assert due.state == state
    assert due.days == (expires - DAY).days


def test_it_clips_a_day_that_the_month_lacks():
    assert rules.months_after(date(2024, 8, 31), 6) == date(2025, 2, 28)
    assert rules.months_after(date(2024, 11, 30), 3) == date(2025, 2, 28)


def test_it_keeps_accountant_and_cashier_apart():
    assert not rules.duties_apart("cashier", {"accountant"})
    assert not rules.duties_apart("accountant", {"cashier", "member"})
    assert rules.duties_apart("cashier", {"member"})


def test_it_keeps_the_audit_committee_away_from_money_and_chair():
    assert not rules.duties_apart("audit", {"cashier"})
    assert not rules.duties_apart("chair", {"audit"})
    assert rules.duties_apart("audit", {"women"})


@pytest.mark.parametrize(
    ("parent", "child", "ok"),
    [
        ("general", "general", True),
        ("general", "group", True),
        ("grassroots", "group", True),
        ("grassroots", "grassroots", True),
        ("grassroots", "general", False),
        ("federation", "general", False),
        ("group", "group", False),
    ],
)
def test_it_knows_which_level_stands_above_which(parent, child, ok):
    assert bool(rules.level_below(parent, child)) is ok
