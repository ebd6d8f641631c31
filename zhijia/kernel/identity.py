"""Numbers that identify people and organisations: checked, and masked for the eye.

Checks are by form and check digit only. Whether a region code exists is not asked: withdrawn codes stay on
living people's cards, and synthetic data uses the fictional region 999xxx.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Literal

from django.utils.translation import gettext as _
from stdnum.cn import uscc

EARLIEST_BIRTH_YEAR = 1900

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
_ID_CHECKS = "10X98765432"
_ID_FORM = re.compile(r"([0-9]{6})([0-9]{8})([0-9]{3})([0-9X])")
_OLD_ID_FORM = re.compile(r"([0-9]{6})([0-9]{6})([0-9]{3})")
_LOST_DIGITS = re.compile(r"[0-9]\.[0-9]+E\+?1[0-9]")
_USCC_FORM = re.compile(r"[0-9A-HJ-NP-RTUWXY]{2}[0-9]{6}[0-9A-HJ-NP-RTUWXY]{10}")
_PHONE_FORM = re.compile(r"(?:\+?86)?(1[3-9][0-9]{9})")
_BEIJING = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class IdNumber:
    """A resident identity number and what it tells. ``converted``: it was given in its old 15 digits."""

    number: str = field(repr=False)
    birth: date = field(repr=False)
    sex: Literal["male", "female"]
    converted: bool = False


def _compact(text: str) -> str:
    """Half-width capitals without spaces and invisible characters, as people never type them on purpose."""
    if text.isascii() and text.isalnum():
        return text.upper()
    plain = unicodedata.normalize("NFKC", text).upper()
    return "".join(sign for sign in plain if unicodedata.category(sign) not in ("Cc", "Cf", "Zs"))


def id_check_digit(body: str) -> str:
    """The 18th sign of an identity number from its first 17 digits (GB 11643-1999)."""
    total = sum(int(digit) * weight for digit, weight in zip(body, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def check_id_number(text: str, *, today: date | None = None) -> IdNumber:
    """Read a resident identity number of 18 digits, or of 15 (converted and flagged).

    ValueError says what is wrong: form, birth date that does not exist or lies in the future, check digit.
    Messages never repeat the number. ``today`` is the day births are measured against (Beijing's by default).
    """
    plain = _compact(text)
    old = _OLD_ID_FORM.fullmatch(plain)
    if old:
        body = old[1] + "19" + old[2] + old[3]
        plain = body + id_check_digit(body)
    found = _ID_FORM.fullmatch(plain)
    if found is None:
        raise _form_error(plain)
    birth = _birth(found[2], today or datetime.now(tz=UTC).astimezone(_BEIJING).date())
    if plain[17] != id_check_digit(plain[:17]):
        raise ValueError(_("身份证号码的校验码不对，请核对有没有输错数字。"))
    sex: Literal["male", "female"] = "male" if int(plain[16]) % 2 else "female"
    return IdNumber(plain, birth, sex, converted=bool(old))


def _form_error(plain: str) -> ValueError:
    if _LOST_DIGITS.fullmatch(plain):
        return ValueError(_("身份证号码被电子表格变成了科学计数法，请把该列设为文本后重新填写。"))
    if len(plain) not in (15, 18):
        return ValueError(_("身份证号码应为18位，这里是%(count)d位。") % {"count": len(plain)})
    return ValueError(_("身份证号码只能由数字组成，最后一位可以是X。"))


def _birth(digits: str, today: date) -> date:
    """The day of birth written in a number; ValueError if it does not exist or is still to come."""
    try:
        birth = date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise ValueError(_("身份证号码里的出生日期不存在，请核对第7至14位。")) from None
    if birth.year < EARLIEST_BIRTH_YEAR:
        raise ValueError(_("身份证号码里的出生年份早于1900年，请核对第7至10位。"))
    if birth > today:
        raise ValueError(_("身份证号码里的出生日期晚于今天，请核对第7至14位。"))
    return birth


def check_uscc(text: str) -> str:
    """Read a Unified Social Credit Code (统一社会信用代码, GB 32100-2015); returns its 18 capitals.

    ValueError says whether length, signs or check sign are wrong. The region is not looked up.
    """
    plain = _compact(text).replace("-", "")
    if len(plain) != 18:  # noqa: PLR2004 - the length of the code
        raise ValueError(_("统一社会信用代码应为18位，这里是%(count)d位。") % {"count": len(plain)})
    if not _USCC_FORM.fullmatch(plain):
        raise ValueError(_("统一社会信用代码由数字和大写字母组成，不含I、O、Z、S、V，第3至8位是数字。"))
    if plain[-1] != uscc.calc_check_digit(plain[:17]):
        raise ValueError(_("统一社会信用代码的校验码不对，请核对有没有输错。"))
    return plain


def check_phone(text: str) -> str:
    """Read a mobile number of the mainland; returns its 11 digits. ``+86``, spaces and hyphens fall out."""
    found = _PHONE_FORM.fullmatch(_compact(text).replace("-", ""))
    if found is None:
        raise ValueError(_("手机号码应为11位数字，以13至19开头。"))
    return found[1]


def _masked(text: str, head: int, tail: int, shortest: int) -> str:
    """Stars for all but the two ends; a text below its ``shortest`` proper length is hidden whole."""
    if len(text) < shortest:
        return "*" * len(text)
    return text[:head] + "*" * (len(text) - head - tail) + text[len(text) - tail :]


def mask_id(number: str) -> str:
    """An identity number for the eye: first three and last four signs; other papers are hidden whole."""
    return _masked(number, 3, 4, shortest=15)


def mask_phone(number: str) -> str:
    """A mobile number for the eye: 138****1234; shorter numbers are hidden whole."""
    return _masked(number, 3, 4, shortest=11)


def mask_number(number: str) -> str:
    """Whatever number this is, for the eye: a telephone as such, anything else as an identity number."""
    return mask_phone(number) if _PHONE_FORM.fullmatch(number) else mask_id(number)


def mask_card(number: str) -> str:
    """A bank card number for the eye: only its last four digits."""
    return _masked("".join(number.split()), 0, 4, shortest=12)


def whole(text: str) -> str:
    """A number as it is looked up: half-width capitals without spaces; an old 15-digit one converted."""
    plain = _compact(text)
    old = _OLD_ID_FORM.fullmatch(plain)
    if old is None:
        return plain
    body = old[1] + "19" + old[2] + old[3]
    return body + id_check_digit(body)


def last_four(text: str) -> str:
    """The last four signs of a number; empty when it has fewer, which would find too many."""
    plain = _compact(text)
    return plain[-4:] if len(plain) >= 4 else ""  # noqa: PLR2004 - the four that masks show
