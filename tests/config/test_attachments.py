"""Attachments on the pages of their records: who reaches them, how they lie on disk, how they are sent."""

from __future__ import annotations

import contextlib
import os
import re
import threading
import time
import uuid
from pathlib import Path
from urllib.parse import unquote

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from tests.cast import assemble, officer
from tests.fuzz import seeds
from zhijia.areas.activities.tests.factories import activity_of
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.finance.models import Payment
from zhijia.areas.finance.tests.factories import entry_of, payment_of
from zhijia.areas.honours.tests.factories import honour_of
from zhijia.kernel.command import Refused
from zhijia.kernel.crypto import keys_fit
from zhijia.kernel.models import AuditEvent
from zhijia.kit.attachments import gate, queries, services, store
from zhijia.kit.attachments.models import Attachment
from zhijia.kit.attachments.refusal import MOST_FILES

pytestmark = pytest.mark.django_db
MAKE = {
    "aid.Relief": relief_of,
    "finance.Entry": entry_of,
    "honours.Honour": honour_of,
    "activities.Activity": activity_of,
}
PDF = seeds.pdf(b"/Title (CANARY-DIAGNOSIS)")


@pytest.fixture(autouse=True)
def _folders(tmp_path, settings):
    settings.ATTACHMENTS, settings.SCRATCH = tmp_path / "attachments", tmp_path / "scratch"


@pytest.fixture
def cast():
    return assemble()


@pytest.fixture
def relief(cast):
    return relief_of(cast.school)


def rows():
    return Attachment.objects.everywhere("a test looks at all")


def sent(client, subject, name="证明.pdf", data=PDF, key="k1"):
    """Send a file by the panel's form and return what the page says."""
    file = SimpleUploadedFile("x", data)
    file._name = name
    address = reverse("books:attachment-add", args=[subject._meta.label, subject.pk])
    answer = client.post(address, {"file": file, "idempotency_key": key})
    if answer.status_code != 302:
        return answer.status_code
    return [str(message) for message in get_messages(answer.wsgi_request)][-1]


def address_of(attachment, name="attachment"):
    return reverse(f"books:{name}", args=[attachment.key])


def page_of(subject):
    return reverse(queries.place_of(subject).page, args=[subject.pk])


def files():
    return [path for path in Path(store.settings.ATTACHMENTS).glob("**/*") if path.is_file()]


@pytest.mark.parametrize("model", MAKE)
def test_it_keeps_shows_sends_and_removes_a_file_at_each_kind_of_record(model, cast, client):
    subject = MAKE[model](cast.school)
    client.force_login(officer("sun", cast.school, "chair"))
    assert "还没有附件" in client.get(page_of(subject)).content.decode()
    assert sent(client, subject) == "附件已保存。"
    attachment = rows().get()
    assert (attachment.model, attachment.subject_id, attachment.name) == (model, subject.pk, "证明.pdf")
    shown = client.get(page_of(subject)).content.decode()
    assert address_of(attachment) in shown
    assert "证明.pdf" in shown
    assert client.get(address_of(attachment)).content == PDF
    assert client.post(address_of(attachment, "attachment-remove")).status_code == 302
    assert not rows().exists()


def test_it_lies_sealed_under_a_name_that_tells_nothing(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    attachment = rows().get()
    (path,) = files()
    assert path == store.path_of(attachment.key)
    assert path.parent.name == attachment.key.hex[:2]
    assert path.stat().st_mode & 0o077 == 0
    assert b"CANARY" not in path.read_bytes()
    assert b"%PDF" not in path.read_bytes()
    assert list(Path(store.settings.SCRATCH).iterdir()) == []


def test_it_is_sent_so_that_no_browser_runs_it(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    rows().update(name='会员"证明;\u202e.pdf')
    answer = client.get(address_of(rows().get()))
    assert answer["Content-Type"] == "application/pdf"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Cache-Control"] == "no-store"
    kind, _mark, name = answer["Content-Disposition"].partition("; filename*=utf-8''")
    assert kind == "attachment"
    assert re.fullmatch(r"[A-Za-z0-9%._~-]+", name)
    assert unquote(name) == "会员_证明;.pdf"


def test_it_is_there_for_those_who_reach_the_record_only(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    attachment = rows().get()
    client.force_login(cast.chen)  # chairs the county above
    assert client.get(address_of(attachment)).status_code == 200
    for stranger in (cast.wang, cast.zhao):
        client.force_login(stranger)
        assert client.get(address_of(attachment)).status_code == 404
        assert client.post(address_of(attachment, "attachment-remove")).status_code == 404
        assert sent(client, relief) == 404
    client.logout()
    assert client.get(address_of(attachment)).status_code == 302
    assert rows().get() == attachment


def test_it_answers_404_for_what_is_not_there(relief, cast, client):
    client.force_login(cast.li)
    assert client.get(reverse("books:attachment", args=[uuid.uuid4()])).status_code == 404
    for model, key in (("aid.Nothing", relief.pk), ("members.Person", 1), ("aid.Relief", 10**9)):
        assert client.post(reverse("books:attachment-add", args=[model, key])).status_code == 404


def test_it_lets_those_who_only_look_take_out_but_not_write(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    attachment = rows().get()
    client.force_login(officer("qian", cast.school, "audit"))
    assert client.get(address_of(attachment)).status_code == 200
    assert "attachment-file" not in client.get(page_of(relief)).content.decode()
    assert client.post(address_of(attachment, "attachment-remove")).status_code == 404
    assert sent(client, relief) == 404


def test_it_would_notice_a_loader_that_forgets_the_scope(relief, cast, client, monkeypatch):
    client.force_login(cast.li)
    sent(client, relief)

    def careless(_scope, _place, _key, _action):
        return relief

    monkeypatch.setattr(queries, "subject_load", careless)
    with pytest.raises(AssertionError):
        test_it_is_there_for_those_who_reach_the_record_only(relief, cast, client)


def test_it_notes_who_looked_at_a_sensitive_file(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    client.force_login(cast.chen)
    client.get(address_of(rows().get()))
    line = AuditEvent.objects.get(verb="view", model="aid.relief")
    assert (line.action, line.object_id, line.actor_name) == ("aid.view", relief.pk, "chen")
    assert "证明" not in str(line.before)


def test_it_sends_nothing_when_the_look_cannot_be_noted(relief, cast, client, monkeypatch):
    def broken(*_given, **_named):
        raise RuntimeError("no audit")

    client.force_login(cast.li)
    sent(client, relief)
    monkeypatch.setattr("zhijia.kit.attachments.views.record", broken)
    with pytest.raises(RuntimeError, match="no audit"):
        client.get(address_of(rows().get()))


def test_it_keeps_the_name_of_a_file_out_of_the_audit(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    attachment = rows().get()
    client.post(address_of(attachment, "attachment-remove"))
    lines = AuditEvent.objects.filter(model="kit.attachment").order_by("pk")
    assert [line.verb for line in lines] == ["create", "remove"]
    assert "证明" not in "".join(str(line.before) for line in lines)
    assert {line.action for line in lines} == {"aid.record"}


def test_it_keeps_one_file_for_a_form_sent_twice(relief, cast, client):
    client.force_login(cast.li)
    assert sent(client, relief) == sent(client, relief) == "附件已保存。"
    assert rows().count() == len(files()) == 1
    sent(client, relief, key="k2")
    assert rows().count() == len(files()) == 2


def test_it_says_so_when_an_old_form_is_sent_after_the_removal(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    client.post(address_of(rows().get(), "attachment-remove"))
    assert "又被删除了" in sent(client, relief)


def test_it_takes_so_many_files_and_no_more(relief, cast, client):
    client.force_login(cast.li)
    values = {"model": "aid.Relief", "subject_id": relief.pk, "kind": "pdf", "size": 1, "sha256": "x"}
    Attachment._base_manager.bulk_create(Attachment(name="a.pdf", **values) for _ in range(MOST_FILES))
    assert f"最多 {MOST_FILES} 个" in sent(client, relief)
    assert rows().count() == MOST_FILES
    assert "attachment-file" not in client.get(page_of(relief)).content.decode()


@pytest.mark.parametrize(("name", "data"), [("a.html", b"<html>"), ("a.pdf", b""), ("a.jpg", b"MZ")])
def test_it_says_why_a_file_was_not_kept(name, data, relief, cast, client):
    client.force_login(cast.li)
    said = sent(client, relief, name=name, data=data)
    assert said.startswith("附件没有保存：")
    assert not rows().exists()
    assert files() == []


def test_it_asks_for_a_file(relief, cast, client):
    client.force_login(cast.li)
    answer = client.post(reverse("books:attachment-add", args=["aid.Relief", relief.pk]), {})
    assert "请先选择文件" in "".join(str(one) for one in get_messages(answer.wsgi_request))


@pytest.mark.parametrize("harm", ["cut", "changed", "gone", "swapped"])
def test_it_never_sends_a_damaged_file(harm, relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    sent(client, relief, data=seeds.pdf(b"/Title (other)"), key="k2")
    attachment, other = rows().order_by("pk")
    path = store.path_of(attachment.key)
    if harm == "gone":
        path.unlink()
    elif harm == "swapped":
        path.write_bytes(store.path_of(other.key).read_bytes())
    else:
        data = path.read_bytes()
        path.write_bytes(data[:-1] if harm == "cut" else data[:-1] + bytes([data[-1] ^ 1]))
    answer = client.get(address_of(attachment))
    assert answer.status_code == 302
    assert "已损坏" in "".join(str(one) for one in get_messages(answer.wsgi_request))
    assert store.damaged() == [attachment.key]


def passed_pdf():
    return gate.passed(SimpleUploadedFile("a.pdf", PDF))


def test_it_leaves_an_orphan_but_never_a_row_without_its_file(relief, cast, monkeypatch):
    def dies(*_given, **_named):
        raise KeyboardInterrupt

    monkeypatch.setattr(services, "_add", dies)
    with passed_pdf() as plain, pytest.raises(KeyboardInterrupt):
        services.attachment_add(actor=cast.actor(cast.li), subject=relief, file=plain)
    assert len(files()) == 1
    assert not rows().exists()
    assert store.sweep() == 0  # it may still be on its way
    os.utime(files()[0], (0, time.time() - store.ORPHANS_KEPT - 1))
    assert store.sweep() == 1
    assert files() == []


def test_it_sweeps_no_file_that_a_row_holds(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    os.utime(files()[0], (0, 0))
    assert store.sweep() == 0
    assert store.damaged() == []


def test_it_writes_no_file_for_those_who_may_not(relief, cast):
    with passed_pdf() as plain, pytest.raises(Refused):
        services.attachment_add(actor=cast.actor(cast.wang), subject=relief, file=plain)
    assert files() == []


def test_it_keeps_the_file_until_the_removal_is_committed(relief, cast, client):
    client.force_login(cast.li)
    sent(client, relief)
    services.attachment_remove(actor=cast.actor(cast.li), subject=relief, attachment=rows().get())
    assert len(files()) == 1  # the test's own transaction is still open
    for _savepoint, hook, *_rest in connection.run_on_commit:
        hook()
    assert files() == []


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory refuses a second writer at once")
@pytest.mark.django_db(transaction=True)
def test_it_keeps_one_file_for_a_form_sent_at_once_by_many(cast):
    relief = relief_of(cast.school)
    assert keys_fit(again=True)  # an emptied database has its canaries before the first of them
    actor = cast.actor(cast.li).keyed("same")
    faults = []

    def send():
        try:
            with passed_pdf() as plain:
                services.attachment_add(actor=actor, subject=relief, file=plain)
        except Exception as error:  # noqa: BLE001 - told below
            faults.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert rows().count() == len(files()) == 1
    assert store.damaged() == []


def test_it_adds_nothing_to_a_payment_that_was_checked_while_the_file_was_read(cast, client, monkeypatch):
    payment = payment_of(cast.school, by=[cast.li])
    honest, checker = gate.passed, {"checked_by": cast.wang, "checked_at": timezone.now()}

    @contextlib.contextmanager
    def slow(upload):
        with honest(upload) as plain:
            Payment._base_manager.filter(pk=payment.pk).update(state="checked", **checker)
            yield plain

    client.force_login(cast.li)
    monkeypatch.setattr(gate, "passed", slow)
    assert sent(client, payment) == 404
    assert (rows().count(), files()) == (0, [])
    Payment._base_manager.filter(pk=payment.pk).update(state="requested", checked_by=None, checked_at=None)
    monkeypatch.setattr(gate, "passed", honest)
    assert sent(client, payment) == "附件已保存。"


def test_it_removes_nothing_from_a_payment_that_was_checked_since_it_was_loaded(cast, client):
    payment = payment_of(cast.school, by=[cast.li])
    client.force_login(cast.li)
    sent(client, payment)
    checker = {"checked_by": cast.wang, "checked_at": timezone.now()}
    Payment._base_manager.filter(pk=payment.pk).update(state="checked", **checker)
    told = {"actor": cast.actor(cast.li), "subject": payment, "attachment": rows().get()}
    with pytest.raises(Http404):  # ``payment`` still says that it is requested
        services.attachment_remove(**told)
    assert (rows().count(), len(files())) == (1, 1)
