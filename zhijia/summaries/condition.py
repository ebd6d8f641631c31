"""When a sentence is said: ``members.joining_rate < 9000 and has activities.events``.

Parts joined by ``and``: ``<figure> <op> <integer>`` (fen for money, hundredths of a percent for rates),
``has <figure>``, ``positive <figure>``, ``period year|half``. How a figure moved against last year decides
between the variants of a sentence, not here.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from zhijia.figures.cell import Cell
from zhijia.summaries.wording import When, WordingError

_OPERATORS: dict[str, Callable[[int, int], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}
_COMPARED = re.compile(r"([a-z_]+\.[a-z_]+)\s*(<=|>=|<|>|=)\s*(-?[0-9]+)")
_SAID = re.compile(r"(has|positive)\s+([a-z_]+\.[a-z_]+)")
_PERIOD = re.compile(r"period\s+(year|half)")


class Asked(Protocol):
    """What a condition needs to know."""

    def cell(self, key: str, when: When = "now") -> Cell:
        """A figure of this period, of last year, or of the next period."""
        ...

    @property
    def kind(self) -> str:
        """The kind of the period."""
        ...


@dataclass(frozen=True)
class Part:
    """One part of a condition; ``verb`` is a word or an operator."""

    verb: str
    key: str = ""
    value: int = 0
    kind: str = ""

    def holds(self, asked: Asked) -> bool:
        """Say whether it is so; a comparison with missing data is never so."""
        if self.verb == "period":
            return asked.kind == self.kind
        now = asked.cell(self.key).value
        if self.verb in _OPERATORS:
            return now is not None and _OPERATORS[self.verb](now, self.value)
        return now is not None if self.verb == "has" else bool(now and now > 0)


def parse(text: str) -> tuple[Part, ...]:
    """Read a condition; an empty one always holds. Raises WordingError."""
    parts = (part.strip() for part in re.split(r"\band\b", text)) if text.strip() else ()
    return tuple(_part(part) for part in parts)


def _part(text: str) -> Part:
    if found := _COMPARED.fullmatch(text):
        return Part(found[2], found[1], int(found[3]))
    if found := _SAID.fullmatch(text):
        return Part(found[1], found[2])
    if found := _PERIOD.fullmatch(text):
        return Part("period", kind=found[1])
    raise WordingError(f"a condition that cannot be understood: {text}")


def keys(parts: tuple[Part, ...]) -> set[str]:
    """The figures a condition asks for."""
    return {part.key for part in parts if part.key}
