"""What happens to honours. The only writer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, TypedDict, Unpack

from django.utils import timezone

from zhijia.areas.honours.models import Honour
from zhijia.areas.honours.rules import honour_recordable
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kernel.command import command, require
from zhijia.kernel.records import change, create
from zhijia.kit.subjects import ANONYMOUS, anonymise, drop_attachments

CHECKED = ("awarded_on", "winner_kind", "winner", "person", "category")
TEXTS = ("name", "winner", "awarder", "document")


class HonourValues(TypedDict, total=False):
    """An honour as people give it; ``person`` when the holder is someone the union knows."""

    name: str
    category: str
    level: str
    awarded_on: date
    awarder: str
    winner_kind: str
    winner: str
    person: Person | None
    document: str


@command("honours.record", at="union")
def honour_record(*, actor: Actor, union: Union, **values: Unpack[HonourValues]) -> Honour:
    """Record an honour of a union's unit or person. Raises Refused."""
    require(honour_recordable(values, timezone.localdate()))
    _require_person(actor, values.get("person"))
    return create(Honour(union=union, **_plain(values)))


@command("honours.record", at="honour.union")
def honour_correct(
    *, actor: Actor, honour: Honour, version: int | None = None, **values: Unpack[HonourValues]
) -> Honour:
    """Correct the given fields; the union stays. Raises Refused or StaleVersionError."""
    kept = {name: getattr(honour, name) for name in CHECKED}
    require(honour_recordable({**kept, **values}, timezone.localdate()))
    if "person" in values and values["person"] != honour.person:
        _require_person(actor, values["person"])
    return change(honour, version=version, **_plain(values))


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values with their texts in plain form."""
    return {name: normalise(value) if name in TEXTS else value for name, value in values.items()}


def _require_person(actor: Actor, person: Person | None) -> None:
    """Refuse a person whom the actor may not see."""
    if person is not None:
        require(actor.scope.may("members.view", person.union.path or ""))


@command("privacy.erase", at="person.union", fresh=True)
def honours_anonymise(*, actor: Actor, person: Person) -> int:  # noqa: ARG001 - the command reads the actor
    """Take the name of a person, and the files, from all its honours; they stay counted."""
    rows = list(Honour.objects.everywhere("all honours of the person").filter(person=person))
    for honour in rows:
        anonymise(honour, winner=ANONYMOUS)
        drop_attachments(honour)
    return len(rows)
