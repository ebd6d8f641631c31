"""Reading: real cells from workbooks and CSV files, with every name whole."""

from __future__ import annotations

import struct
import zipfile
from datetime import date, datetime
from pathlib import Path

import pytest
import xlsxwriter

from zhijia.kit.books import gate
from zhijia.kit.books.reader import read_raw
from zhijia.kit.books.refusal import BookRefusedError
from zhijia.kit.tests.toys import workbook

RARE = "㛃𠮷䶮"
MOMENT = datetime(2025, 3, 5, 8, 30)  # noqa: DTZ001 - a cell has no zone


def csv_rows(tmp_path: Path, data: bytes) -> list[list[object]]:
    (tmp_path / "会员.csv").write_bytes(data)
    (sheet,) = read_raw(tmp_path / "会员.csv")
    assert sheet.name == "会员"
    return [list(row) for row in sheet.rows]


def test_it_keeps_types_and_excel_row_numbers(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    page = book.add_worksheet("会员")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    page.write_string(2, 1, RARE)
    page.write_datetime(3, 1, date(2025, 3, 5), day)
    page.write_datetime(3, 2, MOMENT, book.add_format({"num_format": "yyyy-mm-dd hh:mm"}))
    page.write_number(3, 3, 1.5)
    page.write_boolean(3, 4, True)
    page.merge_range(5, 1, 6, 2, "合")
    page.set_row(3, None, None, {"hidden": True})
    page.write_formula(8, 1, "=A1", None, "")
    page.write_string(8, 2, "x")
    book.close()
    (sheet,) = read_raw(tmp_path / "a.xlsx")
    assert sheet.rows[2] == ["", RARE]
    assert sheet.rows[3] == ["", date(2025, 3, 5), MOMENT, 1.5, True]
    assert sheet.merged == [((5, 1), (6, 2))]
    assert sheet.notes.hidden == (4,)
    assert sheet.notes.dead == {"B9"}


def test_it_knows_hidden_sheets(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("会员")
    book.add_worksheet("_选项").hide()
    book.close()
    assert [sheet.visible for sheet in read_raw(tmp_path / "a.xlsx")] == [True, False]


def test_it_reads_only_the_head_when_asked(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"会员": [["姓名"], *[["甲"]] * 100]})
    assert len(read_raw(path, head=5)[0].rows) == 5


def test_it_reads_an_ods_and_refuses_an_ods_bomb(tmp_path: Path) -> None:
    def ods(path: Path, rows: str) -> Path:
        spaces = (
            'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
            'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
            'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        )
        with zipfile.ZipFile(path, "w") as book:
            book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
            book.writestr("META-INF/manifest.xml", "<manifest/>")
            book.writestr(
                "content.xml",
                f"<office:document-content {spaces}><office:body><office:spreadsheet>"
                f'<table:table table:name="会员">{rows}</table:table>'
                "</office:spreadsheet></office:body></office:document-content>",
            )
        return path

    cell = '<table:table-cell {} office:value-type="string"><text:p>姓名</text:p></table:table-cell>'
    good = ods(tmp_path / "a.ods", f"<table:table-row>{cell.format('')}</table:table-row>")
    assert read_raw(good)[0].rows == [["姓名"]]
    wide = cell.format('table:number-columns-repeated="1000"')
    bomb = f'<table:table-row table:number-rows-repeated="1000000">{wide}</table:table-row>'
    with pytest.raises(BookRefusedError):
        read_raw(ods(tmp_path / "b.ods", bomb))


def old_xls(path: Path, rows: list[list[str | float]]) -> Path:
    """Write the smallest .xls there is: one sheet in a compound file of 512-byte sectors."""

    def record(kind: int, data: bytes) -> bytes:
        return struct.pack("<HH", kind, len(data)) + data

    def start(kind: int) -> bytes:
        return record(0x0809, struct.pack("<HHHHII", 0x0600, kind, 0, 0, 0, 6))

    def cell(row: int, place: int, value: str | float) -> bytes:
        at = struct.pack("<HHH", row, place, 0)
        if isinstance(value, str):
            return record(
                0x0204,
                at + struct.pack("<HB", len(value.encode("utf-16-le")) // 2, 1) + value.encode("utf-16-le"),
            )
        return record(0x0203, at + struct.pack("<d", value))

    name = "会员"
    end = record(0x000A, b"")
    length = len(start(5)) + 4 + 8 + 2 * len(name) + len(end)
    about = struct.pack("<IBBBB", length, 0, 0, len(name), 1) + name.encode("utf-16-le")
    cells = b"".join(cell(y, x, value) for y, row in enumerate(rows) for x, value in enumerate(row))
    stream = start(5) + record(0x0085, about) + end + start(0x10) + cells + end
    stream = stream.ljust(8 * 512, b"\0")

    def entry(title: str, kind: int, child: int, first: int, size: int) -> bytes:
        text = title.encode("utf-16-le")
        head = text.ljust(64, b"\0") + struct.pack("<HBBIII", len(text) + 2, kind, 1, FREE, FREE, child)
        return head + bytes(36) + struct.pack("<IQ", first, size)

    chain = [0xFFFFFFFD, 0xFFFFFFFE, *range(3, 10), 0xFFFFFFFE]
    table = struct.pack("<128I", *chain, *[FREE] * (128 - len(chain)))
    folder = (
        entry("Root Entry", 5, 1, 0xFFFFFFFE, 0) + entry("Workbook", 2, FREE, 2, len(stream)) + bytes(256)
    )
    head = gate.OLE + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    head += struct.pack("<9I", 0, 1, 1, 0, 4096, 0xFFFFFFFE, 0, 0xFFFFFFFE, 0)
    head += struct.pack("<109I", 0, *[FREE] * 108)
    path.write_bytes(head + table + folder + stream)
    return path


FREE = 0xFFFFFFFF


def test_it_reads_an_old_xls(tmp_path: Path) -> None:
    (sheet,) = read_raw(old_xls(tmp_path / "a.xls", [["姓名", "金额"], [RARE, 1.5]]))
    assert sheet.name == "会员"
    assert sheet.rows == [["姓名", "金额"], [RARE, 1.5]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_it_reads_rare_names_in_every_encoding_of_excel(tmp_path: Path, encoding: str) -> None:
    rows = csv_rows(tmp_path, f"姓名,备注\r\n{RARE},甲\r\n".encode(encoding))
    assert rows == [["姓名", "备注"], [RARE, "甲"]]


@pytest.mark.parametrize(
    "data",
    [
        "姓名\n甲乙\n".encode() + "丙丁".encode("gb18030") + b"\n",
        "姓名\n甲乙\n".encode("gb18030") + "丙丁戊".encode() + b"\n",
        "姓名\n甲乙\n".encode() + b"\xff\xff\n",
    ],
)
def test_it_names_the_line_that_cannot_be_decoded(tmp_path: Path, data: bytes) -> None:
    with pytest.raises(BookRefusedError, match="无法识别编码，第3行"):
        csv_rows(tmp_path, data)


def test_it_reads_tabs_and_quoted_line_ends(tmp_path: Path) -> None:
    assert csv_rows(tmp_path, '姓名\t备注\n甲\t"一\n二"\n'.encode())[1] == ["甲", "一\n二"]


def test_it_refuses_a_csv_with_a_monstrous_cell(tmp_path: Path) -> None:
    with pytest.raises(BookRefusedError, match="第2行"):
        csv_rows(tmp_path, b"a,b\n" + b"x" * 40_000 + b",1\n")
