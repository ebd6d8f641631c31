"""One writer after the other, in the order of their coming: two locks on files beside the database.

SQLite lets its writers ask again and again whether the database is free, each after a pause of its own. Among
many of them one can be passed over until its time is up, and its user reads "database is locked". A process
that waits for a lock on a file is woken by the system as soon as its turn has come; when a process dies, its
turn ends with it.

One lock would not do: who has just left takes it again before the next one is awake. So the first of those
who wait holds the lock ``next`` until it is in: whoever comes back stands behind it.
"""

from __future__ import annotations

import logging
import os
import threading
from pathlib import Path
from typing import IO

try:
    import fcntl
except ImportError:  # Windows has no such queue: there SQLite's own asking has to do
    fcntl = None  # type: ignore[assignment]  # says that it is missing

log = logging.getLogger(__name__)
Locks = tuple[IO[bytes], IO[bytes]]
NEXT, TURN = "next", "turn"


class _Waiting:
    """A thread that waits for the turn, so that the wait can be given up; then it lets go of what it gets."""

    def __init__(self, locks: Locks) -> None:
        self._locks, self._guard = locks, threading.Lock()
        self._has_it = self._is_given_up = False

    def _at_once(self) -> bool:
        """Take the turn if nobody waits for it; who is the first to wait keeps ``next``."""
        following, inside = self._locks
        try:
            fcntl.flock(following, fcntl.LOCK_EX | fcntl.LOCK_NB)
            fcntl.flock(inside, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        fcntl.flock(following, fcntl.LOCK_UN)
        return True

    def _wait(self) -> None:
        following, inside = self._locks
        fcntl.flock(following, fcntl.LOCK_EX)
        fcntl.flock(inside, fcntl.LOCK_EX)
        fcntl.flock(following, fcntl.LOCK_UN)
        with self._guard:
            self._has_it = not self._is_given_up
        if not self._has_it:
            following.close()
            inside.close()

    def within(self, seconds: float) -> bool:
        """Say whether the turn came in time; if not (or interrupted), the files are the thread's to close."""
        if self._at_once():
            return True
        thread = threading.Thread(target=self._wait, name="zhijia-turnstile", daemon=True)
        try:
            thread.start()
            thread.join(seconds)
        finally:
            with self._guard:
                self._is_given_up = not self._has_it
        return self._has_it


class Turnstile:
    """The queue in front of one database file, for one connection."""

    def __init__(self, database: Path) -> None:
        self._database = database
        self._locks: Locks | None = None
        self._is_in = False

    def enter(self, seconds: float) -> bool:
        """Wait for the turn; False when it did not come in time. Inside already, it is True at once.

        Without the files (another user's, a full disk) there is no queue, but SQLite's own locks as ever.
        """
        if fcntl is None or self._is_in:
            return True
        try:
            locks = self._locks or (self._open(NEXT), self._open(TURN))
        except OSError as error:
            log.warning("no queue of writers: %s", error)
            return True
        self._locks = None  # theirs who wait, until the turn has come
        if not _Waiting(locks).within(seconds):
            return False
        self._locks, self._is_in = locks, True
        return True

    def leave(self) -> None:
        """Let the next one in; nothing happens outside."""
        if self._is_in and self._locks is not None:
            fcntl.flock(self._locks[1], fcntl.LOCK_UN)
        self._is_in = False

    def close(self) -> None:
        """Leave, and close the files."""
        self.leave()
        for file in self._locks or ():
            file.close()
        self._locks = None

    def _open(self, name: str) -> IO[bytes]:
        """Open a lock's file; a new one gets the database's owner and mode, as SQLite's own files do."""
        path = self._database.with_name(f"{self._database.name}-{name}")
        try:
            return path.open("r+b", buffering=0)
        except FileNotFoundError:
            like = self._database.stat()
            file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "r+b", buffering=0)
            os.fchmod(file.fileno(), like.st_mode & 0o666)
            if os.geteuid() == 0:
                os.fchown(file.fileno(), like.st_uid, like.st_gid)
            return file
