"""Chinese text as it arrives from spreadsheets and phones: cleaning, dates, and pinyin keys of names."""

import re
import unicodedata
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

FIRST_YEAR, LAST_YEAR = 1900, 2199

_HAN = "\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff〇"
_SPACED_NAME = re.compile(rf"[{_HAN}·]+(?: [{_HAN}·]+)+")
_DOT_IN_NAME = re.compile(rf"(?<=[{_HAN}]) ?[•・‧∙⋅･] ?(?=[{_HAN}])")
# Letters and marks that print nothing although Unicode does not class them as format characters.
_BLANK_SIGNS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")


def _is_invisible(sign: str) -> bool:
    """Whether a character prints nothing and is no space: control, format, private, variation selector."""
    return (
        unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co")
        or sign in _BLANK_SIGNS
        or "\ufe00" <= sign <= "\ufe0f"
        or "\U000e0100" <= sign <= "\U000e01ef"
    )


def has_invisible(text: str) -> bool:
    """Whether the text hides zero-width, control or direction characters; tabs and line ends do not count."""
    return any(_is_invisible(sign) for sign in text if sign not in "\t\n\r")


def normalise(text: str) -> str:
    """One line of text in its plain form: NFKC, nothing invisible, single spaces, ends trimmed.

    Full-width letters and digits become half-width. A text of Chinese characters only loses its inner
    spaces (张 三 → 张三), and the dot of a transliterated name becomes ``·``. Doing it twice changes nothing.
    """
    visible = "".join(" " if sign in "\t\n\r\v\f\x85" else sign for sign in text)
    visible = "".join(sign for sign in visible if not _is_invisible(sign))
    plain = " ".join(unicodedata.normalize("NFKC", visible).split())
    plain = _DOT_IN_NAME.sub("·", plain)
    return plain.replace(" ", "") if _SPACED_NAME.fullmatch(plain) else plain


_DATE = re.compile(
    r"([0-9]+)(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月)([0-9]{1,2})日?"
)
_COMPACT = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_MONTH_ONLY = re.compile(r"[0-9]{4}(?:[-/.][0-9]{1,2}|年[0-9]{1,2}月?)|[0-9]{6}")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_MIDNIGHT = re.compile(r"[T ]?00:00(?::00(?:\.0+)?)?")
_REPUBLIC = re.compile(r"(?:中华)?民国|中華民國|民國")


def parse_date(value: object) -> date:
    """Read a day from a cell or a form: a date, a datetime, or a text such as 2025-03-05 or 2025年3月5日.

    Refused with a ValueError that says why: two-digit years, days that do not exist, 民国 years, serial
    numbers of a spreadsheet, months without a day, years outside 1900-2199, anything else.
    """
    if isinstance(value, datetime):
        return _checked(value.date())
    if isinstance(value, date):
        return _checked(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        value = f"{value:.10g}"  # 20250305 typed into a number cell
    if not isinstance(value, str) or not value.strip():
        raise ValueError(_("请填写日期，例如 2025-03-05。"))
    plain = normalise(value)
    plain = _MIDNIGHT.sub("", plain).replace(" ", "") if ":" in plain else plain.replace(" ", "")
    if found := _COMPACT.fullmatch(plain):
        return _day(value, *found.groups())
    if found := _DATE.fullmatch(plain):
        year, *months, day = found.groups()
        if plain.endswith("日") and not found[5]:
            raise _unreadable(value)
        return _day(value, year, next(month for month in months if month), day)
    raise _reason(value, plain)


def _checked(day: date) -> date:
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise ValueError(_("日期的年份应在1900年至2199年之间。"))
    return day


def _unreadable(value: object) -> ValueError:
    return ValueError(_("看不懂日期“%(value)s”，请写成 2025-03-05 或 2025年3月5日。") % {"value": value})


def _day(value: object, year: str, month: str, day: str) -> date:
    """Make a day of its written parts, or say what is wrong with them."""
    if len(year) != 4:  # noqa: PLR2004 - digits of a full year
        raise ValueError(_("日期“%(value)s”的年份请写四位，例如 2025。") % {"value": value})
    try:
        return _checked(date(int(year), int(month), int(day)))
    except ValueError:
        if not FIRST_YEAR <= int(year) <= LAST_YEAR:
            raise ValueError(_("日期的年份应在1900年至2199年之间。")) from None
        raise ValueError(_("日期“%(value)s”不存在，请核对月和日。") % {"value": value}) from None


def _reason(value: object, plain: str) -> ValueError:
    """Why a text that has not the form of a date is refused."""
    if _REPUBLIC.search(plain):
        return ValueError(_("日期“%(value)s”是民国纪年，请改写为公历。") % {"value": value})
    if _MONTH_ONLY.fullmatch(plain):
        return ValueError(_("日期“%(value)s”不完整，请写明年、月、日。") % {"value": value})
    if _SERIAL.fullmatch(plain):
        return ValueError(
            _("“%(value)s”是电子表格的日期序号，请把单元格设为日期格式后再导出。") % {"value": value}
        )
    return _unreadable(value)


def chinese_date(day: date) -> str:
    """A day as documents write it, in Arabic numerals without leading zeros: 2025年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


# Surnames whose reading differs from the commonest reading of the character, or that have several.
# Where a surname itself has two readings (覃, 隗, 盖, 乐 ...) the commoner one stands here.
_SURNAMES = """
单 shan 單 shan 仇 qiu 解 xie 曾 zeng 区 ou 區 ou 查 zha 盖 ge 蓋 ge 朴 piao 任 ren 华 hua 華 hua 尉 wei
翟 zhai 缪 miao 繆 miao 覃 qin 谌 chen 冼 xian 洗 xian 员 yun 乐 yue 樂 yue 召 shao 折 she 佘 she 黑 he
秘 bi 繁 po 种 chong 祭 zhai 宓 mi 乜 nie 逄 pang 郇 xun 郗 xi 隗 wei 钭 tou 哈 ha 那 na 宁 ning 相 xiang
燕 yan 应 ying 應 ying 訾 zi 阚 kan 卜 bu 车 che 車 che 都 du 句 gou 柏 bai 薄 bo 晁 chao 褚 chu 葛 ge
过 guo 纪 ji 亓 qi 隽 juan 阙 que 令 ling 逯 lu 牟 mou 能 nai 粘 nian 瞿 qu 撒 sa 莘 shen 沈 shen 石 shi
厍 she 殳 shu 宿 su 眭 sui 盛 sheng 肖 xiao 叶 ye 葉 ye 恽 yun 臧 zang 藏 zang 占 zhan 仉 zhang 禚 zhuo
昝 zan 呙 guo 妫 gui 炅 gui 费 fei 費 fei 贲 ben 谷 gu 幺 yao 仝 tong 佴 nai 於 yu 俞 yu 余 yu 曲 qu
"""
# 单于, 子车, 第五 and 百里 are left out: a living 单于军 is Mr 单.
_COMPOUND_SURNAMES = """
尉迟 yu'chi 尉遲 yu'chi 万俟 mo'qi 萬俟 mo'qi 长孙 zhang'sun 長孫 zhang'sun 令狐 ling'hu
澹台 tan'tai 濮阳 pu'yang 淳于 chun'yu 公冶 gong'ye 宰父 zai'fu 鲜于 xian'yu 闾丘 lv'qiu
亓官 qi'guan 司空 si'kong 轩辕 xuan'yuan 呼延 hu'yan 赫连 he'lian 宇文 yu'wen 慕容 mu'rong
诸葛 zhu'ge 諸葛 zhu'ge 上官 shang'guan 欧阳 ou'yang 歐陽 ou'yang 司马 si'ma 司馬 si'ma 司徒 si'tu
夏侯 xia'hou 东方 dong'fang 南宫 nan'gong 西门 xi'men 独孤 du'gu 端木 duan'mu 公孙 gong'sun
拓跋 tuo'ba 东郭 dong'guo 谷梁 gu'liang 钟离 zhong'li 完颜 wan'yan 纳兰 na'lan 乐正 yue'zheng
漆雕 qi'diao 颛孙 zhuan'sun 巫马 wu'ma 仲孙 zhong'sun 太叔 tai'shu 申屠 shen'tu 左丘 zuo'qiu
叔孙 shu'sun 哥舒 ge'shu 皇甫 huang'fu
"""


def _table(text: str) -> dict[str, str]:
    words = text.split()
    return dict(zip(words[::2], words[1::2], strict=True))


SURNAMES = _table(_SURNAMES)
COMPOUND_SURNAMES = _table(_COMPOUND_SURNAMES)


def _syllables(name: str) -> list[str]:
    """The readings of a name's characters, surname first; Latin letters and digits stand for themselves."""
    from pypinyin import Style, lazy_pinyin  # its dictionaries take a while to load

    one_by_one: Any = list  # pypinyin takes a list from its error handler, its types say a string
    plain = normalise(name)
    surname: list[str] = []
    if "·" not in plain:  # a transliterated name has no Han surname
        if len(plain) > 2 and plain[:2] in COMPOUND_SURNAMES:  # noqa: PLR2004 - 司空 alone is 司 and 空
            surname, plain = COMPOUND_SURNAMES[plain[:2]].split("'"), plain[2:]
        elif plain[:1] in SURNAMES:
            surname, plain = [SURNAMES[plain[0]]], plain[1:]
    rest: list[str] = lazy_pinyin(plain, style=Style.NORMAL, errors=one_by_one)
    return surname + ["".join(re.findall("[a-z0-9]+", part.lower())) for part in rest]


def initials(name: str) -> str:
    """First letters of a name's syllables, the surname read as a surname: 单雄 → sx. Other signs fall out."""
    return "".join(syllable[:1] for syllable in _syllables(name))


def pinyin_key(name: str) -> str:
    """The whole reading without tones or spaces, for search and order: 单雄 → shanxiong; ü is v."""
    return "".join(_syllables(name))
