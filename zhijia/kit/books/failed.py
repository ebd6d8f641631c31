"""The error workbook: the whole book in the template's layout, bad rows with their reasons.

Nothing of a book with errors is saved, so its good rows must come back too: the mended file is sent whole.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

from zhijia.kernel.crypto.files import open_sealed, seal_file
from zhijia.kit.books.parsing import ParsedBook
from zhijia.kit.books.template import write_rows
from zhijia.kit.sheets import RowError


def write_failed(path: Path | str | BytesIO, book: ParsedBook, errors: Sequence[RowError]) -> int:
    """Write every row, those with errors with their reasons; returns how many have errors.

    Without such rows no file is made.
    """
    reasons: dict[tuple[str, int], list[str]] = defaultdict(list)
    for error in errors:
        reasons[error.sheet, error.row].append(
            f"{error.column}：{error.advice}" if error.column else error.advice
        )
    rows: dict[str, list[dict[str, str]]] = {}
    told: dict[str, list[str]] = {}
    for parsed in book.sheets:
        title, key = parsed.sheet.title, parsed.sheet.key
        everything = sorted((*parsed.rows, *parsed.failed), key=lambda row: row.number)
        rows[key] = [dict(row.raw) for row in everything]
        told[key] = ["；".join(reasons.get((title, row.number), ())) for row in everything]
    bad = sum(bool(reason) for texts in told.values() for reason in texts)
    if bad:
        write_rows(path, rows, told)
    return bad


def seal_failed(path: Path, book: ParsedBook, errors: Sequence[RowError]) -> int:
    """Write the same sealed, for a job; see ``opened``."""
    plain = BytesIO()
    bad = write_failed(plain, book, errors)
    if bad:
        seal_file(plain.getvalue(), path, name=_bound_to(path))
    return bad


def opened(path: Path) -> bytes:
    """Return the plain bytes of a sealed error workbook."""
    return b"".join(open_sealed(path, name=_bound_to(path)))


def _bound_to(path: Path) -> str:
    return f"result:{path.name}"
