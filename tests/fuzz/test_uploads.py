"""Malformed files through the real doors (G9): no server error, no memory, no trace in the database.

200 files a run; ``ZHIJIA_FUZZ=5000`` for the long one, ``ZHIJIA_FUZZ_SEED`` for other files.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import types

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from tests.cast import assemble
from tests.fuzz import seeds
from tests.fuzz.mutate import mutants
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.kernel.jobs import run_job
from zhijia.kernel.models import Job
from zhijia.kit.attachments import gate as attachment_gate
from zhijia.kit.attachments import store
from zhijia.kit.attachments.models import Attachment
from zhijia.kit.books import gate as book_gate
from zhijia.kit.books import importing, reader, uploads

COUNT = int(os.environ.get("ZHIJIA_FUZZ", "200"))
SEED = int(os.environ.get("ZHIJIA_FUZZ_SEED", "3"))
MOST_MEMORY = 512 * 2**20
# What a run may write: jobs, sessions, audit, receipts, and the files that passed their gate.
MOVING = {
    *("kernel_job", "kernel_auditevent", "kernel_audithead", "kernel_commandreceipt", "kernel_keycanary"),
    *("django_session", "django_tasks_db_dbtaskresult", "kit_attachment", "sqlite_sequence"),
}
pytestmark = [
    pytest.mark.django_db,
    *([pytest.mark.long] if COUNT > 200 else []),
]


class House:
    """A clerk with a record, the doors, and what was seen of the programs they start."""

    def __init__(self, client):
        self.cast = assemble()
        self.relief = relief_of(self.cast.school)
        self.client = client
        client.force_login(self.cast.li)
        client.get("/")
        self.memory = 0
        self.kept = 0

    def run(self, command, **_given):
        """Run a program as the doors do, and look at its memory."""
        process = subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=_given["cwd"]
        )
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.memory = max(self.memory, usage.ru_maxrss * 1024)
        return process

    def attach(self, name, data):
        """Send a file by the panel; return what was said."""
        address = reverse("books:attachment-add", args=["aid.Relief", self.relief.pk])
        answer = self.client.post(address, {"file": named(name, data), "idempotency_key": name})
        assert answer.status_code == 302, f"{name}: {answer.status_code}"
        told = [str(message) for message in get_messages(answer.wsgi_request)][-1]
        if told == "附件已保存。":
            self.kept += 1
            Attachment._base_manager.all().update(subject_id=0)  # there is always room for the next
            return ""
        assert told.startswith("附件没有保存："), f"{name}: {told}"
        return told

    def preview(self, name, data):
        """Send a ledger, settle its columns, run the preview; return what was said."""
        answer = self.client.post(reverse("books:import-upload"), {"file": named(name, data), "union": "S1"})
        if answer.status_code == 200:
            return "".join(answer.context["form"].errors["file"])
        assert answer.status_code == 302, f"{name}: {answer.status_code}"
        page = self.client.get(answer["Location"])
        assert page.status_code == 200, f"{name}: {page.status_code}"
        fields = {key: field.initial or "" for key, field in page.context["form"].fields.items()}
        started = self.client.post(answer["Location"], fields)
        if started.status_code == 200:  # two sheets under one name: the page asks again
            return "。"
        job = Job.objects.latest("pk")
        run_job.func(job.pk)
        shown = self.client.get(started["Location"])
        assert shown.status_code == 200, f"{name}: {shown.status_code}"
        job.refresh_from_db()
        assert job.state == Job.State.DONE, f"{name}: {job.state} {job.message}"
        uploads.forget(job.parameters["file"])
        return "" if job.result["ok"] else "".join(one["advice"] for one in job.result["errors"])


def named(name, data):
    file = SimpleUploadedFile("x", data)
    file._name = name
    return file


@pytest.fixture
def house(client, tmp_path, settings, monkeypatch):
    for place in ("ATTACHMENTS", "SCRATCH", "UPLOADS", "RESULTS", "JOB_NOTES"):
        setattr(settings, place, tmp_path / place.lower())
    built = House(client)
    programs = types.SimpleNamespace(run=built.run, TimeoutExpired=subprocess.TimeoutExpired)
    monkeypatch.setattr(reader, "subprocess", programs)
    monkeypatch.setattr(attachment_gate, "subprocess", programs)
    return built


def fingerprint():
    """A hash of every row of every table that a refused file must not touch."""
    digest = hashlib.sha256()
    with connection.cursor() as cursor:
        for table in sorted(set(connection.introspection.table_names(cursor)) - MOVING):
            cursor.execute(f'SELECT * FROM "{table}" ORDER BY 1')
            digest.update(repr((table, cursor.fetchall())).encode())
    return digest.hexdigest()


def prove(house, files):
    """Send files by every door that takes their kind; return how many were refused."""
    before, refused = fingerprint(), 0
    for name, data in files:
        doors = [house.preview] if name.endswith((".csv", ".xlsx")) else []
        doors += [] if name.endswith(".csv") else [house.attach]
        for door in doors:
            told = door(name, data)
            assert told == "" or told.endswith("。"), f"{name}: {told!r}"
            refused += bool(told)
    assert fingerprint() == before, "a refused file left something in the database"
    assert house.memory <= MOST_MEMORY, f"a program took {house.memory >> 20} MiB"
    assert Attachment._base_manager.count() == house.kept
    assert store.damaged() == []
    assert not [path for path in store.settings.SCRATCH.iterdir() if path.is_file()]
    return refused


def test_it_refuses_malformed_files_without_a_trace(house):
    refused = prove(house, mutants(seeds.honest(), COUNT, SEED))
    assert refused > COUNT // 3  # the harm was harm


def test_it_takes_the_honest_files(house):
    assert prove(house, ((f"0-{name}", data) for name, data in seeds.honest().items())) == 0
    assert house.kept == 5


@pytest.mark.parametrize("name", seeds.bad_books())
def test_it_refuses_bombs_at_the_door_of_ledgers(name, house):
    data, reason = seeds.bad_books()[name]
    before = fingerprint()
    assert reason in house.preview(name, data)
    assert fingerprint() == before
    assert house.memory <= MOST_MEMORY


def test_it_refuses_bombs_and_disguises_at_the_door_of_attachments(house):
    bad = seeds.bad_attachments()
    before = fingerprint()
    for name, (data, reason) in bad.items():
        assert reason in house.attach(name, data), name
    assert fingerprint() == before
    assert house.memory <= MOST_MEMORY
    assert house.kept == 0


FEW = 40


def test_it_would_notice_an_unhandled_fault(house, monkeypatch):
    def loose(path):
        raise book_gate.zipfile.BadZipFile(path)

    monkeypatch.setattr(book_gate, "opened", loose)
    with pytest.raises(book_gate.zipfile.BadZipFile):
        prove(house, mutants(seeds.honest(), FEW, SEED))


def test_it_would_notice_a_gate_that_lets_a_bomb_pass(house, monkeypatch):
    monkeypatch.setattr(book_gate, "_check_sums", lambda *_given: None)
    with pytest.raises(AssertionError):
        test_it_refuses_bombs_and_disguises_at_the_door_of_attachments(house)


def test_it_would_notice_a_preview_that_saves(house, monkeypatch):
    monkeypatch.setattr(importing, "_undo", lambda **_given: None)
    with pytest.raises(AssertionError, match="left something"):
        prove(house, [("0-e.xlsx", seeds.book())])


def test_it_would_notice_a_refusal_without_a_sentence(house, monkeypatch):
    monkeypatch.setattr(book_gate, "_", lambda _text: "no %(said)s%(found)s%(size)s%(limit)s")
    with pytest.raises(AssertionError):
        prove(house, [("0-e.xlsx", seeds.book()[:-300])])


def test_it_would_notice_a_program_that_takes_too_much(house):
    house.memory = MOST_MEMORY + 1
    with pytest.raises(AssertionError, match="MiB"):
        prove(house, [])
