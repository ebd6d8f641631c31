from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity, combine, in_numerals

U, Q = CountUnit, Qualifier


@pytest.mark.parametrize(
    ("text", "unit", "value", "qualifier"),
    [
        ("2000余", U.PERSON, 2000, Q.AT_LEAST),
        ("近3万", U.PERSON, 30_000, Q.ALMOST),
        ("1.2万多人次", U.PERSON_TIME, 12_000, Q.AT_LEAST),
        ("三百二十一人", U.PERSON, 321, Q.EXACT),
        ("约50", U.EVENT, 50, Q.ABOUT),
        ("超过5000", U.VOLUME, 5000, Q.MORE_THAN),
        ("１００", U.ITEM, 100, Q.EXACT),
        ("100+", U.ITEM, 100, Q.AT_LEAST),
        ("30余篇", U.ARTICLE, 30, Q.AT_LEAST),
        ("50人以上", U.PERSON, 50, Q.AT_LEAST),
        ("50人左右", U.PERSON, 50, Q.ABOUT),
        ("两千余名", U.PERSON, 2000, Q.AT_LEAST),
        ("十余万人次", U.PERSON_TIME, 100_000, Q.AT_LEAST),
        ("近万人", U.PERSON, 10_000, Q.ALMOST),
        ("百余家", U.ENTERPRISE, 100, Q.AT_LEAST),
        ("上千人", U.PERSON, 1000, Q.AT_LEAST),
        ("12间", U.ENTERPRISE, 12, Q.EXACT),
        ("3宗", U.CASE, 3, Q.EXACT),
        ("1,234 人", U.PERSON, 1234, Q.EXACT),
        ("0", U.CASE, 0, Q.EXACT),
        ("〇", U.CASE, 0, Q.EXACT),
        ("一十二", U.ITEM, 12, Q.EXACT),
        ("2.5万元", U.FEN, 2_500_000, Q.EXACT),
        ("4500.05", U.FEN, 450_005, Q.EXACT),
        ("10余万元", U.FEN, 10_000_000, Q.AT_LEAST),
        ("3千万元", U.FEN, 3_000_000_000, Q.EXACT),
        ("98%", U.PERCENT, 98, Q.EXACT),
        ("1.005万", U.PERSON, 10_050, Q.EXACT),
    ],
)
def test_it_reads_counts_as_officers_write_them(text, unit, value, qualifier):
    assert Quantity.parse(text, unit) == Quantity(value, unit, qualifier)


@pytest.mark.parametrize(
    ("text", "unit", "message"),
    [
        ("30人", U.PERSON_TIME, "单位是“人”，这里应填“人次”"),
        ("30人次", U.PERSON, "单位是“人次”，这里应填“人”"),
        ("30元", U.PERSON, "单位"),
        ("约200余", U.ITEM, "只能用一个"),
        ("近50人左右", U.PERSON, "只能用一个"),
        ("二〇二五", U.ITEM, "看不懂汉字数"),
        ("三百二", U.ITEM, "看不懂汉字数"),
        ("一百十", U.ITEM, "看不懂汉字数"),
        ("万人", U.PERSON, "看不懂汉字数"),
        ("1.23456万", U.ITEM, "不是整数"),
        ("0.5", U.PERSON, "不是整数"),
        ("4.505", U.FEN, "不是整数"),
        ("", U.ITEM, "看不懂数量"),
        ("-5", U.ITEM, "看不懂数量"),
        ("数百", U.ITEM, "看不懂数量"),
        ("1,23", U.ITEM, "看不懂数量"),
        ("1e3", U.ITEM, "看不懂数量"),
        ("٣", U.ITEM, "看不懂数量"),
        ("9" * 41, U.ITEM, "看不懂数量"),
        ("9" * 20, U.ITEM, "太大"),
    ],
)
def test_it_refuses_what_it_would_have_to_guess(text, unit, message):
    with pytest.raises(ValueError, match=message):
        Quantity.parse(text, unit)


@pytest.mark.parametrize(
    ("quantity", "text"),
    [
        (Quantity(2000, U.PERSON_TIME, Q.AT_LEAST), "2,000余人次"),
        (Quantity(30_000, U.PERSON, Q.ALMOST), "近30,000人"),
        (Quantity(5000, U.VOLUME, Q.MORE_THAN), "超过5,000册"),
        (Quantity(50, U.EVENT, Q.ABOUT), "约50场"),
        (Quantity(12, U.UNION), "12个"),
        (Quantity(2_500_000, U.FEN, Q.AT_LEAST), "2.5万元以上"),
        (Quantity(450_000, U.FEN, Q.ALMOST), "近4,500元"),
        (Quantity(98, U.PERCENT, Q.AT_LEAST), "98%以上"),
    ],
)
def test_it_shows_counts_as_documents_write_them(quantity, text):
    assert str(quantity) == text


@given(st.integers(0, 10**12), st.sampled_from(CountUnit), st.sampled_from(Qualifier))
def test_it_reads_back_what_it_shows(value, unit, qualifier):
    quantity = Quantity(value, unit, qualifier)
    assert Quantity.parse(str(quantity), unit) == quantity


@given(st.integers(0, 10**15))
def test_it_reads_back_chinese_numerals(value):
    assert Quantity.parse(in_numerals(value), U.ITEM).value == value


@pytest.mark.parametrize(
    ("value", "numerals"),
    [
        (0, "零"),
        (10, "十"),
        (110, "一百一十"),
        (1001, "一千零一"),
        (20_010, "二万零一十"),
        (100_000, "十万"),
        (100_100_000, "一亿零一十万"),
        (10**12, "一万亿"),
    ],
)
def test_it_writes_numerals_by_the_rules(value, numerals):
    assert in_numerals(value) == numerals


@pytest.mark.parametrize("value", [-1, 10**16])
def test_it_writes_no_numerals_beyond_its_range(value):
    with pytest.raises(ValueError, match="一亿亿"):
        in_numerals(value)


@pytest.mark.parametrize(
    ("parts", "whole"),
    [
        ((), Q.EXACT),
        ((Q.EXACT, Q.EXACT), Q.EXACT),
        ((Q.EXACT, Q.AT_LEAST), Q.AT_LEAST),
        ((Q.MORE_THAN,), Q.AT_LEAST),
        ((Q.MORE_THAN, Q.AT_LEAST, Q.EXACT), Q.AT_LEAST),
        ((Q.ALMOST, Q.EXACT), Q.ALMOST),
        ((Q.ALMOST, Q.AT_LEAST), Q.ABOUT),
        ((Q.ABOUT, Q.EXACT), Q.ABOUT),
    ],
)
def test_it_keeps_a_sum_as_vague_as_its_parts(parts, whole):
    assert combine(parts) is whole


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.sampled_from(Qualifier), st.sampled_from(Qualifier))
def test_it_adds_the_same_unit_in_any_order(one, other, first, second):
    left, right = Quantity(one, U.PERSON, first), Quantity(other, U.PERSON, second)
    assert left + right == right + left == Quantity(one + other, U.PERSON, combine((first, second)))


@pytest.mark.parametrize(
    ("one", "other"), [pair for pair in product(CountUnit, repeat=2) if pair[0] is not pair[1]]
)
def test_it_never_adds_two_units(one, other):
    with pytest.raises(ValueError, match="不能相加"):
        Quantity(1, one) + Quantity(1, other)


def test_it_offers_every_unit_and_qualifier_to_choose():
    assert [code for code, _ in CountUnit.choices()] == list(CountUnit)
    assert dict(CountUnit.choices())["person_time"] == "人次"
    assert dict(Qualifier.choices()) == {
        "": "准确数", "at_least": "余", "almost": "近", "more_than": "超过", "about": "约",
    }  # fmt: skip
