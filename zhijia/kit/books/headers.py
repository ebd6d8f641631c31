"""Finds what a sheet is and which column is which, by titles and aliases, in any order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from zhijia.kernel import chinese
from zhijia.kit import sheets
from zhijia.kit.books.extent import column_letters
from zhijia.kit.books.reader import RawSheet
from zhijia.kit.sheets import Column, RowError, Sheet

SEARCHED_ROWS = 5
REASON_TITLE = "错误原因"
REMARK_TITLE = "说明"
GUIDE_TITLE = "填写说明"
IGNORED_TITLES = {REASON_TITLE, REMARK_TITLE, "序号", "编号序号"}
BRACKETS = re.compile(r"[(\[{【〔<《][^)\]}】〕>》]*[)\]}】〕>》]")
SIGNS = re.compile(r"[\s*＊:：、.．\-_/]+")
SHEET_ENDING = re.compile(r"(?:台账|花名册|名册|登记表|明细表|统计表|情况表|信息表|汇总表|信息|明细|表)$")
NUMBERED = re.compile(r"^[0-9一二三四五六七八九十]+(?=[^0-9]{2})")

# {name of the sheet in the file: {"sheet": key or "", "columns": {header: key or ""}}}; "" means ignore.
Mapping_ = Mapping[str, Mapping[str, Any]]


def plain(title: str) -> str:
    """Return a header without spaces, stars and signs: ``身份证 号*`` → 身份证号."""
    return SIGNS.sub("", chinese.normalise(title)).casefold()


def bare(title: str) -> str:
    """Return a header without notes in brackets as well: 身份证号(必填) → 身份证号."""
    return plain(BRACKETS.sub("", chinese.normalise(title)))


@dataclass
class Header:
    """Where the header row stands (Excel's number; 0 = not found) and what its cells mean, by position."""

    row: int = 0
    titles: list[str] = field(default_factory=list)
    columns: dict[int, Column] = field(default_factory=dict)
    remark: int | None = None
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)


@dataclass(frozen=True)
class Guess:
    """One sheet of a file as the mapping page shows it."""

    source: str
    sheet: Sheet | None
    titles: tuple[str, ...]
    columns: Mapping[str, str]
    rows: tuple[tuple[str, ...], ...] = ()


def _names(column: Column) -> Iterable[str]:
    return (column.title, *column.aliases)


def _lookup(sheet: Sheet) -> dict[str, Column]:
    """Return every spelling of every column; an exact spelling wins over one without brackets."""
    found: dict[str, Column] = {}
    for spell in (plain, bare):
        for column in sheet.columns:
            for name in _names(column):
                found.setdefault(spell(name), column)
    found.pop("", None)
    return found


def _spell_sheet(name: str) -> str:
    return SHEET_ENDING.sub("", NUMBERED.sub("", bare(name)))


def match_sheets(raws: Sequence[RawSheet], mapping: Mapping_ | None = None) -> dict[str, Sheet]:
    """Say which sheet of the file (by name) is which: by the mapping, by name, else by its headers."""
    known = sheets.sheets()
    by_key = {sheet.key: sheet for sheet in known}
    by_name = {
        spell(name): sheet
        for sheet in known
        for name in (sheet.title, *sheet.aliases)
        for spell in (_spell_sheet, plain)
    }
    found: dict[str, Sheet] = {}
    for raw in raws:
        chosen = (mapping or {}).get(raw.name)
        if chosen is not None and "sheet" in chosen:
            if chosen["sheet"] in by_key:
                found[raw.name] = by_key[chosen["sheet"]]
        elif sheet := by_name.get(plain(raw.name)) or by_name.get(_spell_sheet(raw.name)):
            found[raw.name] = sheet
    for raw in raws:
        unasked = raw.name not in found and "sheet" not in (mapping or {}).get(raw.name, {})
        if unasked and raw.visible and plain(raw.name) != GUIDE_TITLE:
            sheet = _by_headers(raw, [sheet for sheet in known if sheet not in found.values()])
            if sheet is not None:
                found[raw.name] = sheet
    return found


def _by_headers(raw: RawSheet, candidates: list[Sheet]) -> Sheet | None:
    """Return the only sheet whose required columns are all there (the one with most columns found)."""
    scores: list[tuple[int, Sheet]] = []
    for sheet in candidates:
        row = _best_row(raw, _lookup(sheet))
        found = _recognised(raw.rows[row], _lookup(sheet)) if row is not None else {}
        keys = {column.key for column in found.values()}
        if keys and all(column.key in keys for column in sheet.columns if column.required):
            scores.append((len(keys), sheet))
    best = max((score for score, _sheet in scores), default=0)
    winners = [sheet for score, sheet in scores if score == best]
    return winners[0] if len(winners) == 1 and best > 1 else None


def _recognised(cells: Sequence[Any], lookup: Mapping[str, Column]) -> dict[int, Column]:
    found: dict[int, Column] = {}
    for position, cell in enumerate(cells):
        if isinstance(cell, str) and cell:
            column = lookup.get(plain(cell)) or lookup.get(bare(cell))
            if column is not None:
                found[position] = column
    return found


def _best_row(raw: RawSheet, lookup: Mapping[str, Column]) -> int | None:
    """Return the index of the row, among the first ones that are not blank, with most known headers."""
    filled = [number for number, row in enumerate(raw.rows[:50]) if any(cell != "" for cell in row)]
    scores = {number: len(_recognised(raw.rows[number], lookup)) for number in filled[:SEARCHED_ROWS]}
    best = max(scores, key=lambda number: scores[number], default=None)
    return best if best is not None and scores[best] else None


def find(sheet: Sheet, raw: RawSheet, mapping: Mapping_ | None = None) -> Header:
    """Find the header row of a sheet and say what is missing, doubled or unknown in it."""
    chosen = (mapping or {}).get(raw.name, {}).get("columns", {})
    lookup = _lookup(sheet)
    by_key = {column.key: column for column in sheet.columns}
    widened = lookup | {plain(title): by_key[key] for title, key in chosen.items() if key in by_key}
    row = _best_row(raw, widened)
    header = Header()
    if row is None:
        advice = _("没有找到表头。请保留模板的表头，或在表头中写明：%(titles)s。") % {
            "titles": "、".join(column.title for column in sheet.columns if column.required)
        }
        header.errors.append(RowError(sheet.title, 1, "", "", advice))
        return header
    header.row = row + 1
    header.titles = _titles(raw.rows[row])
    ignored: list[str] = []
    for position, title in enumerate(header.titles):
        key = chosen.get(title)
        column = by_key.get(key) if key is not None else lookup.get(plain(title)) or lookup.get(bare(title))
        if plain(title) == REMARK_TITLE and column is None:
            header.remark = position
        if column is not None:
            _take(header, sheet, position, column)
        elif title and plain(title) not in IGNORED_TITLES:
            ignored.append(title)
    _check(header, sheet, ignored)
    return header


def _titles(cells: Iterable[Any]) -> list[str]:
    """Return headers as they are shown and kept with a job; without a header row they may be anything."""
    return [sheets.without_numbers(str(cell).strip()) for cell in cells]


def _take(header: Header, sheet: Sheet, position: int, column: Column) -> None:
    """Note a column; a second one of the same meaning is an error."""
    for other, taken in header.columns.items():
        if taken.key == column.key:
            advice = _("列“%(title)s”出现两次（%(first)s列和%(second)s列）。请只保留一列。") % {
                "title": column.title,
                "first": column_letters(other + 1),
                "second": column_letters(position + 1),
            }
            header.errors.append(
                RowError(sheet.title, header.row, column.title, header.titles[position], advice)
            )
            return
    header.columns[position] = column


def _check(header: Header, sheet: Sheet, ignored: list[str]) -> None:
    present = {column.key for column in header.columns.values()}
    known = "、".join(column.title for column in header.columns.values())
    for column in sheet.columns:
        if column.required and column.key not in present:
            advice = _("缺少列“%(title)s”；识别到：%(known)s。请补上该列，或在导入页面指定对应的列。") % {
                "title": column.title,
                "known": known,
            }
            header.errors.append(RowError(sheet.title, header.row, column.title, "", advice))
    if ignored:
        advice = _("未识别的列已忽略：%(titles)s。") % {"titles": "、".join(ignored)}
        header.warnings.append(RowError(sheet.title, header.row, "", "", advice))


def guess(raws: Sequence[RawSheet]) -> list[Guess]:
    """Say what each visible sheet seems to be, for the mapping page."""
    matched = match_sheets(raws)
    guesses: list[Guess] = []
    for raw in raws:
        if not raw.visible or not raw.rows or plain(raw.name) == GUIDE_TITLE:
            continue
        sheet = matched.get(raw.name)
        header = find(sheet, raw) if sheet else Header()
        row = header.row or next(
            (n + 1 for n, cells in enumerate(raw.rows) if any(c != "" for c in cells)), 0
        )
        titles = _titles(raw.rows[row - 1]) if row else []
        columns = {header.titles[position]: column.key for position, column in header.columns.items()}
        guesses.append(Guess(raw.name, sheet, tuple(title for title in titles if title), columns))
    return guesses
