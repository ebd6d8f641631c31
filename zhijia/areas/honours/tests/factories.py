"""Honours written straight into the table, for the tests of all areas."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhijia.areas.honours.models import Honour
from zhijia.areas.organisations.models import Union


def honour_of(
    union: Union,
    name: str = "先进基层工会",
    level: str = "county",
    awarded_on: date = date(2025, 4, 28),
    winner_kind: str = "unit",
    winner: str | None = None,
    **kw: Any,
) -> Honour:
    """Write an honour; without a winner the union itself holds it."""
    honour = Honour(
        union=union,
        name=name,
        level=level,
        awarded_on=awarded_on,
        winner_kind=winner_kind,
        winner=winner or union.name,
        **kw,
    )
    honour.save()
    return honour
