"""Reads a table file that passed the gate into plain cells: workbooks in a child process, CSV here."""

from __future__ import annotations

import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from zhijia.kit.books import child, delimited, gate
from zhijia.kit.books.extent import SheetNotes, too_many
from zhijia.kit.books.refusal import MAX_COLUMNS, MAX_ROWS, BookRefusedError
from zhijia.kit.sheets import without_numbers

Cell = delimited.Cell
SECONDS = 60


@dataclass
class RawSheet:
    """One sheet as it stands in the file: ``rows[i]`` is Excel's row i+1, each list starting at column A.

    ``merged`` are ((row, column), (row, column)) ranges counted from 0, as the reader gives them.
    """

    name: str
    rows: list[list[Cell]]
    visible: bool = True
    merged: list[tuple[tuple[int, int], tuple[int, int]]] = field(default_factory=list)
    notes: SheetNotes = field(default_factory=SheetNotes)


def read_raw(path: Path, name: str = "", head: int = 0) -> list[RawSheet]:
    """Pass the gate and read all sheets; ``head`` > 0 keeps only so many rows of each.

    ``name`` is what the user called the file. Raises BookRefusedError with a sentence for the user.
    """
    passed = gate.check(path, name)
    if passed.type is gate.FileType.CSV:
        rows = delimited.read(path, head)
        found = [RawSheet(without_numbers(Path(name or path.name).stem), rows)]
    else:
        found = _read_in_child(path, passed, head)
    for sheet in found:
        if max((len(row) for row in sheet.rows), default=0) > MAX_COLUMNS:
            raise BookRefusedError(
                _("工作表“%(sheet)s”超过 %(limit)s 列，请删除多余的列后重新上传。")
                % {"sheet": sheet.name, "limit": MAX_COLUMNS}
            )
    return found


def _read_in_child(path: Path, passed: gate.Passed, head: int) -> list[RawSheet]:
    settings.SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = Path(settings.SCRATCH) / uuid.uuid4().hex
    # calamine goes by the name's ending, and the gate has established the true type
    source, target = stem.with_suffix(f".{passed.type.value}"), stem.with_suffix(".jsonl")
    try:
        source.symlink_to(path.resolve())
        _run_child(source, target, head)
        with target.open(encoding="utf-8", errors="surrogatepass") as lines:
            return list(_sheets(lines, passed))
    finally:
        source.unlink(missing_ok=True)
        target.unlink(missing_ok=True)


def _run_child(source: Path, target: Path, head: int) -> None:
    command = [sys.executable, "-m", child.__name__, str(source), str(target), str(MAX_ROWS), str(head)]
    try:
        done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False, cwd=settings.HOME)
    except subprocess.TimeoutExpired as error:
        raise BookRefusedError(
            _("文件读取超过 %(seconds)s 秒，已停止。请拆分后分次导入。") % {"seconds": SECONDS}
        ) from error
    _check_end(done.returncode, target)


def _check_end(code: int, target: Path) -> None:
    """Translate how the child ended."""
    if code == child.DONE:
        return
    if code == child.PASSWORD:
        raise BookRefusedError(_("文件已加密。请先在 Excel 或 WPS 中取消密码，再重新上传。"))
    if code == child.TOO_MANY:
        about = json.loads(target.read_text(encoding="utf-8"))
        raise BookRefusedError(too_many(about["sheet"], about["rows"]))
    if code == child.UNREADABLE:
        raise BookRefusedError(_("文件已损坏，无法读取。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。"))
    raise BookRefusedError(
        _("文件无法安全读取（内容范围异常或所需内存过大）。请把数据复制到新模板后重新上传。")
    )


def _sheets(lines: Iterator[str], passed: gate.Passed) -> Iterator[RawSheet]:
    sheet: RawSheet | None = None
    pad: list[Cell] = []
    for line in lines:
        found = json.loads(line, object_hook=_tagged) if '{"' in line else json.loads(line)
        if isinstance(found, list):
            if sheet is not None:
                sheet.rows.append([*pad, *found] if found and pad else found)
            continue
        if sheet is not None:
            yield sheet
        merged = [(tuple(start), tuple(end)) for start, end in found["merged"]]
        notes = passed.notes.get(found["sheet"], SheetNotes())
        sheet = RawSheet(without_numbers(found["sheet"]), [], found["visible"], merged, notes)
        pad = [""] * found["first_column"]
    if sheet is not None:
        yield sheet


def _tagged(value: dict[str, Any]) -> Any:
    if len(value) == 1:
        if "d" in value:
            return date.fromisoformat(value["d"])
        if "t" in value:
            return datetime.fromisoformat(value["t"])
    return value
