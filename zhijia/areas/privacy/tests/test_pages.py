"""The pages by role, and the ways through them."""

from __future__ import annotations

from datetime import date

import pytest
from django.urls import reverse

from zhijia.areas.accounts.tests.factories import enter, officer_of, prove
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.areas.privacy import services
from zhijia.areas.privacy.models import Consent, Erasure, SubjectRequest
from zhijia.areas.privacy.tests.factories import NAME, NOTE, canary_of
from zhijia.kernel.actor import system
from zhijia.kernel.models import AuditEvent
from zhijia.kit.subjects import ANONYMOUS

pytestmark = pytest.mark.django_db
LISTS = {
    "register": {"chair", "clerk", "audit", "security_admin", "audit_admin"},
    "request-list": {"chair", "clerk"},
    "request-new": {"chair", "clerk"},
    "consent-list": {"chair", "clerk"},
    "consent-new": {"chair", "clerk"},
    "export": {"chair", "clerk"},
    "erasure-list": {"chair"},
    "erasure-new": {"chair"},
    "overdue-list": {"chair"},
    "own": set(),
}
POSTS = ("chair", "clerk", "accountant", "audit", "member", "system_admin", "security_admin", "audit_admin")


def text(answer):
    return answer.content.decode()


@pytest.mark.parametrize("post", POSTS)
def test_each_post_opens_what_it_may_and_nothing_else(client, post):
    union = union_of("E01")
    canary_of(union)
    enter(client, union, post, fresh=True)
    opened = {name for name in LISTS if client.get(reverse(f"privacy:{name}")).status_code == 200}
    assert opened == {name for name, posts in LISTS.items() if post in posts}


def test_the_register_shows_purpose_ground_and_term_and_no_data(client):
    union = union_of("E01")
    canary_of(union)
    enter(client, union, "security_admin")
    shown = text(client.get(reverse("privacy:register")))
    assert "敏感个人信息" in shown
    assert "个人信息保护法第13条" in shown
    assert "目的实现后5年" in shown
    assert NAME not in shown


def test_a_request_goes_from_the_form_to_the_answer(client):
    union = union_of("E01")
    canary = canary_of(union)
    enter(client, union)
    sent = {"person": canary.person.pk, "kind": "access", "channel": "visit", "received_on": "2026-01-05"}
    made = client.post(reverse("privacy:request-new"), sent | {"detail": "查阅", "idempotency_key": "k1"})
    page = made.headers["Location"]
    assert "超过期限" in text(client.get(page))
    answer = f"{page}answer/"
    refused = {"outcome": "refused", "on": "2026-01-06", "version": "1", "idempotency_key": "k2"}
    assert "说明理由" in text(client.post(answer, refused))
    assert client.post(answer, refused | {"outcome": "done", "idempotency_key": "k3"}).status_code == 302
    assert "已办理" in text(client.get(page))
    assert SubjectRequest._base_manager.get().answered_on == date(2026, 1, 6)


def test_a_consent_is_recorded_and_withdrawn(client):
    union = union_of("E01")
    canary = canary_of(union)
    enter(client, union)
    sent = {"person": canary.person.pk, "purpose": "hardship", "given_on": "2026-01-05", "form": "paper"}
    client.post(reverse("privacy:consent-new"), sent | {"idempotency_key": "k1"})
    consent = Consent._base_manager.get()
    address = reverse("privacy:consent-withdraw", args=[consent.pk])
    assert address in text(client.get(reverse("privacy:consent-list")))
    client.post(address, {"on": "2026-02-01", "version": "1", "idempotency_key": "k2"})
    assert Consent._base_manager.get().withdrawn_on == date(2026, 2, 1)
    assert address not in text(client.get(reverse("privacy:consent-list")))


def test_records_of_a_stranger_are_not_found(client):
    union, other = union_of("E01"), union_of("E02")
    canary = canary_of(union)
    request = services.request_record(
        actor=system("测试"), person=canary.person, kind="deletion", received_on=date(2026, 1, 5)
    )
    erasure = services.erasure_propose(actor=system("测试"), person=canary.person, ground="expired")
    consent = services.consent_record(
        actor=system("测试"), person=canary.person, purpose="bank", given_on=date(2026, 1, 5)
    )
    enter(client, other, "chair", fresh=True)
    for name, key in (
        ("request-detail", request.pk),
        ("request-answer", request.pk),
        ("consent-withdraw", consent.pk),
        ("erasure-detail", erasure.pk),
        ("erasure-approve", erasure.pk),
        ("erasure-reject", erasure.pk),
    ):
        assert client.get(reverse(f"privacy:{name}", args=[key])).status_code == 404, name
    for name in ("request-list", "consent-list", "erasure-list"):
        assert NAME not in text(client.get(reverse(f"privacy:{name}")))
    export = {"person": canary.person.pk, "kind": "json", "reason": "x"}
    assert "不在您的职责范围内" in text(client.post(reverse("privacy:export"), export))


def test_the_copy_is_a_download_that_no_cache_keeps(client):
    union = union_of("E01")
    canary = canary_of(union)
    enter(client, union, fresh=True)
    page = f"{reverse('privacy:export')}?person={canary.person.pk}"
    assert NAME in text(client.get(page))
    sent = {"person": canary.person.pk, "kind": "json", "reason": "本人书面申请"}
    answer = client.post(reverse("privacy:export"), sent)
    assert NOTE in text(answer)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="personal-information-')
    assert (answer.headers["Cache-Control"], answer.headers["X-Content-Type-Options"]) == (
        "no-store",
        "nosniff",
    )
    assert AuditEvent.objects.get(verb="export").subject_id == canary.person.pk


def test_without_a_fresh_proof_nothing_goes_out(client):
    union = union_of("E01")
    canary = canary_of(union)
    enter(client, union)
    sent = {"person": canary.person.pk, "kind": "json", "reason": "x"}
    assert client.post(reverse("privacy:export"), sent).status_code == 302
    client.force_login(canary.user)
    assert client.get(reverse("privacy:own")).status_code == 200
    assert client.post(reverse("privacy:own"), {"kind": "json"}).status_code == 302
    assert not AuditEvent.objects.filter(verb="export").exists()


def test_a_member_takes_the_own_copy(client):
    canary = canary_of(union_of("E01"))
    client.force_login(canary.user)
    prove(client, canary.user)
    answer = client.post(reverse("privacy:own"), {"kind": "json"})
    assert NOTE in text(answer)
    assert client.get(reverse("privacy:request-list")).status_code == 403


def test_two_chairs_anonymise_over_the_pages(client):
    union = union_of("E01")
    canary = canary_of(union)
    one, two = officer_of(union, "chair"), officer_of(union, "vice_chair")
    services.retention_run(actor=system("测试"))
    client.force_login(one)
    propose = f"{reverse('privacy:erasure-new')}?person={canary.person.pk}"
    assert propose in text(client.get(reverse("privacy:overdue-list")))
    sent = {"person": canary.person.pk, "ground": "expired", "note": "满期", "idempotency_key": "k1"}
    page = client.post(propose, sent).headers["Location"]
    approve = reverse("privacy:erasure-approve", args=[Erasure._base_manager.get().pk])
    shown = text(client.get(page))
    assert "不同的人" in shown
    assert approve not in shown
    client.force_login(two)
    assert client.get(approve).status_code == 302
    prove(client, two)
    assert approve in text(client.get(page))
    unsure = {"version": "1", "idempotency_key": "k2"}
    assert client.post(approve, unsure).status_code == 200
    assert Person._base_manager.get(pk=canary.person.pk).name == NAME
    assert client.post(approve, unsure | {"sure": "on"}).status_code == 302
    assert Person._base_manager.get(pk=canary.person.pk).name == ANONYMOUS
    shown = text(client.get(page))
    assert "已匿名化" in shown
    assert NAME not in shown


def test_a_proposal_is_turned_down_with_its_reason(client):
    union = union_of("E01")
    canary = canary_of(union)
    erasure = services.erasure_propose(actor=system("测试"), person=canary.person, ground="expired")
    enter(client, union, "chair")
    address = reverse("privacy:erasure-reject", args=[erasure.pk])
    client.post(address, {"reason": "尚有争议", "version": "1", "idempotency_key": "k1"})
    page = text(client.get(reverse("privacy:erasure-detail", args=[erasure.pk])))
    assert "未同意：尚有争议" in page
    assert reverse("privacy:erasure-approve", args=[erasure.pk]) not in page
