"""The seeded tree of activity kinds: reads kinds.toml, writes what is missing or changed. Twice is once."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.apps.registry import Apps

KINDS = Path(__file__).with_name("kinds.toml")
STEP = 10  # room between two kinds, so that a union's own kind may stand between them


@dataclass(frozen=True)
class SeededKind:
    """One entry of kinds.toml; ``order`` follows the file."""

    code: str
    name: str
    order: int


@cache
def seeded_kinds() -> tuple[SeededKind, ...]:
    """Return the kinds in the order of the file; ValueError for a twice-used code or a missing parent."""
    entries: list[dict[str, Any]] = tomllib.loads(KINDS.read_text(encoding="utf-8"))["kind"]
    found: dict[str, SeededKind] = {}
    for number, entry in enumerate(entries, start=1):
        code = entry["code"]
        parent = code.rpartition(".")[0]
        if code in found or (parent and parent not in found):
            raise ValueError(f"kinds.toml: {code} stands twice or before its parent")
        found[code] = SeededKind(code, entry["name"], number * STEP)
    return tuple(found.values())


def seed_kinds(apps: Apps) -> int:
    """Write the kinds into the table and return how many were new or changed.

    ``apps`` is the registry that a data migration gets, or ``django.apps.apps``. A kind that a union retired
    stays retired, and kinds beyond the file are left alone.
    """
    model = apps.get_model("activities", "ActivityKind")
    stored = {kind.code: kind for kind in model._base_manager.all()}
    new, moved = [], []
    for kind in seeded_kinds():
        row = stored.get(kind.code)
        if row is None:
            new.append(model(code=kind.code, name=kind.name, order=kind.order))
        elif (row.name, row.order) != (kind.name, kind.order):
            row.name, row.order = kind.name, kind.order
            moved.append(row)
    model._base_manager.bulk_create(new)
    model._base_manager.bulk_update(moved, ["name", "order"])
    return len(new) + len(moved)
