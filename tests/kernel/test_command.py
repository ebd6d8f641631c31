"""A command: permission, transaction, idempotency, version, audit, outbox."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from django.db import DatabaseError, transaction

from tests.cast import assemble
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.models import Employer, Union
from zhijia.kernel import command as command_module
from zhijia.kernel import records
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, current, require
from zhijia.kernel.models import AuditEvent, CommandReceipt, OutboxEvent
from zhijia.kernel.outbox import Event, deliver_pending
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.verdict import Refused, passed, refused

pytestmark = pytest.mark.django_db
RENAME = "organisations.record"


@dataclass(frozen=True)
class Renamed(Event):
    name: ClassVar[str] = "tests.Renamed"
    union_id: int


@command(RENAME, at="union")
def region_set(
    *, actor: Actor, union: Union, region: str, fail: bool = False, version: int | None = None
) -> Union:
    records.change(union, version=version, region=region)
    current().emit(Renamed(union.pk))
    require(refused("no") if fail else passed())
    return union


@pytest.fixture
def cast():
    return assemble()


def stored(union):
    return Union._base_manager.get(pk=union.pk)


def test_it_refuses_an_actor_from_elsewhere(cast):
    with pytest.raises(Refused):
        region_set(actor=cast.actor(cast.zhao), union=cast.school, region="东")
    assert stored(cast.school).region == ""


def test_it_writes_the_change_and_its_audit_together(cast):
    region_set(actor=cast.actor(cast.chen), union=cast.school, region="东")
    line = AuditEvent.objects.get(model="organisations.union", object_id=cast.school.pk)
    assert (line.actor_name, line.action, line.before) == ("chen", RENAME, {"region": ""})
    assert stored(cast.school).version == 2


def test_it_undoes_everything_when_refused_halfway(cast):
    with pytest.raises(Refused):
        region_set(actor=cast.actor(cast.chen), union=cast.school, region="东", fail=True)
    assert stored(cast.school).region == ""
    assert not AuditEvent.objects.filter(action=RENAME).exists()
    assert not OutboxEvent.objects.exists()


def test_it_has_one_effect_for_the_same_submission(cast):
    actor = cast.actor(cast.chen).keyed("form-1")
    first = region_set(actor=actor, union=cast.school, region="东")
    again = region_set(actor=actor, union=stored(cast.school), region="东")
    assert again == first
    assert stored(cast.school).region == "东"
    assert CommandReceipt.objects.count() == 1


def test_it_never_answers_a_changed_form_with_the_old_record(cast):
    actor = cast.actor(cast.chen).keyed("form-1")
    region_set(actor=actor, union=cast.school, region="东")
    with pytest.raises(Refused, match="已经提交过"):
        region_set(actor=actor, union=stored(cast.school), region="西")
    assert stored(cast.school).region == "东"


def test_it_answers_the_slower_of_two_equal_submissions(cast, monkeypatch):
    """The other process stored its receipt after we had looked and before we stored ours."""
    actor = cast.actor(cast.chen).keyed("form-1")
    first = region_set(actor=actor, union=cast.school, region="东")
    real, looks = command_module._replay, []

    def late(*arguments):
        looks.append(arguments)
        return None if len(looks) == 1 else real(*arguments)

    monkeypatch.setattr(command_module, "_replay", late)
    assert region_set(actor=actor, union=stored(cast.school), region="东") == first
    assert len(looks) == 2
    assert AuditEvent.objects.filter(action=RENAME).count() == 1


def test_it_keeps_keys_of_different_people_apart(cast):
    region_set(actor=cast.actor(cast.chen).keyed("k"), union=cast.school, region="东")
    region_set(actor=cast.actor(cast.li).keyed("k"), union=stored(cast.school), region="西")
    assert stored(cast.school).region == "西"


def test_it_never_overwrites_a_newer_version_silently(cast):
    shown = stored(cast.school)
    region_set(actor=cast.actor(cast.chen), union=cast.school, region="东")
    with pytest.raises(StaleVersionError) as stale:
        region_set(actor=cast.actor(cast.li), union=shown, region="西")
    assert stale.value.record.region == "东"
    assert stored(cast.school).region == "东"


def test_it_writes_nothing_when_nothing_changes(cast):
    region_set(actor=cast.actor(cast.chen), union=cast.school, region="")
    assert stored(cast.school).version == 1
    assert not AuditEvent.objects.filter(action=RENAME).exists()


def test_it_refuses_to_write_outside_a_command(cast):
    with pytest.raises(RuntimeError, match="commands only"):
        records.create(Employer(union=cast.school, name="x", sector="education", covered_on="2025-01-01"))


def test_it_stores_events_with_the_command(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        region_set(actor=cast.actor(cast.chen), union=cast.school, region="东")
    event = OutboxEvent.objects.get()
    assert (event.name, event.payload) == ("tests.Renamed", {"union_id": cast.school.pk})
    assert event.delivered_at is not None


def test_it_keeps_an_event_whose_listener_fails(cast, django_capture_on_commit_callbacks, monkeypatch):
    from types import MappingProxyType, SimpleNamespace

    from zhijia.kernel import registry

    broken = SimpleNamespace(
        listeners=MappingProxyType({"tests.Renamed": ("tests.kernel.test_command.broken",)})
    )
    monkeypatch.setattr(registry, "registry", lambda: broken)
    with django_capture_on_commit_callbacks(execute=True):
        region_set(actor=cast.actor(cast.chen), union=cast.school, region="东")
    event = OutboxEvent.objects.get()
    assert (event.delivered_at, event.attempts) == (None, 1)
    assert "listener is broken" in event.error
    monkeypatch.undo()
    assert deliver_pending() == 1
    assert OutboxEvent.objects.get().delivered_at is not None


def broken(**_payload: object) -> None:
    raise ValueError("this listener is broken")


def test_it_audits_a_batch_with_one_line(cast):
    @command(RENAME, at="union")
    def cover(*, actor: Actor, union: Union) -> list[Employer]:
        rows = [
            Employer(union=union, name=str(n), sector="education", covered_on="2025-01-01") for n in range(7)
        ]
        return records.create_many(Employer, rows)

    cover(actor=cast.actor(cast.chen), union=cast.school)
    line = AuditEvent.objects.get(model="organisations.employer")
    assert (line.rows, line.object_id, line.verb) == (7, None, "create")


def test_it_keeps_sensitive_values_out_of_the_audit(cast):
    person = person_of(cast.school, phone="13800000000")

    @command("members.record", at="union")
    def phone_set(*, actor: Actor, union: Union) -> object:
        return records.change(person, phone="13900000000", sex="male")

    phone_set(actor=cast.actor(cast.chen), union=cast.school)
    line = AuditEvent.objects.get(model="members.person")
    assert line.before == {"phone": "***", "sex": "female"}


@pytest.mark.parametrize("how", ["update", "delete"])
def test_it_cannot_change_the_audit_even_by_sql(cast, how):
    region_set(actor=cast.actor(cast.chen), union=cast.school, region="东")
    lines = AuditEvent.objects.filter(action=RENAME)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        lines.update(actor_name="x") if how == "update" else lines.delete()
    assert AuditEvent.objects.filter(action=RENAME, actor_name="chen").count() == 1
