"""New keys for old: the key of keys in an instant, data keys row by row, the index key all at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, models, transaction

from zhijia.kernel.crypto import canary, files, keyring, values
from zhijia.kernel.crypto.cipher import AES, new_key
from zhijia.kernel.crypto.columns import BlindIndexField, SealedField, Unreadable

BATCH = 500
Report = Callable[[str, int], None]
# The mark of the audit chain cannot be made anew: every line printed for the audit committee depends on it.
ROTATED = (*keyring.DOMAINS, "index")


def rewrap() -> None:
    """Make a new key of keys and wrap all others with it; no sealed value changes."""
    old, keys = keyring.read()
    new = new_key(AES)
    keyring.store(new, keyring.rewrapped(old, new, keys))


def renew(domain: str) -> str:
    """Add a key that seals from now on (for ``index``: marks); returns its name. Old ones still open."""
    kek, keys = keyring.read()
    number = 1 + max(int(key.kid.rpartition("-")[2]) for key in keys if key.domain == domain)
    fresh = keyring.made(kek, domain, number)
    keyring.store(kek, (*keys, fresh))
    return fresh.kid


def sealed_columns(domain: str) -> Iterator[tuple[type[models.Model], SealedField[Any, Any]]]:
    """Yield the sealed columns of a domain with their models."""
    for model in apps.get_models():
        for field in model._meta.fields:
            if isinstance(field, SealedField) and field.domain == domain:
                yield model, field


def reseal(domain: str, report: Report) -> int:
    """Seal what older keys of the domain hold with the newest one; returns how many values.

    It goes on where it was stopped, since every value says which key it has, and lets others write meanwhile:
    a row that someone has changed since it was read was sealed with the newest key by that.
    """
    kid, done = values.ring().active(domain).kid, 0
    for model, field in sealed_columns(domain):
        newest = f"{values.VERSION}.{kid}."
        old = model._base_manager.exclude(**{f"{field.name}__sealed_with": newest})
        old = old.exclude(**{field.name: ""}).exclude(**{f"{field.name}__isnull": True})
        after = 0
        while rows := list(old.filter(pk__gt=after).order_by("pk")[:BATCH]):
            for row in rows:
                token, plain = row.__dict__[field.attname], getattr(row, field.attname)
                if isinstance(plain, Unreadable):
                    continue  # ``keys verify`` names it; its key stays in the ring
                fresh = field.sealed(row, plain)
                model._base_manager.filter(pk=row.pk, **{field.name: token}).update(**{field.name: fresh})
                done += 1
            after = rows[-1].pk
            report(f"{model._meta.verbose_name}.{field.verbose_name}", done)
    return done


def _all_sealed() -> Iterator[tuple[type[models.Model], SealedField[Any, Any]]]:
    for domain in keyring.DOMAINS:
        yield from sealed_columns(domain)


def count_sealed() -> int:
    """Return how many sealed values the database holds."""
    total = 0
    for model, field in _all_sealed():
        blank = models.Q(**{field.name: ""}) | models.Q(**{f"{field.name}__isnull": True})
        total += model._base_manager.exclude(blank).count()
    return total


def unreadable() -> Iterator[tuple[type[models.Model], SealedField[Any, Any], int]]:
    """Yield model, column and row of each sealed value that does not open."""
    for model, field in _all_sealed():
        for row in model._base_manager.order_by("pk").iterator(BATCH):
            if isinstance(getattr(row, field.attname), Unreadable):
                yield model, field, row.pk


def reseal_files(report: Report) -> int:
    """Seal the attachments that older keys hold with the newest one."""
    kid, done = values.ring().active(files.DOMAIN).kid, 0
    for path in sorted(p for p in Path(settings.ATTACHMENTS).glob("*/*") if p.is_file()):
        if files.kid_of_file(path) != kid:
            name = files.attachment_name(path.name)
            with files.plain_copy(path, name=name) as plain, plain.open("rb") as source:
                files.seal_file(source, path, name=name)
            done += 1
            report("files", done)
    return done


def _lock(models_: list[type[models.Model]]) -> None:
    """Keep writers out until the end of the transaction; on SQLite the transaction itself does."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            for model in models_:
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")


def mark_again(report: Report, *, is_new: bool) -> int:
    """Make all blind indexes with the newest key, in one transaction; with ``is_new`` make that key first.

    Whoever has marked a number with the former key before and writes it afterwards would not be found by it:
    the server has to be stopped.
    """
    done = 0
    with transaction.atomic():
        marked = {
            model: [one for one in model._meta.fields if isinstance(one, BlindIndexField)]
            for model in apps.get_models()
        }
        _lock([model for model, marks in marked.items() if marks])
        if is_new:
            renew("index")
        for model, marks in marked.items():
            if not marks:
                continue
            for row in model._base_manager.order_by("pk").iterator(BATCH):
                fresh = {one.name: one.mark(str(getattr(row, one.of) or "")) for one in marks}
                model._base_manager.filter(pk=row.pk).update(**fresh)
                done += 1
            report(str(model._meta.verbose_name), done)
        canary.plant()
    return done
