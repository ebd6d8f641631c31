from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.kernel.identity import (
    check_id_number,
    check_phone,
    check_uscc,
    id_check_digit,
    mask_card,
    mask_id,
    mask_phone,
)

TODAY = date(2026, 1, 15)
SAMPLE = "11010519491231002X"  # printed in GB 11643-1999 itself
CODE = "91350100M000100Y43"  # printed in GB 32100-2015 itself


def number(birth, order="001", region="999001"):
    body = f"{region}{birth}{order}"
    return body + id_check_digit(body)


@pytest.mark.parametrize(
    "text", [SAMPLE, SAMPLE.lower(), " 110105 19491231 002x ", "１１０１０５１９４９１２３１００２Ｘ"]
)
def test_it_reads_the_sample_of_the_standard(text):
    checked = check_id_number(text)
    assert checked.number == SAMPLE
    assert (checked.birth, checked.sex, checked.converted) == (date(1949, 12, 31), "female", False)


def test_it_tells_sex_by_the_seventeenth_digit():
    assert check_id_number(number("19900101", "003")).sex == "male"
    assert check_id_number(number("19900101", "030")).sex == "female"


def test_it_converts_an_old_number_and_says_so():
    checked = check_id_number("110105491231002")
    assert (checked.number, checked.converted) == (SAMPLE, True)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "这里是0位"),
        (SAMPLE[:-1], "这里是17位"),
        (SAMPLE + "1", "这里是19位"),
        ("11010519491231002A", "只能由数字组成"),
        ("X10105194912310021", "只能由数字组成"),
        ("11010549123100X", "只能由数字组成"),
        ("1.10105194912310E+17", "科学计数法"),
        ("110105194912310021", "校验码"),
        (number("19490231"), "不存在"),
        ("110105490231002", "不存在"),
        (number("18991231"), "1900年"),
        (number("20260116"), "晚于今天"),
    ],
)
def test_it_says_what_is_wrong_with_a_number(text, message):
    with pytest.raises(ValueError, match=message):
        check_id_number(text, today=TODAY)


def test_it_accepts_a_birth_of_today():
    assert check_id_number(number("20260115"), today=TODAY).birth == TODAY


def test_it_repeats_no_number_in_a_message_or_a_trace():
    with pytest.raises(ValueError, match="校验码") as caught:
        check_id_number("110105194912310021")
    assert "1949" not in str(caught.value)
    assert "1949" not in repr(check_id_number(SAMPLE))


@given(st.dates(date(1900, 1, 1), TODAY), st.integers(0, 999), st.integers(0, 17), st.integers(1, 9))
def test_it_notices_any_single_wrong_digit(birth, order, place, offset):
    right = number(birth.strftime("%Y%m%d"), f"{order:03d}")
    assert check_id_number(right, today=TODAY).birth == birth
    value = "0123456789X".index(right[place])
    wrong = right[:place] + "0123456789X"[(value + offset) % (11 if place == 17 else 10)] + right[place + 1 :]
    with pytest.raises(ValueError, match="身份证号码"):
        check_id_number(wrong, today=TODAY)


@pytest.mark.parametrize("text", [CODE, CODE.lower(), "9135 0100-M000 100Y 43"])
def test_it_reads_the_code_of_the_standard(text):
    assert check_uscc(text) == CODE


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "这里是0位"),
        (CODE[:-1], "这里是17位"),
        (CODE[:-1] + "4", "校验码"),
        ("91350100M000100YI3", "不含I"),
        ("9135010AM000100Y43", "第3至8位"),
        ("91530100M000100Y43", "校验码"),
    ],
)
def test_it_says_what_is_wrong_with_a_code(text, message):
    with pytest.raises(ValueError, match=message):
        check_uscc(text)


@given(st.integers(0, 16), st.data())
def test_it_notices_any_single_wrong_sign_of_a_code(place, data):
    sign = data.draw(
        st.sampled_from("0123456789ABCDEFGHJKLMNPQRTUWXY").filter(lambda one: one != CODE[place])
    )
    with pytest.raises(ValueError, match="统一社会信用代码"):
        check_uscc(CODE[:place] + sign + CODE[place + 1 :])


@pytest.mark.parametrize("text", ["13800001234", "+86 138-0000-1234", "８６13800001234", "138 0000 1234"])
def test_it_reads_a_mobile_number(text):
    assert check_phone(text) == "13800001234"


@pytest.mark.parametrize(
    "text", ["", "12800001234", "1380000123", "138000012345", "02885551234", "1380000123a"]
)
def test_it_refuses_what_is_no_mobile_number(text):
    with pytest.raises(ValueError, match="11位"):
        check_phone(text)


@pytest.mark.parametrize(
    ("mask", "text", "masked"),
    [
        (mask_id, "999001199001010016", "999***********0016"),
        (mask_id, "E12345678", "*********"),
        (mask_phone, "13800001234", "138****1234"),
        (mask_phone, "85551234", "********"),
        (mask_card, "6222 0000 0000 0001 234", "***************1234"),
        (mask_card, "1234", "****"),
        (mask_id, "", ""),
    ],
)
def test_it_shows_only_the_ends(mask, text, masked):
    assert mask(text) == masked
