"""The error workbook: failed rows in the template's layout with their reasons, to be fixed and sent again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from zhijia.kit.books.parsing import ParsedBook
from zhijia.kit.books.template import write_rows
from zhijia.kit.sheets import RowError


def write_failed(path: Path | str, book: ParsedBook, errors: Sequence[RowError]) -> int:
    """Write the rows that have errors; returns how many. Without such rows no file is made."""
    reasons: dict[tuple[str, int], list[str]] = defaultdict(list)
    for error in errors:
        reasons[error.sheet, error.row].append(
            f"{error.column}：{error.advice}" if error.column else error.advice
        )
    rows: dict[str, list[dict[str, str]]] = {}
    told: dict[str, list[str]] = {}
    for parsed in book.sheets:
        title, key = parsed.sheet.title, parsed.sheet.key
        bad = [row for row in (*parsed.rows, *parsed.failed) if (title, row.number) in reasons]
        if bad:
            bad.sort(key=lambda row: row.number)
            rows[key] = [dict(row.raw) for row in bad]
            told[key] = ["；".join(reasons[title, row.number]) for row in bad]
    if rows:
        write_rows(path, rows, told)
    return sum(len(bad) for bad in rows.values())
