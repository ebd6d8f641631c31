"""Events between areas that do not know each other: stored with the command, delivered after its commit.

An event is a frozen dataclass with ids only. Cards name listeners (``listeners={"organisations.UnionClosed":
"zhijia.areas.accounts.listeners.union_closed"}``). One that fails leaves the event undelivered and its error,
undoes what the event's other listeners did, and the worker tries again (``deliver_pending``).
"""

import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import ClassVar

from django.apps import apps
from django.db import models, transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from zhijia.kernel.audit import gathered

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 5


@dataclass(frozen=True)
class Event:
    """The base of all events; ``name`` is ``area.Noun``."""

    name: ClassVar[str]


def store(events: Sequence[Event]) -> None:
    """Store events within the running transaction and deliver them once it is committed."""
    if not events:
        return
    rows = apps.get_model("kernel", "OutboxEvent").objects.bulk_create(
        apps.get_model("kernel", "OutboxEvent")(name=event.name, payload=asdict(event)) for event in events
    )
    keys = [row.pk for row in rows]
    transaction.on_commit(lambda: deliver(keys))


def deliver(keys: Sequence[int]) -> None:
    """Hand each stored event to its listeners; a failing one is logged and kept for another try."""
    for key in keys:
        try:
            with transaction.atomic(), gathered():  # listeners' commands share this transaction
                _deliver_one(key)
        except Exception as error:  # any listener's fault is kept with the event, not raised to the user
            log.exception("outbox event %s was not delivered", key)
            apps.get_model("kernel", "OutboxEvent").objects.filter(pk=key).update(
                attempts=models.F("attempts") + 1, error=str(error)[:500]
            )


def _deliver_one(key: int) -> None:
    from zhijia.kernel.registry import registry  # the registry needs the app registry

    row = apps.get_model("kernel", "OutboxEvent").objects.get(pk=key)
    if row.delivered_at is not None:
        return
    for listener in registry().listeners.get(row.name, ()):
        import_string(listener)(**row.payload)
    row.delivered_at = timezone.now()
    row.save(update_fields=["delivered_at"])


def deliver_pending() -> int:
    """Try the undelivered events again; returns how many were tried. The worker calls it each minute."""
    pending = list(
        apps.get_model("kernel", "OutboxEvent")
        .objects.filter(delivered_at=None, attempts__lt=MAX_ATTEMPTS)
        .order_by("pk")
        .values_list("pk", flat=True)[:100]
    )
    deliver(pending)
    return len(pending)
