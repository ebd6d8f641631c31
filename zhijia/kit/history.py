"""The change history of one record, from the audit, in the words of its fields."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.kernel.audit import WRITES
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.quantity import CountUnit, Qualifier
from zhijia.kernel.records import Record
from zhijia.kit.forms import QUALIFIED
from zhijia.kit.templatetags.kit import readable, yuan

_FEN = "(分)"
"""How the label of a money column ends: its former values are shown in yuan."""
_QUALIFIER, _UNIT = "_qualifier", "_unit"
"""How the columns end that say 余 or 近, and 篇 or 份, of the count beside them."""

Names = Mapping[tuple[str, Any], str]


@dataclass(frozen=True)
class HistoryLine:
    """One step: when, who, what was done, and the former values in words by field label."""

    at: datetime
    who: str
    verb: str
    before: tuple[tuple[str, str], ...]


def history(
    record: Record,
    *,
    hidden: Collection[str] = (),
    labels: Mapping[str, str | Promise] | None = None,
    limit: int = 20,
) -> list[HistoryLine]:
    """Return the newest steps of a record first. The caller has loaded the record within a scope.

    The former values of ``hidden`` fields are not shown, only that they changed. ``labels`` names values
    that are no fields of the record, and fields without a name of their own.
    """
    events = list(
        AuditEvent.objects.filter(
            model=record._meta.label_lower, object_id=record.pk, verb__in=WRITES
        ).order_by("-pk")[:limit]
    )
    names = _related_names(record, events)
    lines = []
    for event in events:
        before = []
        for name, value in event.before.items():
            label = (labels or {}).get(name) or _label(record, name)
            if label:
                text = _("（不显示）") if name in hidden else _shown(record, name, value, names)
                before.append((str(label), text))
        lines.append(HistoryLine(event.at, event.actor_name, event.verb, tuple(before)))
    return lines


def _field(record: Record, name: str) -> Any:
    """Return the model field of a value of the audit, or None."""
    try:
        return record._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _label(record: Record, name: str) -> str:
    """Return what people call a field; empty for search keys and the like, which nobody reads."""
    field = _field(record, name)
    if field is None:
        return ""
    if name.endswith(_QUALIFIER) and _field(record, name.removesuffix(_QUALIFIER)) is not None:
        return _("%(label)s（概数）") % {"label": _label(record, name.removesuffix(_QUALIFIER))}
    label = str(field.verbose_name)
    return "" if label.isascii() else label.removesuffix(_FEN)


def _related_names(record: Record, events: Iterable[AuditEvent]) -> Names:
    """Read the names of all related records that the former values mention, one query for each field."""
    wanted: dict[str, set[Any]] = defaultdict(set)
    for event in events:
        for name, value in event.before.items():
            field = _field(record, name)
            if field is not None and field.is_relation and value is not None:
                wanted[name].add(value)
    found = {}
    for name, keys in wanted.items():
        rows = _field(record, name).related_model._base_manager.filter(pk__in=keys)
        found.update({(name, row.pk): str(row) for row in rows})
    return found


def _shown(record: Record, name: str, value: Any, names: Names) -> str:
    """Return a former value as people read it."""
    field = _field(record, name)
    if value is None or field is None:
        return readable(value)
    if field.is_relation:
        return names.get((name, value), readable(None))
    if str(field.verbose_name).endswith(_FEN):
        return yuan(value)
    return readable(_typed(field, value))


def _typed(field: Any, value: Any) -> Any:
    """Return the word of a code, or the day of a text; other values as they are."""
    if field.choices:
        return {code: str(label) for code, label in field.flatchoices}.get(value, value)
    if field.name.endswith(_QUALIFIER):
        return "".join(QUALIFIED[Qualifier(value)])
    if field.name.endswith(_UNIT):
        return CountUnit(value).label if value else ""
    if isinstance(field, models.DateTimeField):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(field, models.DateField) else value
