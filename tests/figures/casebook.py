"""Reads the cases and computes what a figure should be, without the figure engine."""

from __future__ import annotations

import functools
import tomllib
from pathlib import Path
from typing import Any

from django.db import connection

from zhijia.kernel.period import Period

FOLDER = Path(__file__).with_name("cases")


@functools.cache
def cases() -> dict[str, tuple[dict[str, str], list[str], str]]:
    """Return each figure's case: the named queries of its area, its ledgers, and its SQL."""
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        area = tomllib.loads(file.read_text(encoding="utf-8"))
        for key, sql in area["cases"].items():
            if not key.startswith(f"{file.stem}."):
                raise ValueError(f"{file.name}: {key} belongs to another area")
            found[key] = (area["with"], area["ledger"].get(key, area["ledger"]["default"]), sql)
    return found


@functools.cache
def _tree() -> str:
    return (FOLDER / "tree.sql").read_text(encoding="utf-8")


def expected(key: str, path: str | None, period: Period) -> tuple[int | None, ...]:
    """Run one case: one number, or numerator and denominator. None where there is no data."""
    shared, ledgers, sql = cases()[key]
    heads = ", ".join(f"{name} AS ({body})" for name, body in {"tree": _tree(), **shared}.items())
    values: dict[str, Any] = {
        "path": path or "none",
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    with connection.cursor() as cursor:
        kept = ", ".join(f"EXISTS (SELECT 1 FROM {name})" for name in ledgers)
        parts = f"kept AS (SELECT {kept}), answer AS ({sql})"
        cursor.execute(f"WITH {heads}, {parts} SELECT * FROM kept, answer", values)
        row = cursor.fetchone()
    there, numbers = row[: len(ledgers)], row[len(ledgers) :]
    known = there if len(there) == len(numbers) else there * len(numbers)
    return tuple(
        int(number) if is_kept and number is not None else None
        for is_kept, number in zip(known, numbers, strict=True)
    )
