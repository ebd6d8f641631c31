"""The audit: who did what to which record, and who looked. Written with the command, never changed.

Lines are appended at the end of the outermost command: only then is the end of the chain locked, until the
commit. A command within another one, and what ``record`` notes within a command, waits for that.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from zhijia.kernel.chain import GENESIS, mark, spoken
from zhijia.kernel.crypto.canary import keys_fit
from zhijia.kernel.verdict import Refused

if TYPE_CHECKING:
    from zhijia.kernel.actor import Actor
    from zhijia.kernel.command import Change, Running

WRITES = ("create", "change", "remove", "approve", "import")
log = logging.getLogger("zhijia.audit")
READS = ("view", "search", "reveal", "export", "print")
VERBS = frozenset({*WRITES, *READS, "login", "logout", "deny"})
BATCH = 500
PARTS, PART = "parts", "part_of"
"""In the details of a line: how many lines right after it are its parts; in a part: what it is part of."""


class _Waiting:
    """Lines that wait for the end of the outermost command.

    It is put on the transaction's list of things to do at the commit, where it does nothing: when the
    savepoint around it is undone, Django takes it off that list, and so its lines are dropped.
    """

    def __init__(self, lines: list[Any]) -> None:
        self.lines = lines
        transaction.on_commit(self)

    def __call__(self) -> None:
        """Do nothing at the commit."""


_gathered: ContextVar[list[_Waiting] | None] = ContextVar("zhijia_audit", default=None)


@contextmanager
def gathered() -> Iterator[None]:
    """Append all lines of the block at its end, in one piece. To be opened within a transaction."""
    if _gathered.get() is not None:
        yield
        return
    waiting: list[_Waiting] = []
    token = _gathered.set(waiting)
    try:
        yield
    finally:
        _gathered.reset(token)
    standing = {id(entry[1]) for entry in connection.run_on_commit}
    _append([line for one in waiting if id(one) in standing for line in one.lines])


def _note(lines: list[Any]) -> None:
    waiting = _gathered.get()
    if waiting is not None:
        waiting.append(_Waiting(lines))
        return
    with transaction.atomic():
        _append(lines)


def _append(lines: list[Any]) -> None:
    """Chain the lines to the end of the audit, whose row stays locked until the commit."""
    if not lines:
        return
    if not (fit := keys_fit()):
        raise Refused(fit)  # with other keys the line would break the chain for good
    heads = apps.get_model("kernel", "AuditHead").objects
    head = heads.select_for_update().filter(pk=1).first()
    if head is None:  # a database that never had a line, or was emptied by force: the lines themselves tell
        last = apps.get_model("kernel", "AuditEvent").objects.order_by("-seq").first()
        seq, prev = (last.seq, last.hash) if last else (0, GENESIS)
        heads.bulk_create([heads.model(pk=1, seq=seq, hash=prev)], ignore_conflicts=True)
        head = heads.select_for_update().get(pk=1)
    seq, prev, make = head.seq, head.hash, mark()
    for line in lines:
        seq += 1
        line.seq, line.prev = seq, prev
        line.hash = prev = make(spoken(line).encode())
    type(lines[0]).objects.bulk_create(lines, batch_size=BATCH)
    heads.filter(pk=1).update(seq=seq, hash=prev)
    if log.handlers:
        transaction.on_commit(lambda: _send(lines))


def _send(lines: list[Any]) -> None:
    """Tell the log server that the lines stand; it gets no values of records."""
    for one in lines:
        who = f"user={one.actor_id} from={one.address or '-'}"
        what = f"{one.verb} {one.action} {one.model}#{one.object_id} subject={one.subject_id}"
        log.info("seq=%s %s %s rows=%s hash=%s", one.seq, who, what, one.rows, one.hash)


def count_since(actor: Actor, verb: str, since: datetime) -> int:
    """Return how many lines of this kind a log-in has left since a moment."""
    events = apps.get_model("kernel", "AuditEvent").objects
    return int(events.filter(actor_id=actor.user_id, verb=verb, at__gte=since).count())


def _place(actor: Actor) -> str:
    """Return the seat's union above all other seats of an actor: where a line without a place belongs."""
    # rights to the own matters lie outside of the tree, behind "~"
    paths = {grant.path for grant in actor.scope.grants if not grant.path.startswith("~")}
    highest = min(paths, key=len, default="")
    return highest if all(path.startswith(highest) for path in paths) else ""


def _line(actor: Actor, **values: Any) -> Any:
    values |= {"actor_name": actor.name, "post": actor.post[:200], "address": actor.address[:45]}
    values["path"] = values.get("path") or _place(actor)
    # a NUL ends a text early for some databases, which would then not speak it as it was marked
    clean = {
        name: value.replace("\0", "") if isinstance(value, str) else value for name, value in values.items()
    }
    return apps.get_model("kernel", "AuditEvent")(at=timezone.now(), actor_id=actor.user_id, **clean)


def whole_and_parts(whole: Change, parts: Iterable[Change]) -> list[Change]:
    """Return the line of something done to many people and one line for each of them, to be noted in a row.

    All are lines of the chain like any other, and each person sees the own one. Lists of everything show the
    whole, which opens to its parts.
    """
    told = [replace(one, values={**one.values, PART: f"{whole.model}#{whole.object_id}"}) for one in parts]
    return [replace(whole, rows=len(told), values={**whole.values, PARTS: len(told)}), *told]


def write(running: Running) -> None:
    """Note one line per change; a command that changed nothing leaves no line."""
    _note(
        [
            _line(
                running.actor,
                path=running.path,
                action=running.action,
                model=change.model,
                object_id=change.object_id,
                subject_id=change.subject_id,
                verb=change.verb,
                fields=list(change.fields),
                before=change.values,
                rows=change.rows,
                reason=running.reason[:200],
            )
            for change in running.changes
        ]
    )


def record(
    actor: Actor,
    verb: str,
    *,
    action: str = "",
    model: str = "",
    object_id: int | None = None,
    subject_id: int | None = None,
    rows: int = 1,
    fields: Iterable[str] = (),
    reason: str = "",
    path: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Note one line: in the running command's transaction, else in one of its own.

    ``subject_id`` is the person concerned (members.Person), ``path`` the place; without one the line belongs
    where the actor's seats are. ``details`` never hold values of records. ValueError for an unknown verb, and
    for a line that says it is part of another one: lists would fold it away.
    """
    if verb not in VERBS:
        raise ValueError(f"unknown verb {verb!r}")
    if details and {PART, PARTS} & set(details):
        raise ValueError("parts are noted by whole_and_parts, together with their whole")
    line = _line(
        actor,
        path=path,
        action=action,
        model=model,
        object_id=object_id,
        subject_id=subject_id,
        verb=verb,
        fields=list(fields),
        before=dict(details or {}),
        rows=rows,
        reason=reason[:200],
    )
    _note([line])


def deny(actor: Actor, action: str, reason: str, path: str = "") -> None:
    """Note that someone who is logged in was refused; to be called after the command's rollback."""
    if actor.user_id is not None and keys_fit():
        record(actor, "deny", action=action, reason=reason, path=path)
