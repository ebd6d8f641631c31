"""Reads CSV files: byte order mark, strict UTF-8, strict GB18030; never a guess that loses a name."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, datetime
from pathlib import Path

from django.utils.translation import gettext as _

from zhijia.kit.books.extent import too_many
from zhijia.kit.books.refusal import MAX_ROWS, BookRefusedError

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Two Chinese characters in UTF-8 in a row: bytes of GB18030 practically never look like that.
CHINESE_UTF8 = re.compile(rb"(?:[\xe3-\xe9][\x80-\xbf]{2}){2}")
LONGEST_CELL = 32_767  # Excel's own bound
HEADROOM = 20
Cell = str | int | float | bool | date | datetime


def read(path: Path, head: int = 0) -> list[list[Cell]]:
    """Read all rows (``head`` > 0: so many); raises BookRefusedError naming the line that fails."""
    text = decode(path.read_bytes())
    if "\0" in text:
        raise BookRefusedError(_("文件内容不是 csv 表格。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。"))
    csv.field_size_limit(LONGEST_CELL)
    rows: list[list[Cell]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
    try:
        for row in reader:
            if head and len(rows) >= head:
                break
            if len(rows) >= MAX_ROWS + HEADROOM:
                raise BookRefusedError(too_many(path.stem, text.count("\n")))
            while row and not row[-1].strip():
                row.pop()
            rows.append([*row])
    except csv.Error as error:
        raise BookRefusedError(
            _("第%(line)s行的引号或长度不符合 CSV 格式。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。")
            % {"line": reader.line_num}
        ) from error
    return rows


def decode(data: bytes) -> str:
    """Turn bytes into text, losing nothing; raises BookRefusedError with the first bad line."""
    for mark, encoding in MARKS:
        if data.startswith(mark):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError as error:
                raise _undecodable(data, error.start) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if CHINESE_UTF8.search(data, 0, error.start):  # it began as UTF-8: mixed
            raise _undecodable(data, error.start) from error
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        raise _undecodable(data, error.start) from error
    _refuse_utf8_lines(data)
    return text


def _refuse_utf8_lines(data: bytes) -> None:
    """Refuse GB18030 with single lines of UTF-8 in it: they would decode, to nonsense."""
    position = 0
    for line in data.split(b"\n"):
        if CHINESE_UTF8.search(line):
            try:
                line.decode("utf-8")
            except UnicodeDecodeError:
                pass
            else:
                raise _undecodable(data, position)
        position += len(line) + 1


def _undecodable(data: bytes, position: int) -> BookRefusedError:
    line = data.count(b"\n", 0, position) + 1
    return BookRefusedError(
        _("无法识别编码，第%(line)s行；请用 Excel 或 WPS 另存为 CSV UTF-8 或 .xlsx 后重新上传。")
        % {"line": line}
    )


def _delimiter(text: str) -> str:
    head = text[:4096].splitlines()[:5]
    counts = {mark: sum(line.count(mark) for line in head) for mark in (",", "\t", ";")}
    return max(counts, key=lambda mark: counts[mark])
