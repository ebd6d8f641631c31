"""All that happens to persons and their memberships."""
# ruff: noqa: ARG001 - the actor of every service is read by the command decorator

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.members import rules
from zhijia.areas.members.document import birth_conflict, name_keys, read_document, sex_conflict
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.states import ENDINGS, LIVED, OPEN, WAYS, Step, before_transfer
from zhijia.areas.organisations.models import Employer, Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, require
from zhijia.kernel.records import change, change_many, create, create_many
from zhijia.kernel.separation import not_own
from zhijia.kernel.verdict import refused

RECORD = "members.record"
UNIQUE = "an identity number is unique across all unions"


@dataclass(frozen=True)
class PersonFacts:
    """What is written about a person; blank means unknown."""

    name: str
    id_type: str = Person.IdType.RESIDENT
    id_number: str = ""
    sex: str = ""
    born_on: date | None = None
    phone: str = ""
    ethnicity: str = ""
    education: str = ""
    politics: str = ""
    migrant: bool = False
    new_form: bool = False


@dataclass(frozen=True)
class Place:
    """Where and on what terms someone is a member; ``dues_base`` is the monthly wage base in fen."""

    employer: Employer | None = None
    post: str = ""
    card_no: str = ""
    dues_base: int | None = None


NOWHERE = Place()


def _today() -> date:
    return timezone.localdate()


def _refuse_if(condition: object, reason: str, source: str = "house:members") -> None:
    if condition:
        require(refused(reason, source))


def _checked(facts: PersonFacts) -> PersonFacts:
    """Return the facts with number, sex and birth as the document tells them; Refused when they disagree."""
    _refuse_if(not facts.name.strip(), _("请填写姓名。"))
    if not facts.id_number:
        return facts
    try:
        document = read_document(facts.id_type, facts.id_number)
    except ValueError as error:
        require(refused(str(error), "GB 11643-1999"))
        raise
    for conflict in (sex_conflict(document, facts.sex), birth_conflict(document, facts.born_on)):
        _refuse_if(conflict, conflict, "GB 11643-1999")
    return replace(
        facts,
        id_number=document.number,
        sex=document.sex or facts.sex,
        born_on=document.born_on or facts.born_on,
    )


def _columns(facts: PersonFacts) -> dict[str, Any]:
    values = {one.name: getattr(facts, one.name) for one in fields(facts)}
    return {**values, "id_number": facts.id_number or None, **name_keys(facts.name)}


def _holder(id_number: str) -> Person | None:
    """Return the person with this number, wherever the file is kept."""
    if not id_number:
        return None
    return Person.objects.everywhere(UNIQUE).filter(id_index=id_number).select_related("union").first()


def _open_span(person: Person) -> Membership | None:
    spans = Membership.objects.everywhere("one open membership per person, across all unions")
    return spans.filter(person=person, state__in=OPEN).select_related("union").first()


def _may_join(actor: Actor, person: Person, union: Union, on: date) -> None:
    """Refuse joining a closed union, a second open membership, and a start within an earlier span."""
    _refuse_if(union.closed_on, _("该工会已终止，不能入会。"))
    require(rules.day_fits(on, None, _today()))
    held = _open_span(person)
    in_reach = held is not None and bool(actor.scope.may(RECORD, held.union.path))
    name = held.union.name if held and in_reach else ""
    require(rules.may_join(has_open=held is not None, in_reach=in_reach, union_name=name))
    earlier = Membership.objects.everywhere("spans of one person must not overlap").filter(
        Q(ends_on__gt=on) | Q(starts_on__gt=on), person=person, state__in=LIVED
    )
    _refuse_if(earlier.exists(), _("入会日期早于以前会籍的终止日期，请核对。"), rules.STATUTES)


def _check_employer(union: Union, employer: Employer | None) -> None:
    _refuse_if(employer and employer.union_id != union.pk, _("工作单位不属于该工会。"))


def _follow(person: Person, union: Union) -> None:
    """Let the file follow the open membership."""
    if person.union_id != union.pk:
        change(person, union=union)


@command(RECORD, at="person.union")
def person_correct(*, actor: Actor, person: Person, facts: PersonFacts, version: int | None = None) -> Person:
    """Correct a file. Raises StaleVersionError when someone else was faster."""
    facts = _checked(facts)
    known = _holder(facts.id_number)
    _refuse_if(known and known.pk != person.pk, _("该证件号码已登记为另一人。"))
    return change(person, version=version, **_columns(facts))


@command(RECORD, at="union")
def membership_apply(
    *, actor: Actor, union: Union, person: Person, on: date, place: Place = NOWHERE, reason: str = ""
) -> Membership:
    """Record someone's application to join (voluntary, R4.3); it waits for approval."""
    _may_join(actor, person, union, on)
    _check_employer(union, place.employer)
    waiting = Membership.objects.everywhere("one application at a time in the union of the command")
    _refuse_if(
        waiting.filter(person=person, union=union, state=Membership.State.APPLIED).exists(),
        _("该申请已登记，等待审批。"),
    )
    return create(
        Membership(person=person, union=union, applied_on=on, reason=reason, **_place_columns(place))
    )


def _place_columns(place: Place) -> dict[str, Any]:
    return {one.name: getattr(place, one.name) for one in fields(place)}


@command(RECORD, at="membership.union")
def membership_approve(
    *, actor: Actor, membership: Membership, on: date, cause: str = Membership.Start.JOINED
) -> Membership:
    """Admit an applicant from a day on; the person's file moves to this union."""
    require(rules.may_take(membership.state, Step.APPROVE))
    require(not_own(actor, person_id=membership.person_id))
    require(rules.day_fits(on, membership.applied_on, _today()))
    _may_join(actor, membership.person, membership.union, on)
    change(membership, state=WAYS[Step.APPROVE].target, starts_on=on, start_cause=cause)
    _follow(membership.person, membership.union)
    return membership


@command(RECORD, at="membership.union")
def membership_reject(*, actor: Actor, membership: Membership, reason: str) -> Membership:
    """Refuse an application, with the reason."""
    require(rules.may_take(membership.state, Step.REJECT))
    _refuse_if(not reason.strip(), _("请填写未通过的原因。"))
    return change(membership, state=WAYS[Step.REJECT].target, reason=reason)


@command(RECORD, at="union")
def membership_join(
    *,
    actor: Actor,
    union: Union,
    person: Person,
    on: date,
    place: Place = NOWHERE,
    cause: str = Membership.Start.JOINED,
) -> Membership:
    """Record a member who was admitted (application and approval in one); joined or transferred in.

    ``transferred_in`` is from a union outside of this system; inside, a transfer is started and accepted.
    """
    applied = membership_apply(actor=actor, union=union, person=person, on=on, place=place)
    return membership_approve(actor=actor, membership=applied, on=on, cause=cause)


@command(RECORD, at="union")
def member_enrol(
    *,
    actor: Actor,
    union: Union,
    facts: PersonFacts,
    on: date,
    place: Place = NOWHERE,
    cause: str = Membership.Start.JOINED,
    waits: bool = False,
) -> Membership:
    """Open or find the file of someone and record the membership; ``waits`` leaves it to be approved.

    A number on file under another name is refused. Someone without an open membership may join anywhere; a
    file that stays out of the actor's reach is not changed.
    """
    facts = _checked(facts)
    person = _holder(facts.id_number)
    known: dict[str, Any] = {}
    if person is None:
        person = create(Person(union=union, **_columns(facts)))
    else:
        _refuse_if(person.name != facts.name, _("该证件号码登记的姓名与填写的不一致，请核对。"))
        known = {name: value for name, value in _columns(facts).items() if value not in ("", None, False)}
    if waits:
        membership = membership_apply(actor=actor, union=union, person=person, on=on, place=place)
    else:
        membership = membership_join(actor=actor, union=union, person=person, on=on, place=place, cause=cause)
    # Only now: joining has moved the file here, an application leaves it where it may be out of reach.
    if known and actor.scope.may(RECORD, person.union.path):
        change(person, **known)
    return membership


@command(RECORD, at="membership.union")
def membership_correct(
    *, actor: Actor, membership: Membership, place: Place, version: int | None = None
) -> Membership:
    """Correct employer, post, card number and dues base of an open membership."""
    _refuse_if(membership.state == Membership.State.ENDED, _("会籍已终止，不能修改。"))
    _check_employer(membership.union, place.employer)
    return change(membership, version=version, **_place_columns(place))


@command(RECORD, at="membership.union")
def membership_transfer_start(
    *, actor: Actor, membership: Membership, to: Union, reason: str = ""
) -> Membership:
    """Send a member to another union of this system; the membership goes on until it accepts (R4.1)."""
    require(rules.may_take(membership.state, Step.TRANSFER_START))
    _refuse_if(to.pk == membership.union_id, _("转入工会不能是原工会。"))
    _refuse_if(to.closed_on, _("转入工会已终止。"))
    return change(membership, state=WAYS[Step.TRANSFER_START].target, transfer_to=to, reason=reason)


@command(RECORD, at="membership.transfer_to")
def membership_transfer_accept(
    *, actor: Actor, membership: Membership, on: date, place: Place = NOWHERE
) -> Membership:
    """Take a member over: the old span ends on the day and the new one begins; returns the new one."""
    require(rules.may_take(membership.state, Step.TRANSFER_ACCEPT))
    require(rules.day_fits(on, membership.starts_on, _today()))
    to = membership.transfer_to
    if to is None:
        raise ValueError("a transferring membership names its destination")
    _refuse_if(to.closed_on, _("转入工会已终止。"))
    _check_employer(to, place.employer)
    base = place.dues_base if place.dues_base is not None else membership.dues_base
    span = _split(membership, Step.TRANSFER_ACCEPT, on, to, replace(place, dues_base=base))
    _follow(membership.person, to)
    return span


@command(RECORD, at=None)
def membership_transfer_refuse(*, actor: Actor, membership: Membership, reason: str) -> Membership:
    """Send a transfer back (the receiving union) or take it back (the sending one); the member stays.

    In a union that has ended meanwhile the membership is then retained, like those of the others.
    """
    require(rules.may_take(membership.state, Step.TRANSFER_REFUSE))
    to = membership.transfer_to
    if not (to and actor.scope.may(RECORD, to.path)):
        require(actor.scope.may(RECORD, membership.union.path))
    _refuse_if(not reason.strip(), _("请填写退回的原因。"))
    state = before_transfer(membership.start_cause)
    change(membership, state=state, transfer_to=None, reason=reason)
    if state == Membership.State.ACTIVE and membership.union.closed_on:
        _retain_all([membership], membership.union)
    return membership


@command(RECORD, at="union")
def union_memberships_retain(*, actor: Actor, union: Union) -> int:
    """Retain the active memberships of a union that has ended (R1.2); returns how many there were.

    Where they go on is for people to decide: they wait to be transferred. Transfers under way stay with the
    union that is to accept them.
    """
    active = Membership.objects.everywhere("all members of the union that the command was granted for")
    spans = list(active.filter(union=union, state=Membership.State.ACTIVE).order_by("pk"))
    _retain_all(spans, union)
    return len(spans)


def _retain_all(spans: list[Membership], union: Union) -> None:
    """End spans on the day their union closed, and open the retained ones on the same day."""
    way = WAYS[Step.RETAIN]
    retained = []
    for span in spans:
        if union.closed_on is None or span.starts_on is None or way.opens is None:
            raise ValueError("only active memberships of a union that has ended are retained together")
        span.state, span.end_cause = way.target, way.ends
        span.ends_on = max(union.closed_on, span.starts_on)
        state, cause = way.opens
        reason = _("所在工会终止，会籍保留，待转接")
        columns = {"starts_on": span.ends_on, "start_cause": cause, "reason": reason}
        columns |= _place_columns(_same_place(span))
        retained.append(Membership(person_id=span.person_id, union=union, state=state, **columns))
    change_many(Membership, spans, ["state", "end_cause", "ends_on"])
    create_many(Membership, retained)


def _split(membership: Membership, step: Step, on: date, union: Union, place: Place) -> Membership:
    """End a span and open the next one on the same day."""
    way = WAYS[step]
    if way.opens is None:
        raise ValueError(f"{step} opens no span")
    state, cause = way.opens
    change(membership, state=way.target, ends_on=on, end_cause=way.ends)
    return create(
        Membership(
            person=membership.person,
            union=union,
            state=state,
            starts_on=on,
            start_cause=cause,
            **_place_columns(place),
        )
    )


def _same_place(membership: Membership) -> Place:
    return Place(membership.employer, membership.post, membership.card_no, membership.dues_base)


@command(RECORD, at="membership.union")
def membership_retain(*, actor: Actor, membership: Membership, on: date, reason: str = "") -> Membership:
    """Keep the membership of a retired or unemployed member (保留会籍); returns the retained span."""
    require(rules.may_take(membership.state, Step.RETAIN))
    require(rules.day_fits(on, membership.starts_on, _today()))
    change(membership, reason=reason)
    return _split(membership, Step.RETAIN, on, membership.union, _same_place(membership))


@command(RECORD, at="membership.union")
def membership_resume(*, actor: Actor, membership: Membership, on: date, reason: str = "") -> Membership:
    """Make a retained member an ordinary one again; returns the active span."""
    _refuse_if(membership.union.closed_on, _("所在工会已终止，请办理转会。"))
    require(rules.may_take(membership.state, Step.RESUME))
    require(rules.day_fits(on, membership.starts_on, _today()))
    change(membership, reason=reason)
    return _split(membership, Step.RESUME, on, membership.union, _same_place(membership))


@command(RECORD, at="membership.union")
def membership_end(
    *, actor: Actor, membership: Membership, cause: str, on: date, reason: str = ""
) -> Membership:
    """End a membership: resigned, lapsed (with the recorded decision, R4.2), expelled, deceased, or
    transferred_out to a union outside of this system. KeyError for another cause.
    """
    step = ENDINGS[Membership.End(cause)]
    require(rules.may_take(membership.state, step))
    require(rules.day_fits(on, membership.starts_on, _today()))
    if step is Step.LAPSE:
        require(rules.may_lapse(reason))
    return change(
        membership, state=WAYS[step].target, ends_on=on, end_cause=cause, reason=reason, transfer_to=None
    )
