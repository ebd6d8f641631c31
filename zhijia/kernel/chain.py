"""The chain of the audit: each line carries a keyed mark of itself and of the mark before it.

Who edits, deletes, inserts or swaps lines in the database cannot make the marks: their key lies outside of
it. What a chain cannot show by itself, that its end was cut off and the head set back, the printed daily
head shows (``verify(..., printed=...)``).
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.apps import apps
from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.crypto.values import marker

PURPOSE = "audit"
GENESIS = "0" * 64
NUMBERS = ("seq", "actor_id", "object_id", "subject_id", "rows")
TEXTS = ("prev", "actor_name", "post", "address", "action", "path", "model", "verb", "reason")
DOCUMENTS = ("fields", "before")
_EPOCH, _TICK = datetime(1970, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
_BATCH = 5000
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode

Mark = Callable[[bytes], str]
Line = tuple[int, str, str, str]
"""A line as it is verified: seq, prev, hash, and what is marked."""


def mark() -> Mark:
    """Return the function that makes the marks of the chain; asks for the keys once."""
    return marker(PURPOSE)


def spoken(event: Any) -> str:
    """Return what is marked of an audit event: every column but id and hash, in a fixed order.

    Numbers (the time as microseconds since 1970, UTC) end with a bar, texts are led by their length in bytes,
    and documents are canonical JSON; so no two events are spoken alike, and a database can say it as well.
    """
    numbers = [(event.at - _EPOCH) // _TICK, *(getattr(event, name) for name in NUMBERS)]
    texts = [getattr(event, name) for name in TEXTS]
    return "".join(
        [
            *("|" if number is None else f"{number}|" for number in numbers),
            *(f"{len(text.encode())}:{text}" for text in texts),
            *(_encode(getattr(event, name)) for name in DOCUMENTS),
        ]
    )


FAULTS: dict[str, str | Promise] = {
    "edited": _("内容被改动"),
    "missing": _("记录被删除"),
    "inserted": _("被插入或调换"),
    "spliced": _("换成了另一时点的记录，与前一条不相接"),
    "unsealed": _("与打印的封印不一致"),
    "truncated": _("末尾的记录被删除"),
    "appended": _("末尾被追加了伪造的记录"),
}


@dataclass(frozen=True)
class Fault:
    """The first line that is wrong, and how: see ``FAULTS``."""

    seq: int
    kind: str

    @property
    def text(self) -> str:
        """Return how, in words."""
        return str(FAULTS[self.kind])


@dataclass(frozen=True)
class Verified:
    """What a run through the chain found: its end as it is stored, and the first fault, if any."""

    lines: int
    seq: int
    hash: str
    fault: Fault | None

    @property
    def ok(self) -> bool:
        """Say whether the chain is whole."""
        return self.fault is None


@dataclass(frozen=True)
class Head:
    """A head that was printed earlier: the line it names must still carry this hash."""

    seq: int
    hash: str

    @staticmethod
    def parse(text: str) -> Head:
        """Read ``SEQ:HASH`` as it is printed, in groups or not; raises ValueError."""
        seq, colon, signs = "".join(text.split()).partition(":")
        signs = signs.lower()
        if not (colon and seq.isdecimal() and len(signs) == len(GENESIS) and int(signs, 16) >= 0):
            raise ValueError(f"a head is a number, a colon and {len(GENESIS)} signs 0-9 a-f")
        return Head(int(seq), signs)


def fault_of(line: Line, seq: int, prev: str, make: Mark) -> str:
    """Return what is wrong with a line that should be number ``seq`` and follow ``prev``; else empty."""
    found, before, mark_, text = line
    if found != seq:
        return "missing"
    whole = make(text.encode()) == mark_
    if before != prev:
        return "spliced" if whole else "inserted"
    return "" if whole else "edited"


_DAY = "-".join(("[0-9]" * 4, "[0-9]" * 2, "[0-9]" * 2))
_SECOND = f"{_DAY} {':'.join(['[0-9][0-9]'] * 3)}"
_DIALECT = {
    "sqlite": (
        "printf",
        'length(CAST("{}" AS blob))',
        # a time that is not written as Django does (with a zone, say) is spoken as it stands
        f"""CASE WHEN "at" GLOB '{_SECOND}' OR "at" GLOB '{_SECOND}.{"[0-9]" * 6}' THEN
        strftime('%%s', substr("at", 1, 19)) * 1000000 + substr("at" || '.000000', 21, 6) ELSE "at" END""",
    ),
    "postgresql": ("format", 'octet_length("{}")', '(extract(epoch FROM "at") * 1000000)::bigint'),
}


def _query() -> str:
    """Return the query that makes the database speak its lines as ``spoken`` does.

    It costs a third of the time that the ORM and Python need: a million lines are verified in seconds.
    """
    function, size, at = _DIALECT[connection.vendor]
    pattern = "%%s|" * (1 + len(NUMBERS)) + "%%s:%%s" * len(TEXTS)
    said = [at, *(f'"{name}"' for name in NUMBERS)]
    for name in TEXTS:
        said += [size.format(name), f'"{name}"']
    documents = ", ".join(f'CAST("{name}" AS text)' for name in DOCUMENTS)
    return (
        f'SELECT "seq", "prev", "hash", {function}(\'{pattern}\', {", ".join(said)}), {documents} '  # noqa: S608 - constants of this module only
        f'FROM kernel_auditevent WHERE "seq" > %s ORDER BY "seq" LIMIT {_BATCH}'
    )


def lines(after: int = 0) -> Iterator[Line]:
    """Yield the stored lines in the order of the chain."""
    query, batch = _query(), [(after,)]
    while batch:
        with connection.cursor() as cursor:
            cursor.execute(query, [batch[-1][0]])
            batch = cursor.fetchall()
        for seq, prev, mark_, text, fields, before in batch:
            yield seq, prev, mark_, f"{text}{_canonical(fields)}{_canonical(before)}"


@functools.lru_cache(maxsize=4096)
def _canonical(text: str) -> str:
    """Return a JSON document in its one way of writing: databases keep spaces and order as they please."""
    return _encode(json.loads(text))


def _head() -> Head:
    found = apps.get_model("kernel", "AuditHead").objects.first()
    return Head(found.seq, found.hash) if found else Head(0, GENESIS)


def verify(*, printed: Head | None = None) -> Verified:
    """Run through the whole chain and stop at the first line that is wrong; others may append meanwhile."""
    expected = [head for head in (printed, _head()) if head and head.seq]
    make, seq, prev = mark(), 0, GENESIS
    for line in lines():
        kind = fault_of(line, seq + 1, prev, make)
        seq, prev = seq + 1, line[2]
        if not kind and any(head.seq == seq and head.hash != prev for head in expected):
            kind = "unsealed"
        if kind:
            return Verified(seq - 1, seq, prev, Fault(seq, kind))
    fault = Fault(seq + 1, "truncated") if any(head.seq > seq for head in expected) else None
    if not fault and (end := _head().seq) < seq:
        fault = Fault(end + 1, "appended")
    return Verified(seq, seq, prev, fault)
