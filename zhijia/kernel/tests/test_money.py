from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.kernel.money import LARGEST_FEN, parse_yuan, shown, wan, yuan

amounts = st.integers(-LARGEST_FEN, LARGEST_FEN)


@pytest.mark.parametrize(
    ("amount", "fen"),
    [
        ("1234.50", 123_450),
        ("１２３４．５", 123_450),
        ("1,234.5元", 123_450),
        ("￥1，234.50", 123_450),
        ("2.5万", 2_500_000),
        ("2.5万元", 2_500_000),
        ("0.000001万", 1),
        ("1.5亿元", 15_000_000_000),
        ("300元整", 30_000),
        ("0", 0),
        ("1.100", 110),
        (300, 30_000),
        (0.1 + 0.2, 30),
        (19.99, 1999),
        (Decimal("0.01"), 1),
        ("100亿", LARGEST_FEN),
    ],
)
def test_it_reads_amounts_exactly(amount, fen):
    assert parse_yuan(amount) == fen


@pytest.mark.parametrize(
    ("amount", "message"),
    [
        ("-5", "负数"),
        (-5, "负数"),
        ("\N{MINUS SIGN}5", "负数"),
        ("1.234", "两位"),
        (1.005, "两位"),
        ("1.0000000000000000000000000000000001", "两位"),
        ("0.0000001万", "两位"),
        ("10000000000.01", "100亿"),
        (10**10 + 1, "100亿"),
        ("", "看不懂"),
        ("元", "看不懂"),
        ("1,23", "看不懂"),
        ("1e5", "看不懂"),
        ("--5", "看不懂"),
        ("1.", "看不懂"),
        ("1" * 41, "看不懂"),
        (True, "看不懂"),
        (float("nan"), "看不懂"),
        (float("inf"), "看不懂"),
        (Decimal("sNaN"), "看不懂"),
        (Decimal("1E+100"), "看不懂"),
    ],
)
def test_it_says_why_an_amount_is_refused(amount, message):
    with pytest.raises(ValueError, match=message):
        parse_yuan(amount)


def test_it_reads_a_negative_amount_only_where_it_is_allowed():
    assert parse_yuan("-￥1,000.5", allow_negative=True) == -100_050
    with pytest.raises(ValueError, match="100亿"):
        parse_yuan("-10000000000.01", allow_negative=True)


@pytest.mark.parametrize(
    ("fen", "digits", "text"),
    [
        (2_500_000, 2, "2.5"),
        (10_000_000, 2, "10"),
        (0, 2, "0"),
        (-1, 2, "0"),
        (5_000, 2, "0.01"),
        (4_999, 2, "0"),
        (-5_000, 2, "-0.01"),
        (1_234_567, 0, "1"),
        (1_500_000, 0, "2"),
        (1_234_567, 6, "1.234567"),
        (1, 6, "0.000001"),
        (1, 9, "0.000001"),
    ],
)
def test_it_shows_ten_thousands_without_trailing_zeros(fen, digits, text):
    assert str(wan(fen, digits)) == text


@pytest.mark.parametrize(
    ("fen", "text"),
    [
        (2_500_000, "2.5万元"),
        (1_000_000, "1万元"),
        (999_900, "9,999元"),
        (1_234_500, "1.2345万元"),
        (1_234_567, "12,345.67元"),
        (450_000, "4,500元"),
        (450_050, "4,500.50元"),
        (123_456_780_000, "123,456.78万元"),
        (0, "0元"),
        (-2_500_000, "-2.5万元"),
        (-1, "-0.01元"),
    ],
)
def test_it_shows_amounts_as_people_read_them(fen, text):
    assert shown(fen) == text


@given(amounts)
def test_it_reads_back_what_it_shows(fen):
    assert parse_yuan(shown(fen), allow_negative=True) == fen
    assert parse_yuan(yuan(fen), allow_negative=True) == fen


@given(st.integers(-(10**15) + 1, 10**15 - 1))
def test_it_reads_any_float_a_spreadsheet_can_show_to_the_fen(fen):
    if abs(fen) <= LARGEST_FEN:
        assert parse_yuan(fen / 100, allow_negative=True) == fen


@given(amounts, st.integers(0, 6))
def test_it_rounds_ten_thousands_half_up(fen, digits):
    expected = (Decimal(fen) / 1_000_000).quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert wan(fen, digits) == expected
    assert "E" not in str(wan(fen, digits))


def outcome(text):
    try:
        return parse_yuan(text)
    except ValueError as error:
        return str(error)


@given(st.one_of(st.text(max_size=50), st.text("0123456789.,-万亿元¥ ", max_size=12)))
def test_it_answers_any_text_with_an_amount_or_a_message(text):
    answer = outcome(text)
    assert "金额" in answer if isinstance(answer, str) else 0 <= answer <= LARGEST_FEN
