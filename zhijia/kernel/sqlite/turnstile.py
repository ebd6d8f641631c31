"""One writer after the other, in the order of their coming: a lock on a file beside the database.

SQLite lets its writers ask again and again whether the database is free, each after a pause of its own. Among
many of them one can be passed over until its time is up, and its user reads "database is locked". A process
that waits for a lock on a file is woken by the system as soon as its turn has come; when a process dies, its
turn ends with it.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has no such queue: there SQLite's own asking has to do
    fcntl = None  # type: ignore[assignment]  # says that it is missing


class _Waiting:
    """A thread that waits for the lock, so that the wait can be given up; then it lets go of what it gets."""

    def __init__(self, file: int) -> None:
        self._file, self._guard = file, threading.Lock()
        self._has_it = self._is_given_up = False
        self._thread = threading.Thread(target=self._wait, name="zhijia-turnstile", daemon=True)

    def _wait(self) -> None:
        fcntl.flock(self._file, fcntl.LOCK_EX)
        with self._guard:
            self._has_it = not self._is_given_up
        if not self._has_it:
            os.close(self._file)

    def within(self, seconds: float) -> bool:
        """Say whether the lock came in time; if not, the descriptor belongs to the thread from now on."""
        self._thread.start()
        self._thread.join(seconds)
        with self._guard:
            self._is_given_up = not self._has_it
        return self._has_it


class Turnstile:
    """The queue in front of one database file, for one connection."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-turn")
        self._file: int | None = None
        self._is_in = False

    def enter(self, seconds: float) -> bool:
        """Wait for the turn; False when it did not come in time. Inside already, it is True at once."""
        if fcntl is None or self._is_in:
            return True
        if self._file is None:
            self._file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if not _Waiting(self._file).within(seconds):
                self._file = None
                return False
        self._is_in = True
        return True

    def leave(self) -> None:
        """Let the next one in; nothing happens outside."""
        if self._is_in and self._file is not None:
            fcntl.flock(self._file, fcntl.LOCK_UN)
        self._is_in = False

    def close(self) -> None:
        """Leave, and close the file."""
        self.leave()
        if self._file is not None:
            os.close(self._file)
        self._file = None
