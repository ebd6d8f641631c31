"""The template: what it writes, the importer reads back, and its example row is not data."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from zhijia.kit.books import importing
from zhijia.kit.books.failed import write_failed
from zhijia.kit.books.reader import read_raw
from zhijia.kit.books.refusal import BookRefusedError
from zhijia.kit.books.template import OPTIONS_SHEET, write_rows, write_template
from zhijia.kit.sheets import Column, Kind
from zhijia.kit.tests.toys import EVENTS, HEAD, PEOPLE, identity_number, person, sheets_of, workbook


@pytest.fixture(autouse=True)
def _toys() -> Iterator[None]:
    with sheets_of(PEOPLE, EVENTS):
        yield


def part(path: Path, name: str) -> str:
    with zipfile.ZipFile(path) as book:
        return book.read(name).decode()


def test_it_writes_a_guide_and_every_sheet_whose_example_is_no_data(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx")
    raws = read_raw(tmp_path / "t.xlsx")
    assert [raw.name for raw in raws] == ["填写说明", "会员", "活动"]
    assert raws[1].rows[0][:3] == ["姓名*", "身份证号*", "入会日期*"]
    assert raws[1].rows[1][0] == "示例姓名"
    with pytest.raises(BookRefusedError, match="没有数据行"):
        importing.read_book(tmp_path / "t.xlsx")


def test_it_sets_text_columns_notes_and_drop_downs(tmp_path: Path) -> None:
    write_template(tmp_path / "t.xlsx", ["toys.people"])
    sheet = part(tmp_path / "t.xlsx", "xl/worksheets/sheet2.xml")
    assert 'sqref="E2:E2001"' in sheet
    assert "全职,劳务派遣" in sheet
    assert "18位；整列已设为文本。" in part(tmp_path / "t.xlsx", "xl/comments1.xml")
    assert 'numFmtId="49"' in part(tmp_path / "t.xlsx", "xl/styles.xml")


def test_it_keeps_long_lists_on_a_hidden_sheet(tmp_path: Path) -> None:
    many = tuple((str(number), f"很长的选项名称第{number}种") for number in range(60))
    sheet = replace(PEOPLE, columns=(*PEOPLE.columns, Column("long", "类别", Kind.CHOICE, choices=many)))
    with sheets_of(sheet):
        write_template(tmp_path / "t.xlsx")
        raws = {raw.name: raw for raw in read_raw(tmp_path / "t.xlsx")}
    assert not raws[OPTIONS_SHEET].visible
    assert len(raws[OPTIONS_SHEET].rows) == 60


def test_it_reads_back_what_it_wrote_byte_for_byte_alike(tmp_path: Path) -> None:
    rows = {
        "toys.people": [
            {
                "name": "=甲",
                "id_number": identity_number(),
                "joined": date(2025, 3, 5),
                "base": 1200.5,
                "migrant": True,
                "kind": "劳务派遣",
            }
        ],
        "toys.events": [{"name": "运动会", "held": "2025-05-04", "heads": "2000余", "count": "12"}],
    }
    write_rows(tmp_path / "a.xlsx", rows)
    write_rows(tmp_path / "b.xlsx", rows)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()
    people, events = importing.read_book(tmp_path / "a.xlsx").sheets
    assert not people.errors + events.errors
    assert people.rows[0].values["name"] == "=甲"
    assert people.rows[0].values["base"] == 120_050
    assert people.rows[0].values["kind"] == "dispatch"
    assert events.rows[0].values["count"] == 12
    assert "<f>" not in part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml")


def test_it_gives_the_whole_book_back_with_reasons_and_takes_it_again(tmp_path: Path) -> None:
    rows = [HEAD, person(1), person(2, joined="2024/2/30", base=-5), person(3, name="")]
    book = importing.read_book(workbook(tmp_path / "a.xlsx", {"会员": rows}))
    assert write_failed(tmp_path / "f.xlsx", book, book.sheets[0].errors) == 2
    (raw,) = read_raw(tmp_path / "f.xlsx")
    assert raw.rows[0][-1] == "错误原因"
    assert [row[1] for row in raw.rows[1:]] == [identity_number(number) for number in (1, 2, 3)]
    assert len(raw.rows[1]) < len(raw.rows[0])  # the good row has no reason
    assert "入会日期" in raw.rows[2][-1]
    assert "缴费基数" in raw.rows[2][-1]
    again = importing.read_book(tmp_path / "f.xlsx").sheets[0]
    assert [error.row for error in again.errors] == [3, 3, 4]
    assert not again.warnings
