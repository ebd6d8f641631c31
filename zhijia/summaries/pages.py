"""A kept text as its page shows it: numbered headings, every number with the page of its rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from zhijia.kernel.quantity import in_numerals


@dataclass(frozen=True)
class Bit:
    """A piece of text; a number has the page of its rows and what it means."""

    text: str
    url: str = ""
    about: str = ""
    is_number: bool = False


@dataclass(frozen=True)
class Shown:
    """One block: ``kind`` is heading, paragraph, list or table; ``rows`` are lines of cells of bits."""

    kind: str
    text: str = ""
    level: int = 0
    marked: bool = False
    header: tuple[str, ...] = ()
    rows: tuple[tuple[tuple[Bit, ...], ...], ...] = ()
    bits: tuple[Bit, ...] = ()


@dataclass(frozen=True)
class TextPage:
    """The whole text and its table of sources."""

    title: str
    number: str
    blocks: tuple[Shown, ...]
    sources: tuple[Mapping[str, Any], ...]
    signed_by: str


def page_of(content: Mapping[str, Any]) -> TextPage:
    """Turn the kept text into its page."""
    about = {source["row"]: source for source in content["sources"]}
    numbering = [0, 0, 0]
    blocks = tuple(_block(block, about, numbering) for block in content["blocks"])
    return TextPage(
        content["title"], content["number"], blocks, tuple(content["sources"]), content["signed_by"]
    )


def _block(block: Mapping[str, Any], about: Mapping[int, Any], numbering: list[int]) -> Shown:
    match block["kind"]:
        case "heading":
            return Shown("heading", text=_numbered(block, numbering), level=block["level"])
        case "paragraph":
            return Shown("paragraph", bits=_bits(block["runs"], about), marked=block["marked"])
        case "list":
            return Shown("list", rows=tuple((_bits(item, about),) for item in block["items"]))
        case _:
            rows = tuple(tuple(_bits([run], about) for run in row) for row in block["rows"])
            return Shown("table", text=block["title"], header=tuple(block["header"]), rows=rows)


def _numbered(block: Mapping[str, Any], numbering: list[int]) -> str:
    """一、 for the first level, （一） for the second, 1. for the third, as in the Word file."""
    level = block["level"]
    numbering[level - 1] += 1
    numbering[level:] = [0] * (len(numbering) - level)
    count = numbering[level - 1]
    before = (f"{in_numerals(count)}、", f"（{in_numerals(count)}）", f"{count}. ")[level - 1]
    return f"{before}{block['text']}"


def _bits(runs: list[Any], about: Mapping[int, Any]) -> tuple[Bit, ...]:
    return tuple(_bit(run, about) for run in runs)


def _bit(run: Any, about: Mapping[int, Any]) -> Bit:
    if isinstance(run, str):
        return Bit(run)
    text, _key, row = run
    source = about[row]
    meaning = f"{source['label']} · {source['union']} · {source['period']} · {source['definition']}"
    return Bit(text, source["url"], meaning, is_number=True)
