"""The child process that parses a workbook: ``python -m zhijia.kit.books.child SOURCE TARGET LIMIT``.

It runs under a memory and a CPU limit, imports nothing of Django, and writes JSON lines to TARGET:
``{"sheet": name, "first_column": n, "merged": [...], "visible": bool}``, then one list per row; a date is
``{"d": iso}``, a date with time ``{"t": iso}``. A row list starts at the sheet's first used column.
Exit codes: 0 done, 3 password, 4 unreadable, 5 too many rows (TARGET holds sheet and rows).
"""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

MEMORY = 512 * 2**20  # a full ledger (50,000 rows x 20 columns) takes 112 MiB
CPU_SECONDS = 60
DONE, PASSWORD, UNREADABLE, TOO_MANY = 0, 3, 4, 5
HEADROOM = 20


def limit(memory: int) -> None:
    """Set the limits of this process where the system has them (not on Windows); ``memory`` in bytes."""
    try:
        import resource
    except ImportError:
        return
    for kind, bound in (
        (resource.RLIMIT_AS, memory),
        (resource.RLIMIT_CPU, CPU_SECONDS),
        (resource.RLIMIT_CORE, 0),
    ):
        try:
            resource.setrlimit(kind, (bound, bound))
        except (ValueError, OSError):  # macOS refuses RLIMIT_AS; the time limit of the parent remains
            continue


def plain(value: Any) -> Any:
    """Turn a value that JSON does not know into a tagged one."""
    if isinstance(value, dt.datetime):
        return {"t": value.isoformat()}
    if isinstance(value, dt.date):
        return {"d": value.isoformat()}
    return str(value)


def trimmed(row: list[Any]) -> list[Any]:
    """Cut the blank tail of a row."""
    end = len(row)
    while end and row[end - 1] == "":
        end -= 1
    return row[:end]


def rows_of(sheet: Any, head: int) -> Iterator[list[Any]]:
    """Yield rows from Excel's row 1 on; ``head`` > 0 only so many."""
    for number, row in enumerate(sheet.iter_rows()):
        if head and number >= head:
            return
        yield trimmed(row)


def run(source: str, target: TextIO, max_rows: int, head: int) -> int:
    """Write the workbook to ``target`` and return the exit code."""
    import python_calamine as calamine

    try:
        book = calamine.CalamineWorkbook.from_path(source)
        for number, meta in enumerate(book.sheets_metadata):
            if str(meta.typ) != "SheetTypeEnum.WorkSheet":
                continue
            sheet = book.get_sheet_by_index(number)
            if sheet.end is not None and sheet.end[0] >= max_rows + HEADROOM:
                target.seek(0)
                target.truncate()
                json.dump({"sheet": meta.name, "rows": sheet.end[0] + 1}, target)
                return TOO_MANY
            write(target, sheet, str(meta.visible) == "SheetVisibleEnum.Visible", head)
    except calamine.PasswordError:
        return PASSWORD
    except calamine.CalamineError:
        return UNREADABLE
    return DONE


def write(target: TextIO, sheet: Any, visible: bool, head: int) -> None:  # noqa: FBT001 - one call, above
    """Write one sheet: a line about it, then its rows."""
    about = {
        "sheet": sheet.name,
        "visible": visible,
        "first_column": sheet.start[1] if sheet.start else 0,
        "merged": sheet.merged_cell_ranges or [],
    }
    encode = json.JSONEncoder(ensure_ascii=False, default=plain, separators=(",", ":")).encode
    target.write(encode(about) + "\n")
    target.writelines(encode(row) + "\n" for row in rows_of(sheet, head))


def main(arguments: list[str]) -> int:
    """Read the arguments, set the limits, and do the work."""
    source, target, max_rows, head = arguments
    limit(MEMORY)
    with Path(target).open("w", encoding="utf-8", errors="surrogatepass") as file:
        return run(source, file, int(max_rows), int(head))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
