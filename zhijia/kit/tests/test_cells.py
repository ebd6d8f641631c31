"""Headers and cells: what clerks really type is understood, the rest is refused with place and advice."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity
from zhijia.kit.books import cells, importing, refusal
from zhijia.kit.books.parsing import ParsedBook, ParsedSheet
from zhijia.kit.books.refusal import BookRefusedError
from zhijia.kit.sheets import Column, Kind, masked, occurrence, row_key
from zhijia.kit.tests.toys import EVENTS, HEAD, PEOPLE, identity_number, person, sheets_of, workbook


@pytest.fixture(autouse=True)
def _toys() -> Iterator[None]:
    with sheets_of(PEOPLE, EVENTS):
        yield


def read(tmp_path: Path, rows: Sequence[Sequence[Any]], sheet: str = "会员", **kwargs: Any) -> ParsedSheet:
    return book(tmp_path, {sheet: rows}, **kwargs).sheets[0]


def book(tmp_path: Path, sheets: dict[str, Sequence[Sequence[Any]]], **kwargs: Any) -> ParsedBook:
    return importing.read_book(workbook(tmp_path / "a.xlsx", sheets), **kwargs)


def only_error(parsed: ParsedSheet) -> tuple[int, str, str, str]:
    assert len(parsed.errors) == 1, parsed.errors
    error = parsed.errors[0]
    return error.row, error.column, error.found, error.advice


def test_it_types_a_good_row(tmp_path: Path) -> None:
    parsed = read(tmp_path, [HEAD, person(note="乙")])
    assert not parsed.errors
    assert not parsed.warnings
    values = parsed.rows[0].values
    assert values["id_number"].number == identity_number()
    assert values["id_number"].birth == date(1990, 1, 1)
    assert values["joined"] == date(2024, 3, 5)
    assert (values["kind"], values["base"], values["migrant"], values["note"]) == (
        "full",
        500_000,
        False,
        "乙",
    )
    assert (parsed.rows[0].sheet, parsed.rows[0].number) == ("toys.people", 2)


def test_it_knows_headers_in_any_order_by_alias_below_titles_and_with_notes(tmp_path: Path) -> None:
    head = ["　入会 日期*", "证件号码（必填，文本）", "姓名：", "我的列", "缴费基数（元）"]
    row = ["2025年3月5日", identity_number(), "测试乙", "甲", "１２００.5"]
    parsed = read(tmp_path, [["某工会会员名册"], [], head, row], sheet="2.会员花名册")
    assert not parsed.errors
    assert parsed.rows[0].number == 4
    assert parsed.rows[0].values["base"] == 120_050
    assert "我的列" in parsed.warnings[0].advice


def test_it_names_a_missing_and_a_doubled_column(tmp_path: Path) -> None:
    parsed = read(tmp_path, [["姓名", "身份证号", "证件号码"], ["甲", identity_number(), identity_number()]])
    advice = [error.advice for error in parsed.errors if error.row == 1]
    assert any("“身份证号”出现两次（B列和C列）" in text for text in advice)
    assert any("缺少列“入会日期”；识别到：姓名、身份证号" in text for text in advice)


def test_it_says_when_there_is_no_header(tmp_path: Path) -> None:
    parsed = read(tmp_path, [["甲", "乙"], ["丙", "丁"]])
    assert "没有找到表头" in only_error(parsed)[3]


def test_it_obeys_a_mapping(tmp_path: Path) -> None:
    rows = [["人", "号", "哪天", "备注"], ["测试甲", identity_number(), "2024-01-02", "不要"]]
    columns = {"人": "name", "号": "id_number", "哪天": "joined", "备注": ""}
    mapping = {"Sheet9": {"sheet": "toys.people", "columns": columns}}
    parsed = read(tmp_path, rows, sheet="Sheet9", mapping=mapping)
    assert parsed.rows[0].values["joined"] == date(2024, 1, 2)
    assert parsed.rows[0].values["note"] is None


def test_it_knows_a_sheet_by_its_headers(tmp_path: Path) -> None:
    assert read(tmp_path, [HEAD, person()], sheet="Sheet1").sheet is PEOPLE


def test_it_says_which_sheets_it_ignored_and_which_are_twice(tmp_path: Path) -> None:
    parsed = book(tmp_path, {"会员": [HEAD, person()], "随笔": [["a"]], "填写说明": [["x"]]})
    assert [warning.sheet for warning in parsed.warnings] == ["随笔"]
    with pytest.raises(BookRefusedError, match="都被识别为“会员”"):
        book(tmp_path, {"会员": [HEAD, person()], "会员名册": [HEAD, person()]})


def test_it_refuses_a_book_without_rows(tmp_path: Path) -> None:
    with pytest.raises(BookRefusedError, match="没有数据行"):
        book(tmp_path, {"会员": [HEAD]})
    with pytest.raises(BookRefusedError, match="没有认出任何工作表"):
        book(tmp_path, {"随笔": [["a"]]})


WRONG = identity_number()[:-1] + ("0" if identity_number()[-1] != "0" else "1")


@pytest.mark.parametrize(
    ("column", "cell", "found", "advice"),
    [
        (1, WRONG, f"999***{WRONG[-4:]}", "校验码"),
        (1, 110101199001011234, "110***1200", "末位已丢失"),
        (1, "1.10101E+17", "1.1***E+17", "末位已丢失"),
        (1, "999001199002300013", "999***0013", "出生日期不存在"),
        (1, "999001209901010018", "999***0018", "晚于今天"),
        (1, "H12345678", "H***78", "证件类型"),
        (1, "", "", "必填"),
        (2, "2024/2/30", "2024/2/30", "不存在"),
        (2, 45000, "45000", "2023年3月15日"),
        (2, "民国113年1月1日", "民国113年1月1日", "民国"),
        (2, "24-3-5", "24-3-5", "四位"),
        (3, "12345", "1***45", "11位"),
        (4, "临时", "临时", "可填：全职、劳务派遣"),
        (5, -1, "-1", "金额应为 0.01–1亿 元"),
        (5, 1e9, "1000000000", "金额应为"),
        (5, "0.001", "0.001", "金额应为"),
        (5, "壹佰", "壹佰", "金额应为"),
        (6, "可能", "可能", "“是”或“否”"),
        (7, "字" * 21, "字" * 21, "超过 20 个字"),
        (0, "张\u200b三", "张‹U+200B›三", "不可见字符"),
        (0, "\u202e张三", "‹U+202E›张三", "不可见字符"),
    ],
)
def test_it_refuses_a_bad_cell(tmp_path: Path, column: int, cell: object, found: str, advice: str) -> None:
    row = person()
    row[column] = cell
    parsed = read(tmp_path, [HEAD, person(2), row])
    at, title, shown, said = only_error(parsed)
    assert (at, title, shown) == (3, HEAD[column] if column != 5 else "缴费基数(元)", found)
    assert advice in said
    assert len(parsed.rows) == 1
    assert len(parsed.failed) == 1


@pytest.mark.parametrize(
    ("column", "cell", "key", "value"),
    [
        (5, "１，２００元", "base", 120_000),
        (5, "2.5万", "base", 2_500_000),
        (5, "/", "base", None),
        (2, "2025年3月5日", "joined", date(2025, 3, 5)),
        (2, 20250305, "joined", date(2025, 3, 5)),
        (2, date(2025, 3, 5), "joined", date(2025, 3, 5)),
        (3, 13900000002, "phone", "13900000002"),
        (4, "dispatch", "kind", "dispatch"),
        (6, "√", "migrant", True),
        (6, True, "migrant", True),
        (7, "第一行\n张三 李四（Ａ１）", "note", "第一行 张三 李四（A1）"),
        (0, "阿依古丽•买买提", "name", "阿依古丽·买买提"),
        (0, "张　三", "name", "张三"),
        (0, "㛃𠮷", "name", "㛃𠮷"),
    ],
)
def test_it_understands_what_clerks_type(
    tmp_path: Path, column: int, cell: object, key: str, value: object
) -> None:
    row = person()
    row[column] = cell
    parsed = read(tmp_path, [HEAD, row])
    assert not parsed.errors
    assert parsed.rows[0].values[key] == value


def test_it_converts_an_old_id_number_and_says_so(tmp_path: Path) -> None:
    parsed = read(tmp_path, [HEAD, person(id="999001900101001")])
    assert parsed.rows[0].values["id_number"].number == identity_number(1)
    assert "15位" in parsed.warnings[0].advice
    assert "900101" not in parsed.warnings[0].found


def test_it_keeps_a_formula_as_text_and_warns(tmp_path: Path) -> None:
    parsed = read(tmp_path, [HEAD, person(name='=HYPERLINK("x")')])
    assert parsed.rows[0].values["name"] == '=HYPERLINK("x")'
    assert "按文本保存" in parsed.warnings[0].advice


def test_it_reads_counts_years_and_codes(tmp_path: Path) -> None:
    head = ["活动名称", "举办日期", "参加人次", "年度", "场次", "统一社会信用代码"]
    parsed = read(tmp_path, [head, ["运动会", "2025-05-04", "2000余", "2025年", "1,200", ""]], sheet="活动")
    values = parsed.rows[0].values
    assert values["heads"] == Quantity(2000, CountUnit.PERSON_TIME, Qualifier.AT_LEAST)
    assert (values["year"], values["count"]) == (2025, 1200)
    bad = [head, ["运动会", "2025-05-04", "30人", "25", "1.5", "91999001MA0000000X"]]
    errors = read(tmp_path, bad, sheet="活动").errors
    assert [error.column for error in errors] == ["参加人次", "年度", "场次", "统一社会信用代码"]
    assert errors[3].found == "91999001MA0000000X"


def test_it_flags_a_total_row_once(tmp_path: Path) -> None:
    parsed = read(tmp_path, [HEAD, person(), ["合 计：", "", "", "", "", 5000, "", ""]])
    row, column, _found, advice = only_error(parsed)
    assert (row, column) == (3, "姓名")
    assert "疑似合计行" in advice


def test_it_skips_blank_rows_and_keeps_row_numbers(tmp_path: Path) -> None:
    parsed = read(tmp_path, [HEAD, [], person(), ["  "], person(2)])
    assert [row.number for row in parsed.rows] == [3, 5]


def test_it_reads_hidden_rows_but_says_so_and_explains_merged_cells(tmp_path: Path) -> None:
    made = xlsxwriter.Workbook(str(tmp_path / "m.xlsx"))
    page = made.add_worksheet("会员")
    for number, row in enumerate([HEAD, person(1), person(2), person(3)]):
        page.write_row(number, 0, row)
    bold = made.add_format({"bold": True})
    page.merge_range(1, 2, 2, 2, "2024-01-01", bold)
    page.merge_range(1, 7, 3, 7, "同上", bold)
    page.set_row(3, None, None, {"hidden": True})
    made.close()
    parsed = importing.read_book(tmp_path / "m.xlsx").sheets[0]
    row, column, _found, advice = only_error(parsed)
    assert (row, column) == (3, "入会日期")
    assert "合并" in advice
    assert [warning.row for warning in parsed.warnings if "合并" in warning.advice] == [3]
    assert [warning.row for warning in parsed.warnings if "第4行是隐藏行" in warning.advice] == [4]


def test_it_finds_formulas_without_a_result(tmp_path: Path) -> None:
    made = xlsxwriter.Workbook(str(tmp_path / "m.xlsx"))
    page = made.add_worksheet("会员")
    page.write_row(0, 0, HEAD)
    page.write_row(1, 0, person())
    page.write_formula(1, 5, "=1000*5", None, "")
    made.close()
    parsed = importing.read_book(tmp_path / "m.xlsx").sheets[0]
    assert "公式没有计算结果" in only_error(parsed)[3]


def test_it_knows_what_a_csv_holds_by_name_headers_or_order(tmp_path: Path) -> None:
    text = "\n".join([",".join(HEAD), ",".join(str(cell) for cell in person())])
    for name, kwargs in (("会员.csv", {}), ("x.csv", {}), ("y.csv", {"sheet": "toys.people"})):
        (tmp_path / name).write_text(text, encoding="gb18030")
        assert len(importing.read_book(tmp_path / name, **kwargs).sheets[0].rows) == 1


def test_it_refuses_more_rows_than_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("zhijia.kit.books.parsing.MAX_ROWS", 3)
    assert refusal.MAX_ROWS == 50_000
    with pytest.raises(BookRefusedError, match="超出上限"):
        read(tmp_path, [HEAD, *(person(serial) for serial in range(1, 6))])


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("13900000001", Kind.PHONE, "139***0001"),
        ("电话13900000001", Kind.TEXT, "电话139***0001"),
        ("卡号 6222 0000 0000 0000 123", Kind.TEXT, "卡号 622***0123"),
        ("１３９０００００００１", Kind.TEXT, "139***0001"),
        ("2024-03-05", Kind.DATE, "2024-03-05"),
        ("12", Kind.ID_NUMBER, "***"),
    ],
)
def test_it_masks_numbers_of_persons_wherever_they_stand(text: str, kind: Kind, shown: str) -> None:
    assert masked(text, kind) == shown


def test_it_makes_stable_keys_and_tells_equal_rows_apart() -> None:
    assert row_key("Ａ 校", date(2025, 1, 2), None) == row_key("a校", "2025-01-02", "")
    assert row_key("甲", "乙") != row_key("甲乙", "")
    assert row_key("甲", 1) == row_key("甲", "1")
    assert occurrence(["a", "b", "a", "a"]) == ["a", "b", "a#2", "a#3"]


@pytest.mark.parametrize("text", ["3", "第3届", "第三届", "三", "三届"])
def test_it_reads_the_number_of_a_term_as_people_write_it(text: str) -> None:
    read_cell = cells.parser(Column("term_no", "届次", Kind.INTEGER))
    assert read_cell(text, lambda _warning: None) == 3


def test_it_refuses_a_text_that_is_no_number() -> None:
    with pytest.raises(cells.CellError, match="整数"):
        cells.parser(Column("term_no", "届次", Kind.INTEGER))("第本届", lambda _warning: None)
