"""The rules at their boundaries."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zhijia.areas.privacy import rules
from zhijia.areas.privacy.rules import Standing, may_erase, months_after, months_before, standing
from zhijia.kit.subjects import Use

TODAY = date(2026, 3, 31)
MONTHS = {"members.Membership": 60, "aid.Relief": 12, "honours.Honour": None}


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2024, 1, 31), 1, date(2024, 2, 29)),
        (date(2023, 1, 31), 1, date(2023, 2, 28)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2025, 12, 31), 1, date(2026, 1, 31)),
        (date(2025, 3, 31), 0, date(2025, 3, 31)),
        (date(2021, 3, 31), 60, TODAY),
    ],
)
def test_it_counts_months_to_the_same_day_or_the_last_of_the_month(day, months, after):
    assert months_after(day, months) == after


@settings(deadline=None)
@given(st.dates(date(1950, 1, 1), date(2090, 1, 1)), st.integers(0, 400))
def test_months_never_run_backwards(day, months):
    later = months_after(day, months)
    assert later >= day
    assert months_before(later, months) <= day


def test_the_last_of_the_terms_decides():
    uses = [Use(1, "members.Membership", date(2021, 4, 1)), Use(1, "aid.Relief", date(2026, 1, 1))]
    assert standing(uses, MONTHS) == Standing("", date(2027, 1, 1), "aid.Relief")


def test_what_still_goes_on_decides_before_any_term():
    uses = [Use(1, "aid.Relief", date(2000, 1, 1)), Use(1, "members.Membership", None, "在籍")]
    found = standing(uses, MONTHS)
    assert found.ongoing == "在籍"
    assert not found.is_over(date(2999, 1, 1))


def test_records_without_a_term_of_their_own_go_with_the_file():
    assert standing([Use(1, "honours.Honour", TODAY)], MONTHS) == Standing()


def test_a_model_that_the_register_does_not_know_is_never_taken_for_free():
    with pytest.raises(KeyError):
        standing([Use(1, "aid.Unknown", TODAY)], MONTHS)


@pytest.mark.parametrize(("today", "allowed"), [(TODAY - timedelta(1), False), (TODAY, True)])
def test_a_person_may_be_erased_from_the_day_the_term_is_over(today, allowed):
    verdict = may_erase(Standing("", TODAY, "aid.Relief"), today, label="慰问救助")
    assert bool(verdict) is allowed
    if not allowed:
        assert "2026-03-31" in str(verdict)
        assert "慰问救助" in str(verdict)
        assert verdict.source.startswith(rules.PIPL)


def test_an_open_membership_and_a_second_time_are_refused():
    assert "会籍" in str(may_erase(Standing("会籍没有终止"), TODAY))
    assert "已经匿名化" in str(may_erase(Standing(), TODAY, is_done=True))


def test_a_request_is_due_fifteen_days_after_it_came():
    assert rules.answer_due(date(2026, 3, 1)) == date(2026, 3, 16)


@pytest.mark.parametrize(
    ("on", "allowed"),
    [
        (date(2026, 2, 28), False),
        (date(2026, 3, 1), True),
        (TODAY, True),
        (TODAY + timedelta(1), False),
    ],
)
def test_an_answer_lies_between_the_request_and_today(on, allowed):
    verdict = rules.may_answer(is_answered=False, received_on=date(2026, 3, 1), on=on, today=TODAY)
    assert bool(verdict) is allowed


def test_a_request_is_answered_once_and_a_refusal_says_why():
    again = rules.may_answer(is_answered=True, received_on=TODAY, on=TODAY, today=TODAY)
    assert not again
    assert rules.answer_explained("done", "")
    assert not rules.answer_explained("refused", "  ")
    assert not rules.answer_explained("partly", "")
    assert rules.answer_explained("refused", "会籍未终止")


@pytest.mark.parametrize(
    ("on", "withdrawn", "allowed"),
    [
        (date(2026, 1, 1), False, True),
        (date(2025, 12, 31), False, False),
        (TODAY, False, True),
        (TODAY + timedelta(1), False, False),
        (TODAY, True, False),
    ],
)
def test_a_consent_ends_once_after_it_began(on, withdrawn, allowed):
    verdict = rules.consent_may_end(given_on=date(2026, 1, 1), is_withdrawn=withdrawn, on=on, today=TODAY)
    assert bool(verdict) is allowed
