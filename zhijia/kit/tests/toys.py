"""A toy sheet and ways to make table files, for the tests of the import."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import xlsxwriter

from zhijia.kernel.identity import id_check_digit
from zhijia.kernel.quantity import CountUnit
from zhijia.kit.sheets import BookContext, Column, Kind, Outcome, Row, Sheet

HERE = "zhijia.kit.tests.toys"
LOADED: list[Row] = []
"""What the toy loaders were given last."""


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Keep the rows; a person called 错误 is refused as a loader would."""
    outcome = Outcome()
    LOADED.extend(rows)
    for number, row in enumerate(rows, 1):
        if row.values["name"] == "错误":
            outcome.error(row, "id_number", "已有同号的会员。请核对。")
        else:
            outcome.created += 1
        book.progress(number, len(rows), "")
    return outcome


def kinds() -> tuple[tuple[str, str], ...]:
    """Return choices as an area's callable would."""
    return (("full", "全职"), ("dispatch", "劳务派遣"))


def identity_number(serial: int = 1, birth: str = "19900101") -> str:
    """Return a synthetic ID number of the fictional region 999001."""
    body = f"999001{birth}{serial:03d}"
    return body + id_check_digit(body)


PEOPLE = Sheet(
    key="toys.people",
    title="会员",
    load=f"{HERE}.load",
    aliases=("会员名册",),
    note="每人一行。",
    columns=(
        Column("name", "姓名", Kind.NAME, required=True, max_length=50, example="示例姓名"),
        Column(
            "id_number",
            "身份证号",
            Kind.ID_NUMBER,
            required=True,
            aliases=("证件号码", "公民身份号码"),
            example="999001199001010015",
        ),
        Column("joined", "入会日期", Kind.DATE, required=True, example="2025年3月5日"),
        Column("phone", "移动电话", Kind.PHONE),
        Column("kind", "用工形式", Kind.CHOICE, choices=f"{HERE}.kinds"),
        Column("base", "缴费基数(元)", Kind.MONEY),
        Column("migrant", "是否农民工", Kind.YESNO),
        Column("note", "备注", max_length=20),
    ),
)
EVENTS = Sheet(
    key="toys.events",
    title="活动",
    load=f"{HERE}.load",
    columns=(
        Column("name", "活动名称", required=True),
        Column("held", "举办日期", Kind.DATE, required=True),
        Column("heads", "参加人次", Kind.QUANTITY, unit=CountUnit.PERSON_TIME),
        Column("year", "年度", Kind.YEAR),
        Column("count", "场次", Kind.INTEGER),
        Column("code", "统一社会信用代码", Kind.USCC),
    ),
)
HEAD = ["姓名", "身份证号", "入会日期", "移动电话", "用工形式", "缴费基数", "是否农民工", "备注"]


def person(serial: int = 1, name: str = "测试甲", **changes: Any) -> list[Any]:
    """Return a good row under ``HEAD``."""
    row = {
        "name": name,
        "id": identity_number(serial),
        "joined": "2024-03-05",
        "phone": "13900000001",
        "kind": "全职",
        "base": 5000,
        "migrant": "否",
        "note": "",
    }
    return list((row | changes).values())


class _Book:
    """The registry as the sheets' module asks for it."""

    def __init__(self, sheets: tuple[Sheet, ...]) -> None:
        self.sheets = sheets

    def objects(self, store: str) -> tuple[Sheet, ...]:
        """Return the sheets."""
        assert store == "sheets"
        return self.sheets


@contextmanager
def sheets_of(*sheets: Sheet) -> Iterator[None]:
    """Let the importer know these sheets only."""
    LOADED.clear()
    with patch("zhijia.kit.sheets.registry", lambda: _Book(sheets)):
        yield


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[Any]]]) -> Path:
    """Write an .xlsx as a person would have made it."""
    book = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "default_date_format": "yyyy-mm-dd"})
    for name, rows in sheets.items():
        page = book.add_worksheet(name)
        for number, row in enumerate(rows):
            page.write_row(number, 0, row)
    book.close()
    return path


def repacked(source: Path, target: Path, change: dict[str, Any]) -> Path:
    """Copy a zip with some parts replaced (a callable gets the old bytes) or added."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            data = old.read(part)
            if part in change:
                data = change[part](data) if callable(change[part]) else change[part]
            new.writestr(part, data)
        for part, data in change.items():
            if part not in old.namelist():
                new.writestr(part, data)
    return target
