"""What commands and doors leave in the audit: subjects, fields, refusals, and what undone work leaves."""

from datetime import date

import pytest
from django.db import transaction

from zhijia.areas.accounts.tests.factories import actor_in
from zhijia.areas.members.models import Membership
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel import records
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.audit import record
from zhijia.kernel.chain import verify
from zhijia.kernel.command import command, require
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.separation import not_own
from zhijia.kernel.verdict import Refused
from zhijia.kit.history import history

pytestmark = pytest.mark.django_db
ACT = "members.record"


@command(ACT, at="union")
def paper_set(*, actor: Actor, union: Union, person: object, id_type: str, own: bool = False) -> object:
    require(not_own(actor, person_id=actor.person_id if own else None))
    return records.change(person, id_type=id_type)


@command(ACT, at="union")
def twice(*, actor: Actor, union: Union, person: object, undone: bool = False) -> object:
    paper_set(actor=actor, union=union, person=person, id_type="hmt")
    with transaction.atomic():
        paper_set(actor=actor, union=union, person=person, id_type="foreign")
        transaction.set_rollback(undone)
    person.refresh_from_db()
    record(actor, "view", subject_id=person.pk)
    return person


@pytest.fixture
def union(db):
    return union_of("E01")


def lines(**kw):
    return AuditEvent.objects.filter(**kw).order_by("seq")


def test_it_keeps_whom_a_change_concerns_and_which_fields(union):
    person = person_of(union)
    paper_set(actor=actor_in(union), union=union, person=person, id_type="foreign")
    line = lines(model="members.person").get()
    assert (line.subject_id, line.object_id, line.fields, line.verb) == (
        person.pk,
        person.pk,
        ["id_type"],
        "change",
    )


def test_it_knows_the_person_behind_a_membership(union):
    person = person_of(union)

    @command(ACT, at="union")
    def join(*, actor: Actor, union: Union) -> Membership:
        return records.create(Membership(person=person, union=union, starts_on=date(2020, 1, 1)))

    join(actor=system("系统"), union=union)
    assert lines(model="members.membership").get().subject_id == person.pk


def test_it_appends_nested_commands_in_order_and_drops_what_was_undone(union):
    person = person_of(union)
    twice(actor=actor_in(union), union=union, person=person)
    assert [line.before for line in lines(model="members.person", verb="change")] == [
        {"id_type": "resident"},
        {"id_type": "hmt"},
    ]
    before = AuditEvent.objects.count()
    twice(actor=actor_in(union), union=union, person=person, undone=True)
    added = list(lines())[before:]
    assert [line.before for line in added if line.verb == "change"] == [{"id_type": "foreign"}]
    assert [line.verb for line in added][-1] == "view"
    assert verify().ok


def test_it_keeps_a_refusal_of_someone_logged_in(union):
    stranger = actor_in(union_of("E02"))
    person = person_of(union)
    with pytest.raises(Refused):
        paper_set(actor=stranger, union=union, person=person, id_type="foreign")
    line = lines(verb="deny").get()
    assert (line.actor_id, line.action, line.path) == (stranger.user_id, ACT, union.path)
    assert line.reason == "您的职责范围不包括该工会。"
    assert line.fields == []
    assert line.before == {}


def test_it_keeps_that_someone_wanted_to_decide_on_the_own_matter(union):
    person = person_of(union)
    actor = Actor("本人", actor_in(union).scope, user_id=5, person_id=person.pk)
    with pytest.raises(Refused):
        paper_set(actor=actor, union=union, person=person, id_type="foreign", own=True)
    assert lines(verb="deny").get().actor_id == 5


def test_it_keeps_no_refusal_of_the_system_itself_or_of_a_rule(union):
    with pytest.raises(Refused):
        paper_set(actor=Actor("系统"), union=union, person=person_of(union), id_type="foreign")
    assert not lines(verb="deny").exists()


def test_it_places_a_line_at_the_seat_when_no_place_is_given(union):
    record(actor_in(union), "search")
    record(system("系统"), "search")
    assert list(lines(verb="search").values_list("path", flat=True)) == [union.path, ""]


def test_it_refuses_a_verb_that_nobody_knows(db):
    with pytest.raises(ValueError, match="unknown verb"):
        record(system("系统"), "peek")


def test_it_leaves_reads_out_of_the_history_of_a_record(union):
    person = person_of(union)
    paper_set(actor=actor_in(union), union=union, person=person, id_type="foreign")
    record(actor_in(union), "view", model="members.person", object_id=person.pk, subject_id=person.pk)
    assert [step.verb for step in history(person)] == ["change"]
