"""What every area offers, read from its card (``area.py``) once and closed.

A card names things by dotted strings, so that reading it imports nothing; the system check in
``kernel.checks`` resolves each one.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.module_loading import import_string

Text = str | Promise


@dataclass(frozen=True)
class Action:
    """Something that can be granted: ``members.join``; its label is shown in the matrix of grants."""

    key: str
    label: Text


@dataclass(frozen=True)
class MenuItem:
    """An entry of the left menu; shown to those who hold ``action``."""

    label: Text
    url: str
    icon: str
    action: str


@dataclass(frozen=True)
class Tab:
    """A part of another area's detail page: ``on`` is ``person`` or ``union``, ``reader`` is
    ``queries.x(scope, id) -> kit.tabs.TabPage | None``.
    """

    on: str
    label: Text
    reader: str


@dataclass(frozen=True)
class Privacy:
    """What personal data a model holds: none, personal, or sensitive (personal information law, art. 28).

    ``fields`` names the columns that hold it, ``basis`` the legal ground (art. 13), ``months`` how long it is
    kept after its purpose ended (None: as long as the record itself), ``seen_by`` the actions by which people
    see it (none named: the area's own ``.view`` actions).
    """

    model: str
    level: str
    why: Text
    fields: tuple[str, ...] = ()
    basis: Text = ""
    months: int | None = None
    seen_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class AttachTo:
    """Files may be attached to the records of ``model`` (``aid.Relief``), which have a ``union``.

    ``page`` is the record's page (its address takes the key as ``pk``); ``view`` and ``record`` are the
    actions that reading and writing its files want; ``load`` is the area's ``(scope, id, action) -> record``,
    which answers 404 for what is out of reach.
    """

    model: str
    page: str
    view: str
    record: str
    load: str


@dataclass(frozen=True)
class Card:
    """One area's only registration.

    ``subject``: ``queries.x(scope, person_id) -> list[kit.subjects.SubjectTable]``, what the area holds about
    a person. ``uses``: ``queries.x(person_ids or None) -> Iterable[kit.subjects.Use]``, until when the area
    needs persons to have a name. ``erasers``: ``services.x(*, actor, person) -> int``, which take it away.
    """

    name: str
    label: Text
    icon: str
    urls: str = ""
    menu: tuple[MenuItem, ...] = ()
    actions: tuple[Action, ...] = ()
    facts: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    tabs: tuple[Tab, ...] = ()
    todos: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    search: tuple[str, ...] = ()
    panels: tuple[str, ...] = ()
    jobs: Mapping[str, str] = field(default_factory=dict)
    listeners: Mapping[str, str] = field(default_factory=dict)
    privacy: tuple[Privacy, ...] = ()
    attachments: tuple[AttachTo, ...] = ()
    subject: tuple[str, ...] = ()
    uses: tuple[str, ...] = ()
    erasers: tuple[str, ...] = ()


@dataclass(frozen=True)
class Registry:
    """All cards, lowest area first, with what is looked up by key."""

    cards: tuple[Card, ...]
    actions: Mapping[str, Action]
    jobs: Mapping[str, str]
    listeners: Mapping[str, tuple[str, ...]]

    def objects(self, store: str) -> tuple[Any, ...]:
        """Resolve one store of dotted names (``facts``, ``sheets``, ``todos`` ...) of all cards, in order."""
        return tuple(import_string(name) for card in self.cards for name in getattr(card, store))


def _merge(cards: tuple[Card, ...]) -> Registry:
    actions: dict[str, Action] = {}
    jobs: dict[str, str] = {}
    listeners: dict[str, tuple[str, ...]] = {}
    for card in cards:
        for action in card.actions:
            if action.key in actions:
                raise ValueError(f"action {action.key} is declared twice")
            actions[action.key] = action
        for kind, name in card.jobs.items():
            if kind in jobs:
                raise ValueError(f"job {kind} is declared twice")
            jobs[kind] = name
        for event, name in card.listeners.items():
            listeners[event] = (*listeners.get(event, ()), name)
    return Registry(cards, MappingProxyType(actions), MappingProxyType(jobs), MappingProxyType(listeners))


@functools.cache
def registry() -> Registry:
    """Return the closed registry: the cards that settings.CARDS names, in that order."""
    return _merge(tuple(import_string(name) for name in settings.CARDS))
