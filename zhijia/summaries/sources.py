"""Numbers with what they come from, and the appendix that collects them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse

from zhijia.figures.cell import Cell
from zhijia.figures.definition import Ratio
from zhijia.kernel import money
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity
from zhijia.summaries.docx.model import FigureRun, Source

LEAST_BASE = 20  # below it a growth in percent misleads
TENTH = Decimal("0.1")
LEAST_WAN = money.YUAN_PER_WAN * money.FEN_PER_YUAN
FEN_PER_STEP = LEAST_WAN // 100  # 0.01万元
LEAST_ROUNDED = 100  # a rough count below it is shown as it is
LOWER = (Qualifier.AT_LEAST, Qualifier.MORE_THAN)
OPEN, CLOSE = "“", "”"
INNER = {OPEN: "‘", CLOSE: "’"}


@dataclass(frozen=True)
class Place:
    """A union as the summary names it."""

    id: int
    code: str
    name: str


@dataclass(frozen=True)
class Told:
    """A number as it stands in the text, with everything its appendix row says."""

    text: str
    key: str
    label: str
    definition: str
    union: str
    period: str
    value: str
    rows: str
    url: str


Piece = str | Told


class Ledger:
    """Hands out the rows of the appendix: the same number gets the same row."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, ...], Source] = {}

    def run(self, told: Told) -> FigureRun:
        """Bind a number to its row."""
        identity = (told.key, told.label, told.union, told.period, told.value, told.url)
        if identity not in self._rows:
            source = Source(
                row=len(self._rows) + 1,
                key=told.key,
                label=told.label,
                definition=told.definition,
                union=told.union,
                period=told.period,
                value=told.value,
                rows=told.rows,
                computed="",
                url=told.url,
            )
            self._rows[identity] = source
        return FigureRun(told.text, told.key, self._rows[identity].row)

    @property
    def sources(self) -> tuple[Source, ...]:
        """All rows in the order of their first use."""
        return tuple(self._rows.values())


def rows_url(key: str, union_code: str, period: Period) -> str:
    """The path of the page with the rows behind a figure."""
    query = urlencode({"union": union_code, "period": period.code})
    try:
        return f"{reverse('figures:rows', args=[key])}?{query}"
    except NoReverseMatch:  # a house without the pages of figures still writes summaries
        return f"/figures/{key}/rows/?{query}"


def nested(text: str) -> str:
    """Quotes inside quotes as ‘…’: the name of a record may bring its own. Unpaired ones stay as they are."""
    depth, signs = 0, []
    for sign in text:
        depth -= sign == CLOSE
        if depth < 0:
            return text
        signs.append(INNER.get(sign, sign) if depth else sign)
        depth += sign == OPEN
    return text if depth else "".join(signs)


def in_text(cell: Cell) -> str:
    """A figure as a sentence shows it: an amount from 1万元 up in hundredths of 万元, a rough sum rounded.

    A sum with 余 or 近 in its parts must not look exact to the last digit: a lower bound is rounded down
    (1,163人次以上 → 1,160余人次), a rough one to tens with 约. The appendix keeps the value itself.
    """
    value, unit, rough = cell.value or 0, cell.figure.unit, cell.qualifier
    if unit is CountUnit.FEN and abs(value) >= LEAST_WAN:
        whole = value - value % FEN_PER_STEP if rough in LOWER else value
        amount = f"{money.wan(whole):,f}万元"
        return f"{amount}以上" if rough in LOWER else amount if rough is Qualifier.EXACT else f"约{amount}"
    if rough is Qualifier.EXACT or unit in (CountUnit.FEN, CountUnit.PERCENT) or value < LEAST_ROUNDED:
        return cell.shown
    if rough in LOWER or not value % 10:
        return str(Quantity(value - value % 10, unit, rough))
    return str(Quantity((value + 5) // 10 * 10, unit, Qualifier.ABOUT))


def column(cells: Sequence[Cell | None], places: Sequence[Place]) -> list[Told | str]:
    """The cells of a table's column in one unit: amounts in 万元 with two digits once one reaches 1万元."""
    in_wan = any(
        cell and cell.figure.unit is CountUnit.FEN and abs(cell.value or 0) >= LEAST_WAN for cell in cells
    )
    shown: list[Told | str] = []
    for cell, place in zip(cells, places, strict=True):
        if cell is None or cell.value is None:
            shown.append("无数据")
            continue
        one = told(cell, place)
        if in_wan and cell.qualifier is Qualifier.EXACT:
            tiny = 0 < abs(cell.value) < FEN_PER_STEP
            one = replace(one, text="不足0.01万元" if tiny else f"{money.wan(cell.value):,.2f}万元")
        shown.append(one)
    return shown


def told(cell: Cell, place: Place) -> Told:
    """A figure as the text shows it, exact in the appendix."""
    text = in_text(cell)
    return Told(
        text=text,
        key=cell.figure.key,
        label=str(cell.figure.label),
        definition=str(cell.figure.definition),
        union=place.name,
        period=cell.period.label,
        value=cell.shown,
        rows=_rows(cell),
        url=rows_url(cell.figure.key, place.code, cell.period),
    )


def _rows(cell: Cell) -> str:
    if isinstance(cell.figure, Ratio):
        return "由两项指标相除得出"
    missing = f"（其中{cell.missing:,}条未填）" if cell.missing else ""
    return f"{cell.rows:,}条{missing}"


@dataclass(frozen=True)
class Growth:
    """How a figure moved against last year: ``words`` carry the direction, ``number`` is None when level
    or when the numbers are too rough to be compared exactly.
    """

    direction: int
    words: str
    number: Told | None = None

    @property
    def signed(self) -> Told | str:
        """For a table cell: +1.5%, -3人, or a word."""
        if self.number is None:
            return self.words
        return replace(self.number, text=f"{'+' if self.direction > 0 else '-'}{self.number.text}")


def growth(now: Cell, last: Cell, place: Place) -> Growth | None:
    """Compare a figure with last year; None when one of the two is unknown."""
    if now.value is None or last.value is None:
        return None
    change = now.value - last.value
    direction = (change > 0) - (change < 0)
    if not direction:
        return Growth(0, "持平")
    if now.qualifier is not Qualifier.EXACT or last.qualifier is not Qualifier.EXACT:
        return Growth(direction, "有所增加" if change > 0 else "有所减少")
    words, text, definition = _amount(now, abs(change), last.value)
    base = told(now, place)
    label = f"{base.label}（同比{words[direction > 0]}）"
    number = replace(base, text=text, label=label, definition=definition, value=text, rows="与上年比较")
    return Growth(direction, words[direction > 0], number)


def _amount(now: Cell, change: int, base: int) -> tuple[tuple[str, str], str, str]:
    """The words (down, up), the text and the definition of a change."""
    unit = now.figure.unit
    if unit is CountUnit.PERCENT:
        points = (Decimal(change) / 100).normalize()
        return ("降低", "提高"), f"{points:f}个百分点", "本期比例减去上年同期比例。"
    share = (Decimal(change) * 100 / Decimal(base)).quantize(TENTH, ROUND_HALF_UP) if base > 0 else Decimal(0)
    least = LEAST_BASE * (money.FEN_PER_YUAN if unit is CountUnit.FEN else 1)
    if base >= least and share:
        return ("下降", "增长"), f"{share.normalize():f}%", "本期值与上年同期值之差除以上年同期值。"
    text = money.shown(change) if unit is CountUnit.FEN else str(Quantity(change, unit))
    return ("减少", "增加"), text, "本期值与上年同期值之差。"
