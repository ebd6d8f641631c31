"""What a figure is. Definitions name fact tables and columns; they know no area and no database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise

from zhijia.kernel.quantity import CountUnit

Text = str | Promise
# A row (columns as attributes, and ``last_day`` of the period) goes in, an Ibis boolean comes out.
Where = Callable[[Any], Any]


@dataclass(frozen=True)
class Flow:
    """Rows whose ``day`` lies within the period."""

    day: str = "date"


@dataclass(frozen=True)
class Stock:
    """Rows that are valid at the end of the period's last day."""

    starts: str = "starts"
    ends: str = "ends"


@dataclass(frozen=True)
class Rows:
    """As many as there are rows."""


@dataclass(frozen=True)
class Distinct:
    """As many as there are different values of a column (persons, payers)."""

    column: str


@dataclass(frozen=True)
class Total:
    """The sum of an integer column. ``qualifier`` names the column with 余/近/约; unknown (null) measures
    make the sum a lower bound.
    """

    column: str
    qualifier: str = ""


@dataclass(frozen=True)
class Base:
    """What every figure has: a key ``area.noun``, a label, a one-sentence definition and a counting unit."""

    key: str
    label: Text
    definition: Text
    unit: CountUnit


@dataclass(frozen=True)
class Count(Base):
    """A figure over one fact table. ``splits`` are the columns by which it may be broken down.

    ``base`` says which rows prove that the ledger is kept (None: every row of the slice): without one there
    is no data. ``never`` leaves out the things of a Distinct that have such a row in the slice.
    """

    table: str
    measure: Rows | Distinct | Total
    basis: Flow | Stock
    where: Where | None = None
    splits: tuple[str, ...] = ()
    base: Where | None = None
    never: Where | None = None


@dataclass(frozen=True)
class Ratio(Base):
    """One figure over another: a percentage (unit PERCENT) or an amount per head (unit FEN)."""

    numerator: str
    denominator: str


@dataclass(frozen=True)
class Band(Base):
    """How many grassroots unions have ``low <= numerator / denominator < high`` (high None: no upper end).

    Both are taken for each union by itself. A union whose denominator is zero or unknown is in no band, nor
    is one whose numerator is unknown (no such ledger at all); a numerator of zero is in the lowest band.
    """

    numerator: str
    denominator: str
    low: int
    high: int | None
    members: str  # the stock figure of unions that says which unions are looked at


Definition = Count | Ratio | Band


def under(column: Any, code: str) -> Any:
    """Select a dotted code and everything below it (``culture`` and ``culture.sport``), as a range."""
    return (column == code) | ((column >= f"{code}.") & (column < f"{code}/"))
