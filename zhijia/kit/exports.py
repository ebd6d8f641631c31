"""The one writer of exported workbooks: typed cells, whole ID numbers, no formulas, a watermark."""

import re
import tempfile
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import IO, Any

import xlsxwriter
from django.conf import settings
from django.http import FileResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.kernel.money import yuan

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_ROWS = 1_000_000
"""A sheet holds 1,048,576 rows; three of them are the title, the watermark and the header."""
_HEADER_ROW = 2
_LONGEST_CELL = 32_767
_SAFE_DIGITS = 10**15  # beyond this a spreadsheet rounds
_LONGEST_NAME = 80
_LONGEST_FOOTER = 110  # Excel takes 255 signs, where a doubled & counts twice
_NOT_IN_NAMES = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_WINDOWS = re.compile(r"(?:CON|PRN|AUX|NUL|COM[0-9]|LPT[0-9])(?:\.|$)", re.IGNORECASE)


class CellKind(StrEnum):
    """How a column's values are written. AUTO goes by the Python type; TEXT is for ID and card numbers."""

    AUTO = "auto"
    TEXT = "text"
    MONEY = "money"  # int fen, written as a number of yuan


@dataclass(frozen=True)
class ExportColumn:
    """One column of the sheet; ``width`` is in characters."""

    label: str | Promise
    kind: CellKind = CellKind.AUTO
    width: int = 16


class _Sheet:
    """The formats and the cell writer of one workbook."""

    def __init__(self, book: Any, sheet: Any) -> None:
        self.sheet = sheet
        self.money = book.add_format({"num_format": "#,##0.00"})
        self.day = book.add_format({"num_format": 'yyyy"年"m"月"d"日"', "align": "left"})
        self.moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm", "align": "left"})
        self.text = book.add_format({"num_format": "@"})
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.note = book.add_format({"font_color": "#8c8c8c", "font_size": 9})
        self.head = book.add_format({"bold": True, "bg_color": "#f0f0f0", "border": 1, "text_wrap": True})

    def write(self, at: tuple[int, int], value: Any, kind: CellKind) -> None:
        """Write one value; a text is never taken for a formula, a link or a number."""
        row, place = at
        if value is None or value == "":
            return
        if kind is CellKind.TEXT:
            self._string(at, value)
        elif kind is CellKind.MONEY:
            self.sheet.write_number(row, place, yuan(int(value)), self.money)
        elif isinstance(value, bool):
            self._string(at, _("是") if value else _("否"))
        elif isinstance(value, (int, float, Decimal)):
            if -_SAFE_DIGITS < value < _SAFE_DIGITS:
                self.sheet.write_number(row, place, value)
            else:
                self._string(at, value)
        elif isinstance(value, datetime):
            local = timezone.localtime(value) if timezone.is_aware(value) else value
            self.sheet.write_datetime(row, place, local.replace(tzinfo=None), self.moment)
        elif isinstance(value, date):
            self.sheet.write_datetime(row, place, value, self.day)
        else:
            self._string(at, value)

    def _string(self, at: tuple[int, int], value: object) -> None:
        self.sheet.write_string(*at, str(value)[:_LONGEST_CELL], self.text)


def workbook_options() -> dict[str, Any]:
    """Texts stay texts, and the writer's own temporary files stay in the house's folder, which is swept."""
    settings.SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    return {"strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(settings.SCRATCH)}


def write_xlsx(
    file: IO[bytes],
    *,
    title: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Any]],
    watermark: str,
) -> int:
    """Write a sheet row by row (memory does not grow with the rows) and return the number of rows.

    ValueError if there are more than ``MOST_ROWS`` rows or a row has not one value for each column.
    """
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **workbook_options()})
    sheet = book.add_worksheet(_("数据"))
    cells = _Sheet(book, sheet)
    _head(sheet, cells, title=title, columns=columns, watermark=watermark)
    count = 0
    for count, values in enumerate(rows, start=1):
        if count > MOST_ROWS:
            raise ValueError(_("超过 %(most)d 行，请先缩小范围再导出。") % {"most": MOST_ROWS})
        for place, (value, column) in enumerate(zip(values, columns, strict=True)):
            cells.write((_HEADER_ROW + count, place), value, column.kind)
    if columns:
        sheet.autofilter(_HEADER_ROW, 0, _HEADER_ROW + count, len(columns) - 1)
    book.close()
    return count


def _head(sheet: Any, cells: _Sheet, *, title: str, columns: Sequence[ExportColumn], watermark: str) -> None:
    """Page set-up, title, watermark and header; constant memory wants the rows from top to bottom."""
    for place, column in enumerate(columns):
        sheet.set_column(place, place, column.width)
    sheet.freeze_panes(_HEADER_ROW + 1, 1)
    sheet.set_landscape()
    sheet.set_paper(9)  # A4
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(_HEADER_ROW)
    sheet.set_footer("&L{}&R&P / &N".format(watermark[:_LONGEST_FOOTER].replace("&", "&&")))
    sheet.write_string(0, 0, title, cells.title)
    sheet.write_string(1, 0, watermark, cells.note)
    for place, column in enumerate(columns):
        sheet.write_string(_HEADER_ROW, place, str(column.label), cells.head)


def watermark_text(*, who: str, purpose: str, place: str = "") -> str:
    """Who took which unions' data, when and what for: one line, also at the foot of each printed page."""
    now = timezone.localtime()
    moment = f"{now:%Y-%m-%d %H:%M}"
    text = _("内部资料，注意保密　导出人：%(who)s　范围：%(place)s　时间：%(moment)s　用途：%(purpose)s")
    return text % {
        "who": who,
        "place": place or _("见内容"),
        "moment": moment,
        "purpose": purpose or _("未写明"),
    }


def _is_plain(sign: str) -> bool:
    """Say whether a sign is neither a direction mark nor otherwise invisible; control signs are replaced."""
    return unicodedata.category(sign) not in ("Cf", "Cs", "Co", "Cn")


def safe_filename(name: str, suffix: str = ".xlsx") -> str:
    """A file name that Windows and browsers take: no path, no control signs, at most 80 characters."""
    visible = "".join(sign for sign in unicodedata.normalize("NFC", name) if _is_plain(sign))
    plain = _NOT_IN_NAMES.sub("_", visible).strip(" ._")
    if _WINDOWS.match(plain):  # devices of Windows, whatever follows the point
        plain = f"_{plain}"
    return f"{plain[:_LONGEST_NAME].rstrip(' ._') or 'export'}{suffix}"


def export_response(
    *,
    title: str,
    columns: Sequence[ExportColumn],
    rows: Iterable[Sequence[Any]],
    watermark: str,
    filename: str = "",
) -> FileResponse:
    """The workbook as a download; it is written to a temporary file that is gone after sending."""
    settings.SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = tempfile.TemporaryFile(dir=settings.SCRATCH)  # noqa: SIM115 - FileResponse closes it
    try:
        write_xlsx(file, title=title, columns=columns, rows=rows, watermark=watermark)
    except BaseException:
        file.close()
        raise
    file.seek(0)
    response = FileResponse(
        file, as_attachment=True, filename=safe_filename(filename or title), content_type=XLSX
    )
    response["Cache-Control"] = "no-store"
    return response
