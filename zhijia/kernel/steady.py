"""What a command does when the database could not do its work: try again, or say why in plain words.

A deadlock or a serialization failure is nobody's fault and is gone at the next try. A full disk is not.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from django.db import DatabaseError, OperationalError, connection, models
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.verdict import Refused, refused

T = TypeVar("T")
TRIES = 4
PAUSE = 0.02
AGAIN = frozenset({"40001", "40P01"})  # serialization_failure, deadlock_detected
FULL = frozenset({"53100", "SQLITE_FULL"})
DISK_FULL = refused(_("磁盘空间不足，没有保存任何内容。请联系系统管理员清理磁盘后重试。"), "house:disk-full")


def cause(error: DatabaseError) -> str:
    """Return the database's own name of an error: PostgreSQL's five signs, or SQLite's word."""
    inner = error.__cause__
    return str(getattr(inner, "sqlstate", None) or getattr(inner, "sqlite_errorname", None) or "")


def steadily(work: Callable[[], T], arguments: Mapping[str, Any]) -> T:
    """Do a whole command; up to three times again after a deadlock, unless a transaction is open around it.

    Records among the arguments are put back as they were: a failed try may have changed them in memory.
    Raises Refused when the disk is full.
    """
    records = [value for value in arguments.values() if isinstance(value, models.Model)]
    kept = [dict(vars(record)) for record in records]
    tries = 1 if connection.in_atomic_block else TRIES
    for number in range(1, tries + 1):
        try:
            return work()
        except OperationalError as error:
            name = cause(error)
            if name in FULL:
                raise Refused(DISK_FULL) from error
            if name not in AGAIN or number == tries:
                raise
        for record, values in zip(records, kept, strict=True):
            vars(record).clear()
            vars(record).update(values)
        time.sleep(random.uniform(PAUSE, PAUSE * 2**number))  # noqa: S311 - spreads rivals, hides nothing
    raise AssertionError("the last try returns or raises")
