"""Writes workbooks in the layout of the sheets: the empty template, and the same filled with rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, Self

import xlsxwriter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.kit import sheets
from zhijia.kit.books.cells import WHOLE
from zhijia.kit.books.extent import column_letters
from zhijia.kit.books.headers import GUIDE_TITLE, REASON_TITLE
from zhijia.kit.exports import workbook_options
from zhijia.kit.sheets import Column, Kind, Sheet

Values = Mapping[str, Any]
AS_TEXT = (Kind.TEXT, Kind.NAME, Kind.ID_NUMBER, Kind.USCC, Kind.PHONE)
TEXT_FORMAT = 49  # Excel's own number of "@"
OPTIONS_SHEET = "_选项"
LONGEST_LIST = 255  # characters that Excel takes in a drop-down without a range
VALIDATED_ROWS = 2_000
# A fixed day, so that the same rows give the same bytes.
CREATED = datetime(2025, 1, 1)  # noqa: DTZ001 - a workbook's property has no zone
HINTS = {
    Kind.ID_NUMBER: gettext_lazy("18位；整列已设为文本。"),
    Kind.DATE: gettext_lazy("例如 2025-03-05 或 2025年3月5日。"),
    Kind.MONEY: gettext_lazy("单位：元，最多两位小数。"),
    Kind.QUANTITY: gettext_lazy("可写 2000余、近3万、约50。"),
    Kind.YESNO: gettext_lazy("填“是”或“否”。"),
    Kind.YEAR: gettext_lazy("四位年份。"),
}


def write_template(path: Path | str | BytesIO, only: Sequence[str] | None = None) -> None:
    """Write the empty workbook: guide, a sheet per record kind with notes, drop-downs and an example row.

    ``only`` keeps the sheets with these keys.
    """
    with _Writer(path) as writer:
        chosen = [sheet for sheet in sheets.sheets() if only is None or sheet.key in only]
        writer.guide(chosen)
        for sheet in chosen:
            writer.sheet(sheet, None)


def write_rows(
    path: Path | str | BytesIO,
    rows: Mapping[str, Sequence[Values]],
    reasons: Mapping[str, Sequence[str]] | None = None,
) -> None:
    """Write the template's layout filled with ``{sheet key: [{column key: text, number or date}]}``.

    ``reasons`` adds the column 错误原因, one text per row of a sheet; the importer ignores that column.
    """
    with _Writer(path) as writer:
        for sheet in sheets.sheets():
            if sheet.key in rows:
                writer.sheet(sheet, rows[sheet.key], (reasons or {}).get(sheet.key))


class _Writer:
    """One workbook that is being written; formulas are never written, only strings and numbers."""

    def __init__(self, path: Path | str | BytesIO) -> None:
        self.book = xlsxwriter.Workbook(path if isinstance(path, BytesIO) else str(path), workbook_options())
        self.book.set_properties({"title": "职家台账", "created": CREATED})
        form = self.book.add_format
        self.head = form({"bold": True, "bg_color": "#E6F4FF", "border": 1, "align": "center"})
        self.red = form({"bold": True, "color": "#CF1322"})
        self.black = form({"bold": True})
        self.red_text = form({"color": "#CF1322"})
        self.text = form({"num_format": TEXT_FORMAT})
        self.day = form({"num_format": "yyyy-mm-dd"})
        self.grey = form({"font_color": "#8C8C8C", "italic": True, "num_format": TEXT_FORMAT})
        self.big = form({"bold": True, "font_size": 16})
        self.wrap = form({"text_wrap": True, "valign": "top"})
        self.lists: list[list[str]] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_rest: object) -> None:
        if kind is None:
            self._write_lists()
        self.book.close()

    def guide(self, chosen: Sequence[Sheet]) -> None:
        """Write the first sheet: how to fill in the others."""
        page = self.book.add_worksheet(GUIDE_TITLE)
        page.set_column(0, 0, 16)
        page.set_column(1, 1, 96)
        page.write_string(0, 0, _("工会台账填写说明"), self.big)
        lines = (
            _("带红色 * 的列必填；把鼠标停在表头上可以看到说明。"),
            _("每张表第二行的灰色示例不会导入，可以保留，也可以删除；数据从下一行开始填。"),
            _("列的顺序可以调整，可以增加自己的列（导入时忽略）；请不要改表头的文字。"),
            _("不用的工作表留空即可。不要合并单元格，不要写合计行。"),
            _("身份证号、电话等列已设为文本格式，请从别处粘贴时选择“只粘贴数值”。"),
            _("日期写成 2025-03-05 或 2025年3月5日；金额单位为元；人数可以写 2000余、近3万。"),
            _("导入时有任何一行出错，全部不保存；按提示改正后重新上传即可，重复导入不会重复登记。"),
        )
        for number, line in enumerate(lines, 1):
            page.write_string(number + 1, 0, str(number))
            page.write_string(number + 1, 1, line, self.wrap)
        for number, sheet in enumerate(chosen, len(lines) + 4):
            page.write_url(number, 0, f"internal:'{sheet.title}'!A1", string=sheet.title)
            page.write_string(number, 1, str(sheet.note), self.wrap)

    def sheet(
        self, sheet: Sheet, rows: Sequence[Values] | None, reasons: Sequence[str] | None = None
    ) -> None:
        """Write one sheet: header, and either the example row (``rows`` None) or the rows."""
        page = self.book.add_worksheet(sheet.title)
        page.freeze_panes(1, 0)
        for number, column in enumerate(sheet.columns):
            page.set_column(number, number, column.width, self.text if column.kind in AS_TEXT else None)
            self._header(page, number, column)
            self._drop_down(page, number, column, len(rows or ()))
            if rows is None and column.example:
                page.write_string(1, number, column.example, self.grey)
        for line, values in enumerate(rows or (), 1):
            for number, column in enumerate(sheet.columns):
                self._cell(page, line, number, column, values.get(column.key))
        if reasons is not None:
            last = len(sheet.columns)
            page.set_column(last, last, 60)
            page.write_string(0, last, REASON_TITLE, self.head)
            for line, reason in enumerate(reasons, 1):
                page.write_string(line, last, reason, self.red_text)

    def _header(self, page: Any, number: int, column: Column) -> None:
        if column.required:
            page.write_rich_string(0, number, self.black, column.title, self.red, "*", self.head)
        else:
            page.write_string(0, number, column.title, self.head)
        notes = [_("必填。") if column.required else "", str(column.note), str(HINTS.get(column.kind, ""))]
        if column.unit is not None:
            notes.append(_("单位：%(unit)s。") % {"unit": column.unit.label})
        if note := "\n".join(part for part in notes if part):
            page.write_comment(0, number, note, {"x_scale": 1.6, "author": "职家"})

    def _drop_down(self, page: Any, number: int, column: Column, rows: int) -> None:
        labels = [str(label) for _code, label in column.options()]
        if column.kind is Kind.YESNO:
            labels = ["是", "否"]
        if not labels:
            return
        source: list[str] | str = labels
        if len(",".join(labels)) > LONGEST_LIST or any("," in label for label in labels):
            self.lists.append(labels)
            letters = column_letters(len(self.lists))
            source = f"='{OPTIONS_SHEET}'!${letters}$1:${letters}${len(labels)}"
        rule = {
            "validate": "list",
            "source": source,
            "error_type": "warning",
            "error_title": _("不在列表中"),
            "error_message": _("请从下拉列表中选择。"),
        }
        page.data_validation(1, number, max(VALIDATED_ROWS, rows), number, rule)

    def _cell(self, page: Any, line: int, number: int, column: Column, value: Any) -> None:
        if value is None or value == "":
            return
        if isinstance(value, date):
            page.write_datetime(line, number, value, self.day)
        elif isinstance(value, bool):
            page.write_string(line, number, "是" if value else "否")
        elif isinstance(value, int | float) and column.kind not in AS_TEXT:
            page.write_number(line, number, value)
        elif column.kind in (Kind.INTEGER, Kind.QUANTITY, Kind.YEAR) and WHOLE.fullmatch(str(value)):
            page.write_number(line, number, int(str(value).replace(",", "")))
        else:
            page.write_string(line, number, str(value), self.text if column.kind in AS_TEXT else None)

    def _write_lists(self) -> None:
        if not self.lists:
            return
        page = self.book.add_worksheet(OPTIONS_SHEET)
        for number, labels in enumerate(self.lists):
            page.write_column(0, number, labels)
        page.hide()
