"""Entries written straight into the table, for the tests of this and other areas."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.models import Union


def entry_of(
    union: Union,
    kind: str = "spending",
    amount: int = 100_00,
    happened_on: date = date(2025, 3, 5),
    **kw: Any,
) -> Entry:
    """Write one entry; ``amount`` in fen. Spending without a category counts as culture and sports."""
    if kind == "spending":
        kw.setdefault("category", "culture")
    entry = Entry(union=union, kind=kind, amount=amount, happened_on=happened_on, **kw)
    entry.save()
    return entry
