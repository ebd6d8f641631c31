import io
import re
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from zhijia.kit import exports
from zhijia.kit.exports import CellKind, ExportColumn, export_response, safe_filename, write_xlsx

COLUMNS = [
    ExportColumn("姓名"),
    ExportColumn("证件号", CellKind.TEXT),
    ExportColumn("金额", CellKind.MONEY),
    ExportColumn("日期"),
    ExportColumn("数"),
]
LOCAL = datetime(2026, 3, 5, 2, 5)  # noqa: DTZ001 - a sheet knows no time zones


def written(rows, columns=COLUMNS):
    file = io.BytesIO()
    count = write_xlsx(file, title="名册", columns=columns, rows=rows, watermark="导出人：甲")
    file.seek(0)
    return count, file


def read(file):
    return CalamineWorkbook.from_filelike(file).get_sheet_by_index(0).to_python()


def test_it_writes_title_watermark_header_and_typed_cells():
    count, file = written([["张某", "999001199801010018", 123450, date(2026, 3, 5), 12]])
    lines = read(file)
    assert count == 1
    assert lines[0][0] == "名册"
    assert lines[1][0] == "导出人：甲"
    assert lines[2] == ["姓名", "证件号", "金额", "日期", "数"]
    assert lines[3] == ["张某", "999001199801010018", 1234.5, date(2026, 3, 5), 12]


def test_it_never_writes_a_formula_or_a_link():
    _, file = written([["=1+1", "+A1", None, "@SUM(A1)", "http://example.invalid"]])
    sheet = zipfile.ZipFile(file).read("xl/worksheets/sheet1.xml").decode()
    file.seek(0)
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet
    assert read(file)[3] == ["=1+1", "+A1", "", "@SUM(A1)", "http://example.invalid"]


def test_it_leaves_missing_cells_empty_and_keeps_zeros():
    _, file = written([["甲", None, None, None, 0], ["乙", None, 0, None, None]])
    lines = read(file)
    assert lines[3] == ["甲", "", "", "", 0]
    assert lines[4] == ["乙", "", 0, "", ""]


def test_it_keeps_long_numbers_whole_and_moments_local():
    _, file = written(
        [
            [True, 12, None, datetime(2026, 3, 4, 18, 5, tzinfo=UTC), 10**17 + 1],
            [Decimal("1.5"), 1, 5, None, False],
        ]
    )
    lines = read(file)
    assert lines[3] == ["是", "12", "", LOCAL, str(10**17 + 1)]
    assert lines[4] == [1.5, "1", 0.05, "", "否"]


def test_it_refuses_a_row_of_another_width():
    with pytest.raises(ValueError, match="zip"):
        written([["甲"]])


def test_it_refuses_more_rows_than_a_sheet_holds(monkeypatch):
    monkeypatch.setattr(exports, "MOST_ROWS", 2)
    with pytest.raises(ValueError, match="先缩小范围"):
        written([[1], [2], [3]], [ExportColumn("数")])


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("会员 名册", "会员 名册.xlsx"),
        ("../../etc/pass", "etc_pass.xlsx"),
        ('a<b>:"c"', "a_b_c.xlsx"),
        ("", "export.xlsx"),
    ],
)
def test_it_makes_names_that_windows_takes(name, safe):
    made = safe_filename(name)
    assert made == safe
    assert not re.search(r'[<>:"/\\|?*]', made)


def test_it_shortens_a_long_name():
    assert len(safe_filename("工" * 300)) == 85


def test_it_sends_the_workbook_as_a_download():
    response = export_response(title="名册", columns=[ExportColumn("数")], rows=[[1]], watermark="甲")
    assert response["Content-Type"] == exports.XLSX
    assert response["Content-Disposition"].startswith("attachment;")
    assert response["Cache-Control"] == "no-store"
    assert read(io.BytesIO(b"".join(response)))[3] == [1]
    response.file_to_stream.close()
