"""One write = one command: permission, transaction, idempotency key, audit and outbox in one place.

    @command("members.join", at="union")
    def membership_join(*, actor: Actor, union: Union, person: Person) -> Membership: ...

``at`` is the dotted way from a keyword argument to something with a ``path`` (a union) or to a path; the
actor needs the action there. ``at=None`` asks for the action anywhere and leaves the place to the service.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, fields, is_dataclass
from operator import attrgetter
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from zhijia.kernel.actor import Actor
from zhijia.kernel.crypto.canary import keys_fit
from zhijia.kernel.crypto.values import mac
from zhijia.kernel.steady import steadily
from zhijia.kernel.verdict import Refused, StepUpRequired, Verdict, refused

if TYPE_CHECKING:
    from zhijia.kernel.outbox import Event

DENIALS = ("grant:", "house:separation")
"""How the source of a verdict begins that refuses because of who asks, not because of what is asked."""

P = ParamSpec("P")
T = TypeVar("T")


def subject_of(record: models.Model) -> int | None:
    """Return the id of the person whom a record concerns: its model's ``subject`` names the way there."""
    way = getattr(record, "subject", "")
    return cast("int | None", attrgetter(way)(record)) if way else None


@dataclass(frozen=True)
class Change:
    """What a command did to one record, or to a batch of them (``object_id`` None)."""

    model: str
    object_id: int | None
    verb: str
    values: dict[str, Any]
    rows: int = 1
    fields: tuple[str, ...] = ()
    subject_id: int | None = None

    @staticmethod
    def of(record: models.Model, before: dict[str, Any]) -> Change:
        """Describe one record; ``before`` holds the old values of changed fields, empty for a new record."""
        verb, fields = ("change" if before else "create"), tuple(before)
        return Change(record._meta.label_lower, record.pk, verb, before, 1, fields, subject_of(record))

    @staticmethod
    def batch(model: type[models.Model], verb: str, rows: int, fields: Iterable[str] = ()) -> Change:
        """Describe many records of one model by their number, and the fields that were changed."""
        return Change(model._meta.label_lower, None, verb, {}, rows, tuple(fields))


@dataclass
class Running:
    """The command that is running now."""

    action: str
    actor: Actor
    path: str
    reason: str = ""
    changes: list[Change] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)

    def note(self, change: Change) -> None:
        """Keep a change for the audit."""
        self.changes.append(change)

    def emit(self, event: Event) -> None:
        """Keep an event; it is stored with the command and delivered after the commit."""
        self.events.append(event)


_running: ContextVar[Running | None] = ContextVar("zhijia_command", default=None)


def current() -> Running:
    """Return the running command; raises RuntimeError when someone writes outside of one."""
    running = _running.get()
    if running is None:
        raise RuntimeError("records are written by commands only (zhijia.kernel.command)")
    return running


def require(verdict: Verdict) -> None:
    """Raise Refused unless the verdict is ok."""
    if not verdict:
        raise Refused(verdict)


def _path(arguments: dict[str, Any], at: str | None) -> str | None:
    if at is None:
        return None
    first, *rest = at.split(".")
    place = arguments[first]
    for name in rest:
        place = getattr(place, name)
    return cast("str", getattr(place, "path", place))


def _spoken(value: Any) -> Any:
    """Turn an argument into something that is the same whenever the same thing is said."""
    if isinstance(value, models.Model):
        return f"{value._meta.label}:{value.pk}"
    if is_dataclass(value) and not isinstance(value, type):
        return [_spoken(getattr(value, item.name)) for item in fields(value)]
    if isinstance(value, Mapping):
        return sorted((str(key), _spoken(item)) for key, item in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return [_spoken(item) for item in value]
    return str(value)


def _digest(arguments: Mapping[str, Any]) -> str:
    """Return a mark of what was said; keyed, else a number in it could be found by trying all of them."""
    said = {name: value for name, value in arguments.items() if name != "actor"}
    return mac("index:receipt", json.dumps(_spoken(said), ensure_ascii=False).encode())


def _replay(actor: Actor, action: str, digest: str) -> models.Model | None:
    """Return what the same submission made before, if it did.

    The same key with other contents (a page that the browser's Back brought back, changed and sent again) is
    refused: to answer with the old record would lose what was typed.
    """
    receipts = apps.get_model("kernel", "CommandReceipt")
    receipt = receipts.objects.filter(user_id=actor.user_id, key=actor.key, action=action).first()
    if receipt is None:
        return None
    if receipt.digest != digest:
        require(
            refused(
                _("这张表单已经提交过，这次的内容不同，没有保存。请打开已保存的记录更正，或重新打开表单。")
            )
        )
    return cast("models.Model", apps.get_model(receipt.model)._base_manager.get(pk=receipt.object_id))


def _remember(actor: Actor, action: str, digest: str, result: Any) -> None:
    if not isinstance(result, models.Model):
        raise TypeError(f"{action}: only a command that returns a record can carry an idempotency key")
    apps.get_model("kernel", "CommandReceipt").objects.create(
        user_id=actor.user_id,
        key=actor.key,
        action=action,
        digest=digest,
        model=result._meta.label,
        object_id=result.pk,
    )


def _perform(running: Running, work: Callable[[], T]) -> T:
    """Do the work in one transaction, with its audit and its events."""
    from zhijia.kernel.audit import gathered, write  # it needs this module
    from zhijia.kernel.jobs import mark_saved
    from zhijia.kernel.outbox import store

    with transaction.atomic(), gathered():
        token = _running.set(running)
        try:
            result = work()
        finally:
            _running.reset(token)
        write(running)
        store(running.events)
        if running.changes:
            mark_saved()
    return result


def _once(running: Running, digest: str, work: Callable[[], T]) -> T:
    """Do the work of one submission once, however often and however simultaneously it is sent."""
    from zhijia.kernel.audit import gathered  # it needs this module

    actor, action = running.actor, running.action
    try:
        with transaction.atomic(), gathered():
            if (done := _replay(actor, action, digest)) is not None:
                return cast("T", done)
            result = _perform(running, work)
            _remember(actor, action, digest, result)
    except IntegrityError:
        # The same submission was faster in another process; anything else that the database refuses goes on.
        if (done := _replay(actor, action, digest)) is None:
            raise
        return cast("T", done)
    return result


def _note_denial(refusal: Refused, action: str, arguments: dict[str, Any], at: str | None) -> None:
    """Note for the audit that permission, scope or separation of duties refused; after the rollback.

    Within another command nothing is noted: whether that one is refused too decides.
    """
    from zhijia.kernel.audit import deny  # it needs this module

    if _running.get() is None and refusal.verdict.source.startswith(DENIALS):
        deny(arguments["actor"], action, str(refusal), _path(arguments, at) or "")


def command(
    action: str, *, at: str | None, fresh: bool = False
) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a service function a command; see the head of this module.

    ``fresh`` commands (reveal, export, approval of money) want the actor to have proven password or second
    factor a moment ago; StepUpRequired is raised otherwise, also when the door has forgotten to ask.
    """

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            actor = cast("Actor", kwargs["actor"])
            path = _path(kwargs, at)
            require(actor.scope.may(action, path))
            require(keys_fit())
            if fresh and not actor.fresh:
                raise StepUpRequired(refused(_("请先再次验证身份，再进行此操作。"), "house:step-up"))
            digest = _digest(kwargs) if actor.key and _running.get() is None else ""

            def work() -> T:
                running = Running(action, actor, path or "")
                if digest:
                    return _once(running, digest, lambda: function(*args, **kwargs))
                return _perform(running, lambda: function(*args, **kwargs))

            return work() if _running.get() is not None else steadily(work, kwargs)

        @functools.wraps(function)
        def watched(*args: P.args, **kwargs: P.kwargs) -> T:
            try:
                return run(*args, **kwargs)
            except Refused as refusal:
                _note_denial(refusal, action, kwargs, at)
                raise

        watched.action = action  # type: ignore[attr-defined]  # read by the guard that lists all commands
        watched.fresh = fresh  # type: ignore[attr-defined]  # as above
        return watched

    return wrap
