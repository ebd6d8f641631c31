"""What areas tell about one person when the law asks: what they hold, and how long they need it.

Personal information protection law (个人信息保护法) articles 19, 45 and 47.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.db import transaction
from django.utils.functional import Promise

from zhijia.kernel.records import Record, change, remove
from zhijia.kernel.scope import Scope
from zhijia.kit.attachments import store
from zhijia.kit.attachments.queries import attachments_of, place_of

ANONYMOUS = "已匿名"
"""What stands where a name was; a word of the records, so it is not translated."""

R = TypeVar("R", bound=Record)


@dataclass(frozen=True)
class SubjectTable:
    """What an area holds about a person: a title, the column heads, and the rows with their full values."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]


@dataclass(frozen=True)
class Use:
    """That a record of ``model`` (``aid.Relief``) needs a person: until ``last_on``, or still (None).

    ``why`` says what is still going on.
    """

    person_id: int
    model: str
    last_on: date | None
    why: str | Promise = ""


SubjectReader = Callable[[Scope, int], list[SubjectTable]]
UseReader = Callable[[Collection[int] | None], Iterable[Use]]


def anonymise(record: R, **values: Any) -> R:
    """Change a record like ``records.change``; the audit keeps the names of the fields, no former value."""
    vars(record)["sensitive"] = frozenset(values)  # shadows the class's own set on this instance
    return change(record, **values)


def drop_attachments(record: Record) -> int:
    """Take all files away from a record, whoever may write there; within the running command.

    The sealed files go once the rows are gone for good. Returns how many there were.
    """
    files = attachments_of(place_of(record), record.pk)
    for one in files:
        remove(one)
        transaction.on_commit(functools.partial(store.drop, one.key))
    return len(files)
