"""An officer's way: a workbook with two bad rows → mended → imported → figure → rows → summary → Word."""

from __future__ import annotations

import re
from datetime import date

import pytest

from tests.journeys.conftest import fits
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.kit.books.template import write_rows
from zhijia.summaries.docx.read import anchors, plain_text

pytestmark = pytest.mark.browser

YEAR = date.today().year - 1  # noqa: DTZ011 - the year before the machine's own, as the pages offer it
NAMES = ["赵一", "钱二", "孙三"]


def workbook(path, school, numbers, occasion):
    """Write the ledgers of a new school; each viewport brings a school of its own."""
    members = [
        {"name": name, "id_number": number, "union": school, "starts_on": f"{YEAR}-03-01"}
        for name, number in zip(NAMES, numbers, strict=True)
    ]
    relief = {
        "union": school,
        "occasion": occasion,
        "given_on": f"{YEAR}-01-20",
        "kind": "个人",
        "beneficiary": "困难教职工",
        "people": "61",
        "amount": "25000",
        "fund": "会费",
    }
    union = {
        "code": school,
        "name": f"{school}小学工会",
        "parent": "J1",
        "level": "基层工会",
        "sector": "教育",
    }
    rows = {"organisations.unions": [union], "members.membership": members, "aid.relief": [relief]}
    write_rows(path, {sheet_key(key): value for key, value in rows.items()})
    return path


def sheet_key(name):
    """Return the sheet's own key for 'area.sheet'."""
    from zhijia.kit import sheets

    titles = {"organisations.unions": "工会", "members.membership": "会员", "aid.relief": "慰问救助"}
    return next(sheet.key for sheet in sheets.sheets() if sheet.title == titles[name])


def upload(page, path):
    """Upload a workbook and settle its columns; ends on the page of the preview."""
    page.goto("/books/")
    page.set_input_files("input[type=file]", str(path))
    page.click("form.kit-form button[type=submit]")
    page.wait_for_url("**/books/files/**")
    assert fits(page)
    page.click("form.kit-form button[type=submit]")
    page.wait_for_url("**/books/jobs/**")


def school_of(page):
    return f"J{page.viewport_size['width']}"


def test_it_leads_from_a_workbook_to_the_word_file(page, tmp_path):
    school = school_of(page)
    start = 1 if school == "J1366" else 101
    good = [synthetic_id(start + n, date(1980 + n, 5, 6), "female") for n in range(3)]
    bad = [good[0], good[1][:-1] + ("0" if good[1][-1] != "0" else "1"), good[2]]

    upload(page, workbook(tmp_path / "bad.xlsx", school, bad, "不存在的事由"))
    page.wait_for_selector("text=有 2 处错误")
    assert page.locator("text=校验码").count() >= 1
    assert bad[1] not in page.content()
    assert fits(page)
    with page.expect_download() as failed:
        page.click("text=下载带错误说明的台账")
    assert failed.value.suggested_filename.endswith(".xlsx")

    upload(page, workbook(tmp_path / "good.xlsx", school, good, "元旦春节送温暖"))
    page.click("button:has-text('确认导入')")
    page.wait_for_selector("text=导入完成")

    page.goto(f"/figures/aid.person_times/?union={school}&period={YEAR}")
    assert "61人次" in page.inner_text("main")
    assert fits(page)
    page.click("a:has-text('数据明细')")
    page.wait_for_url("**/rows/**")
    assert "困难教职工" in page.inner_text("main")
    assert fits(page)

    page.goto("/summaries/new/")
    choose_union(page, school)
    page.select_option("select[name=period]", str(YEAR))
    page.click("form button[type=submit]:has-text('生成')")
    page.wait_for_url(re.compile(r"/summaries/(jobs/)?\d+/"))
    page.wait_for_selector("a:has-text('下载 Word'), a:has-text('查看')")
    if page.locator("a:has-text('下载 Word')").count() == 0:
        page.click("a:has-text('查看')")
    with page.expect_download() as word:
        page.click("a:has-text('下载 Word')")
    data = word.value.path().read_bytes()
    assert "61人次" in plain_text(data)
    assert any(anchor.key.startswith("aid.") and anchor.text == "61人次" for anchor in anchors(data))


def choose_union(page, code):
    """Choose a union as a person does: type, wait for the choice, click it."""
    page.click(".ts-control")
    page.keyboard.type(code)
    page.click(f".ts-dropdown .option:has-text('{code}')")
