"""The change history of one record, from the audit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist

from zhijia.kernel.models import AuditEvent
from zhijia.kernel.records import Record


@dataclass(frozen=True)
class HistoryLine:
    """One step: when, who, what was done, and the former values by field label."""

    at: datetime
    who: str
    verb: str
    before: tuple[tuple[str, Any], ...]


def _label(record: Record, name: str) -> str:
    try:
        return str(getattr(record._meta.get_field(name), "verbose_name", name))
    except FieldDoesNotExist:
        return name


def history(record: Record, limit: int = 20) -> list[HistoryLine]:
    """Return the newest steps of a record first. The caller has loaded the record within a scope."""
    events = AuditEvent.objects.filter(model=record._meta.label_lower, object_id=record.pk).order_by("-pk")
    return [
        HistoryLine(
            event.at,
            event.actor_name,
            event.verb,
            tuple((_label(record, name), value) for name, value in event.before.items()),
        )
        for event in events[:limit]
    ]
