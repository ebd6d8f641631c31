"""The queue of SQLite's writers: everyone gets a turn, and nobody keeps one that has ended."""

import os
import signal
import subprocess
import sys
import threading

import pytest
from django.db import OperationalError, connection, connections, transaction

from zhijia.kernel.sqlite.turnstile import Turnstile

fcntl = pytest.importorskip("fcntl")
HOLDER = """
import sys
from pathlib import Path
from zhijia.kernel.sqlite.turnstile import Turnstile
turnstile = Turnstile(Path(sys.argv[1]))
turnstile.enter(5) and print("in", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def two(tmp_path):
    """Two connections' places in the queue of one database."""
    (tmp_path / "db.sqlite3").touch(0o640)
    both = [Turnstile(tmp_path / "db.sqlite3") for _number in range(2)]
    yield both
    for one in both:
        one.close()


def test_it_lets_in_one_at_a_time(two):
    first, second = two
    assert first.enter(0)
    assert not second.enter(0.01)
    first.leave()
    assert second.enter(5)


def test_it_lets_the_waiting_one_in_as_soon_as_the_first_leaves(two):
    first, second = two
    assert first.enter(0)
    got = []
    waiting = threading.Thread(target=lambda: got.append(second.enter(60)))
    waiting.start()
    first.leave()
    waiting.join(30)
    assert got == [True]


def test_it_lets_nobody_in_twice_before_one_who_waits(two, tmp_path):
    """Who leaves and comes back at once stands behind the one who waited: that is what ``next`` is for."""
    first, second = two
    order = []

    def wait():
        assert second.enter(60)
        order.append("waited")
        second.leave()

    for _time in range(50):
        assert first.enter(60)
        waiting = threading.Thread(target=wait)
        waiting.start()
        watch = Turnstile(tmp_path / "db.sqlite3")
        following = watch._open("next")
        while not is_taken(following):
            pass  # until the other one stands in the queue
        following.close()
        first.leave()
        assert first.enter(60)
        order.append("came back")
        first.leave()
        waiting.join(60)
    assert order == ["waited", "came back"] * 50


def is_taken(file):
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    fcntl.flock(file, fcntl.LOCK_UN)
    return False


def test_it_does_not_keep_a_turn_that_came_after_the_wait_was_given_up(two):
    first, second = two
    assert first.enter(0)
    assert not second.enter(0.01)
    first.leave()  # the turn goes to the thread that still waits, and back at once
    assert first.enter(30)
    first.leave()
    assert second.enter(30)


def test_it_ends_the_turn_of_a_killed_process(tmp_path, two):
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path / "db.sqlite3")],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=os.environ,
    ) as holder:  # fmt: skip
        assert holder.stdout.readline() == b"in\n"
        assert not two[0].enter(0.01)
        holder.send_signal(signal.SIGKILL)
        holder.wait(30)
    assert two[1].enter(30)


@pytest.fixture
def file_connection(tmp_path, django_db_blocker):
    """A connection of the house to a file of its own."""
    made = connections.create_connection("default")
    if made.vendor != "sqlite":
        pytest.skip("PostgreSQL has many writers")
    made.settings_dict = {**made.settings_dict, "NAME": str(tmp_path / "db.sqlite3")}
    made.settings_dict["OPTIONS"] = {**made.settings_dict["OPTIONS"], "timeout": 0.05}
    kept = connections["default"]
    connections["default"] = made
    with django_db_blocker.unblock():
        yield made
        made.close()
    connections["default"] = kept


def test_it_says_so_when_the_turn_does_not_come(file_connection, two):
    assert two[0].enter(0)
    with pytest.raises(OperationalError, match="database is locked"), transaction.atomic():
        pass
    two[0].leave()
    with transaction.atomic():
        assert connection.in_atomic_block


@pytest.mark.parametrize("ending", ["commit", "rollback", "close"])
def test_it_leaves_however_a_transaction_ends(file_connection, two, ending):
    if ending == "close":
        transaction.atomic().__enter__()
        assert not two[0].enter(0.01)
        file_connection.close()
    else:
        with transaction.atomic():
            assert not two[0].enter(0.01)
            transaction.set_rollback(ending == "rollback")
    assert two[1].enter(5)


def test_it_asks_no_turn_of_those_who_only_read(file_connection, two):
    assert two[0].enter(0)
    with file_connection.cursor() as cursor:
        assert cursor.execute("SELECT 1").fetchone() == (1,)


def test_it_leaves_before_what_is_to_be_done_after_the_commit(file_connection, two):
    seen = []
    with transaction.atomic():
        transaction.on_commit(lambda: seen.append(two[0].enter(5)))
    assert seen == [True]


def test_its_files_belong_to_the_owner_of_the_database(tmp_path, two):
    assert two[0].enter(0)
    for name in ("next", "turn"):
        made, like = (tmp_path / f"db.sqlite3-{name}").stat(), (tmp_path / "db.sqlite3").stat()
        assert (made.st_mode & 0o777, made.st_uid, made.st_gid) == (0o640, like.st_uid, like.st_gid)


def test_it_goes_on_without_a_queue_where_it_cannot_make_one(tmp_path, caplog):
    lone = Turnstile(tmp_path / "nowhere" / "db.sqlite3")
    assert lone.enter(0)
    lone.leave()
    assert "no queue of writers" in caplog.text


def test_it_frees_the_turn_of_a_wait_that_was_interrupted(two, monkeypatch):
    first, second = two
    assert first.enter(0)

    def interrupted(_thread, _seconds=None):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", interrupted)
        with pytest.raises(KeyboardInterrupt):
            second.enter(60)
    first.leave()
    assert first.enter(30)


def test_it_keeps_no_file_of_a_connection_that_is_gone(tmp_path, two):
    def begin():
        Turnstile(tmp_path / "db.sqlite3").enter(30)

    for _time in range(3):
        thread = threading.Thread(target=begin)
        thread.start()
        thread.join()
    assert two[0].enter(30)
