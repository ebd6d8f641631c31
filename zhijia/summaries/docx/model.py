"""What a summary says, before it is a Word file: plain frozen values, no layout.

A number shown in a sentence is a `FigureRun`; every other piece of text is a `str`. Numbering of headings
and lists, brackets around officer's notes and all layout are added by `build`.
"""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True)
class FigureRun:
    """A number as shown in a sentence or a cell, bound to the appendix row it comes from."""

    text: str
    """What the reader sees, e.g. ``1,234``."""
    key: str
    """The figure's key, e.g. ``aid.times``."""
    row: int
    """`Source.row` of its row in the appendix (1-based)."""


Run = str | FigureRun


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 to 3 without its number: the builder counts 一、（一）1. itself."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of body text; ``marked`` makes it a note for the officer, shown highlighted in 【】."""

    runs: tuple[Run, ...]
    marked: bool = False


@dataclass(frozen=True)
class ListItems:
    """Items numbered （1）（2）…; each list starts again at 1."""

    items: tuple[tuple[Run, ...], ...]


@dataclass(frozen=True)
class Table:
    """A table with a repeated header row; a row shorter than the header is filled with empty cells."""

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[Run, ...], ...]
    note: str = ""


@dataclass(frozen=True)
class Source:
    """One row of the appendix 数据来源: all texts are ready to print."""

    row: int
    """1-based number, unique in the document; the figures in the text refer to it."""
    key: str
    label: str
    definition: str
    union: str
    period: str
    value: str
    rows: str
    """The records behind the value, e.g. ``36 条``."""
    computed: str
    """When the value was computed."""
    url: str
    """Opens the figure's rows: ``http(s)://…`` or a path ``/…``; empty for none."""


Block = Heading | Paragraph | ListItems | Table


@dataclass(frozen=True)
class Document:
    """A whole document; an empty ``issuer``, ``number``, ``addressee`` or ``signed_by`` is left out."""

    issuer: str
    """发文机关标志, printed red above the red rule."""
    number: str
    """发文字号, e.g. ``海工发〔2026〕1号``."""
    title: str
    """A line feed in it is a wished line break; otherwise long titles are balanced by the builder."""
    addressee: str
    blocks: tuple[Block, ...]
    sources: tuple[Source, ...]
    signed_by: str
    dated: dt.date
    language: str = "zh"
