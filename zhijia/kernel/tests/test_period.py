from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.kernel.period import Period, latest_full_year

days = st.dates(date(1990, 1, 1), date(2060, 12, 31))
periods = st.one_of(
    st.builds(lambda a, b: Period(min(a, b), max(a, b)), days, days),
    st.builds(Period.year, st.integers(1950, 2150)),
    st.builds(Period.half, st.integers(1950, 2150), st.integers(1, 2)),
    st.builds(Period.quarter, st.integers(1950, 2150), st.integers(1, 4)),
    st.builds(Period.month, st.integers(1950, 2150), st.integers(1, 12)),
)


@pytest.mark.parametrize(
    ("text", "first", "last", "kind", "label"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31), "year", "2025年"),
        ("2025H1", date(2025, 1, 1), date(2025, 6, 30), "half", "2025年上半年"),
        ("2025H2", date(2025, 7, 1), date(2025, 12, 31), "half", "2025年下半年"),
        ("2025Q1", date(2025, 1, 1), date(2025, 3, 31), "quarter", "2025年第一季度"),
        ("2025Q2", date(2025, 4, 1), date(2025, 6, 30), "quarter", "2025年第二季度"),
        ("2025Q3", date(2025, 7, 1), date(2025, 9, 30), "quarter", "2025年第三季度"),
        ("2025Q4", date(2025, 10, 1), date(2025, 12, 31), "quarter", "2025年第四季度"),
        ("2025-03", date(2025, 3, 1), date(2025, 3, 31), "month", "2025年3月"),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29), "month", "2024年2月"),
        ("2025-01-01..2025-06-29", date(2025, 1, 1), date(2025, 6, 29), "free", "2025年1月1日至6月29日"),
        (
            "2024-09-01..2025-08-31",
            date(2024, 9, 1),
            date(2025, 8, 31),
            "free",
            "2024年9月1日至2025年8月31日",
        ),
        ("2025-02-01..2025-04-30", date(2025, 2, 1), date(2025, 4, 30), "free", "2025年2月1日至4月30日"),
        ("2025-03-05..2025-03-05", date(2025, 3, 5), date(2025, 3, 5), "free", "2025年3月5日"),
    ],
)
def test_it_reads_and_names_each_kind(text, first, last, kind, label):
    period = Period.parse(text)
    assert (period.first, period.last, period.kind, period.label) == (first, last, kind, label)
    assert period.code == text


@pytest.mark.parametrize("text", ["２０２５ｈ１", " 2025h1 ", "2025-01-01..2025-06-30"])
def test_it_knows_the_same_days_however_they_are_written(text):
    assert Period.parse(text) == Period.half(2025, 1)
    assert Period.parse(text).code == "2025H1"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "看不懂"),
        ("25", "看不懂"),
        ("2025H3", "看不懂"),
        ("2025Q5", "看不懂"),
        ("2025-13", "看不懂"),
        ("2025-02-30..2025-03-01", "不存在"),
        ("2025-03-02..2025-03-01", "晚于"),
        ("0000", "1900年"),
        ("1899", "1900年"),
        ("2200", "1900年"),
    ],
)
def test_it_says_why_it_cannot_read_a_text(text, message):
    with pytest.raises(ValueError, match=message):
        Period.parse(text)


@pytest.mark.parametrize(
    ("make", "number"),
    [(Period.half, 0), (Period.half, 3), (Period.quarter, 5), (Period.month, 13), (Period.month, 0)],
)
def test_it_refuses_parts_a_year_does_not_have(make, number):
    with pytest.raises(ValueError, match="只有"):
        make(2025, number)


@pytest.mark.parametrize(
    ("code", "year_before", "before", "after"),
    [
        ("2025", "2024", "2024", "2026"),
        ("2025H1", "2024H1", "2024H2", "2025H2"),
        ("2025Q1", "2024Q1", "2024Q4", "2025Q2"),
        ("2024-02", "2023-02", "2024-01", "2024-03"),
        ("2025-02", "2024-02", "2025-01", "2025-03"),
        (
            "2024-09-01..2025-08-31",
            "2023-09-01..2024-08-31",
            "2023-09-01..2024-08-31",
            "2025-09-01..2026-08-31",
        ),
        (
            "2024-02-29..2024-03-01",
            "2023-02-28..2023-03-01",
            "2024-02-27..2024-02-28",
            "2024-03-02..2024-03-03",
        ),
    ],
)
def test_it_finds_its_neighbours(code, year_before, before, after):
    period = Period.parse(code)
    assert period.previous_year().code == year_before
    assert (period.previous().code, period.next().code) == (before, after)


def test_it_clips_its_first_and_last_month():
    months = Period(date(2025, 1, 15), date(2025, 3, 10)).months()
    assert [month.code for month in months] == ["2025-01-15..2025-01-31", "2025-02", "2025-03-01..2025-03-10"]


def test_it_includes_both_ends_and_nothing_more():
    period = Period.month(2025, 3)
    assert period.contains(date(2025, 3, 1))
    assert date(2025, 3, 31) in period
    assert not period.contains(date(2025, 2, 28))
    assert not period.contains(period.end)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 12, 31)])
def test_it_takes_the_year_that_is_over(today):
    assert latest_full_year(today) == Period.year(2025)


@given(periods)
def test_it_reads_back_its_own_code(period):
    again = Period.parse(period.code)
    assert again == period
    assert hash(again) == hash(period)


@given(periods)
def test_it_joins_its_neighbours_without_gap_or_overlap(period):
    assert period.previous().end == period.first
    assert period.next().first == period.end


@given(periods)
def test_it_is_exactly_the_sum_of_its_months(period):
    months = period.months()
    assert months[0].first == period.first
    assert months[-1].last == period.last
    assert all(one.end == other.first for one, other in pairwise(months))
    assert sum(month.days for month in months) == (period.last - period.first).days + 1


@given(periods)
def test_it_keeps_its_kind_a_year_earlier(period):
    earlier = period.previous_year()
    assert earlier.first.year == period.first.year - 1
    if period.kind != "free":
        assert earlier.kind == period.kind


@given(days, days)
def test_it_orders_by_first_day_then_last_day(one, other):
    week = timedelta(days=7)
    assert (Period(one, one + week) < Period(other, other + week)) == (one < other)
