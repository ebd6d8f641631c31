"""The gate: what is no table, too big, or not allowed is refused before anything parses it."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from zhijia.kit.books import gate, refusal
from zhijia.kit.books.reader import read_raw
from zhijia.kit.books.refusal import BookRefusedError
from zhijia.kit.tests.toys import HEAD, person, repacked, workbook

SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    return workbook(tmp_path / "good.xlsx", {"会员": [HEAD, person()]})


def refused(path: Path, name: str = "") -> str:
    with pytest.raises(BookRefusedError) as caught:
        read_raw(path, name)
    return str(caught.value)


def test_it_passes_an_honest_workbook(good: Path) -> None:
    assert gate.check(good).type is gate.FileType.XLSX


def test_it_refuses_an_empty_file(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(b"")
    assert "没有数据行" in refused(tmp_path / "a.xlsx")


def test_it_refuses_a_file_over_the_size(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gate, "MAX_FILE", 1 << 10)
    assert "请拆分" in refused(good)


@pytest.mark.parametrize("name", ["a.doc", "a.xlsb", "a", "a.xlsx.exe"])
def test_it_refuses_other_endings(good: Path, name: str) -> None:
    assert ".xlsx" in refused(good, name)


def test_it_refuses_a_web_page_called_xls(tmp_path: Path) -> None:
    (tmp_path / "a.xls").write_text(
        "\ufeff <html><table><tr><td>姓名</td></tr></table></html>", encoding="utf-8"
    )
    assert "网页" in refused(tmp_path / "a.xls")


def test_it_refuses_a_text_called_xlsx(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("姓名,身份证号\n", encoding="utf-8")
    assert "内容不是 xlsx" in refused(tmp_path / "a.xlsx")


def test_it_refuses_an_old_xls_called_xlsx(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(gate.OLE + b"\0" * 600 + "Workbook".encode("utf-16-le") + b"\0" * 600)
    assert "内容不是 xlsx" in refused(tmp_path / "a.xlsx")


def test_it_asks_for_the_password_to_be_removed(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(
        gate.OLE + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )
    assert "取消密码" in refused(tmp_path / "a.xlsx")


def test_it_refuses_a_word_file_and_noise(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as book:
        book.writestr("word/document.xml", "<w/>")
    assert "不是 Excel" in refused(tmp_path / "a.xlsx")
    (tmp_path / "b.xlsx").write_bytes(b"\x00\x01\x02noise" * 100)
    assert "内容不是" in refused(tmp_path / "b.xlsx")


def test_it_refuses_a_broken_zip(good: Path, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(good.read_bytes()[:-200])
    assert "损坏" in refused(tmp_path / "a.xlsx")


@pytest.mark.parametrize("cut", range(5, 95, 10))
def test_it_refuses_every_mutilated_workbook_with_a_sentence(good: Path, tmp_path: Path, cut: int) -> None:
    data = bytearray(good.read_bytes())
    place = len(data) * cut // 100
    data[place : place + 40] = bytes(40)
    (tmp_path / "a.xlsx").write_bytes(data)
    try:
        read_raw(tmp_path / "a.xlsx")
    except BookRefusedError as error:
        assert str(error).endswith("。")  # noqa: PT017 - a cut in a part nobody reads may pass


def test_it_refuses_a_bomb_by_the_unzipped_sum(good: Path, tmp_path: Path) -> None:
    bomb = repacked(good, tmp_path / "a.xlsx", {"xl/media/big.xml": b" " * (refusal.MAX_UNZIPPED // 8)})
    assert bomb.stat().st_size < 1 << 20
    assert "解压后过大" in refused(bomb)


@pytest.mark.parametrize("part", [SHEET, "xl/workbook.xml", "docProps/app.xml"])
def test_it_refuses_entities_in_any_part(good: Path, tmp_path: Path, part: str) -> None:
    def with_entity(data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        return head + mark + b'<!DOCTYPE x [<!ENTITY a "b">]>' + rest

    assert "XML 实体" in refused(repacked(good, tmp_path / "a.xlsx", {part: with_entity}))


def test_it_refuses_links_to_other_files(good: Path, tmp_path: Path) -> None:
    linked = repacked(good, tmp_path / "a.xlsx", {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    assert "链接到其他文件" in refused(linked)


def test_it_takes_macros_for_what_they_are_not_run(good: Path, tmp_path: Path) -> None:
    path = repacked(good, tmp_path / "a.xlsm", {"xl/vbaProject.bin": b"macro"})
    assert read_raw(path)[0].rows[1][0] == "测试甲"


@pytest.mark.parametrize("cell", ["XFD1048576", "A1048576", "ZZ3", "HA2"])
def test_it_refuses_a_cell_far_away_and_names_it(good: Path, tmp_path: Path, cell: str) -> None:
    row = cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    far = f'<row r="{row}"><c r="{cell}"><v>1</v></c></row></sheetData>'.encode()
    bomb = repacked(good, tmp_path / "a.xlsx", {SHEET: lambda data: data.replace(b"</sheetData>", far)})
    assert bomb.stat().st_size < 10_000
    message = refused(bomb)
    assert cell in message
    assert "会员" in message


def test_it_finds_a_far_cell_whatever_its_prefix_and_quotes(good: Path, tmp_path: Path) -> None:
    def change(data: bytes) -> bytes:
        return data.replace(
            b"</sheetData>", b"<row><c s='0' r='A1048576' t='n'>\n<v>1</v></c></row></sheetData>"
        )

    assert "A1048576" in refused(repacked(good, tmp_path / "a.xlsx", {SHEET: change}))


def test_it_does_not_mind_formatted_blanks_far_away(good: Path, tmp_path: Path) -> None:
    blank = b'<row r="1048576"><c r="XFD1048576" s="1"/></row></sheetData>'
    path = repacked(good, tmp_path / "a.xlsx", {SHEET: lambda data: data.replace(b"</sheetData>", blank)})
    assert len(read_raw(path)[0].rows) == 2


def test_it_counts_the_rows_beyond_the_limit(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"会员": [["姓名"], *[["甲"]] * (refusal.MAX_ROWS + 200)]})
    assert "超出上限" in refused(path)
    assert "请拆分" in refused(path)


def test_it_survives_a_child_that_dies(good: Path, tmp_path: Path) -> None:
    # A sheet under another ending is not scanned; its far cell makes the parser ask for terabytes.
    def relate(data: bytes) -> bytes:
        return data.replace(b"worksheets/sheet1.xml", b"worksheets/sheet1.bin")

    with zipfile.ZipFile(good) as book:
        sheet = book.read(SHEET)
    far = sheet.replace(b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>')
    path = repacked(
        good, tmp_path / "a.xlsx", {"xl/_rels/workbook.xml.rels": relate, "xl/worksheets/sheet1.bin": far}
    )
    message = refused(path)
    assert "无法" in message
