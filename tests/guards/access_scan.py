"""What a response gives away: every canary in its body, its headers, its file names and inside its files."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from tests.guards.access_land import NUMBERS, Land

MARK = re.compile(r"ZQ([A-Za-z])(\d\d)QZ")
MONEY = re.compile(r"(?<![\d.,])\d{1,3}(?:,?\d{3})+\.\d\d(?!\d)")
WHOLE = re.compile(r"(?<!\d)(?:999\d{14}[\dX]|139\d{8}|62220000\d{8})(?!\d)")
ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
DEEPEST = 3

Found = tuple[str, str]
"""Letter of the union, and kind of what was found."""


def body_of(answer: Any) -> bytes:
    """Return all bytes of a response, streamed ones too; a response can be read again and again."""
    if not getattr(answer, "streaming", False):
        return bytes(answer.content)
    if not hasattr(answer, "read_once"):
        answer.read_once = b"".join(answer.streaming_content)
        answer.close()
    return bytes(answer.read_once)


def parts_of(data: bytes, depth: int = 0) -> Iterator[bytes]:
    """Return the bytes themselves, or every part of them when they are an archive (xlsx, docx, zip)."""
    if data[:2] != b"PK" or depth > DEEPEST:
        yield data
        return
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for name in archive.namelist():
            yield name.encode()
            yield from parts_of(archive.read(name), depth + 1)


def texts_of(answer: Any) -> Iterator[str]:
    """Return everything that a response says, as plain text."""
    for name, value in answer.items():
        yield unquote(f"{name}: {value}")
    yield unquote(answer.cookies.output())
    for part in parts_of(body_of(answer)):
        text = part.decode("utf-8", "replace")
        if "\\u" in text:
            text = ESCAPED.sub(lambda sign: chr(int(sign[1], 16)), text)
        if "&" in text:
            text = html.unescape(text)
        yield unquote(text) if "%" in text else text


def found_in(land: Land, answer: Any) -> set[Found]:
    """Return the canaries of a response."""
    return found_by(land, texts_of(answer))


def found_by(land: Land, texts: Iterable[str]) -> set[Found]:
    """Return the canaries of some texts."""
    found: set[Found] = set()
    for text in texts:
        found.update((letter, NUMBERS[kind]) for letter, kind in MARK.findall(text))
        found.update(
            land.amounts[amount]
            for written in MONEY.findall(text)
            if (amount := written.replace(",", "")) in land.amounts
        )
        found.update(land.numbers[number] for number in WHOLE.findall(text) if number in land.numbers)
    return found
