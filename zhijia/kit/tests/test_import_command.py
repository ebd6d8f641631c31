"""The import as a command: all or nothing, exit codes, texts, and no number of a person anywhere."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from zhijia.kernel.actor import Actor, system
from zhijia.kernel.audit import record
from zhijia.kernel.command import Change, current
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused, refused
from zhijia.kit.books import importing
from zhijia.kit.books.reader import read_raw
from zhijia.kit.sheets import BookContext, Outcome, Row
from zhijia.kit.tests import toys
from zhijia.kit.tests.toys import EVENTS, HEAD, PEOPLE, identity_number, person, sheets_of, workbook

pytestmark = pytest.mark.django_db
EVENT_HEAD = ["活动名称", "举办日期"]


@pytest.fixture(autouse=True)
def _toys() -> Iterator[None]:
    with sheets_of(PEOPLE, EVENTS):
        yield


def run(path: Path, *options: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    try:
        call_command("import_book", str(path), *options, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, out.getvalue(), err.getvalue() + str(error)
    return 0, out.getvalue(), err.getvalue()


def test_it_imports_and_says_what_it_did(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"活动": [EVENT_HEAD, ["运动会", "2025-05-04"]], "会员": [HEAD, person(1), person(2)]},
    )
    code, out, err = run(path)
    assert code == 0
    assert "会员：2 行，新增 2，更新 0，不变 0" in out
    assert "全部已保存" in out
    assert "正在核对“会员”" in err
    assert [row.sheet for row in toys.LOADED] == ["toys.people", "toys.people", "toys.events"]
    assert AuditEvent.objects.get(action="books.import").rows == 3


def test_it_saves_nothing_when_any_row_fails_and_ends_with_two(tmp_path: Path) -> None:
    wrong = identity_number()[:-1] + ("0" if identity_number()[-1] != "0" else "1")
    rows = [HEAD, person(1), person(2, id=wrong), person(3, name="错误")]
    path = workbook(tmp_path / "a.xlsx", {"会员": rows})
    code, _out, err = run(path, "--failed", str(tmp_path / "f.xlsx"))
    assert code == 2
    assert (
        f"会员 第3行 “身份证号”：身份证号码的校验码不对，请核对有没有输错数字。（填的是：999***{wrong[-4:]}）"
        in err
    )
    assert "会员 第4行 “身份证号”：已有同号的会员。" in err
    assert "没有保存任何内容" in err
    for serial in (1, 2, 3):
        assert identity_number(serial)[:-1] not in err
    assert not AuditEvent.objects.exists()
    assert "改正后整份重新导入" in err
    assert len(read_raw(tmp_path / "f.xlsx")[0].rows) == 4


def test_it_answers_in_json(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person(1), person(2, joined="昨天")]})
    code, out, _err = run(path, "--json", "--dry-run")
    answer = json.loads(out)
    assert code == 2
    assert (answer["ok"], answer["dry_run"]) == (False, True)
    assert answer["sheets"] == [{"sheet": "会员", "rows": 2, "created": 1, "updated": 0, "unchanged": 0}]
    (error,) = answer["errors"]
    assert (error["sheet"], error["row"], error["column"], error["found"]) == ("会员", 3, "入会日期", "昨天")
    assert error["advice"]


def warning_load(_book: BookContext, rows: list[Row]) -> Outcome:
    """Remark the same on every row, and something else on the last."""
    outcome = Outcome(created=len(rows))
    for row in rows:
        outcome.warn(row, "id_number", "15位证件号码已换算为18位，请核对。")
    outcome.warn(rows[-1], "note", "请补填。")
    return outcome


@pytest.mark.parametrize(("people", "where"), [(3, "第2、3、4行"), (7, "第2、3、4、5、6行等7行")])
def test_it_says_the_same_advice_once_with_its_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, people: int, where: str
) -> None:
    monkeypatch.setattr(toys, "load", warning_load)
    rows = [person(serial, note="略") for serial in range(1, people + 1)]
    path = workbook(tmp_path / "a.xlsx", {"会员": [HEAD, *rows]})
    _code, out, _err = run(path, "--dry-run")
    assert [line for line in out.splitlines() if line.startswith("提示")] == [
        f"提示：会员 {where} “身份证号”：15位证件号码已换算为18位，请核对。",
        f"提示：会员 第{people + 1}行 “备注”：请补填。（填的是：略）",
    ]
    assert len(json.loads(run(path, "--dry-run", "--json")[1])["warnings"]) == people + 1


def test_it_keeps_nothing_of_a_dry_run(tmp_path: Path) -> None:
    code, out, _err = run(workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person()]}), "--dry-run")
    assert code == 0
    assert "未保存" in out
    assert not AuditEvent.objects.exists()


@pytest.mark.parametrize("name", ["missing.xlsx", "noise.xlsx"])
def test_it_refuses_a_bad_file_with_a_sentence(tmp_path: Path, name: str) -> None:
    (tmp_path / "noise.xlsx").write_bytes(b"\x00noise")
    code, out, err = run(tmp_path / name, "--json")
    assert code == 2
    assert json.loads(out)["errors"][0]["advice"] in err
    assert "Traceback" not in err


def test_it_takes_a_csv_by_order(tmp_path: Path) -> None:
    (tmp_path / "x.csv").write_text(",".join(HEAD) + "\n" + ",".join(map(str, person())), encoding="gb18030")
    assert run(tmp_path / "x.csv", "--sheet", "会员名册")[0] == 0
    code, _out, err = run(tmp_path / "x.csv", "--sheet", "没有")
    assert code == 2
    assert "可用：会员、活动" in err


def test_it_writes_the_template(tmp_path: Path) -> None:
    call_command("book_template", "--out", str(tmp_path / "new" / "t.xlsx"), stdout=io.StringIO())
    assert [raw.name for raw in read_raw(tmp_path / "new" / "t.xlsx")] == ["填写说明", "会员", "活动"]


def writing_load(_book: BookContext, rows: list[Row]) -> Outcome:
    """Leave a trace in the audit, as a loader's service does."""
    current().note(Change("toys.person", None, "create", {}, len(rows)))
    record(system("x"), "create", action="toys", model="toys")
    return Outcome(created=len(rows))


def test_it_undoes_what_loaders_wrote_when_a_later_sheet_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toys, "load", writing_load)
    good = {"会员": [HEAD, person()], "活动": [EVENT_HEAD, ["运动会", "2025-05-04"]]}
    bad = {**good, "活动": [EVENT_HEAD, ["运动会", "昨天"]]}
    assert run(workbook(tmp_path / "b.xlsx", bad))[0] == 2
    assert not AuditEvent.objects.exists()
    assert run(workbook(tmp_path / "a.xlsx", good))[0] == 0
    assert AuditEvent.objects.filter(action="toys").count() == 2


def test_it_turns_a_refusal_of_a_loader_into_an_error_of_the_sheet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def load(_book: BookContext, _rows: list[Row]) -> Outcome:
        raise Refused(refused("该期已结账。"))

    monkeypatch.setattr(toys, "load", load)
    code, _out, err = run(workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person()]}))
    assert code == 2
    assert "会员：该期已结账。" in err


def test_it_tells_later_loaders_which_names_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}

    def load(book: BookContext, rows: list[Row]) -> Outcome:
        seen.update(book.failed)
        seen["root"] = book.root
        return Outcome(created=len(rows))

    monkeypatch.setattr(toys, "load", load)
    rows = [HEAD, person(1), person(2, name="测 试 乙", joined="昨天")]
    run(workbook(tmp_path / "a.xlsx", {"会员": rows}), "--union", "DEMO")
    assert "测试乙" in seen["people"]
    assert seen["root"] == "DEMO"


def test_it_needs_the_right_to_import(tmp_path: Path) -> None:
    book = importing.read_book(workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person()]}))
    with pytest.raises(Refused):
        importing.book_import(actor=Actor("外人"), book=book)
    assert importing.book_import(actor=system("test"), book=book).ok
