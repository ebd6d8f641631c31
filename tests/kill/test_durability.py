"""The place of the records is as it must be, and what goes wrong with it is said in plain words."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import psycopg
import pytest
from django.core.management import CommandError
from django.db import OperationalError, connection

from tests.concurrency.harness import actor_and_union, record
from tests.places import server
from zhijia.areas.finance.models import Entry
from zhijia.config import durability
from zhijia.config.backup import nightly
from zhijia.config.management.commands import serve
from zhijia.kernel import steady, upkeep
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db  # or there is no test database to copy
ON_SQLITE = pytest.mark.skipif("server() is not None", reason="SQLite's own settings")
ON_POSTGRES = pytest.mark.skipif("server() is None", reason="PostgreSQL's own settings")


def ask(question):
    with connection.cursor() as cursor:
        cursor.execute(question)
        row = cursor.fetchone()
    return row[0] if row else None


def ids(found):
    return {one.id for one in found}


@ON_SQLITE
def test_it_opens_sqlite_so_that_nothing_confirmed_is_lost(place):
    assert ask("PRAGMA synchronous") == 2
    assert ask("PRAGMA foreign_keys") == 1
    assert ask("PRAGMA secure_delete") == 1
    assert connection.transaction_mode == "IMMEDIATE"
    assert ids(durability.sqlite()) <= {"zhijia.W104"}


@ON_POSTGRES
def test_it_opens_postgresql_so_that_nothing_confirmed_is_lost(place):
    """The private cluster of the tests has both switched off: the connection switches one of them on."""
    assert ask("SHOW synchronous_commit") == "on"
    assert ask("SHOW idle_in_transaction_session_timeout") == "10min"
    assert "zhijia.E112" not in ids(durability.postgresql())
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    assert "zhijia.E112" in ids(durability.postgresql())


@ON_SQLITE
def test_it_would_notice_settings_that_lose_records(place):
    for pragma in ("synchronous = NORMAL", "foreign_keys = OFF", "journal_mode = WAL"):
        ask(f"PRAGMA {pragma}")
    found = ids(durability.sqlite(patched=False))
    assert {"zhijia.E101", "zhijia.E102", "zhijia.E103"} <= found
    assert "zhijia.E101" not in ids(durability.sqlite(patched=True))


@ON_SQLITE
def test_it_does_not_start_on_such_a_place(place):
    told = io.StringIO()
    serve.Command(stderr=told)._look()
    ask("PRAGMA synchronous = NORMAL")
    with pytest.raises(CommandError, match="没有启动"):
        serve.Command(stderr=told)._look()
    assert "zhijia.E102" in told.getvalue()


@ON_SQLITE
def test_it_says_that_the_disk_is_full_and_keeps_the_database_whole(place):
    actor, union = actor_and_union()
    ask(f"PRAGMA max_page_count = {ask('PRAGMA page_count')}")
    kept = []
    with pytest.raises(Refused, match="磁盘空间不足"):
        kept.extend(record(actor, union, note="满" * 150) for _number in range(200))
    found = Entry._base_manager.filter(note="满" * 150)
    audited = AuditEvent.objects.filter(model="finance.entry", object_id__in=found.values("pk"))
    assert found.count() == audited.count() == len(kept)
    assert ask("PRAGMA integrity_check") == "ok"
    ask("PRAGMA max_page_count = 1000000")
    assert record(actor, union, note="又能保存").pk


class Twice:
    """Work that the database throws out so many times."""

    def __init__(self, error, times, entry):
        self.error, self.times, self.entry, self.seen = error, times, entry, []

    def __call__(self):
        self.seen.append(self.entry.amount)
        self.entry.amount = 0
        if len(self.seen) <= self.times:
            raise OperationalError("thrown out") from self.error
        return "done"


def test_it_does_a_command_again_after_a_deadlock(place):
    work = Twice(psycopg.errors.DeadlockDetected(), 3, Entry(amount=7))
    assert steady.steadily(work, {"entry": work.entry}) == "done"
    assert work.seen == [7, 7, 7, 7]  # each try saw the record as the caller gave it


def test_it_gives_up_after_three_more_tries(place):
    work = Twice(psycopg.errors.SerializationFailure(), 4, Entry(amount=7))
    with pytest.raises(OperationalError):
        steady.steadily(work, {"entry": work.entry})
    assert len(work.seen) == 4


def test_it_tries_nothing_else_again(place):
    work = Twice(psycopg.errors.AdminShutdown(), 1, Entry(amount=7))
    with pytest.raises(OperationalError):
        steady.steadily(work, {})
    assert len(work.seen) == 1


def test_it_knows_a_network_drive(tmp_path):
    mounts = tmp_path / "mounts"
    mounts.write_text(
        f"/dev/a / ext4 rw 0 0\nnas:/x {tmp_path} nfs4 rw 0 0\n/dev/b {tmp_path}/in ext4 rw 0 0\n"
    )
    assert durability.filesystem(tmp_path / "zhijia.sqlite3", mounts) in durability.REMOTE
    assert durability.filesystem(tmp_path / "in" / "zhijia.sqlite3", mounts) == "ext4"
    assert durability.filesystem(Path("/srv"), mounts) == "ext4"


def test_it_warns_of_open_folders_keys_and_a_full_disk(place, settings, tmp_path):
    assert list(durability.modes()) == []
    place.var.chmod(0o755)
    (place.var / "keys" / "kek").chmod(0o440)
    assert ids(durability.modes()) == {"zhijia.W122", "zhijia.W123"}
    assert ids(durability.room(tmp_path / "not yet there", needed=1 << 62)) == {"zhijia.W121"}
    assert list(durability.room(tmp_path, needed=0)) == []


def test_it_refuses_the_debug_mode_behind_https(settings):
    settings.DEBUG, settings.BASE_URL = True, "https://union.example"
    assert ids(durability.debug()) == {"zhijia.E124"}
    settings.BASE_URL = "http://127.0.0.1:8000"
    assert list(durability.debug()) == []


def at(hour, day=5):
    return datetime(2026, 3, day, hour, 30, tzinfo=UTC) - timedelta(hours=8)  # Beijing's hour


def state(good=None, failed=None):
    kept = [moment and upkeep.Kept(upkeep.BACKUP, moment, ok=False) for moment in (good, failed)]
    return upkeep.State(upkeep.BACKUP, *kept)


@pytest.mark.parametrize(
    ("now", "known", "due"),
    [
        (at(1), state(good=at(3, day=4)), False),  # before two
        (at(2), state(good=at(3, day=4)), True),
        (at(23), state(good=at(3, day=4)), True),  # the server was off at night
        (at(9), state(good=at(2)), False),
        (at(9), state(), True),
        (at(9), state(good=at(3, day=4), failed=at(8) + timedelta(minutes=30)), False),
        (at(9), state(good=at(3, day=4), failed=at(7)), True),
    ],
)
def test_it_backs_up_once_a_night(now, known, due):
    assert nightly.due(now, known) is due


def test_it_starts_one_backup_at_a_time_and_none_without_a_folder(settings, monkeypatch, tmp_path):
    started = []
    monkeypatch.setattr(
        nightly.subprocess, "Popen", lambda *words, **_kw: started.append(words) or SimpleNamespace(poll=int)
    )
    settings.UPKEEP = tmp_path / "last.json"
    monkeypatch.setattr(nightly.timezone, "now", lambda: at(9))
    watch = nightly.Nightly()
    settings.BACKUPS = ""
    watch.look()
    assert started == []
    settings.BACKUPS = os.fspath(tmp_path)
    watch.look()
    watch.look()  # it may have died: not again within the hour
    assert len(started) == 1


__all__ = ["server"]
