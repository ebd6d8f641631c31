"""The base of every record, and the only five ways to write one - all of them inside a command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar, TypeVar

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.command import Change, current, subject_of
from zhijia.kernel.crypto.columns import columns_for, indexes
from zhijia.kernel.scope import ScopedQuerySet

BATCH = 500
HIDDEN = "***"


class Record(models.Model):
    """A row that an officer made: it has a version, and is reached through a scope only.

    ``scope_path`` names the column (or relation path) with the path of the union the row belongs to.
    ``sensitive`` names the columns whose former values never go into the audit, which cannot be erased.
    ``subject`` is the way to the id of the person whom the row concerns (``person_id``), for the audit.
    """

    scope_path: ClassVar[str] = "union__path"
    sensitive: ClassVar[frozenset[str]] = frozenset()
    subject: ClassVar[str] = ""

    version = models.PositiveIntegerField(default=1, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False)
    updated_at = models.DateTimeField(default=timezone.now, editable=False)

    objects = models.Manager.from_queryset(ScopedQuerySet)()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        for name in ("name", "title"):
            if hasattr(self, name):
                return str(getattr(self, name))
        return f"{self._meta.label} {self.pk}"


class StaleVersionError(Exception):
    """Someone else changed the record since it was shown; nothing was written."""

    def __init__(self, record: Record) -> None:
        """Keep the record as it is now, so that the page can show both sides."""
        super().__init__(str(_("他人已修改此记录，请核对后再保存。")))
        self.record = record


R = TypeVar("R", bound=Record)


def plain(value: Any) -> Any:
    """Turn a field's value into something JSON can hold, for the audit."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, str | int | bool | None) else str(value)


def create(record: R) -> R:
    """Insert one record and note it for the audit."""
    command = current()
    record.save(force_insert=True)
    command.note(Change.of(record, {}))
    return record


def change(record: R, *, version: int | None = None, **values: Any) -> R:
    """Update the named fields if the stored version is still ``version``; raises StaleVersionError.

    ``version`` None means the version the record was loaded with. Fields that keep their value are left out;
    when nothing changes nothing is written.
    """
    command = current()
    expected = record.version if version is None else version
    fresh = type(record)._base_manager.get(pk=record.pk)
    if fresh.version != expected:
        raise StaleVersionError(fresh)
    changed = {name: value for name, value in values.items() if plain(getattr(record, name)) != plain(value)}
    if not changed:
        return record
    before = {name: HIDDEN if name in record.sensitive else plain(getattr(record, name)) for name in changed}
    stamp = {"version": expected + 1, "updated_at": timezone.now()}
    written = columns_for(record, changed)
    rows = type(record)._base_manager.filter(pk=record.pk, version=expected).update(**written, **stamp)
    if not rows:
        raise StaleVersionError(type(record)._base_manager.get(pk=record.pk))
    for name, value in {**written, **changed, **stamp}.items():
        setattr(record, name, value)
    command.note(Change.of(record, before))
    return record


def create_many(model: type[R], records: Sequence[R]) -> list[R]:
    """Insert many records of one model; the audit keeps one line with their number."""
    command = current()
    made = list(model._base_manager.bulk_create(records, batch_size=BATCH))
    if made:
        command.note(Change.batch(model, "create", len(made)))
    return made


def change_many(model: type[R], records: Iterable[R], fields: Sequence[str]) -> int:
    """Update the named fields of many records; the audit keeps one line with their number."""
    command = current()
    rows = list(records)
    for row in rows:
        row.version += 1
        row.updated_at = timezone.now()
    if rows:
        # An upsert by id is four times faster than Django's bulk_update with its CASE per row and field.
        model._base_manager.bulk_create(
            rows,
            batch_size=BATCH,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*fields, *(one.name for one in indexes(model, fields)), "version", "updated_at"],
        )
        command.note(Change.batch(model, "change", len(rows), fields))
    return len(rows)


def remove(record: Record) -> None:
    """Delete a link between records (a participation), keeping its values in the audit.

    Only links are ever removed: people, unions and ledger rows are closed or corrected instead.
    """
    command = current()
    columns = [
        field.attname for field in record._meta.concrete_fields if field.attname not in record.sensitive
    ]
    values = {name: plain(getattr(record, name)) for name in columns}
    subject = subject_of(record)
    command.note(Change(record._meta.label_lower, record.pk, "remove", values, 1, tuple(values), subject))
    record.delete()
