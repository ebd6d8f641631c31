"""Money: integer fen (分) inside, 元 and 万元 only where people read or write it."""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

FEN_PER_YUAN = 100
YUAN_PER_WAN = 10_000
LARGEST_FEN = 10**12  # a single amount above 100亿元 is a slip of the pen
_FEN_PER_WAN = FEN_PER_YUAN * YUAN_PER_WAN
_MULTIPLIERS = {"": 1, "万": YUAN_PER_WAN, "亿": 10**8}
_LONGEST = 40  # characters; longer texts are no amounts
_AMOUNT = re.compile(r"(-?)¥?(-?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(\.[0-9]+)?(万|亿)?元?整?")


def exact(number: str | Decimal, multiplier: int) -> int | None:
    """``number`` × ``multiplier`` as an exact integer; None if it is not one. No rounding anywhere."""
    top, bottom = Decimal(number).as_integer_ratio()
    whole, rest = divmod(top * multiplier, bottom)
    return None if rest else whole


def parse_yuan(amount: str | float | Decimal, *, allow_negative: bool = False) -> int:
    """Read an amount of yuan and return it in fen.

    Reads full-width digits, thousands marks, ``2.5万``, ``¥`` and ``元``. ValueError (with a text for the
    user) for what is no amount, for parts of a fen, for more than 10**12 fen, and for a negative amount
    unless ``allow_negative``. A float counts with its 15 leading digits, as a spreadsheet shows it.
    """
    number, multiplier = _number(amount)
    fen = exact(number, FEN_PER_YUAN * multiplier)
    if fen is None:
        raise ValueError(_("金额“%(amount)s”精确到分即可，小数点后不能超过两位。") % {"amount": amount})
    if fen < 0 and not allow_negative:
        raise ValueError(_("金额“%(amount)s”不能是负数。") % {"amount": amount})
    if abs(fen) > LARGEST_FEN:
        raise ValueError(_("金额“%(amount)s”超过100亿元，请核对。") % {"amount": amount})
    return fen


def _number(amount: str | float | Decimal) -> tuple[Decimal, int]:
    """The finite number that was written, and what 万 or 亿 behind it multiplies it by."""
    unreadable = ValueError(_("看不懂金额“%(amount)s”，请写成 1234.50 或 2.5万。") % {"amount": amount})
    if isinstance(amount, bool):
        raise unreadable
    if not isinstance(amount, str):
        number = Decimal(f"{amount:.15g}") if isinstance(amount, float) else Decimal(amount)
        if not number.is_finite() or abs(number.adjusted()) > _LONGEST:
            raise unreadable
        return number, 1
    plain = "".join(unicodedata.normalize("NFKC", amount).replace("\N{MINUS SIGN}", "-").split())
    found = _AMOUNT.fullmatch(plain) if len(plain) <= _LONGEST else None
    if found is None or (found[1] and found[2]):
        raise unreadable
    number = Decimal(found[3].replace(",", "") + (found[4] or ""))
    return (-number if found[1] or found[2] else number), _MULTIPLIERS[found[5] or ""]


def yuan(fen: int) -> Decimal:
    """Fen as yuan with two decimals: 450050 → Decimal('4500.50'). Exact."""
    return Decimal(f"{fen}E-2")


def wan(fen: int, digits: int = 2) -> Decimal:
    """Fen as 万元, rounded half up to ``digits`` decimals, trailing zeros cut: 2500000 → Decimal('2.5')."""
    step = _FEN_PER_WAN // 10**digits if digits <= 6 else 0  # noqa: PLR2004 - 1 fen is 0.000001 万元
    if step <= 1:
        return _trimmed(Decimal(f"{fen}E-6"))
    steps = (abs(fen) * 2 + step) // (step * 2)
    return _trimmed(Decimal(f"{steps if fen >= 0 else -steps}E-{digits}"))


def _trimmed(number: Decimal) -> Decimal:
    """The same number without trailing zeros, never in scientific notation, never a negative zero."""
    whole = number.to_integral_value(rounding=ROUND_HALF_UP)
    return whole + 0 if number == whole else number.normalize()


def shown(fen: int) -> str:
    """An amount as people read it: 2.5万元 from 1万元 up if four decimals hold it exactly, else 4,500元.

    Whole yuan are shown without decimals, others with two. ``parse_yuan`` reads the result back.
    """
    if abs(fen) >= _FEN_PER_WAN and fen % FEN_PER_YUAN == 0:
        # Languages that do not count in 万 show the same amount in yuan.
        return _("%(amount)s万元") % {"amount": f"{wan(fen, 4):,f}", "yuan": f"{fen // FEN_PER_YUAN:,}"}
    if fen % FEN_PER_YUAN == 0:
        return _("%(amount)s元") % {"amount": f"{fen // FEN_PER_YUAN:,}"}
    return _("%(amount)s元") % {"amount": f"{yuan(fen):,.2f}"}
