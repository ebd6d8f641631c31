"""A plan: what a report says, as data (``plans/<name>.toml``). Read once, checked when read.

title, order, levels, sectors, periods, opening, closing
[[section]]  title, subject, periods, optional
  [[section.part]]  heading, and one of
    sentences = ["…", {text, zero, grow, fall, when, subject, zeros}]   one paragraph
    honours | prizes = N                                                the newest N as a list
    activities = N, kinds = ["culture"], lead = "…"                     the largest N as a list
    comparison = ["members.members", …]                                 a table with last year
    ranking = ["aid.amount", …], top = 10                               a table of the unions below
    problems = true | steps = ["…"]                                     what the records show; next steps
"""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zhijia.summaries import condition, wording
from zhijia.summaries.wording import Piece, Slot, WordingError

FOLDER = Path(__file__).with_name("plans")
KINDS = ("year", "half")
MOST_IN_LIST = 30
LISTS = ("honours", "activities", "prizes")


@dataclass(frozen=True)
class Sentence:
    """One sentence with its variants; each is None when the plan gives none.

    ``zeros`` lets a figure be said although it is zero. ``subject`` names it in the officer's note.
    """

    text: tuple[Piece, ...]
    zero: tuple[Piece, ...] | None = None
    grow: tuple[Piece, ...] | None = None
    fall: tuple[Piece, ...] | None = None
    when: tuple[condition.Part, ...] = ()
    subject: str = ""
    zeros: bool = False

    @property
    def variants(self) -> tuple[tuple[Piece, ...], ...]:
        """All texts it may show."""
        return tuple(text for text in (self.text, self.zero, self.grow, self.fall) if text is not None)

    @property
    def lead(self) -> Slot | None:
        """The figure that decides between the variants: the first one outside brackets."""
        return next(wording.slots(self.text, optional=False), None)


@dataclass(frozen=True)
class RecordList:
    """A list of records: what (one of LISTS), how many at most, which kinds of activities."""

    what: str
    limit: int
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """A part of a section: exactly one of its contents is given."""

    heading: str = ""
    lead: str = ""
    sentences: tuple[Sentence, ...] = ()
    records: RecordList | None = None
    comparison: tuple[str, ...] = ()
    ranking: tuple[str, ...] = ()
    top: int = 10
    problems: bool = False
    steps: tuple[Sentence, ...] = ()


@dataclass(frozen=True)
class Section:
    """A section: its heading, what it is about (for the note), and its parts."""

    title: str
    subject: str
    parts: tuple[Part, ...]
    periods: tuple[str, ...] = KINDS
    optional: bool = False


@dataclass(frozen=True)
class Plan:
    """A whole plan; ``levels`` and ``sectors`` say which unions it suits."""

    name: str
    title: str
    order: int
    levels: tuple[str, ...]
    sectors: tuple[str, ...]
    periods: tuple[str, ...]
    heading: str
    opening: tuple[Sentence, ...]
    closing: tuple[Sentence, ...]
    sections: tuple[Section, ...]

    def parts(self, kind: str | None = None) -> Iterator[Part]:
        """All parts, of one kind of period when it is given."""
        for section in self.sections:
            if kind is None or kind in section.periods:
                yield from section.parts

    def sentences(self) -> Iterator[Sentence]:
        """All sentences in order."""
        yield from self.opening
        for part in self.parts():
            yield from part.sentences
            yield from part.steps
        yield from self.closing

    def keys(self) -> set[str]:
        """All figures that the plan may show for the union itself."""
        found: set[str] = set()
        for sentence in self.sentences():
            found |= condition.keys(sentence.when)
            found |= {slot.key for text in sentence.variants for slot in wording.slots(text)}
        for part in self.parts():
            found |= {*part.comparison, *part.ranking}
        return found

    def suits(self, level: str, sector: str) -> tuple[bool, bool]:
        """How well it suits a union: what the union serves counts before its level."""
        return sector in self.sectors, level in self.levels


def _text(given: Mapping[str, Any], name: str) -> tuple[Piece, ...] | None:
    return wording.parse(given[name]) if name in given else None


def _sentence(given: str | Mapping[str, Any]) -> Sentence:
    if isinstance(given, str):
        return Sentence(wording.parse(given))
    _known(given, "text", "zero", "grow", "fall", "when", "subject", "zeros")
    return Sentence(
        text=wording.parse(given["text"]),
        zero=_text(given, "zero"),
        grow=_text(given, "grow"),
        fall=_text(given, "fall"),
        when=condition.parse(given.get("when", "")),
        subject=given.get("subject", ""),
        zeros=given.get("zeros", False),
    )


def _known(given: Mapping[str, Any], *names: str) -> None:
    if unknown := set(given) - set(names):
        raise WordingError(f"unknown entries {sorted(unknown)} (known: {', '.join(names)})")


def _records(given: Mapping[str, Any]) -> RecordList | None:
    named = [what for what in LISTS if what in given]
    if not named:
        return None
    limit = given[named[0]]
    if not 0 < limit <= MOST_IN_LIST:
        raise WordingError(f"a list shows 1 to {MOST_IN_LIST} records, not {limit}")
    return RecordList(named[0], limit, tuple(given.get("kinds", ())))


def _part(given: Mapping[str, Any]) -> Part:
    contents = ("sentences", *LISTS, "comparison", "ranking", "problems", "steps")
    _known(given, "heading", "lead", "kinds", "top", *contents)
    if sum(name in given for name in contents) != 1:
        raise WordingError(f"a part needs exactly one of {', '.join(contents)}: {sorted(given)}")
    return Part(
        heading=given.get("heading", ""),
        lead=given.get("lead", ""),
        sentences=tuple(_sentence(one) for one in given.get("sentences", ())),
        records=_records(given),
        comparison=tuple(given.get("comparison", ())),
        ranking=tuple(given.get("ranking", ())),
        top=given.get("top", 10),
        problems=given.get("problems", False),
        steps=tuple(_sentence(one) for one in given.get("steps", ())),
    )


def _section(given: Mapping[str, Any]) -> Section:
    _known(given, "title", "subject", "part", "periods", "optional")
    return Section(
        title=given["title"],
        subject=given.get("subject", given["title"]),
        parts=tuple(_part(part) for part in given["part"]),
        periods=tuple(given.get("periods", KINDS)),
        optional=given.get("optional", False),
    )


def parse(name: str, text: str) -> Plan:
    """Read a plan from TOML; raises WordingError with the plan's name."""
    try:
        given = tomllib.loads(text)
        _known(
            given,
            *("title", "order", "levels", "sectors", "periods", "heading", "opening", "closing", "section"),
        )
        return Plan(
            name=name,
            title=given["title"],
            order=given["order"],
            levels=tuple(given["levels"]),
            sectors=tuple(given["sectors"]),
            periods=tuple(given["periods"]),
            heading=given["heading"],
            opening=tuple(_sentence(one) for one in given["opening"]),
            closing=tuple(_sentence(one) for one in given["closing"]),
            sections=tuple(_section(section) for section in given["section"]),
        )
    except (KeyError, TypeError, WordingError, tomllib.TOMLDecodeError) as error:
        raise WordingError(f"plan {name}: {error}") from error


@functools.cache
def plans() -> Mapping[str, Plan]:
    """All plans of the folder by name, in their order."""
    read = [parse(file.stem, file.read_text(encoding="utf-8")) for file in FOLDER.glob("*.toml")]
    return {plan.name: plan for plan in sorted(read, key=lambda plan: plan.order)}


def suggested(level: str, sector: str, kind: str) -> Plan:
    """The plan for a union: the best for its level and sector, else the first that covers the period.

    Raises LookupError when no plan is made for this kind of period.
    """
    fitting = [plan for plan in plans().values() if kind in plan.periods]
    if not fitting:
        raise LookupError(kind)
    return max(fitting, key=lambda plan: plan.suits(level, sector))
