"""How an area declares its Excel sheets: columns, kinds of cells, and who loads the rows.

An area writes ``sheets.py`` with one ``Sheet`` per record kind and names it in its card; the importer, the
template and the error workbook are all made from that declaration. ``kit.books`` is the machine behind.

    def load(book: BookContext, rows: list[Row]) -> Outcome:
        outcome = Outcome()
        for row in rows: ...
            outcome.error(row, "union", _("没有这个工会。请先在“工会”表中填写。"))
        return outcome
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhijia.kernel.actor import Actor
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.records import BATCH, Record
from zhijia.kernel.registry import registry

if TYPE_CHECKING:
    from zhijia.kernel.quantity import CountUnit

Text = str | Promise
Choices = tuple[tuple[str, Text], ...]


class Kind(StrEnum):
    """What a cell holds; in brackets the type of the value that a loader gets (None when blank)."""

    TEXT = "text"  # str
    NAME = "name"  # str: a person's name
    ID_NUMBER = "id_number"  # kernel.identity.IdNumber
    USCC = "uscc"  # str: 统一社会信用代码
    PHONE = "phone"  # str
    DATE = "date"  # datetime.date
    INTEGER = "integer"  # int, not negative
    QUANTITY = "quantity"  # kernel.quantity.Quantity
    MONEY = "money"  # int: fen; people write yuan
    CHOICE = "choice"  # str: the code
    YESNO = "yesno"  # bool
    YEAR = "year"  # int


@dataclass(frozen=True)
class Column:
    """One column: ``title`` is its header, ``aliases`` are other headers people use for it.

    ``choices`` are (code, label) pairs or a dotted callable that returns them; a cell may hold either.
    ``unit`` is the counting unit of a QUANTITY. ``note`` is shown at the header, ``example`` in the grey row.
    """

    key: str
    title: str
    kind: Kind = Kind.TEXT
    required: bool = False
    aliases: tuple[str, ...] = ()
    choices: Choices | str = ()
    unit: CountUnit | None = None
    note: str = ""
    example: str = ""
    width: int = 14
    max_length: int = 200

    def options(self) -> Choices:
        """Return the (code, label) pairs, calling the dotted function when there is one."""
        if isinstance(self.choices, str):
            return tuple(import_string(self.choices)())
        return self.choices


@dataclass(frozen=True)
class Sheet:
    """One sheet of the year workbook; ``load`` is the dotted ``load(book, rows) -> Outcome`` of the area."""

    key: str
    title: str
    columns: tuple[Column, ...]
    load: str
    note: str = ""
    aliases: tuple[str, ...] = ()

    def column(self, key: str) -> Column:
        """Return a column by its key; raises KeyError."""
        for column in self.columns:
            if column.key == key:
                return column
        raise KeyError(f"{self.key}: no column {key!r}")


@dataclass(frozen=True)
class Row:
    """One row of a sheet (``sheet`` is the sheet's key); ``number`` is the row's number in Excel, from 1.

    ``values`` has every column of the sheet, typed by its kind, None when blank; ``raw`` is what was written.
    """

    sheet: str
    number: int
    values: Mapping[str, Any]
    raw: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell: where (titles), what was found (masked), and what to do."""

    sheet: str
    row: int
    column: str
    found: str
    advice: str

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "sheet": self.sheet,
            "row": self.row,
            "column": self.column,
            "found": self.found,
            "advice": self.advice,
        }


@dataclass
class Outcome:
    """What loading one sheet did, counted in rows."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    def error(self, row: Row, column: str, advice: Text, found: str | None = None) -> None:
        """Refuse a row because of the column with this key; ``found`` None shows the cell, masked."""
        self.errors.append(remark(row, column, advice, found))

    def warn(self, row: Row, column: str, advice: Text, found: str | None = None) -> None:
        """Point at a cell without refusing it."""
        self.warnings.append(remark(row, column, advice, found))


def remark(row: Row, key: str, advice: Text, found: str | None = None) -> RowError:
    """Say something about one cell of a row; numbers of persons are masked here, whoever calls.

    ``key`` is a column's key; empty means the row as a whole.
    """
    sheet = sheet_by_key(row.sheet)
    column = sheet.column(key) if key else None
    shown = row.raw.get(key, "") if found is None else found
    return RowError(
        sheet=sheet.title,
        row=row.number,
        column=column.title if column else "",
        found=masked(shown, column.kind if column else Kind.TEXT),
        advice=without_numbers(str(advice)),
    )


PERSONAL = (Kind.ID_NUMBER, Kind.PHONE)
# Eleven digits in a row are a phone, an ID number or a bank card, whatever column they were typed into.
LONG_NUMBER = re.compile(r"(?<!\d)\d[\d -]{9,}[\dXx]")
SHOWN = 60


def masked(text: str, kind: Kind = Kind.TEXT) -> str:
    """Shorten a cell for a message and hide numbers of persons: 110***1234.

    A 统一社会信用代码 names a legal person, is public, and stays readable.
    """
    if kind in PERSONAL:
        text = _hide(text)
    elif kind is not Kind.USCC:
        text = without_numbers(text)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def without_numbers(text: str) -> str:
    """Hide numbers of persons in a text that is kept or shown: titles, names of files and sheets."""
    plain = unicodedata.normalize("NFKC", text)
    return LONG_NUMBER.sub(lambda match: _hide(match.group()), plain) if LONG_NUMBER.search(plain) else text


def _hide(number: str) -> str:
    number = "".join(number.split())
    visible = 4 if len(number) >= 11 else 2  # noqa: PLR2004 - the length of a phone number
    if len(number) <= visible:
        return number and "***"
    return f"{number[: visible - 1]}***{number[-visible:]}"


@dataclass
class BookContext:
    """What the loaders of one import share.

    ``root`` is the code of the union given with ``--union`` (rows without a union belong to it). ``failed``
    holds, by kind, the names whose own row failed (``book.failed["union"].add(name)``), so that later sheets
    do not repeat the error. ``cache`` is for look-ups. ``progress(done, total, message)`` counts rows.
    """

    actor: Actor
    root: str | None = None
    failed: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    cache: dict[str, Any] = field(default_factory=dict)
    progress: Callable[[int, int, str], None] = lambda _done, _total, _message: None


def sheets() -> tuple[Sheet, ...]:
    """Return all sheets that the areas declare, in the order in which they are loaded."""
    return registry().objects("sheets")


def sheet_by_key(key: str) -> Sheet:
    """Return one sheet; raises KeyError."""
    for sheet in sheets():
        if sheet.key == key:
            return sheet
    raise KeyError(f"no sheet {key!r}")


def corrected(records: Iterable[Record]) -> frozenset[int]:
    """Return the ids of those records (of one model) that someone has changed on a page.

    The audit tells: pages change one record at a time, books change many and leave one line for all.
    """
    found: set[int] = set()
    known = {record.pk: record._meta.label_lower for record in records if record.version > 1}
    for at in range(0, len(known), BATCH):
        lines = AuditEvent.objects.filter(
            model__in=set(known.values()), object_id__in=list(known)[at : at + BATCH], verb="change"
        )
        found.update(key for key in lines.values_list("object_id", flat=True) if key is not None)
    return frozenset(found)


def overwrite(
    record: Record,
    values: Mapping[str, Any],
    row: Row,
    outcome: Outcome,
    *,
    columns: Mapping[str, str] | None = None,
    kept: Collection[int] = (),
) -> bool:
    """Set the attributes of a stored record that the filled cells of a row change; say whether any were.

    ``columns`` names the columns of attributes that are called otherwise; an attribute without a column is
    always set. A blank cell never erases. A record in ``kept`` (see ``corrected``) keeps what it has, and
    each cell that differs is pointed at.
    """
    changed: dict[str, Any] = {}
    differing: dict[str, None] = {}
    for name, value in values.items():
        column = (columns or {}).get(name, name)
        if column in row.values and (row.values[column] is None or value is None):
            continue
        if getattr(record, name) == value:
            continue
        if column in row.values and record.pk in kept:
            differing[column] = None
        else:
            changed[name] = value
    for column in differing:
        outcome.warn(row, column, _("系统中已更正，未用文件覆盖。"))
    for name, value in changed.items():
        setattr(record, name, value)
    return bool(changed)


def row_key(*parts: Any) -> str:
    """Return a stable natural key of a row: 32 hex digits over its normalised parts.

    The normalising stays apart from ``kernel.chinese``, because stored keys must never move with it.
    """
    plain = ("" if part is None else unicodedata.normalize("NFKC", str(part)) for part in parts)
    text = "\x1f".join("".join(part.split()).casefold() for part in plain)
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def occurrence(keys: Iterable[str]) -> list[str]:
    """Tell equal rows of one file apart: the second same key becomes ``key#2``, the third ``key#3``."""
    seen: Counter[str] = Counter()
    told: list[str] = []
    for key in keys:
        seen[key] += 1
        told.append(key if seen[key] == 1 else f"{key}#{seen[key]}")
    return told
