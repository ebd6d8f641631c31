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
def cases() -> dict[str, tuple[dict[str, str], str]]:
    """Return each figure's case: the named queries of its area, and its SQL."""
    found = {}
    for file in sorted(FOLDER.glob("*.toml")):
        area = tomllib.loads(file.read_text(encoding="utf-8"))
        for key, sql in area["cases"].items():
            if not key.startswith(f"{file.stem}."):
                raise ValueError(f"{file.name}: {key} belongs to another area")
            found[key] = (area["with"], sql)
    return found


@functools.cache
def _tree() -> str:
    return (FOLDER / "tree.sql").read_text(encoding="utf-8")


def expected(key: str, path: str | None, period: Period) -> tuple[int, ...]:
    """Run one case; a null (nothing to add up) is 0. One number, or numerator and denominator."""
    shared, sql = cases()[key]
    heads = ", ".join(f"{name} AS ({body})" for name, body in {"tree": _tree(), **shared}.items())
    values: dict[str, Any] = {
        "path": path or "none",
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
    }
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {heads} {sql}", values)
        row = cursor.fetchone()
    return tuple(int(value or 0) for value in row)
