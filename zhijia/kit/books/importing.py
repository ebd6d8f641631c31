"""Reads a book (outside of any transaction) and imports it: all rows or none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhijia.kernel import chinese
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import Change, command, current
from zhijia.kernel.verdict import Refused
from zhijia.kit.books import headers, parsing
from zhijia.kit.books.parsing import ParsedBook, ParsedSheet
from zhijia.kit.books.reader import read_raw
from zhijia.kit.sheets import BookContext, Outcome, RowError

Report = Callable[[int, int, str], None]
NAMING = ("name", "code", "title")


def silent(_done: int, _total: int, _message: str = "") -> None:
    """Report to nobody."""


@dataclass(frozen=True)
class SheetOutcome:
    """What an import did, or would do, with one sheet; in rows."""

    sheet: str
    rows: int
    created: int = 0
    updated: int = 0
    unchanged: int = 0


@dataclass
class BookOutcome:
    """What an import did, or with ``dry_run`` would do. Errors mean that nothing was saved."""

    dry_run: bool
    sheets: list[SheetOutcome] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    warnings: list[RowError] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Say whether there is no error."""
        return not self.errors

    def as_json(self) -> dict[str, Any]:
        """Return plain values for ``--json`` and for a job's result."""
        return {
            "ok": self.ok,
            "dry_run": self.dry_run,
            "sheets": [vars(sheet) for sheet in self.sheets],
            "errors": [error.as_json() for error in self.errors],
            "warnings": [warning.as_json() for warning in self.warnings],
        }


def refused(advice: str, *, dry_run: bool) -> BookOutcome:
    """Return the outcome of a file that was not taken at all."""
    return BookOutcome(dry_run, errors=[RowError("", 0, "", "", advice)])


def read_book(
    path: Path | str, mapping: headers.Mapping_ | None = None, *, name: str = "", sheet: str = ""
) -> ParsedBook:
    """Read and check a file cell by cell; raises BookRefusedError when it cannot be taken as a whole.

    ``name`` is what the user called the file; ``sheet`` the key of the sheet that a CSV holds.
    """
    path = Path(path)
    name = name or path.name
    return parsing.parse(read_raw(path, name), name, mapping, sheet)


class _UndoneError(Exception):
    """Carries nothing; rolls the transaction back."""


def _undo(*, when: bool) -> None:
    if when:
        raise _UndoneError


@command("books.import", at=None)
def book_import(
    *,
    actor: Actor,
    book: ParsedBook,
    root: str | None = None,
    dry_run: bool = False,
    progress: Report = silent,
) -> BookOutcome:
    """Load every sheet in the order of the registry; with an error, or on a dry run, nothing is kept."""
    outcome = BookOutcome(dry_run)
    outcome.warnings += book.warnings
    try:
        with transaction.atomic():
            _load_all(actor, book, root, outcome, progress)
            _undo(when=dry_run or not outcome.ok)
    except _UndoneError:
        # what the loaders noted for the audit and the outbox did not happen either
        current().changes.clear()
        current().events.clear()
        return outcome
    current().note(Change("books.book", None, "import", {"file": book.name[:200]}, book.count))
    return outcome


def _load_all(
    actor: Actor, book: ParsedBook, root: str | None, outcome: BookOutcome, progress: Report
) -> None:
    context = BookContext(actor=actor, root=root)
    before = 0
    for parsed in book.sheets:
        _note_failed(context, parsed)
        message = _("正在核对“%(title)s”") % {"title": parsed.sheet.title}
        progress(before, book.count, message)
        context.progress = _shifted(progress, before, book.count, message)
        done = _load(context, parsed)
        outcome.sheets.append(
            SheetOutcome(parsed.sheet.title, parsed.count, done.created, done.updated, done.unchanged)
        )
        outcome.errors += sorted([*parsed.errors, *done.errors], key=lambda error: error.row)
        outcome.warnings += sorted([*parsed.warnings, *done.warnings], key=lambda warning: warning.row)
        before += parsed.count
    progress(book.count, book.count, "")


def _load(context: BookContext, parsed: ParsedSheet) -> Outcome:
    """Call the area's loader; a refusal of a rule that it did not tie to a row stands for the sheet."""
    if not parsed.rows:
        return Outcome()
    try:
        with transaction.atomic():
            outcome: Outcome = import_string(parsed.sheet.load)(context, parsed.rows)
    except Refused as refusal:
        return Outcome(errors=[RowError(parsed.sheet.title, 0, "", "", str(refusal))])
    return outcome


def _note_failed(context: BookContext, parsed: ParsedSheet) -> None:
    """Tell later loaders which names were there but failed: ``organisations.unions`` → failed["union"]."""
    kind = parsed.sheet.key.rpartition(".")[2].removesuffix("s")
    for row in parsed.failed:
        for text in (row.raw[key] for key in NAMING if row.raw.get(key)):
            context.failed[kind] |= {text, chinese.normalise(text)}


def _shifted(progress: Report, before: int, total: int, message: str) -> Report:
    """Let a loader count its own rows only."""

    def report(done: int, _total: int = 0, text: str = "") -> None:
        progress(before + done, total, text or message)

    return report
