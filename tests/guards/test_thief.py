"""Whoever steals the database, its files and the logs finds no number and no word of hardship (G17).

A hundred canaries go in through the doors that users have; then every byte that a thief would get is
searched, in every encoding in which it might hide.
"""

from __future__ import annotations

import base64
import logging
import zipfile
from datetime import date, timedelta
from pathlib import Path

import pytest
import xlsxwriter
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from tests.fuzz import seeds
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.accounts.tests.factories import enter, officer_of
from zhijia.areas.aid.services import relief_record
from zhijia.areas.finance.services import payment_request
from zhijia.areas.members.models import Person
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import member_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.crypto.columns import SealedField
from zhijia.kernel.jobs import run_job
from zhijia.kernel.models import Job
from zhijia.kit.attachments.models import Attachment

PEOPLE, ROWS, ACCOUNTS, FILES = 20, 15, 15, 10  # people have a number, a phone and a hardship each
ILLNESS = "示例病症第{}号乙型"
DIAGNOSIS = "EXAMPLE-DIAGNOSIS-{}"


def encodings(text):
    """Yield the ways in which a text may lie in bytes."""
    for name in ("utf-8", "utf-16-le", "utf-16-be", "gb18030"):
        plain = text.encode(name)
        yield plain
        yield plain.hex().encode()
        yield plain[::-1]
        for at in range(3):  # base64 of a text within a longer one, whatever stands before it
            whole = base64.b64encode(bytes(at) + plain)
            yield whole[4 if at else 0 : len(whole) - 4 - (4 if at else 0)]
    yield text.encode("unicode_escape")


def hits(canaries, loot):
    """Return the canaries that some part of the loot gives away, with the place."""
    return {
        (canary, place)
        for place, data in loot.items()
        for canary in canaries
        if any(len(form) > 7 and form in data for form in encodings(canary))
    }


def database():
    """Return the bytes of the whole database."""
    if connection.vendor == "sqlite":
        return connection.connection.serialize()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = [name for (name,) in cursor.fetchall()]
        rows = []
        for table in tables:
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            rows += [text for (text,) in cursor.fetchall()]
    return "\n".join(rows).encode()


def stolen(folder, log):
    """Return everything that lies around by place."""
    loot = {"database": database(), "log": log.text.encode()}
    for path in Path(folder).rglob("*"):
        if path.is_file() and "keys" not in path.parts:
            name = str(path.relative_to(folder))
            loot[name] = path.read_bytes()
            if zipfile.is_zipfile(path):  # a workbook is packed; a thief unpacks it
                with zipfile.ZipFile(path) as book:
                    loot |= {f"{name}/{part}": book.read(part) for part in book.namelist()}
    return loot


@pytest.fixture
def var(tmp_path, settings):
    """Keep all files of this test in one place."""
    for name in ("UPLOADS", "RESULTS", "ATTACHMENTS", "JOB_NOTES", "SCRATCH"):
        setattr(settings, name, tmp_path / name.lower())
    return tmp_path


def roster(path, rows):
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("会员")
    for number, row in enumerate((("姓名", "证件号码", "所属工会", "入会日期", "移动电话"), *rows)):
        sheet.write_row(number, 0, row)
    book.close()
    return path.read_bytes()


def live(client, school, tmp):
    """Let officers do what they do with numbers; return the canaries that went in."""
    days = [date(1980, 1, 1) + timedelta(days=at) for at in range(PEOPLE + ROWS)]
    ids = [synthetic_id(7000 + at, day, "male") for at, day in enumerate(days)]
    phones = [f"1390077{at:04}" for at in range(PEOPLE)]
    illnesses = [ILLNESS.format(1000 + at) for at in range(PEOPLE)]
    clerk = actor_of(officer_of(school, "clerk"))
    reliefs = []
    for at in range(PEOPLE):
        person = member_of(school, f"示例{at}", id_number=ids[at], sex="male", phone=phones[at]).person
        told = {"occasion": "illness", "given_on": date(2025, 3, 5), "fund": "dues", "amount": 500_00}
        reliefs.append(relief_record(actor=clerk, union=school, person=person, note=illnesses[at], **told))
    # the roster has good rows, a bad one, and numbers in the wrong columns
    rows = [(f"新{at}", ids[PEOPLE + at], "S1", "2024-01-05", "") for at in range(ROWS - 2)]
    rows += [("坏行", ids[-2], "S1", "昨天", phones[0]), (ids[-1], ids[-1], "没有的工会", "2024-01-05", "")]
    file = SimpleUploadedFile("会员.xlsx", roster(tmp / "roster-of-the-user.xlsx", rows))
    (tmp / "roster-of-the-user.xlsx").unlink()
    enter(client, school, "clerk", fresh=True)
    columns = client.post(reverse("books:import-upload"), {"file": file, "union": "S1"}).headers["Location"]
    form = client.get(columns).context["form"]
    client.post(columns, {name: field.initial or "" for name, field in form.fields.items()})
    run_job.func(Job.objects.latest("pk").pk)
    assert Job.objects.latest("pk").result["error_count"] > 0
    person = Person._base_manager.get(id_index=ids[0])
    why = {"purpose": "aid", "note": "核对"}
    assert ids[0] in client.post(reverse("members:reveal", args=[person.pk]), why).content.decode()
    client.post(reverse("members:person-find"), {**why, "number": ids[1]})
    client.get(reverse("web:search"), {"q": ids[2]})
    client.get(reverse("members:roster"), {"q": phones[3][-4:]})
    edited = {"name": "示例甲", "id_type": "resident", "id_number": ids[3], "phone": "1", "version": "1"}
    client.post(reverse("members:person-correct", args=[person.pk]), edited)
    return [*ids, *phones, *illnesses, *pay(client, clerk, school), *attach(client, reliefs)]


def pay(client, clerk, school):
    """Ask for payments to bank accounts, look at them, mistype one; return the accounts."""
    accounts = [f"62220000117{at:05}" for at in range(ACCOUNTS)]
    told = {"title": "购置器材", "category": "culture", "amount": 100_00, "payee_kind": "unit"}
    for at, account in enumerate(accounts):
        to = {"payee": f"示例用品店{at}", "bank_name": "示例银行", "bank_account": account}
        made = payment_request(actor=clerk, union=school, **told, **to)
        assert client.get(reverse("finance:payment-detail", args=[made.pk])).status_code == 200
    client.post(reverse("finance:payment-new"), {"bank_account": accounts[0], "amount": accounts[1]})
    return accounts


def attach(client, reliefs):
    """Upload a paper about each of some people through the door; return what the papers say."""
    texts = [DIAGNOSIS.format(5000 + at) for at in range(FILES)]
    for text, relief in zip(texts, reliefs, strict=False):
        paper = SimpleUploadedFile("证明.pdf", seeds.pdf(f"/Title ({text})".encode()))
        client.post(reverse("books:attachment-add", args=["aid.Relief", relief.pk]), {"file": paper})
    kept = list(Attachment._base_manager.order_by("pk"))
    assert len(kept) == FILES
    for text, one in zip(texts, kept, strict=True):
        assert text.encode() in client.get(reverse("books:attachment", args=[one.key])).content
    return texts


@pytest.mark.django_db
def test_it_leaves_nothing_for_a_thief(client, var, caplog):
    caplog.set_level(logging.DEBUG)
    canaries = live(client, union_of("S1"), var)
    assert len(canaries) == 100
    assert hits(canaries, stolen(var, caplog)) == set()


@pytest.mark.django_db
def test_it_would_find_what_is_not_sealed(client, var, caplog, monkeypatch):
    monkeypatch.setattr(SealedField, "sealed", lambda _self, _row, value: value)
    monkeypatch.setattr(SealedField, "get_prep_value", lambda _self, value: value)
    monkeypatch.setattr(SealedField, "from_db_value", lambda _self, value, *_given: value)
    caplog.set_level(logging.DEBUG)
    canaries = live(client, union_of("S1"), var)
    found = {canary for canary, place in hits(canaries, stolen(var, caplog)) if place == "database"}
    assert len(found) >= 3 * PEOPLE + ACCOUNTS
    assert found.issuperset(canaries[-FILES - ACCOUNTS : -FILES]), "the accounts are among them"


@pytest.mark.django_db
def test_it_would_find_papers_that_are_not_sealed(client, var, caplog, monkeypatch):
    def plain(source, target, **_name):
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(source.read())

    monkeypatch.setattr("zhijia.kit.attachments.store.seal_file", plain)
    monkeypatch.setattr("zhijia.kit.attachments.store.open_sealed", lambda path, **_name: [path.read_bytes()])
    canaries = live(client, union_of("S1"), var)
    found = hits(canaries, stolen(var, caplog))
    assert {canary for canary, _place in found} == set(canaries[-FILES:])
    assert {Path(place).parts[0] for _canary, place in found} == {"attachments"}


def test_it_would_find_a_canary_in_any_encoding():
    number = synthetic_id(1, date(1980, 1, 1), "male")
    for name in ("utf-8", "utf-16-le", "gb18030"):
        for before in range(4):
            data = b"x" * before + number.encode(name) + b"yyy"
            for form in (data, base64.b64encode(data), data.hex().encode()):
                assert hits([number], {"x": form})
