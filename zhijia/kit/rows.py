"""How a record shows itself in lists that mix areas: rows of a figure, recent records, search, to-dos."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise


@dataclass(frozen=True)
class RowCard:
    """One record as a line: what, where, when, and the page that shows it (empty for none)."""

    record_id: int
    title: str
    union: str
    detail: str | Promise = ""
    day: date | None = None
    url: str = ""


@dataclass(frozen=True)
class ToDo:
    """Something that waits for the officer: a sentence, how many, and the page where it is done."""

    text: str | Promise
    count: int
    url: str
    level: str = "info"


@dataclass(frozen=True)
class TabPage:
    """A part of a person's or a union's page: a few figures on top and lines below."""

    rows: tuple[RowCard, ...]
    note: str | Promise = ""
    more_url: str = ""
