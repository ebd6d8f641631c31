"""The only writer of the ledgers of privacy; the erasure of a person and the daily run over what is kept."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from typing import Any

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks_db.models import DBTaskResult

from zhijia.areas.members.models import Person
from zhijia.areas.privacy import package, queries, rules
from zhijia.areas.privacy.models import Consent, Erasure, Overdue, SubjectRequest
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import Change, command, current, require
from zhijia.kernel.models import CommandReceipt, Job, OutboxEvent
from zhijia.kernel.records import change, create, create_many, remove
from zhijia.kernel.registry import registry
from zhijia.kernel.rulebook import rule
from zhijia.kernel.scope import EVERYWHERE, Scope
from zhijia.kernel.separation import another, not_own
from zhijia.kit.subjects import anonymise
from zhijia.kit.titles import title_of

SERVE, ERASE, OWN = queries.SERVE, queries.ERASE, queries.OWN


def _today() -> date:
    return timezone.localdate()


@command(SERVE, at="person.union")
def request_record(
    *,
    actor: Actor,  # noqa: ARG001 - read by the decorator
    person: Person,
    kind: str,
    received_on: date,
    channel: str = SubjectRequest.Channel.VISIT,
    detail: str = "",
) -> SubjectRequest:
    """Record what someone asks about the own data; the day by which it is answered follows from the rule."""
    require(rules.day_passed(received_on, _today()))
    due_on = rules.answer_due(received_on)
    asked = {"kind": kind, "channel": channel, "received_on": received_on, "due_on": due_on, "detail": detail}
    return create(SubjectRequest(person=person, union=person.union, **asked))


@command(SERVE, at="request.union")
def request_answer(
    *,
    actor: Actor,
    request: SubjectRequest,
    outcome: str,
    on: date,
    answer: str = "",
    version: int | None = None,
) -> SubjectRequest:
    """Answer a request, once; a refusal, whole or in part, gives its reasons. Nobody answers the own one."""
    require(not_own(actor, person_id=request.person_id))
    answered = request.answered_on is not None
    require(rules.may_answer(is_answered=answered, received_on=request.received_on, on=on, today=_today()))
    require(rules.answer_explained(outcome, answer))
    return change(request, version=version, outcome=outcome, answered_on=on, answer=answer)


@command(SERVE, at="person.union")
def consent_record(
    *,
    actor: Actor,  # noqa: ARG001 - read by the decorator
    person: Person,
    purpose: str,
    given_on: date,
    form: str = Consent.Form.PAPER,
    document: str = "",
) -> Consent:
    """Record a consent to one purpose; one stands at a time."""
    require(rules.day_passed(given_on, _today()))
    require(rules.consent_once(has_standing=queries.has_consent(person, purpose)))
    given = {"purpose": purpose, "given_on": given_on, "form": form, "document": document}
    return create(Consent(person=person, union=person.union, **given))


@command(SERVE, at="consent.union")
def consent_withdraw(
    *,
    actor: Actor,  # noqa: ARG001 - read by the decorator
    consent: Consent,
    on: date,
    version: int | None = None,
) -> Consent:
    """Record that a consent was withdrawn; what was done before stays lawful (art. 15)."""
    gone = consent.withdrawn_on is not None
    require(rules.consent_may_end(given_on=consent.given_on, is_withdrawn=gone, on=on, today=_today()))
    return change(consent, version=version, withdrawn_on=on)


def _packed(scope: Scope, person: Person, kind: str, who: str, reason: str) -> package.Package:
    """Gather and pack what is held about a person, and note that it was taken out."""
    held = queries.subject_file(scope, person)
    running = current()
    running.reason = reason
    running.note(Change("members.person", person.pk, "export", {}, held.rows, ("*",), person.pk))
    return package.packed(held, kind, who=who, reason=reason)


@command(SERVE, at="person.union", fresh=True)
def file_export(*, actor: Actor, person: Person, reason: str, kind: str = package.XLSX) -> package.Package:
    """Take out everything that is held about a person, as far as the officer reaches (art. 45)."""
    require(rules.has_reason(reason))
    return _packed(actor.scope, person, kind, actor.name, reason)


@command(OWN, at=None, fresh=True)
def own_file_export(*, actor: Actor, kind: str = package.XLSX) -> package.Package:
    """Take out everything that is held about oneself."""
    person = queries.own_person(actor.person_id)
    return _packed(EVERYWHERE, person, kind, actor.name, _("本人查阅、复制"))


def _require_erasable(actor: Actor, person: Person) -> None:
    require(not_own(actor, person_id=person.pk))
    found = queries.standing_of(person)
    is_done = queries.is_anonymised(person)
    require(rules.may_erase(found, _today(), label=title_of(found.model), is_done=is_done))


@command(ERASE, at="person.union")
def erasure_propose(*, actor: Actor, person: Person, ground: str, note: str = "") -> Erasure:
    """Propose to anonymise a person; refused while anything needs the person or a term of keeping runs."""
    _require_erasable(actor, person)
    require(rules.may_propose(is_waiting=queries.has_waiting(person)))
    told = {"ground": ground, "note": note, "proposed_by_id": actor.user_id, "proposed_on": _today()}
    return create(Erasure(person=person, union=person.union, **told))


@command(ERASE, at="erasure.person.union", fresh=True)
def erasure_approve(*, actor: Actor, erasure: Erasure, version: int | None = None) -> Erasure:
    """Anonymise a person in all areas at once, as another person than the one who proposed it.

    Whether the law allows it is asked again: the person may have come back meanwhile.
    """
    _require_decidable(actor, erasure)
    person = (
        Person.objects.everywhere("the person of the command").select_for_update().get(pk=erasure.person_id)
    )
    _require_erasable(actor, person)
    jobs = _forget_jobs(person)
    # The highest area first: those above look for the name that the file, the lowest, gives away.
    count = sum(
        eraser(actor=actor.keyed(""), person=person) for eraser in reversed(registry().objects("erasers"))
    )
    for row in Overdue.objects.everywhere("the person of the command").filter(person=person):
        remove(row)
    stamp: dict[str, Any] = {"decided_by_id": actor.user_id, "decided_on": _today(), "note": ""}
    done = {**stamp, "state": Erasure.State.DONE, "records": count + jobs}
    return change(erasure, version=version, **done)


@command(ERASE, at="erasure.person.union")
def erasure_reject(*, actor: Actor, erasure: Erasure, reason: str, version: int | None = None) -> Erasure:
    """Turn a proposal down, with the reason; the person may be proposed again."""
    _require_decidable(actor, erasure)
    require(rules.has_reason(reason))
    stamp: dict[str, Any] = {"decided_by_id": actor.user_id, "decided_on": _today()}
    told = "\n".join(text for text in (erasure.note, _("未同意：%(why)s") % {"why": reason}) if text)
    return change(erasure, version=version, state=Erasure.State.REJECTED, note=told, **stamp)


def _require_decidable(actor: Actor, erasure: Erasure) -> None:
    require(rules.may_decide(is_waiting=erasure.state == Erasure.State.PROPOSED))
    require(another(actor, [erasure.proposed_by_id]))
    require(not_own(actor, person_id=erasure.person_id))


def _forget_jobs(person: Person) -> int:
    """Delete the rows of finished jobs that quote the person; imports quote the rows they could not read."""
    marks = [mark for mark in (person.name, person.id_number, person.phone) if mark]
    quoting = [
        job.pk
        for job in Job.objects.exclude(ended_at=None).iterator()
        if any(mark in _text_of(job) for mark in marks)
    ]
    return _drop(Job, models.Q(pk__in=quoting))


def _text_of(job: Job) -> str:
    told = json.dumps([job.parameters, job.result], ensure_ascii=False, default=str)
    return f"{job.title}\n{job.message}\n{told}"


@command(ERASE, at="person.union", fresh=True)
def requests_anonymise(*, actor: Actor, person: Person) -> int:  # noqa: ARG001 - read by the decorator
    """Empty what people wrote in requests and proposals about a person; that there were any stays proven."""
    asked = list(SubjectRequest.objects.everywhere("all requests of the person").filter(person=person))
    for request in asked:
        anonymise(request, detail="", answer="")
    decided = Erasure.objects.everywhere("all proposals about the person").filter(person=person)
    earlier = list(decided.exclude(state=Erasure.State.PROPOSED))
    for erasure in earlier:
        anonymise(erasure, note="")
    return len(asked) + len(earlier)


@command(ERASE, at=None)
def retention_run(*, actor: Actor, dry_run: bool = False) -> dict[str, int]:  # noqa: ARG001 - read by the decorator
    """List the persons whom nothing needs any more, and delete technical remains; returns how many of each.

    Nobody is erased by a machine: the list is a to-do for two people. ``dry_run`` writes nothing.
    """
    now = timezone.now()
    counts = {"persons": _list_overdue(timezone.localdate(now), dry_run=dry_run)}
    for model, old in _remains(now):
        counts[model._meta.label] = _drop(model, old, dry_run=dry_run)
    return counts


def _list_overdue(today: date, *, dry_run: bool) -> int:
    """Write the list of persons past keeping anew; those anonymised are not on it."""
    done = Erasure.objects.everywhere("the daily run").filter(state=Erasure.State.DONE)
    gone = set(done.values_list("person_id", flat=True))
    over = {
        key: found.until or today
        for key, found in queries.standings().items()
        if key not in gone and found.is_over(today)
    }
    if dry_run:
        return len(over)
    for row in Overdue.objects.everywhere("the daily run"):
        if over.pop(row.person_id, None) is None:
            remove(row)
    unions = dict(
        Person.objects.everywhere("the daily run").filter(pk__in=over).values_list("pk", "union_id")
    )
    create_many(
        Overdue, [Overdue(person_id=key, union_id=unions[key], since=day) for key, day in over.items()]
    )
    return Overdue.objects.everywhere("the daily run").count()


def _remains(now: datetime) -> list[tuple[type[models.Model], models.Q]]:
    """Return the technical tables and which of their rows are over (rule ``privacy.remains``)."""
    terms = rule("privacy.remains", on=timezone.localdate(now)).value
    day = timezone.localdate(now)

    def ago(months: int) -> datetime:
        return timezone.make_aware(datetime.combine(rules.months_before(day, months), datetime.min.time()))

    door = models.Q(attempt_time__lt=ago(terms["attempt_months"]))
    return [
        (CommandReceipt, models.Q(created_at__lt=ago(terms["receipt_months"]))),
        (Job, models.Q(ended_at__lt=now - timedelta(days=terms["job_days"]))),
        (OutboxEvent, models.Q(delivered_at__lt=now - timedelta(days=terms["outbox_days"]))),
        (DBTaskResult, models.Q(finished_at__lt=now - timedelta(days=terms["task_days"]))),
        *((model, door) for model in (AccessAttempt, AccessFailureLog, AccessLog)),
        (UserSession, models.Q(last_seen_at__lt=ago(terms["attempt_months"]))),
        (Session, models.Q(expire_date__lt=now)),
    ]


def _drop(model: type[models.Model], old: models.Q, *, dry_run: bool = False) -> int:
    """Delete rows of a technical table; the audit keeps their number."""
    rows = model._base_manager.filter(old)
    count = rows.count()
    if count and not dry_run:
        rows.delete()
        current().note(Change.batch(model, "remove", count))
    return count
