from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.kernel.chinese import (
    COMPOUND_SURNAMES,
    SURNAMES,
    chinese_date,
    has_invisible,
    initials,
    normalise,
    parse_date,
    pinyin_key,
)


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (" 张\u3000三 ", "张三"),
        ("张\u200b三\ufeff", "张三"),
        ("\u202e张三\u202c", "张三"),
        ("张\u3164三", "张三"),
        ("葛\U000e0100城", "葛城"),
        ("买买提 • 阿卜杜拉", "买买提·阿卜杜拉"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("Ａ１２　ｂ", "A12 b"),
        ("John  Smith", "John Smith"),
        ("第1小学 工会", "第1小学 工会"),
        ("一行\n二行", "一行二行"),
        ("a\tb", "a b"),
        ("", ""),
    ],
)
def test_it_brings_text_into_its_plain_form(text, plain):
    assert normalise(text) == plain


@given(st.text())
def test_it_changes_nothing_the_second_time(text):
    plain = normalise(text)
    assert normalise(plain) == plain
    assert not has_invisible(plain)


@pytest.mark.parametrize(
    "sign", ["\u200b", "\u202e", "\ufeff", "\x00", "\u3164", "\ufe0f", "\U000e0100", "\u00ad"]
)
def test_it_sees_what_the_eye_does_not(sign):
    assert has_invisible(f"张{sign}三")


@pytest.mark.parametrize("text", ["张三", "a b", "一\n二\t三\r", "全\u3000角", "é"])
def test_it_does_not_call_ordinary_text_invisible(text):
    assert not has_invisible(text)


@pytest.mark.parametrize(
    "value",
    [
        date(2025, 3, 5),
        datetime(2025, 3, 5, 23, 59, tzinfo=UTC),
        "2025-03-05",
        "2025-3-5",
        "2025/3/5",
        "2025.3.5",
        "20250305",
        20250305,
        20250305.0,
        "2025年3月5日",
        "2025 年 3 月 5 日",
        "２０２５年３月５日",
        "2025-03-05 00:00:00",
        "2025-03-05T00:00",
    ],
)
def test_it_reads_a_day_however_it_is_written(value):
    parsed = parse_date(value)
    assert parsed == date(2025, 3, 5)
    assert type(parsed) is date


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("25-3-5", "四位"),
        ("25年3月5日", "四位"),
        ("2024/2/30", "不存在"),
        ("20251305", "不存在"),
        ("2023-02-29", "不存在"),
        ("民国114年3月5日", "民国"),
        ("中華民國114.3.5", "民国"),
        (45721, "序号"),
        (45721.5, "序号"),
        ("45721", "序号"),
        ("2025-03", "不完整"),
        ("2025年3月", "不完整"),
        ("202503", "不完整"),
        ("1899-12-31", "1900年"),
        ("2200-01-01", "1900年"),
        (date(1899, 12, 31), "1900年"),
        ("", "请填写"),
        (None, "请填写"),
        (True, "请填写"),
        ("2025-3/5", "看不懂"),
        ("2025-3-5日", "看不懂"),
        ("2025-03-05 08:30", "看不懂"),
        ("三月五日", "看不懂"),
        (float("nan"), "看不懂"),
    ],
)
def test_it_says_why_a_day_is_refused(value, message):
    with pytest.raises(ValueError, match=message):
        parse_date(value)


@given(
    st.dates(date(1900, 1, 1), date(2199, 12, 31)),
    st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y%m%d"]),
)
def test_it_reads_back_every_day(day, form):
    assert parse_date(day.strftime(form)) == day
    assert parse_date(chinese_date(day)) == day


def test_it_writes_days_without_leading_zeros():
    assert chinese_date(date(2025, 3, 5)) == "2025年3月5日"


@pytest.mark.parametrize(
    ("name", "letters", "key"),
    [
        ("单雄", "sx", "shanxiong"),
        ("仇英", "qy", "qiuying"),
        ("解冰", "xb", "xiebing"),
        ("曾明", "zm", "zengming"),
        ("区 小明", "oxm", "ouxiaoming"),
        ("查良", "zl", "zhaliang"),
        ("盖云", "gy", "geyun"),
        ("朴顺", "ps", "piaoshun"),
        ("尉迟明", "ycm", "yuchiming"),
        ("万俟明", "mqm", "moqiming"),
        ("万明", "wm", "wanming"),
        ("尉明", "wm", "weiming"),
        ("吕布", "lb", "lvbu"),
        ("李明A2", "lma2", "limingA2".lower()),
        ("小单", "xd", "xiaodan"),
        ("买买提·阿里", "mmtal", "maimaitiali"),
        ("", "", ""),
    ],
)
def test_it_reads_a_surname_as_a_surname(name, letters, key):
    assert (initials(name), pinyin_key(name)) == (letters, key)


def test_it_does_not_read_a_transliterated_name_as_a_surname():
    assert pinyin_key("单·雄") == "danxiong"


def test_it_knows_enough_surnames_and_reads_each_of_them_its_own_way():
    assert len(SURNAMES) >= 60
    for surname, reading in {**SURNAMES, **COMPOUND_SURNAMES}.items():
        assert pinyin_key(surname + "明") == reading.replace("'", "") + "ming"
        assert initials(surname + "明") == "".join(part[0] for part in reading.split("'")) + "m"


@given(st.text(max_size=8))
def test_it_makes_keys_of_plain_letters_only(name):
    for key in (initials(name), pinyin_key(name)):
        assert key == "" or (key.isascii() and key.isalnum() and key == key.lower())
