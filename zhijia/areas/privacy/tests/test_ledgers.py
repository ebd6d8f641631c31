"""Requests and consents, and the copy that a person is given."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.accounts.tests.factories import actor_in
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.areas.privacy import services
from zhijia.areas.privacy.models import Consent, SubjectRequest
from zhijia.areas.privacy.tests.factories import ACCOUNT, NAME, NOTE, PHONE, canary_of
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.registry import registry
from zhijia.kernel.verdict import Refused, StepUpRequired

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 5)


def officer(union, post="chair"):
    return replace(actor_in(union, post), fresh=True)


def asked(union, person, **kw):
    told = {"kind": "access", "received_on": DAY, "detail": "查阅本人慰问记录"} | kw
    return services.request_record(actor=officer(union), person=person, **told)


def test_a_request_is_recorded_answered_once_and_its_words_are_sealed():
    union = union_of("E01")
    request = asked(union, canary_of(union).person)
    assert request.due_on == DAY + timedelta(15)
    raw = SubjectRequest._base_manager.values_list("detail", flat=True).get()
    assert "慰问" not in raw
    with pytest.raises(Refused, match="说明理由"):
        services.request_answer(actor=officer(union), request=request, outcome="refused", on=DAY)
    services.request_answer(actor=officer(union), request=request, outcome="done", on=DAY)
    with pytest.raises(Refused, match="已经答复"):
        services.request_answer(actor=officer(union), request=request, outcome="done", on=DAY)


def test_nobody_answers_the_own_request():
    union = union_of("E01")
    canary = canary_of(union)
    own = replace(officer(union), person_id=canary.person.pk)
    with pytest.raises(Refused, match="本人"):
        services.request_answer(actor=own, request=asked(union, canary.person), outcome="done", on=DAY)


def test_a_request_that_came_tomorrow_is_refused():
    union = union_of("E01")
    with pytest.raises(Refused, match="今天以后"):
        asked(union, canary_of(union).person, received_on=timezone.localdate() + timedelta(1))


def test_a_consent_stands_once_and_may_be_given_again_after_withdrawal():
    union = union_of("E01")
    person = canary_of(union).person
    given = {"person": person, "purpose": Consent.Purpose.HARDSHIP}
    one = services.consent_record(actor=officer(union), given_on=DAY, **given)
    with pytest.raises(Refused, match="没有撤回"):
        services.consent_record(actor=officer(union), given_on=DAY, **given)
    services.consent_record(actor=officer(union), person=person, purpose="bank", given_on=DAY)
    with pytest.raises(Refused, match="撤回日期"):
        services.consent_withdraw(actor=officer(union), consent=one, on=DAY - timedelta(1))
    services.consent_withdraw(actor=officer(union), consent=one, on=DAY)
    with pytest.raises(Refused, match="已经撤回"):
        services.consent_withdraw(actor=officer(union), consent=one, on=DAY)
    services.consent_record(actor=officer(union), given_on=DAY, **given)
    assert Consent._base_manager.filter(person=person).count() == 3


@pytest.mark.parametrize("post", ["accountant", "member", "audit", "system_admin", "security_admin"])
def test_posts_without_the_right_write_nothing(post):
    union = union_of("E01")
    person = canary_of(union).person
    with pytest.raises(Refused):
        services.consent_record(actor=officer(union, post), person=person, purpose="bank", given_on=DAY)
    with pytest.raises(Refused):
        services.file_export(actor=officer(union, post), person=person, reason="本人要求")


def held(made):
    return json.loads(made.content)


def texts(told):
    return json.dumps(told, ensure_ascii=False)


def test_the_person_gets_everything_with_full_values():
    union = union_of("E01")
    canary = canary_of(union)
    other = union_of("E02")
    relief_of(other, person=canary.person, beneficiary=NAME, note="别处的救助")
    own = replace(actor_of(canary.user), fresh=True)
    told = held(services.own_file_export(actor=own, kind="json"))
    for value in (NAME, canary.person.id_number, PHONE, NOTE, ACCOUNT, "CARD-CANARY", "别处的救助"):
        assert value in texts(told), value
    declared = [card.name for card in registry().cards if card.subject]
    assert [part["area"] for part in told["parts"]] == declared
    line = AuditEvent.objects.get(verb="export")
    assert (line.subject_id, line.action, line.before) == (canary.person.pk, "members.own", {})


def test_an_area_that_tells_nothing_would_be_noticed(monkeypatch):
    union = union_of("E01")
    canary = canary_of(union)
    monkeypatch.setattr("zhijia.areas.aid.subject.subject_part", lambda *_given: [])
    own = replace(actor_of(canary.user), fresh=True)
    assert NOTE not in texts(held(services.own_file_export(actor=own, kind="json")))


def test_the_officer_hands_out_what_lies_in_reach_and_says_what_is_missing():
    union, other = union_of("E01"), union_of("E02")
    canary = canary_of(union)
    relief_of(other, person=canary.person, beneficiary=NAME, note="别处的救助")
    made = services.file_export(
        actor=officer(union, "clerk"), person=canary.person, reason="本人书面申请", kind="json"
    )
    told = held(made)
    assert NOTE in texts(told)
    assert "别处的救助" not in texts(told)
    assert "另有1条记录" in told["note"]
    assert NAME not in made.name
    line = AuditEvent.objects.get(verb="export")
    assert (line.subject_id, line.reason) == (canary.person.pk, "本人书面申请")


def test_the_workbook_has_a_sheet_for_each_area_and_no_formula():
    union = union_of("E01")
    canary = canary_of(union)
    relief_of(union, person=canary.person, note="=1+2", beneficiary="@SUM(A1)")
    made = services.file_export(actor=officer(union), person=canary.person, reason="本人要求")
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.content))
    labels = [str(card.label) for card in registry().cards if card.subject]
    assert book.sheet_names == labels
    rows = book.get_sheet_by_name("慰问救助").to_python()
    assert any("=1+2" in row for row in rows)
    assert "本人要求" in rows[0][0]
    assert any(canary.person.id_number in row for row in book.get_sheet_by_name("会员").to_python())


def test_copies_want_a_reason_the_reach_and_a_fresh_proof():
    union, other = union_of("E01"), union_of("E02")
    canary = canary_of(union)
    with pytest.raises(Refused, match="事由"):
        services.file_export(actor=officer(union), person=canary.person, reason=" ")
    with pytest.raises(Refused):
        services.file_export(actor=officer(other), person=canary.person, reason="x")
    with pytest.raises(StepUpRequired):
        services.file_export(actor=actor_in(union, "chair"), person=canary.person, reason="x")
    with pytest.raises(StepUpRequired):
        services.own_file_export(actor=actor_of(canary.user))
    with pytest.raises(Refused):
        services.own_file_export(actor=officer(union))
