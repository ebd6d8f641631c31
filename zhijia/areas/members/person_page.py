"""What the page of one person shows, gathered into one frozen object."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.functional import Promise

from zhijia.areas.members import rules
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.queries import ELSEWHERE, RECORD, VIEW, person_load
from zhijia.areas.members.states import OPEN, Step, may_step
from zhijia.kernel.identity import mask_id, mask_phone
from zhijia.kernel.registry import Tab, registry
from zhijia.kernel.scope import Scope


@dataclass(frozen=True)
class SpanLine:
    """One span as the timeline shows it; a union out of reach has no name."""

    union: str | Promise
    state: str
    begin: str
    starts_on: date | None
    end: str
    ends_on: date | None
    employer: str
    reason: str


@dataclass(frozen=True)
class PersonPage:
    """A person with masked numbers, all spans, the open one with its dues, and the steps at hand."""

    person: Person
    id_number: str
    phone: str
    spans: tuple[SpanLine, ...]
    current: Membership | None
    dues: int | None
    no_dues: str
    steps: frozenset[Step]
    may_record: bool
    tabs: tuple[Tab, ...]


def person_page(scope: Scope, person_id: int) -> PersonPage:
    """Return the page of a person in reach; Http404 otherwise."""
    person = person_load(scope, person_id)
    spans = list(
        Membership.objects.everywhere("the whole path of a person in reach; other unions are not named")
        .filter(person=person)
        .select_related("union", "employer")
        .order_by("-starts_on", "-pk")
    )
    current = next((span for span in spans if span.state in OPEN), None)
    dues, no_dues = _dues(current)
    # The command asks for the right at the union of the membership, so the page offers no more than that.
    own = current is not None and bool(scope.may(RECORD, current.union.path))
    return PersonPage(
        person=person,
        id_number=mask_id(person.id_number) if person.id_number else "",
        phone=mask_phone(person.phone),
        spans=tuple(_line(scope, span) for span in spans),
        current=current,
        dues=dues,
        no_dues=no_dues,
        steps=frozenset(step for step in Step if own and current and may_step(current.state, step)),
        may_record=bool(scope.may(RECORD, person.union.path)),
        tabs=tuple(tab for card in registry().cards for tab in card.tabs if tab.on == "person"),
    )


def _dues(current: Membership | None) -> tuple[int | None, str]:
    """Return the monthly dues in fen, or why there are none to show."""
    if current is None:
        return None, ""
    today = timezone.localdate()
    verdict = rules.pays_dues(current.state, today)
    if not verdict:
        return None, str(verdict.reason)
    return (None if current.dues_base is None else rules.dues(current.dues_base, today)), ""


def _line(scope: Scope, span: Membership) -> SpanLine:
    in_reach = bool(scope.may(VIEW, span.union.path))
    return SpanLine(
        union=span.union.name if in_reach else ELSEWHERE,
        state=str(span.get_state_display()),
        begin=str(span.get_start_cause_display()) if span.starts_on else "",
        starts_on=span.starts_on or span.applied_on,
        end=str(span.get_end_cause_display()) if span.end_cause else "",
        ends_on=span.ends_on,
        employer=span.employer.name if in_reach and span.employer else "",
        reason=span.reason if in_reach else "",
    )
