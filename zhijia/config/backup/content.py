"""Counts and sums of every table: of a live database, of a copy of it, of one that was put back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.apps import apps
from django.db import models

from zhijia.config.backup.manifest import Content

Ask = Callable[[str], list[tuple[Any, ...]]]
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()",
}


def numbers() -> list[tuple[str, str]]:
    """Return table and column of every whole number that is not a key: money, heads, versions."""
    return sorted(
        (model._meta.db_table, str(field.column))
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.concrete_fields
        if isinstance(field, models.IntegerField) and not field.primary_key and not field.is_relation
    )


def tables(ask: Ask, engine: str) -> list[str]:
    """Return the names of all tables."""
    return sorted(row[0] for row in ask(TABLES[engine]))


def count(ask: Ask, names: Iterable[str]) -> dict[str, int]:
    """Return how many rows each table has."""
    return {name: int(ask(f'SELECT COUNT(*) FROM "{name}"')[0][0]) for name in names}  # noqa: S608 - names of our own tables


def add_up(ask: Ask, columns: Iterable[str]) -> dict[str, int]:
    """Return the sum of each column, named ``table.column``."""
    found = {}
    for name in columns:
        table, column = name.split(".")
        found[name] = int(ask(f'SELECT COALESCE(SUM("{column}"), 0) FROM "{table}"')[0][0])  # noqa: S608 - as above
    return found


def read(ask: Ask, engine: str) -> Content:
    """Return what a database holds."""
    names = tables(ask, engine)
    columns = [f"{table}.{column}" for table, column in numbers() if table in names]
    migrations = ask("SELECT app, name FROM django_migrations ORDER BY app, name")
    head = ask("SELECT seq, hash FROM kernel_audithead") if "kernel_audithead" in names else []
    seq, mark = head[0] if head else (0, "")
    return Content(
        count(ask, names), add_up(ask, columns), [f"{app}.{name}" for app, name in migrations], seq, mark
    )


def differences(ask: Ask, engine: str, expected: Content) -> tuple[list[str], list[str]]:
    """Compare with a manifest; return what is wrong with the counts, and with the sums."""
    there = set(tables(ask, engine))
    counts = count(ask, sorted(there & set(expected.counts)))
    columns = [name for name in expected.sums if name.split(".")[0] in there]
    sums = add_up(ask, columns)
    return _unlike(expected.counts, counts), _unlike(expected.sums, sums)


def _unlike(expected: dict[str, int], found: dict[str, int]) -> list[str]:
    return [
        f"{name}: {value} → {found.get(name, '—')}"
        for name, value in expected.items()
        if found.get(name) != value
    ]
