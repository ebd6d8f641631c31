"""The daily run: whom it lists, what it deletes, and what it leaves alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone

from zhijia.areas.accounts.tests.factories import actor_in
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.members.models import Person
from zhijia.areas.members.tests.factories import member_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.areas.privacy import queries, services
from zhijia.areas.privacy.models import Overdue
from zhijia.areas.privacy.rules import months_before
from zhijia.areas.privacy.tests.factories import NAME, canary_of
from zhijia.kernel.actor import system
from zhijia.kernel.models import AuditEvent, CommandReceipt, Job, OutboxEvent
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db


def run(**kw):
    return services.retention_run(actor=system("系统"), **kw)


def listed():
    return {row.person_id for row in Overdue._base_manager.all()}


def receipt(key, made):
    row = CommandReceipt.objects.create(key=key, action="x", digest="d", model="aid.Relief", object_id=1)
    CommandReceipt.objects.filter(pk=row.pk).update(created_at=made)


def test_it_lists_only_persons_whom_nothing_needs_and_erases_nobody():
    union = union_of("E01")
    canary, member = canary_of(union), member_of(union)
    assert run()["persons"] == 1
    assert listed() == {canary.person.pk}
    assert Person._base_manager.get(pk=canary.person.pk).name == NAME
    assert member.person_id not in listed()


@pytest.mark.parametrize(("days", "is_listed"), [(0, True), (1, False)])
def test_the_list_begins_on_the_day_the_term_is_over(days, is_listed):
    union = union_of("E01")
    canary = canary_of(union)
    last = months_before(timezone.localdate(), 60) + timedelta(days)
    relief_of(union, person=canary.person, given_on=last)
    run()
    assert (canary.person.pk in listed()) is is_listed


def test_it_takes_off_the_list_who_is_needed_again():
    union = union_of("E01")
    canary = canary_of(union)
    run()
    run()
    assert listed() == {canary.person.pk}
    relief_of(union, person=canary.person, given_on=timezone.localdate())
    run()
    assert listed() == set()


def test_an_anonymised_person_is_not_listed_again():
    union = union_of("E01")
    canary = canary_of(union)
    run()
    one, two = (replace(actor_in(union, "chair"), fresh=True) for _ in range(2))
    erasure = services.erasure_propose(actor=one, person=canary.person, ground="expired")
    assert list(queries.overdue(one.scope)) == []
    services.erasure_approve(actor=two, erasure=erasure)
    assert listed() == set()
    assert run()["persons"] == 0


def test_it_deletes_technical_remains_to_the_day_and_says_how_many():
    today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    edge = timezone.make_aware(
        timezone.datetime.combine(months_before(today.date(), 13), timezone.datetime.min.time())
    )
    receipt("old", edge - timedelta(seconds=1))
    receipt("young", edge)
    now = timezone.now()
    ended = {"kind": "books.import", "title": "导入", "state": "done"}
    Job.objects.create(ended_at=now - timedelta(91), **ended)
    kept = Job.objects.create(ended_at=now - timedelta(89), **ended)
    running = Job.objects.create(**{**ended, "state": "running"})
    OutboxEvent.objects.create(name="x", payload={}, delivered_at=now - timedelta(91))
    waiting = OutboxEvent.objects.create(name="x", payload={})
    Session.objects.create(session_key="gone", session_data="", expire_date=now - timedelta(1))
    Session.objects.create(session_key="live", session_data="", expire_date=now + timedelta(1))
    AccessAttempt.objects.create(username="m", failures_since_start=1)
    assert run(dry_run=True) == run()
    assert [row.key for row in CommandReceipt.objects.all()] == ["young"]
    assert set(Job.objects.values_list("pk", flat=True)) == {kept.pk, running.pk}
    assert OutboxEvent.objects.get().pk == waiting.pk
    assert Session.objects.get().session_key == "live"
    assert AccessAttempt.objects.count() == 1
    removed = dict(AuditEvent.objects.filter(verb="remove").values_list("model", "rows"))
    assert removed["kernel.commandreceipt"] == removed["kernel.job"] == 1


def test_a_dry_run_writes_nothing():
    canary_of(union_of("E01"))
    receipt("old", timezone.now() - timedelta(800))
    before = AuditEvent.objects.count()
    counts = run(dry_run=True)
    assert (counts["persons"], counts["kernel.CommandReceipt"]) == (1, 1)
    assert (listed(), CommandReceipt.objects.count(), AuditEvent.objects.count()) == (set(), 1, before)


def test_the_command_says_what_it_found():
    canary_of(union_of("E01"))
    said = StringIO()
    call_command("retention", "--dry-run", stdout=said)
    assert "persons: 1" in said.getvalue()


def test_an_officer_without_the_right_may_not_run_it():
    with pytest.raises(Refused):
        services.retention_run(actor=actor_in(union_of("E01"), "clerk"))


def test_the_officers_are_told():
    union = union_of("E01")
    canary = canary_of(union)
    run()
    today = timezone.localdate()
    chair = actor_in(union, "chair")
    services.request_record(
        actor=chair, person=canary.person, kind="access", received_on=today - timedelta(16)
    )
    services.request_record(
        actor=chair, person=canary.person, kind="access", received_on=today - timedelta(15)
    )
    told = [(todo.count, todo.level) for todo in queries.todos(chair, today)]
    assert told == [(1, "warning"), (1, "info"), (1, "info")]
    assert queries.todos(actor_in(union_of("E02"), "chair"), date.today()) == []  # noqa: DTZ011 - any day
