"""Whole numbers: shown for a reason, found by POST, taken out with a second person; each time with a line."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.accounts.tests.factories import enter, fresh_in, officer_of
from zhijia.areas.members import rules, services
from zhijia.areas.members.models import FullExport
from zhijia.areas.members.tests.factories import member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.chain import verify
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused, StepUpRequired

pytestmark = pytest.mark.django_db
WHY = {"purpose": "aid", "note": "送温暖"}


@pytest.fixture
def county():
    return union_of("C1")


@pytest.fixture
def school(county):
    return union_of("S1", parent=county)


@pytest.fixture
def person(school):
    return member_of(school, "赵示例", phone="13800001234").person


def lines(verb):
    return AuditEvent.objects.filter(verb=verb)


def told_of(found):
    return list(found.order_by("seq").values_list("subject_id", "rows", "reason"))


def body(answer):
    return answer.content.decode()


def test_a_page_shows_masked_numbers_and_the_reveal_whole_ones(client, school, person):
    enter(client, school, "clerk", fresh=True)
    page = body(client.get(reverse("members:person-detail", args=[person.pk])))
    assert "138****1234" in page
    assert person.id_number not in page
    answer = client.post(reverse("members:reveal", args=[person.pk]), WHY)
    assert person.id_number in body(answer)
    assert person.phone in body(answer)
    assert answer["Cache-Control"] == "no-store"
    assert answer["Refresh"].startswith("60; url=/members/")
    line = lines("reveal").get()
    assert (line.subject_id, line.fields, line.reason) == (
        person.pk,
        ["id_number", "phone"],
        "办理慰问救助：送温暖",
    )


@pytest.mark.parametrize(
    "typed", [{}, {"purpose": "other"}, {"purpose": "other", "note": " "}, {"purpose": "x"}]
)
def test_without_a_reason_nothing_is_shown_or_noted(client, school, person, typed):
    enter(client, school, "clerk", fresh=True)
    assert person.id_number not in body(client.post(reverse("members:reveal", args=[person.pk]), typed))
    assert not lines("reveal").exists()


def test_a_get_or_a_stale_proof_reveals_nothing(client, school, person):
    address = reverse("members:reveal", args=[person.pk])
    enter(client, school, "clerk", fresh=True)
    assert person.id_number not in body(client.get(address, WHY))
    enter(client, school, "clerk")
    assert client.post(address, WHY).status_code == 302
    clerk = actor_of(officer_of(school, "clerk"))
    with pytest.raises(StepUpRequired):
        services.person_reveal(actor=clerk, person=person, reason="x")
    assert not lines("reveal").exists()


@pytest.mark.parametrize("post", ["women", "accountant", "audit", "system_admin"])
def test_other_posts_may_not_reveal(client, school, person, post):
    enter(client, school, post, fresh=True)
    assert client.post(reverse("members:reveal", args=[person.pk]), WHY).status_code == 403


def test_a_reveal_that_cannot_be_noted_shows_nothing(client, school, person, monkeypatch):
    """The guarantee behind it: values are shown only when the line is written."""
    enter(client, school, "clerk", fresh=True)

    def full(_lines):
        raise OSError("disk full")

    monkeypatch.setattr("zhijia.kernel.audit._append", full)
    with pytest.raises(OSError, match="full"):
        client.post(reverse("members:reveal", args=[person.pk]), WHY)


def test_a_whole_number_is_found_by_post_and_noted_found_or_not(client, school, person):
    enter(client, school, "clerk", fresh=True)
    address = reverse("members:person-find")
    for number in (person.id_number, f" {person.id_number[:6]} {person.id_number[6:]}", person.phone):
        answer = client.post(address, {**WHY, "number": number})
        assert answer["Location"] == reverse("members:person-detail", args=[person.pk])
    assert "没有这个号码" in body(client.post(address, {**WHY, "number": person.id_number[:-1]}))
    assert list(lines("search").order_by("seq").values_list("subject_id", "rows")) == [
        *[(person.pk, 1)] * 3,
        (None, 0),
    ]
    assert "number" not in client.get(address, {"number": person.id_number}).wsgi_request.POST


def test_a_number_out_of_reach_is_not_found(client, school, person):
    enter(client, union_of("S2", parent=school.parent), "clerk", fresh=True)
    page = body(client.post(reverse("members:person-find"), {**WHY, "number": person.id_number}))
    assert "没有这个号码" in page
    assert "赵示例" not in page


def test_the_edit_form_never_holds_the_stored_numbers_and_blank_keeps_them(client, school, person):
    enter(client, school, "clerk")
    address = reverse("members:person-correct", args=[person.pk])
    page = body(client.get(address))
    assert person.id_number not in page
    assert person.phone not in page
    typed = {"name": "赵例示", "id_type": "resident", "id_number": "", "phone": "", "version": "1"}
    before = person.id_number
    assert client.post(address, typed).status_code == 302
    person.refresh_from_db()
    assert (person.name, person.id_number, person.phone) == ("赵例示", before, "13800001234")
    assert client.post(address, {**typed, "phone": "-", "version": "2"}).status_code == 302
    person.refresh_from_db()
    assert (person.id_number, person.phone) == (before, "")


def test_nobody_approves_the_own_application(school):
    person = person_of(school)
    user = officer_of(school)
    user.person = person
    user.save()
    applied = membership_of(person, state="applied", starts_on=None)
    with pytest.raises(Refused, match="本人"):
        services.membership_approve(actor=actor_of(user), membership=applied, on=timezone.localdate())


def sheet(answer):
    data = b"".join(answer.streaming_content)
    return CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()


def test_whole_numbers_leave_the_house_with_a_second_person(client, county, school, person):
    stranger = member_of(union_of("X1"), "外县人").person
    enter(client, school, "clerk", fresh=True)
    asked = client.post(reverse("members:full-export-ask"), {"union": school.pk, "purpose": "报送县总工会"})[
        "Location"
    ]
    key = FullExport.objects.everywhere("test").get().pk
    take = reverse("members:full-export-take", args=[key])
    assert client.post(take)["Location"] == asked  # not yet allowed
    assert not lines("export").exists()
    chair = enter(Client(), county, "chair", fresh=True)
    assert "报送县总工会" in body(chair.get(asked))
    assert chair.post(reverse("members:full-export-approve", args=[key])).status_code == 302
    assert chair.post(take)["Location"] == asked  # only the one who asked takes it
    rows = sheet(client.post(take))
    assert "报送县总工会" in rows[1][0]
    assert [row[2] for row in rows[3:]] == [person.id_number]
    assert stranger.id_number not in str(rows)
    assert told_of(lines("export")) == [(None, 1, "报送县总工会"), (person.pk, 1, "报送县总工会")]


def test_who_leaves_is_who_is_noted(county, school, person):
    """A member who joins between the lines of the audit and the writing of the file stays inside."""
    clerk, chair = fresh_in(school, "clerk"), fresh_in(county, "chair")
    asked = services.full_export_ask(actor=clerk, union=school, purpose="核对")
    services.full_export_approve(actor=chair, asked=asked)
    rows = services.full_export_take(actor=clerk, asked=asked)
    member_of(school, "后来者")
    assert [row.person_id for row in rows] == [person.pk]
    assert told_of(lines("export")) == [(None, 1, "核对"), (person.pk, 1, "核对")]


def test_an_export_is_one_line_of_the_list_that_opens_to_its_persons(client, county, school, person):
    """Everyone concerned keeps the own line; the one of the whole also tells that the wish was used."""
    clerk = fresh_in(school, "clerk")
    others = [member_of(school, f"示例{number}").person for number in range(24)]
    asked = services.full_export_ask(actor=clerk, union=school, purpose="核对")
    services.full_export_approve(actor=fresh_in(county, "chair"), asked=asked)
    before = AuditEvent.objects.count()
    for _time in range(2):
        services.full_export_take(actor=clerk, asked=asked)
    assert AuditEvent.objects.count() - before == 2 * 26
    assert verify().ok

    enter(client, county, "audit_admin")
    shown = client.get(reverse("audit:line-list"), {"verb": "export"})
    assert shown.context["total"] == 2
    whole, first = shown.context["table"].data.data
    assert (whole.model, whole.object_id, whole.before["taken"]) == ("members.fullexport", asked.pk, 1)
    for text in (f'<a href="?of={whole.seq}">导出 25 人</a>', "本页另有 50 条逐人记录"):
        assert text in body(shown)
    assert "逐人记录" not in body(client.get(reverse("audit:line-list"), {"verb": "approve"}))
    for one in (first, whole):
        opened = client.get(reverse("audit:line-list"), {"of": one.seq, "per_page": 100})
        told = list(opened.context["table"].data.data)
        assert [line.seq for line in told] == list(range(one.seq + 25, one.seq, -1))
        assert {line.subject_id for line in told} == {who.pk for who in (person, *others)}

    own = Client()
    own.force_login(officer_of(school, "member", person=person))
    assert own.get(reverse("audit:mine")).context["total"] == 2


def test_a_second_answer_is_told_not_thrown(client, county, school):
    clerk = actor_of(officer_of(school, "clerk"))
    asked = services.full_export_ask(actor=clerk, union=school, purpose="核对")
    enter(client, county, "chair", fresh=True)
    for _time in range(2):
        answer = client.post(reverse("members:full-export-approve", args=[asked.pk]))
        assert answer.status_code == 302
    assert "已经审批过" in body(client.get(answer["Location"]))


def test_nobody_allows_the_own_wish(school, person):
    chair = officer_of(school, "chair")
    actor = replace(actor_of(chair), fresh=True)
    asked = services.full_export_ask(actor=actor, union=school, purpose="核对")
    with pytest.raises(Refused, match="不同的人"):
        services.full_export_approve(actor=actor, asked=asked)
    with pytest.raises(IntegrityError), transaction.atomic():  # the database would refuse it, too
        FullExport._base_manager.update(state="approved", answered_by=chair.pk)


@pytest.mark.parametrize(
    ("state", "hours", "ok"),
    [("approved", 0, True), ("approved", 23.99, True), ("approved", 24, False), ("asked", 0, False)],
)
def test_an_allowed_export_is_open_for_a_day(state, hours, ok):
    now = timezone.now()
    assert bool(rules.may_take_export(state, now - timedelta(hours=hours), now)) is ok


def test_a_refused_wish_says_why(client, county, school):
    clerk = actor_of(officer_of(school, "clerk"))
    asked = services.full_export_ask(actor=clerk, union=school, purpose="核对")
    enter(client, county, "chair")
    address = reverse("members:full-export-refuse", args=[asked.pk])
    assert client.post(address, {"reason": ""}).status_code == 200
    assert client.post(address, {"reason": "用途不明"}).status_code == 302
    assert "用途不明" in body(client.get(reverse("members:full-export-detail", args=[asked.pk])))
