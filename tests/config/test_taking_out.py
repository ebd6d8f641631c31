"""The door by which lists leave: purpose, proof of identity, watermark, and no live formula (G10)."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.cast import assemble
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.kernel.models import AuditEvent
from zhijia.kit import exports
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db
LIST = "aid:relief-list"
SIGNS = ("=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1+1", '=HYPERLINK("http://x.invalid")')


@pytest.fixture
def cast():
    return assemble()


@pytest.fixture
def li(cast, client):
    client.force_login(cast.li)
    return client


def lines_of(answer):
    content = io.BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def said(answer):
    return "".join(str(one) for one in get_messages(answer.wsgi_request))


def test_it_sends_the_list_as_filtered_with_its_watermark_and_a_line_in_the_audit(cast, li):
    relief_of(cast.school, beneficiary="张示例")
    relief_of(cast.school, occasion="festival", beneficiary="李示例")
    answer = ordered(li, reverse(LIST), note="2025年经审", occasion="festival")
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    lines = lines_of(answer)
    assert len(lines) == 4
    for word in ("内部资料", "li", "甲县第一小学工会", "审计检查：2025年经审"):
        assert word in lines[1][0]
    event = AuditEvent.objects.get(verb="export")
    assert (event.action, event.rows) == ("books.export", 1)
    assert "审计检查：2025年经审" in (event.before.get("purpose", ""), event.reason)


def test_it_asks_for_the_purpose(cast, li):
    relief_of(cast.school)
    for wrong in ({"purpose": ""}, {"purpose": "fun"}, {"purpose": "other"}, {"note": "长" * 61}):
        answer = ordered(li, reverse(LIST), **{"purpose": "audit", **wrong}, page=1)
        assert answer["Location"] == f"{reverse(LIST)}?page=1"
        assert "请选择用途" in said(answer)
    assert not AuditEvent.objects.filter(verb="export").exists()
    page = li.get(reverse(LIST)).content.decode()
    assert 'name="purpose"' in page
    assert 'method="post"' in page


def test_it_sends_nothing_by_an_address_alone(cast, li):
    relief_of(cast.school)
    answer = li.get(reverse(LIST), {"export": "xlsx", "purpose": "x"})
    assert answer["Content-Type"].startswith("text/html")
    assert li.get(reverse("books:export")).status_code == 405


def test_it_wants_a_fresh_proof_and_leads_back(cast, client):
    client.force_login(cast.li)
    relief_of(cast.school)
    answer = client.post(
        reverse("books:export"),
        {"address": reverse(LIST), "purpose": "audit"},
        headers={"Referer": f"http://testserver{reverse(LIST)}"},
    )
    assert answer.status_code == 302
    assert reverse(LIST).replace("/", "%2F") in answer["Location"]
    assert not AuditEvent.objects.filter(verb="export").exists()


@pytest.mark.parametrize(
    "address",
    ["/", "", "/nothing/", "//evil.invalid/x", "https://evil.invalid/", "/members/1/", "/books/template/"],
)
def test_it_takes_out_nothing_but_lists_of_the_house(address, li):
    answer = ordered(li, address)
    assert answer.status_code == 404 or "evil" not in answer.get("Location", "evil")
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_it_is_not_sent_to_strangers(cast, client):
    relief_of(cast.school, beneficiary="金丝雀")
    client.force_login(cast.zhao)
    answer = ordered(client, reverse(LIST))
    assert "金丝雀" not in str(lines_of(answer))


def test_it_writes_down_each_file_that_leaves(cast, li):
    relief_of(cast.school)
    for _ in range(2):
        ordered(li, reverse(LIST))
    assert AuditEvent.objects.filter(verb="export").count() == 2


def parts_of(rows):
    target = io.BytesIO()
    columns = [exports.ExportColumn(sign) for sign in rows[0]]
    exports.write_xlsx(target, title=rows[0][0], columns=columns, rows=rows, watermark=rows[0][-1])
    with zipfile.ZipFile(target) as book:
        parts = {name: book.read(name).decode() for name in book.namelist()}
    target.seek(0)
    return target, parts


def is_live(parts):
    """Say whether any part of a workbook holds a formula, a link or a connection."""
    text = "".join(parts.values())
    return any(mark in text for mark in ("<f>", "<f ", "<hyperlink", "/hyperlink", "externalLink"))


def test_it_writes_texts_that_look_like_formulas_as_texts_and_whole():
    target, parts = parts_of([SIGNS, SIGNS[::-1]])
    assert not is_live(parts)
    assert set(parts) >= {"docProps/app.xml", "docProps/core.xml", "xl/worksheets/sheet1.xml"}
    assert "externalLink" not in "".join(parts)
    rows = CalamineWorkbook.from_filelike(target).get_sheet_by_index(0).to_python()
    assert rows[0][0] == SIGNS[0]
    assert rows[1][0] == SIGNS[-1]
    for line in (rows[2], rows[3], rows[4][::-1]):
        assert [cell.replace("\r\n", "\n") for cell in line] == list(SIGNS)


def test_it_would_notice_a_writer_that_makes_formulas(monkeypatch):
    loose = {"strings_to_formulas": True, "strings_to_urls": True}
    monkeypatch.setattr(exports, "workbook_options", lambda: loose)
    monkeypatch.setattr(exports._Sheet, "_string", lambda self, at, value: self.sheet.write(*at, str(value)))
    _target, parts = parts_of([SIGNS])
    assert is_live(parts)


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../x", "x.xlsx"),
        ("a\0b\r\nc", "a_b_c.xlsx"),
        ("CON", "_CON.xlsx"),
        ("com1.x", "_com1.x.xlsx"),
        ("会\u202e员\u200b", "会员.xlsx"),
        ("", "export.xlsx"),
        ("长" * 300, "长" * 80 + ".xlsx"),
    ],
)
def test_it_cleans_names_of_files(name, safe):
    assert exports.safe_filename(name) == safe
