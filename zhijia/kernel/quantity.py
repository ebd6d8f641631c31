"""Counts with their unit and their 余/近/超过/约, as union officers write them: 2000余人次, 近3万人."""

import math
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from zhijia.kernel.money import FEN_PER_YUAN, exact, shown


class CountUnit(StrEnum):
    """What is counted. 人 and 人次 are different units and are never added or compared."""

    PERSON = "person"
    PERSON_TIME = "person_time"
    HOUSEHOLD = "household"
    ENTERPRISE = "enterprise"
    SCHOOL = "school"
    ITEM = "item"
    EVENT = "event"
    OCCURRENCE = "occurrence"
    SESSION = "session"
    COPY = "copy"
    CASE = "case"
    SUGGESTION = "suggestion"
    ARTICLE = "article"
    VOLUME = "volume"
    DEVICE = "device"
    FEN = "fen"
    PERCENT = "percent"
    UNION = "union"

    @property
    def label(self) -> str:
        """The counting word in the active language. Amounts are shown in 元, though kept in fen."""
        return str(_LABELS[self])

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Code and label of each unit, for ``choices=CountUnit.choices``."""
        return [(unit.value, unit.label) for unit in cls]


_LABELS = {
    CountUnit.PERSON: pgettext_lazy("counting unit", "人"),
    CountUnit.PERSON_TIME: pgettext_lazy("counting unit", "人次"),
    CountUnit.HOUSEHOLD: pgettext_lazy("counting unit", "户"),
    CountUnit.ENTERPRISE: pgettext_lazy("counting unit", "家"),
    CountUnit.SCHOOL: pgettext_lazy("counting unit", "所"),
    CountUnit.ITEM: pgettext_lazy("counting unit", "个"),
    CountUnit.EVENT: pgettext_lazy("counting unit", "场"),
    CountUnit.OCCURRENCE: pgettext_lazy("counting unit", "次"),
    CountUnit.SESSION: pgettext_lazy("counting unit", "期"),
    CountUnit.COPY: pgettext_lazy("counting unit", "份"),
    CountUnit.CASE: pgettext_lazy("counting unit", "件"),
    CountUnit.SUGGESTION: pgettext_lazy("counting unit", "条"),
    CountUnit.ARTICLE: pgettext_lazy("counting unit", "篇"),
    CountUnit.VOLUME: pgettext_lazy("counting unit", "册"),
    CountUnit.DEVICE: pgettext_lazy("counting unit", "台"),
    CountUnit.FEN: pgettext_lazy("counting unit", "元"),
    CountUnit.PERCENT: pgettext_lazy("counting unit", "%"),
    CountUnit.UNION: pgettext_lazy("counting unit of unions", "个"),
}


class Qualifier(StrEnum):
    """How exact a count is. 余, 多 and 以上 are one thing, 近, 超过 and 约 three others."""

    EXACT = ""
    AT_LEAST = "at_least"
    ALMOST = "almost"
    MORE_THAN = "more_than"
    ABOUT = "about"

    @property
    def label(self) -> str:
        """The word in the active language, for a list to choose from."""
        return {
            Qualifier.EXACT: _("准确数"),
            Qualifier.AT_LEAST: _("余"),
            Qualifier.ALMOST: _("近"),
            Qualifier.MORE_THAN: _("超过"),
            Qualifier.ABOUT: _("约"),
        }[self]

    @classmethod
    def choices(cls) -> list[tuple[str, str]]:
        """Code and label of each qualifier, for ``choices=Qualifier.choices``."""
        return [(qualifier.value, qualifier.label) for qualifier in cls]


_UNIT_WORDS: dict[CountUnit, tuple[str, ...]] = {
    CountUnit.PERSON: ("人", "名", "位"),
    CountUnit.PERSON_TIME: ("人次",),
    CountUnit.HOUSEHOLD: ("户",),
    CountUnit.ENTERPRISE: ("家", "间"),
    CountUnit.SCHOOL: ("所",),
    CountUnit.ITEM: ("个",),
    CountUnit.EVENT: ("场",),
    CountUnit.OCCURRENCE: ("次",),
    CountUnit.SESSION: ("期",),
    CountUnit.COPY: ("份",),
    CountUnit.CASE: ("件", "宗"),
    CountUnit.SUGGESTION: ("条",),
    CountUnit.ARTICLE: ("篇",),
    CountUnit.VOLUME: ("册",),
    CountUnit.DEVICE: ("台",),
    CountUnit.FEN: ("元",),
    CountUnit.PERCENT: ("%",),
    CountUnit.UNION: ("个",),
}
_WORDS_BEFORE = {
    "至少": Qualifier.AT_LEAST,
    "不少于": Qualifier.AT_LEAST,
    "上": Qualifier.AT_LEAST,  # 上千人
    "近": Qualifier.ALMOST,
    "将近": Qualifier.ALMOST,
    "接近": Qualifier.ALMOST,
    "超过": Qualifier.MORE_THAN,
    "超": Qualifier.MORE_THAN,
    "逾": Qualifier.MORE_THAN,
    "约": Qualifier.ABOUT,
    "大约": Qualifier.ABOUT,
}
_WORDS_WITHIN = {"余": Qualifier.AT_LEAST, "多": Qualifier.AT_LEAST, "+": Qualifier.AT_LEAST}
_WORDS_AFTER = {"以上": Qualifier.AT_LEAST, "左右": Qualifier.ABOUT}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_LARGEST = 10**15
_LONGEST = 40  # characters


def _one_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_DIGITS = r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?"
_NUMERALS = "零一二三四五六七八九十百千万亿两〇"
_TEXT = re.compile(
    rf"(?P<before>{_one_of(_WORDS_BEFORE)})?"
    rf"(?:(?P<digits>{_DIGITS})|(?P<numerals>[{_NUMERALS}]+))"
    rf"(?P<within>{_one_of(_WORDS_WITHIN)})?"
    rf"(?P<scale>[十百千]?[万亿]|[百千])?"
    rf"(?P<behind>{_one_of(_WORDS_WITHIN)})?"
    rf"(?P<unit>{_one_of(word for words in _UNIT_WORDS.values() for word in words)})?"
    rf"(?P<after>{_one_of(_WORDS_AFTER)})?"
)


@dataclass(frozen=True)
class Quantity:
    """A whole count, its unit (fen for money) and how exact it is. Plus adds the same unit only."""

    value: int
    unit: CountUnit
    qualifier: Qualifier = Qualifier.EXACT

    @classmethod
    def parse(cls, text: str, unit: CountUnit) -> "Quantity":
        """Read a count as people write it: ``2000余``, ``近3万``, ``三百二十一人``, ``1.2万多人次``.

        ValueError, with a text for the user, if it is not understood, is not whole, carries two qualifiers,
        or names another unit than ``unit``. An amount (unit FEN) is written in yuan and kept in fen.
        """
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        found = _TEXT.fullmatch(plain) if len(plain) <= _LONGEST else None
        if found is None:
            raise ValueError(_("看不懂数量“%(text)s”，请写成 2000余 或 近3万。") % {"text": text})
        qualifier = _qualifier(text, found)
        _check_unit(text, found["unit"], unit)
        scale = math.prod(_SCALES[sign] for sign in found["scale"] or "")
        scale *= FEN_PER_YUAN if unit is CountUnit.FEN else 1
        if found["digits"]:
            value = exact(found["digits"].replace(",", ""), scale)
        else:
            value = _of_numerals(text, found["numerals"], bare=bool(qualifier)) * scale
        if value is None:
            raise ValueError(_("数量“%(text)s”不是整数。") % {"text": text})
        if value > _LARGEST:
            raise ValueError(_("数量“%(text)s”太大，请核对。") % {"text": text})
        return cls(value, unit, qualifier)

    def __add__(self, other: "Quantity") -> "Quantity":
        if self.unit is not other.unit:
            raise ValueError(
                _("“%(one)s”和“%(other)s”不能相加。") % {"one": self.unit.label, "other": other.unit.label}
            )
        return Quantity(self.value + other.value, self.unit, combine((self.qualifier, other.qualifier)))

    def __str__(self) -> str:
        number, unit = f"{self.value:,}", self.unit.label
        is_money = self.unit is CountUnit.FEN
        amount = shown(self.value) if is_money else counted(self.value, self.unit)
        # 余 stands after round numbers only: 30余篇, but 163人次以上.
        is_round = not is_money and self.unit is not CountUnit.PERCENT and self.value % 10 == 0
        if self.qualifier is Qualifier.AT_LEAST and is_round:
            return _("%(number)s余%(unit)s") % {"number": number, "unit": unit}
        return str(_PATTERNS[self.qualifier]) % {"amount": amount}


def counted(value: int, unit: CountUnit) -> str:
    """A number with its counting word: 61人次; with a space between in languages that write one."""
    if unit is CountUnit.PERCENT:
        return f"{value:,}%"
    return _("%(number)s%(unit)s") % {"number": f"{value:,}", "unit": unit.label}


_PATTERNS = {
    Qualifier.EXACT: "%(amount)s",
    Qualifier.AT_LEAST: gettext_lazy("%(amount)s以上"),  # of money and %, where 余 would stand oddly
    Qualifier.ALMOST: gettext_lazy("近%(amount)s"),
    Qualifier.MORE_THAN: gettext_lazy("超过%(amount)s"),
    Qualifier.ABOUT: gettext_lazy("约%(amount)s"),
}


def _qualifier(text: str, found: re.Match[str]) -> Qualifier:
    """The one qualifier of a matched text; ValueError if there are two."""
    said = [
        words[found[part]]
        for part, words in (
            ("before", _WORDS_BEFORE),
            ("within", _WORDS_WITHIN),
            ("behind", _WORDS_WITHIN),
            ("after", _WORDS_AFTER),
        )
        if found[part]
    ]
    if len(said) > 1:
        raise ValueError(_("数量“%(text)s”里的余、近、约等只能用一个。") % {"text": text})
    return said[0] if said else Qualifier.EXACT


def _check_unit(text: str, word: str | None, unit: CountUnit) -> None:
    """Refuse a text whose own unit is another one; 人 is not 人次."""
    if word and word not in _UNIT_WORDS[unit]:
        raise ValueError(
            _("数量“%(text)s”的单位是“%(word)s”，这里应填“%(unit)s”。")
            % {"text": text, "word": word, "unit": unit.label}
        )


_FIGURES = "零一二三四五六七八九"
_STEPS = (("亿", 10**8), ("万", 10**4), ("千", 1000), ("百", 100), ("十", 10))


def in_numerals(value: int) -> str:
    """A whole number below 10**16 in Chinese numerals: 321 → 三百二十一. ValueError beyond or below 0."""
    if not 0 <= value < 10**16:
        raise ValueError(_("只能用汉字书写0到一亿亿以内的数。"))
    for sign, size in _STEPS:
        if value < size:
            continue
        head, rest = divmod(value, size)
        tail = in_numerals(rest) if rest else ""
        if tail.startswith("十"):
            tail = "一" + tail  # 一百一十, but 十二 alone
        gap = "零" if rest and rest < size // 10 else ""
        return ("" if value < 2 * size == 20 else in_numerals(head)) + sign + gap + tail  # noqa: PLR2004 - ten
    return _FIGURES[value]


def _of_numerals(text: str, numerals: str, *, bare: bool) -> int:
    """The value of Chinese numerals written by the rules; ``bare`` lets 近万人 and 百余人 do without 一."""
    plain = numerals.replace("两", "二").replace("〇", "零")
    if bare and plain in _SCALES:
        return _SCALES[plain]
    value = _summed(plain)
    # 一十二 at the start is 十二
    if value >= 10**16 or re.sub("^一十", "十", plain) != in_numerals(value):
        raise ValueError(_("看不懂汉字数“%(text)s”，请改用阿拉伯数字。") % {"text": text})
    return value


def _summed(numerals: str) -> int:
    """What numerals add up to, their grammar not judged: of 二〇二五 only the last figure counts."""
    for sign, size in _STEPS:
        head, found, tail = numerals.rpartition(sign)
        if found:
            return (_summed(head) if head else 1) * size + _summed(tail)
    return _FIGURES.index(numerals[-1]) if numerals else 0


def combine(qualifiers: Iterable[Qualifier]) -> Qualifier:
    """The qualifier of a sum: all exact → exact; 余 and 超过 → 余; 近 → 近; anything mixed → 约."""
    said = set(qualifiers) - {Qualifier.EXACT}
    if not said:
        return Qualifier.EXACT
    if said <= {Qualifier.AT_LEAST, Qualifier.MORE_THAN}:
        return Qualifier.AT_LEAST
    if said == {Qualifier.ALMOST}:
        return Qualifier.ALMOST
    return Qualifier.ABOUT
