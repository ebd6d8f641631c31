"""Seeing, finding and taking out whole numbers: each leaves a line that the person concerned can read."""
# ruff: noqa: ARG001 - the actor of every service is read by the command decorator

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.members import rules
from zhijia.areas.members.models import FullExport, Membership, Person
from zhijia.areas.members.states import OPEN
from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.audit import whole_and_parts
from zhijia.kernel.command import Change, command, current, require
from zhijia.kernel.identity import whole
from zhijia.kernel.records import change, create
from zhijia.kernel.scope import below
from zhijia.kernel.separation import another
from zhijia.kernel.verdict import Refused, refused

REVEAL, ASK, APPROVE = "members.reveal", "members.export_full", "members.approve_full"
SEALED = ("id_number", "phone")
PERSON = "members.person"


@dataclass(frozen=True)
class Numbers:
    """The whole numbers of a person; never shown by ``repr``."""

    id_number: str = field(repr=False)
    phone: str = field(repr=False)


def _note(verb: str, person_id: int | None, reason: str) -> None:
    """Keep a line about the sealed numbers of one person (of nobody, when a search found none)."""
    running = current()
    running.reason = reason
    rows = 0 if person_id is None else 1
    running.note(Change(PERSON, person_id, verb, {}, rows, SEALED, person_id))


def _take(asked: FullExport, persons: Iterable[int]) -> None:
    """Count the export; in the audit it is one line, with a line for each person under it."""
    change(asked, taken=asked.taken + 1)
    running = current()
    running.reason = asked.purpose
    counted = running.changes.pop()  # to be told as an export, not as a correction of the wish
    parts = [Change(PERSON, person_id, "export", {}, 1, SEALED, person_id) for person_id in persons]
    for one in whole_and_parts(replace(counted, verb="export"), parts):
        running.note(one)


@command(REVEAL, at="person.union", fresh=True)
def person_reveal(*, actor: Actor, person: Person, reason: str) -> Numbers:
    """Open the numbers of a person for the one who asks; the reason is shown to the person concerned."""
    require(rules.has_reason(reason))
    _note("reveal", person.pk, reason)
    return Numbers(person.id_number or "", person.phone)


@command("members.view", at=None)
def person_find(*, actor: Actor, number: str, reason: str) -> Person | None:
    """Return the person in reach with exactly this identity or telephone number, None when there is none.

    The search itself is noted, found or not: whoever tries out numbers is seen.
    """
    require(rules.has_reason(reason))
    reach = Person.objects.within(actor.scope, "members.view").select_related("union")
    plain = whole(number)
    found = reach.filter(id_index=plain).first() or reach.filter(phone_index=plain).first()
    _note("search", found.pk if found else None, reason)
    return found


@command(ASK, at="union")
def full_export_ask(*, actor: Actor, union: Union, purpose: str) -> FullExport:
    """Ask for the roster of a union and all below it with whole numbers."""
    require(rules.has_reason(purpose))
    if actor.user_id is None:
        raise Refused(refused(_("导出完整号码须由本人登录申请。"), "house:members"))
    return create(FullExport(union=union, purpose=purpose, asked_by=actor.user_id, asked_name=actor.name))


def _answer(actor: Actor, asked: FullExport, **values: Any) -> FullExport:
    require(rules.may_answer_export(asked.state))
    require(another(actor, [asked.asked_by]))
    values |= {"answered_by": actor.user_id, "answered_name": actor.name, "answered_at": timezone.now()}
    return change(asked, **values)


@command(APPROVE, at="asked.union", fresh=True)
def full_export_approve(*, actor: Actor, asked: FullExport) -> FullExport:
    """Allow it, as another person than the one who asked; it can be taken for a day."""
    return _answer(actor, asked, state=FullExport.State.APPROVED)


@command(APPROVE, at="asked.union")
def full_export_refuse(*, actor: Actor, asked: FullExport, reason: str) -> FullExport:
    """Refuse it, with the reason."""
    require(rules.has_reason(reason))
    return _answer(actor, asked, state=FullExport.State.REFUSED, reason=reason)


@command(ASK, at="asked.union", fresh=True)
def full_export_take(*, actor: Actor, asked: FullExport) -> list[Membership]:
    """Return the open memberships with their persons for the one who asked, within a day of the answer.

    The export leaves a line in the audit, and under it one for each person concerned.
    """
    require(rules.may_take_export(asked.state, asked.answered_at, timezone.now()))
    if actor.user_id != asked.asked_by:
        require(refused(_("只有申请人可以导出。"), "house:members"))
    rows = (
        Membership.objects.within(actor.scope, ASK)
        .filter(below("union__path", asked.union.path or ""), state__in=OPEN)
        .select_related("person", "union", "employer")
        .order_by("union__path", "person__name_key", "pk")
    )
    taken = list(rows)  # who is noted is who leaves, whoever joins meanwhile
    _take(asked, dict.fromkeys(row.person_id for row in taken))
    return taken
