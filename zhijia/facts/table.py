"""The facts contract: a flat, typed, de-identified view of records, declared once as a Django queryset.

Rules that keep one declaration true on SQLite, PostgreSQL, DuckDB and Spark: columns are integers and text
only; days are ISO text (``2025-03-05``), so that they compare the same everywhere; no column is ever null
except measures that the ledger does not know (``nullable``).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Any, Literal

from django.db.models import CharField, F, QuerySet, TextField, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce
from django.utils.functional import Promise

Text = str | Promise
Choices = Mapping[str, Text] | Callable[[], Mapping[str, Text]]
FAR = "9999-12-31"
RECORD = "record_id"
UNION = "union_id"


@dataclass(frozen=True)
class Column:
    """One named column. ``choices`` turn codes into words where a figure is split by the column."""

    name: str
    kind: Literal["int", "text"]
    label: Text = ""
    choices: Choices = field(default_factory=lambda: MappingProxyType({}), hash=False)
    nullable: bool = False

    def words(self) -> Mapping[str, Text]:
        """Return the words for the codes; asked anew each time, because dictionaries can be edited."""
        return self.choices() if callable(self.choices) else self.choices


def integer(name: str, label: Text = "", *, nullable: bool = False) -> Column:
    """Declare an integer column (money in fen, counts, ids)."""
    return Column(name, "int", label, nullable=nullable)


def text(name: str, label: Text = "", choices: Choices | None = None) -> Column:
    """Declare a text column (codes, days, paths)."""
    return Column(name, "text", label, choices or MappingProxyType({}))


def day(source: str, *, missing: str = "") -> Combinable:
    """Return the expression for a day column; ``missing`` stands for null (``FAR`` for open ends)."""
    return Coalesce(Cast(F(source), TextField()), Value(missing, output_field=TextField()))


def word(source: str, *, missing: str = "") -> Combinable:
    """Return the expression for a text column that may be null in the record."""
    return Coalesce(F(source), Value(missing, output_field=CharField()))


@dataclass(frozen=True)
class FactTable:
    """A fact table: its grain in words, its queryset and its columns.

    ``queryset`` returns ``.values(...)`` with exactly the named columns, the first two being ``record_id``
    and ``union_id``. ``describe(scope, ids) -> list[kit.rows.RowCard]`` shows records to people; it is a
    dotted name of the area's queries.
    """

    name: str
    label: Text
    grain: Text
    queryset: Callable[[], QuerySet[Any, Any]]
    columns: tuple[Column, ...]
    describe: str

    @cached_property
    def by_name(self) -> Mapping[str, Column]:
        """Return the columns by name."""
        return MappingProxyType({column.name: column for column in self.columns})

    def sql(self, using: str = "default") -> tuple[str, tuple[Any, ...]]:
        """Return the live SQL of the table with its parameters."""
        query = self.queryset().query
        statement, parameters = query.get_compiler(using).as_sql()
        return statement, tuple(parameters)


def problems(table: FactTable) -> list[str]:
    """List what is wrong with a declaration; empty when it keeps the contract."""
    names = [column.name for column in table.columns]
    found = []
    if names[:2] != [RECORD, UNION]:
        found.append(f"{table.name}: the first columns must be {RECORD} and {UNION}")
    if len(set(names)) != len(names):
        found.append(f"{table.name}: a column is named twice")
    selected = list(table.queryset().query.values_select) + list(table.queryset().query.annotation_select)
    if set(selected) != set(names):
        found.append(f"{table.name}: queryset gives {sorted(selected)}, columns say {sorted(names)}")
    return found
