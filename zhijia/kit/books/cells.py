"""One cell to one typed value, or the sentence that says what is wrong with it and what to do."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from zhijia.kernel import chinese, identity, money
from zhijia.kernel.quantity import CountUnit, Quantity
from zhijia.kit.books.reader import Cell
from zhijia.kit.sheets import Column, Kind

Warn = Callable[[str], None]
Parser = Callable[[Cell, Warn], Any]


class CellError(ValueError):
    """A cell that cannot be taken; ``advice`` for the user, ``found`` when it differs from the cell."""

    def __init__(self, advice: str, found: str | None = None) -> None:
        super().__init__(advice)
        self.advice = advice
        self.found = found


EXACT_BELOW = 10**15  # a spreadsheet keeps 15 digits of a number; longer ones have lost their last
LARGEST_FEN = 10**10  # 1亿元 in one row is a slip of the pen
LARGEST_COUNT = 10**9
LAST_SERIAL = 80_000  # a serial number of a day in the year 2119
SERIAL_ZERO = date(1899, 12, 30)
FIRST_YEAR, LAST_YEAR = 1900, 2100
SHOWN_OPTIONS = 12
REMEMBERED = 20_000
# Most cells are of these signs only, and need no cleaning at all.
CLEAN = re.compile(r"[!-~\u4e00-\u9fff]*")
EXPONENT = re.compile(r"[0-9](?:\.[0-9]+)?E\+?1[4-9]", re.IGNORECASE)
DAY_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
YEAR = re.compile(r"([0-9]{4})年?度?")
WHOLE = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+")
ORDINAL = re.compile(r"第?([0-9]{1,3}|[一二三四五六七八九十百两]+)届?")  # 第一届, 第1届, 一
OTHER_PAPER = re.compile(r"[A-Za-z]{1,2}[0-9]{6,10}")
FORMULA = ("=", "+", "-", "@")
NOTHING = frozenset({"/", "-", "—", "——", "无", "N/A", "n/a", "\\"})
YES = frozenset({"是", "有", "对", "√", "✓", "✔", "y", "yes", "true", "1"})
NO = frozenset({"否", "无", "没有", "不是", "×", "✗", "n", "no", "false", "0"})


def text_of(cell: Cell) -> str:
    """Return a cell as the text a person reads: whole floats without point, dates as 2025-03-05."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() and abs(cell) < 10**21 else f"{cell:.15g}"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == datetime.min.time() else cell.isoformat(" ")
    return cell.isoformat() if isinstance(cell, date) else str(cell)


WIDE = {
    code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


def tidied(text: str) -> str:
    """Return running text with its own punctuation and single spaces; digits and letters half-width.

    Lighter than ``chinese.normalise``: 张三 李四 stay two people, and a title keeps its （）.
    """
    return " ".join(unicodedata.normalize("NFC", text).translate(WIDE).split())


def clean(cell: Cell, tidy: Callable[[str], str] = chinese.normalise) -> str:
    """Return a cell as plain text; raises CellError for invisible characters and lost digits."""
    if isinstance(cell, str) and CLEAN.fullmatch(cell):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool) and abs(cell) >= EXACT_BELOW:
        raise CellError(_("该单元格为数值格式，末位已丢失，请改为文本格式后重填。"))
    text = text_of(cell)
    if chinese.has_invisible(text):
        raise CellError(_("含不可见字符，已在括号中标出，请删除后重填。"), marked(text))
    return tidy(text)


def marked(text: str) -> str:
    """Show invisible characters by their code: 张‹U+200B›三."""
    return "".join(f"‹U+{ord(sign):04X}›" if chinese.has_invisible(sign) else sign for sign in text)


def parser(column: Column) -> Parser:
    """Return the function that reads the filled cells of one column."""
    if column.kind is Kind.NAME:
        return _text(column)
    if column.kind is Kind.ID_NUMBER:
        return _id_number
    if column.kind is Kind.TEXT:
        return _remembering(_text(column))
    if column.kind is Kind.CHOICE:
        return _remembering(_choice(column))
    if column.kind is Kind.QUANTITY:
        return _remembering(_quantity(column))
    return _remembering(PARSERS[column.kind])


def _remembering(read: Parser) -> Parser:
    """Read equal texts once: columns of dates, units and remarks repeat a lot. Warnings are never skipped."""
    seen: dict[str, Any] = {}

    def recall(cell: Cell, warn: Warn) -> Any:
        if not isinstance(cell, str) or cell.startswith(FORMULA):
            return read(cell, warn)
        if cell not in seen:
            if len(seen) > REMEMBERED:
                seen.clear()
            seen[cell] = read(cell, warn)
        return seen[cell]

    return recall


def blanks(column: Column) -> frozenset[str]:
    """Return the texts that mean "blank": clerks write / or 无 into columns of numbers and dates."""
    if column.kind in (Kind.TEXT, Kind.NAME, Kind.YESNO):
        return frozenset()
    return NOTHING - {str(text) for option in column.options() for text in option}


def _text(column: Column) -> Parser:
    longest, is_name = column.max_length, column.kind is Kind.NAME
    tidy = chinese.normalise if is_name else tidied

    def read(cell: Cell, warn: Warn) -> str:
        text = clean(cell, tidy)
        if len(text) > longest:
            raise CellError(_("超过 %(limit)s 个字，请缩短。") % {"limit": longest})
        if text.startswith(FORMULA) and (is_name or text.startswith(("=", "@"))):
            warn(_("以公式符号开头，已按文本保存，请核对。"))
        return text

    return read


def _id_number(cell: Cell, warn: Warn) -> identity.IdNumber:
    text = clean(cell)
    if EXPONENT.fullmatch(text):
        raise CellError(_("该单元格为数值格式，末位已丢失，请改为文本格式后重填。"))
    if OTHER_PAPER.fullmatch(text):
        raise CellError(_("这不是居民身份证号；港澳台证件、护照等请改填“证件类型”，或留空后补录。"))
    try:
        found = identity.check_id_number(text)
    except ValueError as error:
        raise CellError(str(error)) from None
    if found.converted:
        warn(_("15位号码已自动换算为18位，请核对。"))
    return found


def _checked(check: Callable[[str], str]) -> Parser:
    def read(cell: Cell, _warn: Warn) -> str:
        try:
            return check(clean(cell))
        except CellError:
            raise
        except ValueError as error:
            raise CellError(str(error)) from None

    return read


def _date(cell: Cell, _warn: Warn) -> date:
    if isinstance(cell, str):
        cell = clean(cell)
    text = text_of(cell)
    if DAY_SERIAL.fullmatch(text) and float(text) < LAST_SERIAL:
        day = chinese.chinese_date(SERIAL_ZERO + timedelta(days=int(float(text))))
        raise CellError(
            _("这是电子表格的日期序列号（换算为%(day)s，待确认），请把单元格改为日期格式后重填。")
            % {"day": day}
        )
    try:
        return chinese.parse_date(cell)
    except ValueError as error:
        raise CellError(_("日期无法识别：%(why)s") % {"why": error}) from None


def _ordinal(text: str) -> int | str:
    """Return the number in 第一届; the text itself where it is none."""
    try:
        return Quantity.parse(text, CountUnit.ITEM).value
    except ValueError:
        return text


def _integer(cell: Cell, _warn: Warn) -> int:
    text = clean(cell)
    if not WHOLE.fullmatch(text) and (found := ORDINAL.fullmatch(text)):
        text = str(_ordinal(found[1]))
    if not WHOLE.fullmatch(text) or int(text.replace(",", "")) > LARGEST_COUNT:
        raise CellError(_("应为不小于 0 的整数，请核对后重填。"))
    return int(text.replace(",", ""))


def _quantity(column: Column) -> Parser:
    unit = column.unit
    if unit is None:
        raise ValueError(f"{column.key}: a QUANTITY needs a unit")

    def read(cell: Cell, _warn: Warn) -> Quantity:
        try:
            return Quantity.parse(clean(cell), unit)
        except CellError:
            raise
        except ValueError as error:
            raise CellError(str(error)) from None

    return read


def _money(cell: Cell, _warn: Warn) -> int:
    try:
        fen = money.parse_yuan(cell if isinstance(cell, int | float) else clean(cell))
        if fen <= LARGEST_FEN:
            return fen
    except CellError:
        raise
    except ValueError:
        pass
    raise CellError(_("金额应为 0.01–1亿 元，最多两位小数（没有发生请留空），请核对后重填。"))


def _choice(column: Column) -> Parser:
    options = column.options()
    codes = {chinese.normalise(str(label)).casefold(): code for code, label in options}
    codes.update({str(code).casefold(): code for code, _label in options})

    def read(cell: Cell, _warn: Warn) -> str:
        code = codes.get(clean(cell).casefold())
        if code is None:
            labels = [str(label) for _code, label in options]
            shown = "、".join(labels[:SHOWN_OPTIONS]) + ("等" if len(labels) > SHOWN_OPTIONS else "")
            raise CellError(_("不在可选范围内，可填：%(labels)s。") % {"labels": shown})
        return code

    return read


def _yesno(cell: Cell, _warn: Warn) -> bool:
    text = "1" if cell is True else "0" if cell is False else clean(cell).casefold()
    if text in YES or text in NO:
        return text in YES
    raise CellError(_("请填“是”或“否”。"))


def _year(cell: Cell, _warn: Warn) -> int:
    if isinstance(cell, date):
        return cell.year
    found = YEAR.fullmatch(clean(cell))
    if found is None or not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        raise CellError(_("年份应为四位数字，例如 2025。"))
    return int(found[1])


PARSERS: dict[Kind, Parser] = {
    Kind.USCC: _checked(identity.check_uscc),
    Kind.PHONE: _checked(identity.check_phone),
    Kind.DATE: _date,
    Kind.INTEGER: _integer,
    Kind.MONEY: _money,
    Kind.YESNO: _yesno,
    Kind.YEAR: _year,
}
