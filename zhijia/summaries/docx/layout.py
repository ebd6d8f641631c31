"""Measures of GB/T 9704-2012 and the arithmetic of fitting Chinese text to them.

Lengths are twips (1/20 point) unless a name says otherwise; text widths are counted in full-width
characters, a Latin letter or digit being half of one and a comma or point a quarter.
"""

import re
import unicodedata
from collections.abc import Sequence

TWIPS_PER_MM = 56.6929
PAGE_WIDTH, PAGE_HEIGHT = 11906, 16838  # A4
TOP, RIGHT, BOTTOM, LEFT = (round(mm * TWIPS_PER_MM) for mm in (37, 26, 35, 28))
FOOTER_DISTANCE = round(23 * TWIPS_PER_MM)  # the number stands 7 mm below the print area
PRINT_WIDTH = PAGE_WIDTH - LEFT - RIGHT
LINES, CHARACTERS = 22, 28
LINE_PITCH = (PAGE_HEIGHT - TOP - BOTTOM) // LINES
BODY_POINTS, TITLE_POINTS = 16, 22  # 三号, 二号
# 28 full characters of 16 points are 2 mm wider than the print area. Each is set a little closer: a grid of
# characters (w:docGrid linesAndChars) would say the same, but LibreOffice then gives each two cells.
CLOSER = PRINT_WIDTH // CHARACTERS - BODY_POINTS * 20
SIDE_MARGIN = round(25 * TWIPS_PER_MM)  # of the landscape appendix
APPENDIX_WIDTH = PAGE_HEIGHT - 2 * SIDE_MARGIN

ISSUER_LARGEST, ISSUER_SMALLEST = 44, 22  # points
LARGE_CELL = 12  # points: 小四
SMALL_CELLS = (10.5, 9, 8, 7.5)  # 五号, and for very wide tables less: a number is never cut in two
CELL_PADDING = 60
UNBREAKABLE = (6, 4, 2)
"""A text cell up to this many characters keeps one line, when there is room; else the next number."""
LONG_CELL = 20

# One less than there is room for: Word sets figures in Chinese text a little apart.
_TITLE_CHARACTERS = PRINT_WIDTH // (TITLE_POINTS * 20) - 1
_NARROW = ",."
_GOOD_END = re.compile(
    r"(工会|委员会|联合会|集团|公司|年度|季度|关于|开展|情况|的|和|与|及|暨|、|，|》|）|：)$"
)
_NO_START = "、，。；：！？》）】〕”’年月日%％"
_NO_END = "《（【〔“‘"
_SLACK = 0.4
_FAR_TOO_BAD = 100.0
_NUMBER = re.compile(r"[-+−]?\d[\d,，.]*\D{0,4}")
_BLANK = {"", "-", "—", "－", "——"}


def text_width(text: str) -> float:
    """The width of a text in full-width characters."""
    return sum(
        1.0 if unicodedata.east_asian_width(char) in "WFA" else 0.25 if char in _NARROW else 0.5
        for char in text
    )


def is_ambiguous(text: str) -> bool:
    """Whether a text has characters such as “ — … that Word sets in the Latin font unless told otherwise."""
    return any(unicodedata.east_asian_width(char) == "A" for char in text)


def is_number(text: str) -> bool:
    """Whether a cell is a number with at most a short unit, or the dash that stands for one."""
    return text.strip() in _BLANK or _NUMBER.fullmatch(text.strip()) is not None


def issuer_lines(issuer: str) -> tuple[list[str], int]:
    """The issuer's name on one line, or two if it is very long, and its size: 二号 to 44 points."""
    lines = balanced_lines(issuer)
    fitting = int(PRINT_WIDTH / 20 / max([1, *(text_width(line) for line in lines)]))
    return lines, max(ISSUER_SMALLEST, min(ISSUER_LARGEST, fitting))


def balanced_lines(title: str) -> list[str]:
    """A title cut into lines of about equal length at the places where the sense allows it best."""
    if "\n" in title:
        return [line.strip() for line in title.split("\n") if line.strip()]
    count = -int(-text_width(title) // _TITLE_CHARACTERS)
    lines = []
    rest = " ".join(title.split())
    for left in range(count, 1, -1):
        if text_width(rest) <= _TITLE_CHARACTERS:
            break
        cut = _best_cut(rest, left)
        lines.append(rest[:cut].strip())
        rest = rest[cut:].strip()
    return [*lines, rest] if rest else lines


def _best_cut(text: str, lines: int) -> int:
    wished = text_width(text) / lines

    def cost(cut: int) -> float:
        head, tail = text[:cut], text[cut:]
        badness = abs(text_width(head) - wished)
        if _GOOD_END.search(head):
            badness -= 4
        if tail[0] in _NO_START or head[-1] in _NO_END or (_is_latin(head[-1]) and _is_latin(tail[0])):
            badness += _FAR_TOO_BAD
        if text_width(head) > _TITLE_CHARACTERS or text_width(tail) > _TITLE_CHARACTERS * (lines - 1):
            badness += _FAR_TOO_BAD
        return badness

    return min(range(1, len(text)), key=cost)


def _is_latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def column_widths(texts: Sequence[Sequence[str]], total: int) -> tuple[list[int], float]:
    """The widths of a table's columns (adding up to ``total``) and the size of its text in points.

    ``texts`` holds all rows, the header first. 小四 is taken when everything fits on one line, else 五号
    or less; short cells and numbers keep one line, and long texts share what is left.
    """
    columns = list(zip(*texts, strict=True))
    natural = [max(min(text_width(cell), LONG_CELL) for cell in column) + 1 for column in columns]
    if sum(natural) * LARGE_CELL * 20 + 2 * CELL_PADDING * len(columns) <= total:
        return _shared(natural, total), LARGE_CELL
    padding = 2 * CELL_PADDING * len(columns)
    for points in SMALL_CELLS:
        for unbreakable in UNBREAKABLE:
            least = [max(_least_width(cell, unbreakable) for cell in column) + _SLACK for column in columns]
            spare = (total - padding) / (points * 20) - sum(least)
            if spare >= 0:
                wish = sum(natural) - sum(least)
                part = min(1.0, spare / wish) if wish > 0 else 0.0
                weights = [low + (high - low) * part for low, high in zip(least, natural, strict=True)]
                return _shared(weights, total), points
    return _shared(least, total), points


def _least_width(cell: str, unbreakable: int) -> float:
    width = text_width(cell)
    return width if is_number(cell) else min(width, unbreakable)


def _shared(weights: Sequence[float], total: int) -> list[int]:
    padding = 2 * CELL_PADDING
    unit = (total - padding * len(weights)) / sum(weights)
    widths = [int(weight * unit) + padding for weight in weights]
    widths[-1] += total - sum(widths)
    return widths
