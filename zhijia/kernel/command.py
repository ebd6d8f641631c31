"""One write = one command: permission, transaction, idempotency key, audit and outbox in one place.

    @command("members.join", at="union")
    def membership_join(*, actor: Actor, union: Union, person: Person) -> Membership: ...

``at`` is the dotted way from a keyword argument to something with a ``path`` (a union) or to a path; the
actor needs the action there. ``at=None`` asks for the action anywhere and leaves the place to the service.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from django.apps import apps
from django.db import models, transaction

from zhijia.kernel.actor import Actor
from zhijia.kernel.verdict import Refused, Verdict

if TYPE_CHECKING:
    from zhijia.kernel.outbox import Event

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(frozen=True)
class Change:
    """What a command did to one record, or to a batch of them (``object_id`` None)."""

    model: str
    object_id: int | None
    verb: str
    values: dict[str, Any]
    rows: int = 1

    @staticmethod
    def of(record: models.Model, before: dict[str, Any]) -> Change:
        """Describe one record; ``before`` holds the old values of changed fields, empty for a new record."""
        return Change(record._meta.label_lower, record.pk, "change" if before else "create", before)

    @staticmethod
    def batch(model: type[models.Model], verb: str, rows: int) -> Change:
        """Describe many records of one model by their number."""
        return Change(model._meta.label_lower, None, verb, {}, rows)


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


def _replay(actor: Actor, action: str) -> models.Model | None:
    """Return what the same submission made before, if it did."""
    receipts = apps.get_model("kernel", "CommandReceipt")
    receipt = receipts.objects.filter(user_id=actor.user_id, key=actor.key, action=action).first()
    if receipt is None:
        return None
    return cast("models.Model", apps.get_model(receipt.model)._base_manager.get(pk=receipt.object_id))


def _remember(actor: Actor, action: str, result: Any) -> None:
    if not isinstance(result, models.Model):
        raise TypeError(f"{action}: only a command that returns a record can carry an idempotency key")
    apps.get_model("kernel", "CommandReceipt").objects.create(
        user_id=actor.user_id, key=actor.key, action=action, model=result._meta.label, object_id=result.pk
    )


def command(action: str, *, at: str | None) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a service function a command; see the head of this module."""

    def wrap(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def run(*args: P.args, **kwargs: P.kwargs) -> T:
            from zhijia.kernel.audit import write  # the audit's model needs the app registry
            from zhijia.kernel.outbox import store

            actor = cast("Actor", kwargs["actor"])
            path = _path(kwargs, at)
            require(actor.scope.may(action, path))
            outer = _running.get()
            with transaction.atomic():
                keyed = bool(actor.key) and outer is None
                if keyed and (done := _replay(actor, action)) is not None:
                    return cast("T", done)
                running = Running(action, actor, path or "")
                token = _running.set(running)
                try:
                    result = function(*args, **kwargs)
                finally:
                    _running.reset(token)
                if keyed:
                    _remember(actor, action, result)
                write(running)
                store(running.events)
            return result

        run.action = action  # type: ignore[attr-defined]  # read by the guard that lists all commands
        return run

    return wrap
