"""Raw cells to typed rows: finds headers, skips blank and example rows, gathers what is wrong by cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _

from zhijia.kernel import chinese
from zhijia.kit import sheets
from zhijia.kit.books import cells, headers
from zhijia.kit.books.extent import column_letters, too_many
from zhijia.kit.books.reader import Cell, RawSheet
from zhijia.kit.books.refusal import MAX_ROWS, BookRefusedError
from zhijia.kit.sheets import Column, Row, RowError, Sheet

TOTAL = re.compile(r"(?:本页|本月|本年|全年)?(?:合计|小计|总计|共计|累计|合計|小計|總計)[:：]?")
EXAMPLE = "示例"
LARGEST_MERGE = 10_000


@dataclass
class ParsedSheet:
    """One sheet after reading: good rows for the loader, bad ones for the error workbook."""

    sheet: Sheet
    source: str
    rows: list[Row] = field(default_factory=list)
    failed: list[Row] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many rows of data the sheet has, good or bad."""
        return len(self.rows) + len(self.failed)


@dataclass
class ParsedBook:
    """A whole file after reading, its sheets in the order in which they are loaded."""

    name: str
    sheets: list[ParsedSheet] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    @property
    def count(self) -> int:
        """Return how many rows of data the file has."""
        return sum(sheet.count for sheet in self.sheets)


def parse(
    raws: Sequence[RawSheet], name: str, mapping: headers.Mapping_ | None = None, sheet_key: str = ""
) -> ParsedBook:
    """Parse all recognised sheets; raises BookRefusedError when there is nothing to import.

    ``sheet_key`` says what the only sheet of a CSV is.
    """
    if sheet_key and len(raws) == 1:
        mapping = {raws[0].name: {"columns": {}, **(mapping or {}).get(raws[0].name, {}), "sheet": sheet_key}}
    matched = headers.match_sheets(raws, mapping)
    book = ParsedBook(name)
    taken: dict[str, str] = {}
    for raw in raws:
        sheet = matched.get(raw.name)
        if sheet is None or not raw.visible:
            _say_ignored(book, raw, sheet)
            continue
        if sheet.key in taken:
            raise BookRefusedError(
                _("工作表“%(first)s”和“%(second)s”都被识别为“%(title)s”。请合并为一个，或改名后重新上传。")
                % {"first": taken[sheet.key], "second": raw.name, "title": sheet.title}
            )
        taken[sheet.key] = raw.name
        book.sheets.append(_Reading(sheet, raw, headers.find(sheet, raw, mapping)).run())
    order = {sheet.key: number for number, sheet in enumerate(sheets.sheets())}
    book.sheets.sort(key=lambda parsed: order[parsed.sheet.key])
    book.sheets = [parsed for parsed in book.sheets if parsed.count or parsed.errors]
    if not book.sheets:
        raise BookRefusedError(_nothing(raws, matched))
    return book


def _say_ignored(book: ParsedBook, raw: RawSheet, sheet: Sheet | None) -> None:
    is_guide = headers.plain(raw.name) == headers.GUIDE_TITLE
    if is_guide or not any(raw.rows) or (sheet is None and not raw.visible):
        return
    advice = _("工作表是隐藏的，已忽略。") if sheet else _("没有认出这个工作表，已忽略。")
    book.warnings.append(RowError(raw.name, 0, "", "", advice))


def _nothing(raws: Sequence[RawSheet], matched: dict[str, Sheet]) -> str:
    if matched:
        return _("没有数据行。请从表头下一行开始填写（示例行不会导入）。")
    return _("没有认出任何工作表（文件中有：%(names)s）。工作表名应为：%(titles)s。") % {
        "names": "、".join(raw.name for raw in raws) or "—",
        "titles": "、".join(sheet.title for sheet in sheets.sheets()),
    }


class _Reading:
    """Reads the rows of one sheet; holds what the cells' helpers need."""

    def __init__(self, sheet: Sheet, raw: RawSheet, header: headers.Header) -> None:
        self.raw = raw
        self.header = header
        self.sheet = sheet
        self.out = ParsedSheet(sheet, raw.name, errors=header.errors, warnings=header.warnings)
        self.blank: dict[str, Any] = {column.key: None for column in sheet.columns}
        self.plan = [
            (position, column, cells.parser(column)) for position, column in sorted(header.columns.items())
        ]
        self.nothing = {column.key: cells.blanks(column) for column in header.columns.values()}
        self.covered = self._covered()
        self.told_merges: set[tuple[int, int]] = set()

    def run(self) -> ParsedSheet:
        """Read every row below the header."""
        if not self.header.row:
            if not any(any(cell != "" for cell in row) for row in self.raw.rows):
                self.out.errors = []
            return self.out
        first = True
        hidden: list[int] = []
        for number, row in enumerate(islice(self.raw.rows, self.header.row, None), self.header.row + 1):
            found = {position: row[position] for position, _c, _p in self.plan if position < len(row)}
            if not any(cell != "" and (not isinstance(cell, str) or cell.strip()) for cell in found.values()):
                continue
            if first and self._is_example(row):
                first = False
                continue
            first = False
            if number in self.raw.notes.hidden:
                hidden.append(number)
            self._row(number, found)
        self._finish(hidden)
        return self.out

    def _finish(self, hidden: list[int]) -> None:
        if self.out.count > MAX_ROWS:
            raise BookRefusedError(too_many(self.raw.name, self.out.count))
        if hidden:
            advice = _("第%(rows)s行是隐藏行，已照常读取；不需要的请删除。") % {
                "rows": "、".join(str(number) for number in hidden[:20])
            }
            self.out.warnings.append(RowError(self.sheet.title, hidden[0], "", "", advice))
        if not self.out.count:  # an unused sheet of the template may lack whatever it likes
            self.out.errors = []

    def _row(self, number: int, found: dict[int, Cell]) -> None:
        values = dict(self.blank)
        raw: dict[str, str] = {}
        row = Row(self.sheet.key, number, values, raw)
        before = len(self.out.errors)
        for position, column, read in self.plan:
            cell = found.get(position, "")
            if cell == "" or (isinstance(cell, str) and not cell.strip()):
                self._blank_cell(row, position, column)
                continue
            raw[column.key] = cells.text_of(cell)
            if column.kind in TEXTS and isinstance(cell, str) and self._is_total(row, column, cell):
                break
            values[column.key] = self._cell(row, column, cell, read)
        failed = len(self.out.errors) > before
        (self.out.failed if failed else self.out.rows).append(row)

    def _cell(self, row: Row, column: Column, cell: Cell, read: cells.Parser) -> Any:
        if isinstance(cell, str) and cell.strip() in self.nothing[column.key]:
            if column.required:
                self._error(row, column, _("必填，不能留空。请补填。"))
            return None

        def warn(advice: str) -> None:
            self.out.warnings.append(sheets.remark(row, column.key, advice))

        try:
            return read(cell, warn)
        except cells.CellError as error:
            self._error(row, column, error.advice, error.found)
            return None

    def _error(self, row: Row, column: Column, advice: str, found: str | None = None) -> None:
        self.out.errors.append(sheets.remark(row, column.key, advice, found))

    def _blank_cell(self, row: Row, position: int, column: Column) -> None:
        """A blank cell may be the hidden part of a merged one, or a formula that was never computed."""
        place = (row.number - 1, position)
        if self.raw.notes.dead and f"{column_letters(position + 1)}{row.number}" in self.raw.notes.dead:
            self._error(
                row,
                column,
                _("公式没有计算结果或结果出错。请用 Excel 或 WPS 打开并保存，或粘贴为数值后重新上传。"),
            )
        elif place in self.covered:
            advice = _("单元格被合并，值只在左上角一格。请取消合并，逐行填写。")
            if column.required:
                self._error(row, column, advice)
            elif self.covered[place] not in self.told_merges:
                self.told_merges.add(self.covered[place])
                self.out.warnings.append(sheets.remark(row, column.key, advice))
        elif column.required:
            self._error(row, column, _("必填，不能留空。请补填。"))

    def _is_total(self, row: Row, column: Column, cell: str) -> bool:
        """Flag 合计 in the first filled cell; the other cells of such a row are not looked at."""
        if len(row.raw) > 1 or not TOTAL.fullmatch("".join(chinese.normalise(cell).split())):
            return False
        del self.out.errors[self._first_error_of(row) :]
        self._error(row, column, _("疑似合计行，已标出待确认。请删除该行后重新上传。"))
        return True

    def _first_error_of(self, row: Row) -> int:
        first = len(self.out.errors)
        while first and self.out.errors[first - 1].row == row.number:
            first -= 1
        return first

    def _is_example(self, row: Sequence[Cell]) -> bool:
        """Recognise the grey row: 示例 in the column 说明, or every cell as in the template."""
        mark = self.header.remark
        if mark is not None and mark < len(row) and str(row[mark]).strip() == EXAMPLE:
            return True
        filled = 0
        for position, column, _read in self.plan:
            text = cells.text_of(row[position]) if position < len(row) else ""
            if text != column.example:
                return False
            filled += bool(text)
        return filled > 1

    def _covered(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Return every cell inside a merged range (but its first) with the first one of the range."""
        covered: dict[tuple[int, int], tuple[int, int]] = {}
        for (top, left), (bottom, right) in self.raw.merged:
            if bottom < self.header.row or (bottom - top + 1) * (right - left + 1) > LARGEST_MERGE:
                continue
            for line in range(top, bottom + 1):
                for column in range(left, right + 1):
                    covered[line, column] = (top, left)
            covered.pop((top, left), None)
        return covered


TEXTS = (sheets.Kind.TEXT, sheets.Kind.NAME, sheets.Kind.CHOICE)
