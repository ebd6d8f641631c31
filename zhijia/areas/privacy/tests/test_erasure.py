"""Anonymising: two people, only when the law allows it, everywhere at once, and no figure changes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from django.apps import apps
from django.db import connection
from django.utils import timezone

from zhijia.areas.accounts.tests.factories import actor_in, user_of
from zhijia.areas.aid.models import Relief
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.members.models import Person
from zhijia.areas.members.tests.factories import member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.areas.privacy import services
from zhijia.areas.privacy.models import Erasure, SubjectRequest
from zhijia.areas.privacy.rules import months_after, months_before
from zhijia.areas.privacy.tests.factories import NAME, canary_of
from zhijia.figures.catalogue import catalogue
from zhijia.figures.engine import compute
from zhijia.kernel.models import AuditEvent, Job
from zhijia.kernel.period import Period
from zhijia.kernel.registry import registry
from zhijia.kernel.verdict import Refused, StepUpRequired
from zhijia.kit.attachments import store
from zhijia.kit.attachments.models import Attachment
from zhijia.kit.subjects import ANONYMOUS

pytestmark = pytest.mark.django_db
GROUND = Erasure.Ground.EXPIRED


def chair(union, *, fresh=True):
    return replace(actor_in(union, "chair"), fresh=fresh)


def proposed(union, person):
    return services.erasure_propose(actor=chair(union), person=person, ground=GROUND)


def erased(union, person):
    return services.erasure_approve(actor=chair(union), erasure=proposed(union, person))


def dump():
    """Every row of every table: as the database has it, and as the models open it."""
    told = []
    for model in apps.get_models(include_auto_created=True):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(model._meta.db_table)}")
            told += [f"{model._meta.label}: {row!r}" for row in cursor.fetchall()]
        names = [field.attname for field in model._meta.concrete_fields]
        for row in model._base_manager.all():
            told.append(f"{model._meta.label}: {[str(getattr(row, name)) for name in names]}")
    return told


def found_in(lines, values):
    return {(value, line.split(":")[0]) for value in values for line in lines if value in line}


def figures(union):
    periods = [Period.parse(str(year)) for year in (2008, 2009, 2010, 2011)]
    return {
        key: (cell.value, str(cell.shown))
        for key, cell in compute(set(catalogue()), union.pk, periods).items()
    }


def test_nothing_that_leads_to_the_person_is_left_in_any_table(
    django_capture_on_commit_callbacks, settings, tmp_path
):
    settings.ATTACHMENTS = tmp_path
    union = union_of("E01")
    canary = canary_of(union)
    Job.objects.create(
        kind="books.import", title="导入", state="done", ended_at=timezone.now(), result={"errors": [NAME]}
    )
    request = services.request_record(
        actor=chair(union), person=canary.person, kind="deletion", received_on=date(2026, 1, 5), detail=NAME
    )
    assert len({value for value, _table in found_in(dump(), canary.values)}) == len(canary.values)
    file = store.path_of(Attachment._base_manager.get().key)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(b"sealed")
    with django_capture_on_commit_callbacks(execute=True):
        done = erased(union, canary.person)
    assert found_in(dump(), canary.values) == set()
    assert (done.state, done.person_id) == (Erasure.State.DONE, canary.person.pk)
    kept = Person._base_manager.get(pk=canary.person.pk)
    assert (kept.name, kept.sex, kept.born_on, kept.id_number) == (ANONYMOUS, "male", date(1960, 1, 1), None)
    canary.user.refresh_from_db()
    assert (canary.user.is_active, canary.user.person_id) == (False, None)
    assert not canary.user.has_usable_password()
    relief = Relief._base_manager.get(person=kept)
    assert (relief.beneficiary, relief.note, relief.amount) == (ANONYMOUS, "", 500_00)
    assert SubjectRequest._base_manager.get(pk=request.pk).detail == ""
    assert not file.exists()


@pytest.mark.parametrize("eraser", [name for card in registry().cards for name in card.erasers])
def test_it_would_notice_an_area_that_forgets_nothing(eraser, monkeypatch):
    union = union_of("E01")
    canary = canary_of(union)
    services.request_record(
        actor=chair(union), person=canary.person, kind="deletion", received_on=date(2026, 1, 5), detail=NAME
    )
    monkeypatch.setattr(eraser, lambda **_given: 0)
    erased(union, canary.person)
    assert found_in(dump(), canary.values) != set()


def test_no_name_goes_into_the_audit_when_it_is_corrected_first():
    union = union_of("E01")
    canary = canary_of(union)
    from zhijia.areas.members.services import PersonFacts, person_correct

    person_correct(actor=chair(union), person=canary.person, facts=PersonFacts(name="欧阳新名", sex="male"))
    lines = [str(line) for line in AuditEvent.objects.values_list("before", "reason", "fields")]
    assert any("name" in line for line in lines)
    assert [line for line in lines if NAME in line or "欧阳" in line] == []


def test_no_figure_changes():
    union = union_of("E01", founded_on=date(1990, 1, 1))
    canary = canary_of(union)
    before = figures(union)
    assert sum(1 for value, _shown in before.values() if value) > 10
    erased(union, canary.person)
    assert figures(union) == before


def test_it_takes_two_people():
    union = union_of("E01")
    canary = canary_of(union)
    one = chair(union)
    erasure = services.erasure_propose(actor=one, person=canary.person, ground=GROUND)
    with pytest.raises(Refused, match="不同的人"):
        services.erasure_approve(actor=one, erasure=erasure)
    with pytest.raises(Refused, match="不同的人"):
        services.erasure_reject(actor=one, erasure=erasure, reason="x")
    assert Person._base_manager.get(pk=canary.person.pk).name == NAME


def test_the_second_person_has_just_proven_who_it_is():
    union = union_of("E01")
    erasure = proposed(union, canary_of(union).person)
    with pytest.raises(StepUpRequired):
        services.erasure_approve(actor=chair(union, fresh=False), erasure=erasure)


def test_nobody_anonymises_the_own_file():
    union = union_of("E01")
    canary = canary_of(union)
    own = replace(chair(union), person_id=canary.person.pk)
    with pytest.raises(Refused, match="本人"):
        services.erasure_propose(actor=own, person=canary.person, ground=GROUND)
    erasure = proposed(union, canary.person)
    with pytest.raises(Refused, match="本人"):
        services.erasure_approve(actor=own, erasure=erasure)


def test_a_clerk_and_a_stranger_may_not():
    union, other = union_of("E01"), union_of("E02")
    person = canary_of(union).person
    for actor in (replace(actor_in(union, "clerk"), fresh=True), chair(other)):
        with pytest.raises(Refused):
            services.erasure_propose(actor=actor, person=person, ground=GROUND)


@pytest.mark.parametrize("state", ["active", "applied", "retained", "transferring"])
def test_an_open_membership_is_never_erased(state):
    union = union_of("E01")
    person = person_of(union)
    membership_of(person, state=state, starts_on=date(2001, 1, 1))
    with pytest.raises(Refused, match="会籍没有终止"):
        proposed(union, person)


def test_a_seat_in_term_keeps_its_holder():
    union = union_of("E01")
    person = person_of(union)
    user_of(seat_of(union, "chair", starts_on=date(2020, 1, 1)), person=person)
    with pytest.raises(Refused, match="岗位"):
        proposed(union, person)


@pytest.mark.parametrize(("days", "allowed"), [(0, True), (1, False)])
def test_the_term_of_the_last_payment_is_kept_to_the_day(days, allowed):
    union = union_of("E01")
    canary = canary_of(union)
    today = timezone.localdate()
    last = months_before(today, 60) + timezone.timedelta(days)
    relief_of(union, person=canary.person, given_on=last)
    if allowed:
        assert proposed(union, canary.person).pk
    else:
        with pytest.raises(Refused, match=months_after(last, 60).isoformat()):
            proposed(union, canary.person)


def test_a_payment_by_another_union_counts_too():
    union, other = union_of("E01"), union_of("E02")
    canary = canary_of(union)
    relief_of(other, person=canary.person, given_on=timezone.localdate())
    with pytest.raises(Refused, match="保存期限"):
        proposed(union, canary.person)


def test_one_who_came_back_meanwhile_is_not_erased():
    union = union_of("E01")
    canary = canary_of(union)
    erasure = proposed(union, canary.person)
    membership_of(canary.person, starts_on=date(2026, 1, 1))
    with pytest.raises(Refused, match="会籍没有终止"):
        services.erasure_approve(actor=chair(union), erasure=erasure)
    assert Person._base_manager.get(pk=canary.person.pk).name == NAME


def test_it_is_all_or_nothing(monkeypatch):
    union = union_of("E01")
    canary = canary_of(union)
    erasure, second = proposed(union, canary.person), chair(union)

    def fails(*, actor, person):
        raise RuntimeError("sabotage")

    monkeypatch.setattr("zhijia.areas.members.services.person_anonymise", fails)
    before = sorted(dump())
    with pytest.raises(RuntimeError):
        services.erasure_approve(actor=second, erasure=erasure)
    assert sorted(dump()) == before
    assert Relief._base_manager.get(person=canary.person).beneficiary == NAME


def test_it_is_proposed_once_at_a_time_and_done_once():
    union = union_of("E01")
    person = canary_of(union).person
    erasure = proposed(union, person)
    with pytest.raises(Refused, match="待审批"):
        proposed(union, person)
    services.erasure_reject(actor=chair(union), erasure=erasure, reason="再核对")
    done = erased(union, person)
    with pytest.raises(Refused, match="已经办结"):
        services.erasure_approve(actor=chair(union), erasure=done)
    with pytest.raises(Refused, match="已经匿名化"):
        proposed(union, person)


def test_the_eraser_of_an_area_asks_for_the_right_itself():
    union = union_of("E01")
    person = canary_of(union).person
    for eraser in registry().objects("erasers"):
        with pytest.raises(Refused):
            eraser(actor=replace(actor_in(union, "clerk"), fresh=True), person=person)
        with pytest.raises(StepUpRequired):
            eraser(actor=chair(union, fresh=False), person=person)


def test_others_stay_as_they_are():
    union = union_of("E01")
    canary, other = canary_of(union), member_of(union, "张三")
    relief_of(union, person=other.person, beneficiary="张三", note="甲")
    erased(union, canary.person)
    kept = Relief._base_manager.get(person=other.person)
    assert (kept.beneficiary, kept.note, kept.person.name) == ("张三", "甲", "张三")
