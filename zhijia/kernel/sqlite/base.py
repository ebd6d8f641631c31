"""Django's SQLite, with a queue in front of its only writer (``turnstile.py``)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import OperationalError
from django.db.backends.sqlite3 import base
from django.utils.functional import cached_property

from zhijia.kernel.sqlite.turnstile import Turnstile


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin in the order in which they were asked for.

    Only transactions that write from the start (``transaction_mode`` IMMEDIATE) queue: all commands do,
    single statements outside of a transaction do not. Databases in memory have one connection and need no
    queue. The longest wait is ``timeout`` of the options, in seconds; SQLite's own may come on top. A
    connection is closed before a fork, or parent and child would stand in the queue as one.
    """

    @cached_property
    def _turnstile(self) -> Turnstile | None:
        if self.is_in_memory_db() or self.settings_dict["OPTIONS"]["transaction_mode"] != "IMMEDIATE":
            return None
        return Turnstile(Path(str(self.settings_dict["NAME"])))

    def _start_transaction_under_autocommit(self) -> None:
        seconds = float(self.settings_dict["OPTIONS"]["timeout"])
        if self._turnstile and not self._turnstile.enter(seconds):
            raise OperationalError("database is locked")
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # the stubs do not know it
        except BaseException:
            self._leave()
            raise

    def _commit(self) -> Any:
        """Commit, and leave before what was to be done after the commit is done: that may take its time."""
        done = super()._commit()  # type: ignore[misc]  # as above
        self._leave()
        return done

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]  # as above
        finally:
            self._leave()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]  # as above
        finally:
            if self._turnstile:
                self._turnstile.close()

    def _leave(self) -> None:
        if self._turnstile:
            self._turnstile.leave()
