"""Dated rules as data: ``zhijia/rules/<jurisdiction>/<subject>.toml``, read once and kept.

A rule is looked up by code, day and jurisdiction; a jurisdiction without its own rule uses the one above it
(``cn-42-01`` → ``cn-42`` → ``cn``). The format of the files is told in ``zhijia/rules/README.md``.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from django.utils.translation import gettext as _

HOME = Path(__file__).resolve().parent.parent / "rules"

Status = Literal["verified", "to_verify"]
_STATUSES = ("verified", "to_verify")
_REQUIRED = {"code", "value", "from", "source", "status", "note"}
_KEYS = _REQUIRED | {"to"}
_JURISDICTION = re.compile(r"cn(-[0-9]{2}){0,3}")
_CODE = re.compile(r"[a-z_]+(\.[a-z0-9_]+)+")
_EVIDENCE = re.compile(r"\[(P|W|M|M\?)\] ")


@dataclass(frozen=True)
class Rule:
    """One value in force from ``starts`` to ``ends`` (both included; None: still in force).

    ``value`` is an int, a text, a bool, a tuple or a read-only mapping; money is in fen, rates are in basis
    points (1/10000). ``source`` is the clause. ``to_verify`` values are shown to users as such.
    """

    code: str
    jurisdiction: str
    value: Any
    starts: date
    ends: date | None
    source: str
    status: Status
    note: str

    @property
    def version(self) -> str:
        """What a decision stores to say which rule it was judged by: ``members.dues@cn@1978-01-01``."""
        return f"{self.code}@{self.jurisdiction}@{self.starts.isoformat()}"

    def in_force(self, day: date) -> bool:
        """Whether the rule applies on a day."""
        return self.starts <= day and (self.ends is None or day <= self.ends)


class RuleMissing(LookupError):  # noqa: N818 - named as the state the caller meets
    """No rule of this code is in force on the day, in the jurisdiction or above it."""

    def __init__(self, code: str, on: date, jurisdiction: str) -> None:
        super().__init__(code, on, jurisdiction)
        self.code, self.on, self.jurisdiction = code, on, jurisdiction

    def __str__(self) -> str:
        return _("没有找到规则 %(code)s（日期 %(on)s，地区 %(jurisdiction)s）。") % {
            "code": self.code,
            "on": self.on.isoformat(),
            "jurisdiction": self.jurisdiction,
        }


def rule(code: str, *, on: date, jurisdiction: str = "cn") -> Rule:
    """The rule in force on a day, from the nearest jurisdiction that has one; else RuleMissing."""
    rules = _book(HOME).get(code, ())
    for place in _upwards(jurisdiction):
        for candidate in rules:
            if candidate.jurisdiction == place and candidate.in_force(on):
                return candidate
    raise RuleMissing(code, on, jurisdiction)


def rules_of(subject: str) -> tuple[Rule, ...]:
    """All rules of a subject, whatever their day and jurisdiction, by code, jurisdiction and first day."""
    book = _book(HOME)
    return tuple(found for code in sorted(book) if code.split(".")[0] == subject for found in book[code])


def _upwards(jurisdiction: str) -> Iterator[str]:
    """A jurisdiction and those above it, nearest first."""
    parts = jurisdiction.split("-")
    for length in range(len(parts), 0, -1):
        yield "-".join(parts[:length])


@cache
def _book(home: Path) -> Mapping[str, tuple[Rule, ...]]:
    """Every rule of the folder by code, ordered by jurisdiction and first day."""
    found: dict[str, list[Rule]] = {}
    for place, _subject, entries in _files(home):
        for entry in entries:
            made = _made(entry, place)
            found.setdefault(made.code, []).append(made)
    order = {
        code: sorted(rules, key=lambda one: (one.jurisdiction, one.starts)) for code, rules in found.items()
    }
    return MappingProxyType({code: tuple(rules) for code, rules in order.items()})


def _files(home: Path) -> Iterator[tuple[str, str, list[dict[str, Any]]]]:
    """Each file as jurisdiction, subject and entries."""
    for path in sorted(home.glob("*/*.toml")):
        with path.open("rb") as file:
            content = tomllib.load(file)
        yield path.parent.name, path.stem, content.get("rule", [])


def _made(entry: Mapping[str, Any], jurisdiction: str) -> Rule:
    return Rule(
        code=entry["code"],
        jurisdiction=jurisdiction,
        value=_frozen(entry["value"]),
        starts=entry["from"],
        ends=entry.get("to"),
        source=entry["source"],
        status=entry["status"],
        note=entry["note"],
    )


def _frozen(value: Any) -> Any:
    """The same value, read-only: what is cached must not be changed by a caller."""
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(inner) for key, inner in value.items()})
    return tuple(_frozen(inner) for inner in value) if isinstance(value, list) else value


def problems(home: Path = HOME) -> list[str]:
    """What is wrong with the rule files, one line each; an empty list when all is well."""
    found: list[str] = []
    entries: list[tuple[str, dict[str, Any]]] = []
    for place, subject, rules in _files(home):
        where = f"{place}/{subject}.toml"
        if not _JURISDICTION.fullmatch(place):
            found.append(f"{where}: {place!r} is no jurisdiction such as cn or cn-42")
        if not rules:
            found.append(f"{where}: no [[rule]]")
        for entry in rules:
            wrong = list(_entry_problems(entry, subject))
            found += [f"{where}: {entry.get('code', '?')}: {text}" for text in wrong]
            if not wrong:
                entries.append((place, entry))
    return found + list(_overlaps(entries))


def _entry_problems(entry: Mapping[str, Any], subject: str) -> Iterator[str]:
    """What is wrong with one [[rule]]."""
    for key in sorted(entry.keys() - _KEYS):
        yield f"unknown key {key!r}"
    for key in sorted(_REQUIRED - entry.keys()):
        yield f"missing {key!r}"
    code, note, status = (str(entry.get(key, "")) for key in ("code", "note", "status"))
    if code and not (_CODE.fullmatch(code) and code.split(".")[0] == subject):
        yield f"a code here is written {subject}.<name>"
    if "source" in entry and not str(entry["source"]).strip():
        yield "empty source"
    if status and status not in _STATUSES:
        yield f"unknown status {status!r}"
    evidence = _EVIDENCE.match(note)
    if note and not evidence:
        yield "the note begins with its evidence: [P], [W], [M] or [M?]"
    if evidence and evidence[1].startswith("M") and status == "verified":
        yield "a value that was not read cannot be verified"
    yield from _date_problems(entry)
    if "value" in entry:
        yield from _value_problems(entry["value"])


def _date_problems(entry: Mapping[str, Any]) -> Iterator[str]:
    days = [entry[key] for key in ("from", "to") if key in entry]
    if any(type(day) is not date for day in days):
        yield "from and to are days, without quotes and without time"
    elif days != sorted(days):
        yield "ends before it starts"


def _value_problems(value: Any) -> Iterator[str]:
    if isinstance(value, float):
        yield "a fraction is written in basis points or fen, never as a float"
    elif isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _value_problems(inner)


def _overlaps(entries: list[tuple[str, dict[str, Any]]]) -> Iterator[str]:
    """Two rules of one code and jurisdiction that are in force on the same day."""
    ordered = sorted(entries, key=lambda pair: (pair[1]["code"], pair[0], pair[1]["from"]))
    for (place, before), (next_place, after) in pairwise(ordered):
        same = before["code"] == after["code"] and place == next_place
        if same and ("to" not in before or before["to"] >= after["from"]):
            yield f"{place}: {after['code']}: two values in force on {after['from'].isoformat()}"
