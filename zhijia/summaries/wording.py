"""The small language of a plan's sentences, parsed once.

{aid.person_times}            the value as shown, with its unit: 61人次
{members.members@last}        the same period of last year; ``@next``: the period that follows
{members.members^}            ，比上年增加12人，增长1.5%  (with its comma; nothing when not comparable)
{union} {period} {during} ... words of the report, see WORDS
[，其中女会员{members.women}]   left out when one of its figures is missing or zero; the 其中 moves on
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

When = Literal["now", "last", "next"]
Form = Literal["shown", "growth"]

WORDS = ("union", "period", "during", "end", "last", "next", "upcoming")
"""union: its name; period: 2025年上半年; during: 上半年/全年; end: 6月底; last: 上年（同期）;
next: 2025年下半年; upcoming: 下半年/明年."""

_SLOT = re.compile(r"\{([a-z_]+\.[a-z_]+)(?:@(last|next)|(\^))?\}")
_WORD = re.compile(r"\{([a-z]+)\}")


@dataclass(frozen=True)
class Slot:
    """A place for a number."""

    key: str
    when: When = "now"
    form: Form = "shown"


@dataclass(frozen=True)
class Word:
    """A place for a word of the report."""

    name: str


@dataclass(frozen=True)
class Maybe:
    """A part that is left out when one of its figures has nothing to say."""

    pieces: tuple[Piece, ...]


Piece = str | Slot | Word | Maybe


class WordingError(ValueError):
    """A sentence, condition or plan that cannot be understood; the text says where."""


def parse(text: str) -> tuple[Piece, ...]:
    """Read a sentence; raises WordingError for unknown words, open brackets and nested optional parts."""
    pieces, at = [], 0
    for start, end in _optional(text):
        pieces += [*_plain(text[at:start]), Maybe(_plain(text[start + 1 : end]))]
        at = end + 1
    return (*pieces, *_plain(text[at:]))


def _optional(text: str) -> Iterator[tuple[int, int]]:
    start = -1
    for place, sign in enumerate(text):
        if sign == "[":
            if start >= 0:
                raise WordingError(f"an optional part inside another: {text}")
            start = place
        elif sign == "]":
            if start < 0:
                raise WordingError(f"a ] without its [: {text}")
            yield start, place
            start = -1
    if start >= 0:
        raise WordingError(f"a [ without its ]: {text}")


def _plain(text: str) -> tuple[Piece, ...]:
    pieces: list[Piece] = []
    at = 0
    while at < len(text):
        open_at = text.find("{", at)
        if open_at < 0:
            pieces.append(text[at:])
            break
        if open_at > at:
            pieces.append(text[at:open_at])
        piece, at = _place(text, open_at)
        pieces.append(piece)
    return tuple(pieces)


def _place(text: str, at: int) -> tuple[Piece, int]:
    if slot := _SLOT.match(text, at):
        key, when, growth = slot.groups()
        form: Form = "growth" if growth else "shown"
        shift: When = "last" if when == "last" else "next" if when == "next" else "now"
        return Slot(key, shift, form), slot.end()
    word = _WORD.match(text, at)
    if word is None or word[1] not in WORDS:
        raise WordingError(f"a place that is neither a figure nor a known word: {text[at:]}")
    return Word(word[1]), word.end()


def slots(pieces: tuple[Piece, ...], *, optional: bool = True) -> Iterator[Slot]:
    """All places for numbers in order; ``optional=False`` leaves out the parts in brackets."""
    for piece in pieces:
        if isinstance(piece, Slot):
            yield piece
        elif isinstance(piece, Maybe) and optional:
            yield from slots(piece.pieces)
