"""Each step of a membership through its service."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from zhijia.areas.members import services
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.services import PersonFacts, Place
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import JOINED, member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import employer_of, union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import Grant, Scope
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db
ON = date(2024, 5, 6)
SYSTEM = system("测试")


def officer(union):
    return Actor("干事", Scope(frozenset({Grant("members.record", union.path)})), user_id=1)


@pytest.fixture
def county():
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


@pytest.fixture
def other(county):
    return union_of("T", parent=county, name="示例中学工会")


def facts(name="赵示例", serial=900, **kw):
    return PersonFacts(name=name, id_number=synthetic_id(serial, date(1990, 5, 5), "male"), **kw)


def test_a_file_takes_sex_and_birth_from_the_number(school):
    person = services.member_enrol(actor=officer(school), union=school, facts=facts(), on=ON).person
    assert (person.sex, person.born_on, person.initials) == ("male", date(1990, 5, 5), "zsl")


def test_a_contradiction_between_number_and_sex_is_refused(school):
    with pytest.raises(Refused, match="性别"):
        services.member_enrol(actor=officer(school), union=school, facts=facts(sex="female"), on=ON)
    assert not Person._base_manager.exists()


def test_a_correction_of_an_older_version_is_refused(school):
    person = person_of(school, name="赵示例", id_number=None)
    services.person_correct(actor=officer(school), person=person, facts=facts("赵新名"), version=1)
    with pytest.raises(StaleVersionError):
        services.person_correct(actor=officer(school), person=person, facts=facts("赵旧名"), version=1)
    assert Person._base_manager.get().name == "赵新名"


def test_an_application_is_approved_and_the_file_follows(school, county):
    person = person_of(county)
    applied = services.membership_apply(actor=officer(county), union=school, person=person, on=ON)
    assert applied.state == "applied"
    services.membership_approve(actor=officer(school), membership=applied, on=ON)
    applied.refresh_from_db()
    person.refresh_from_db()
    assert (applied.state, applied.starts_on, applied.start_cause) == ("active", ON, "joined")
    assert person.union_id == school.pk


def test_an_application_is_refused_with_its_reason(school):
    applied = services.membership_apply(actor=officer(school), union=school, person=person_of(school), on=ON)
    with pytest.raises(Refused):
        services.membership_reject(actor=officer(school), membership=applied, reason=" ")
    services.membership_reject(actor=officer(school), membership=applied, reason="不是职工")
    applied.refresh_from_db()
    assert (applied.state, applied.starts_on, applied.reason) == ("rejected", None, "不是职工")
    with pytest.raises(Refused):
        services.membership_approve(actor=officer(school), membership=applied, on=ON)


def test_the_same_application_waits_once(school):
    person = person_of(school)
    services.membership_apply(actor=officer(school), union=school, person=person, on=ON)
    with pytest.raises(Refused, match="等待审批"):
        services.membership_apply(actor=officer(school), union=school, person=person, on=ON)


def test_a_member_in_reach_is_pointed_to_a_transfer(school, other, county):
    member = member_of(other)
    with pytest.raises(Refused, match=r"示例中学工会.*转会"):
        services.membership_join(actor=officer(county), union=school, person=member.person, on=ON)


def test_a_member_out_of_reach_is_not_named(school, other):
    member = member_of(other)
    with pytest.raises(Refused) as told:
        services.membership_join(actor=officer(school), union=school, person=member.person, on=ON)
    assert "上级工会" in str(told.value)
    assert "示例中学" not in str(told.value)


def test_nobody_joins_in_the_future_or_within_an_earlier_span(school):
    person = person_of(school)
    membership_of(person, state="ended", ends_on=date(2023, 1, 1), end_cause="resigned")
    tomorrow = timezone.localdate() + timedelta(days=1)
    for day in (tomorrow, date(2022, 12, 31)):
        with pytest.raises(Refused):
            services.membership_join(actor=officer(school), union=school, person=person, on=day)
    services.membership_join(actor=officer(school), union=school, person=person, on=date(2023, 1, 1))
    assert Membership._base_manager.filter(person=person).count() == 2


def test_an_employer_of_another_union_is_refused(school, other):
    place = Place(employer=employer_of(other))
    with pytest.raises(Refused, match="工作单位"):
        services.membership_join(
            actor=officer(school), union=school, person=person_of(school), on=ON, place=place
        )


def test_enrolling_finds_the_file_of_a_former_member(school, other):
    former = person_of(other, name="赵示例", id_number=facts().id_number, sex="male")
    membership_of(former, state="ended", ends_on=date(2023, 1, 1), end_cause="transferred_out")
    made = services.member_enrol(actor=officer(school), union=school, facts=facts(phone="13800000000"), on=ON)
    former.refresh_from_db()
    assert made.person_id == former.pk
    assert (former.union_id, former.phone) == (school.pk, "13800000000")


def test_an_application_leaves_the_file_of_a_stranger_alone(school, other):
    stranger = person_of(other, name="赵示例", id_number=facts().id_number, sex="male", phone="13900000000")
    told = facts(phone="13800000000", politics="群众")
    services.member_enrol(actor=officer(school), union=school, facts=told, on=ON, waits=True)
    stranger.refresh_from_db()
    assert (stranger.phone, stranger.politics, stranger.union_id) == ("13900000000", "", other.pk)
    assert stranger.version == 1


def test_an_application_brings_a_file_in_reach_up_to_date(school):
    known = person_of(school, name="赵示例", id_number=facts().id_number, sex="male")
    told = facts(phone="13800000000")
    services.member_enrol(actor=officer(school), union=school, facts=told, on=ON, waits=True)
    known.refresh_from_db()
    assert known.phone == "13800000000"


def test_enrolling_under_another_name_is_refused(school, other):
    person_of(other, name="赵示例", id_number=facts().id_number)
    with pytest.raises(Refused, match="不一致"):
        services.member_enrol(actor=officer(school), union=school, facts=facts("钱示例"), on=ON)


def test_enrolling_may_wait_for_approval(school):
    made = services.member_enrol(actor=officer(school), union=school, facts=facts(), on=ON, waits=True)
    assert (made.state, made.applied_on, made.starts_on) == ("applied", ON, None)


def test_a_transfer_waits_until_the_other_union_accepts(school, other):
    member = member_of(school)
    services.membership_transfer_start(actor=officer(school), membership=member, to=other)
    member.refresh_from_db()
    assert (member.state, member.ends_on) == ("transferring", None)
    with pytest.raises(Refused):
        services.membership_transfer_accept(actor=officer(school), membership=member, on=ON)
    place = Place(employer=employer_of(other), post="教师")
    new = services.membership_transfer_accept(actor=officer(other), membership=member, on=ON, place=place)
    member.refresh_from_db()
    member.person.refresh_from_db()
    assert (member.state, member.ends_on, member.end_cause) == ("ended", ON, "transferred_out")
    assert (new.state, new.union_id, new.starts_on, new.start_cause) == (
        "active",
        other.pk,
        ON,
        "transferred_in",
    )
    assert (member.person.union_id, new.post) == (other.pk, "教师")


@pytest.mark.parametrize("side", ["school", "other"])
def test_either_side_may_stop_a_transfer(school, other, side):
    member = member_of(school)
    services.membership_transfer_start(actor=officer(school), membership=member, to=other)
    actor = officer(school if side == "school" else other)
    services.membership_transfer_refuse(actor=actor, membership=member, reason="材料不全")
    member.refresh_from_db()
    assert (member.state, member.transfer_to_id, member.union_id) == ("active", None, school.pk)


def test_a_third_union_cannot_touch_a_transfer(school, other, county):
    third = union_of("U", parent=county)
    member = member_of(school)
    services.membership_transfer_start(actor=officer(school), membership=member, to=other)
    with pytest.raises(Refused):
        services.membership_transfer_accept(actor=officer(third), membership=member, on=ON)
    with pytest.raises(Refused):
        services.membership_transfer_refuse(actor=officer(third), membership=member, reason="x")


def test_a_membership_is_retained_and_resumed_as_spans(school):
    member = member_of(school)
    kept = services.membership_retain(actor=officer(school), membership=member, on=ON, reason="退休")
    again = services.membership_resume(actor=officer(school), membership=kept, on=date(2024, 9, 1))
    spans = list(
        Membership._base_manager.order_by("pk").values_list(
            "state", "start_cause", "starts_on", "end_cause", "ends_on"
        )
    )
    assert spans == [
        ("ended", "joined", JOINED, "retained", ON),
        ("ended", "retained", ON, "resumed", date(2024, 9, 1)),
        ("active", "resumed", date(2024, 9, 1), "", None),
    ]
    assert again.union_id == school.pk


@pytest.mark.parametrize("cause", ["resigned", "expelled", "deceased", "transferred_out"])
def test_a_membership_ends_with_its_cause(school, cause):
    member = member_of(school)
    services.membership_end(actor=officer(school), membership=member, cause=cause, on=ON)
    member.refresh_from_db()
    assert (member.state, member.end_cause, member.ends_on) == ("ended", cause, ON)


def test_a_lapse_without_decision_is_refused(school):
    member = member_of(school)
    with pytest.raises(Refused, match="决定"):
        services.membership_end(actor=officer(school), membership=member, cause="lapsed", on=ON)
    services.membership_end(
        actor=officer(school), membership=member, cause="lapsed", on=ON, reason="经第5次委员会讨论决定"
    )
    member.refresh_from_db()
    assert member.end_cause == "lapsed"


def test_nothing_ends_before_it_began_or_in_the_future(school):
    member = member_of(school)
    for day in (JOINED - timedelta(days=1), timezone.localdate() + timedelta(days=1)):
        with pytest.raises(Refused):
            services.membership_end(actor=officer(school), membership=member, cause="resigned", on=day)


def test_an_ended_membership_does_not_end_again(school):
    member = member_of(school)
    services.membership_end(actor=officer(school), membership=member, cause="resigned", on=ON)
    with pytest.raises(Refused, match="已终止"):
        services.membership_end(actor=officer(school), membership=member, cause="expelled", on=ON)


def test_the_database_keeps_one_open_span_per_person(school, other):
    member = member_of(school)
    for state in ("active", "transferring", "retained"):
        with pytest.raises(IntegrityError), transaction.atomic():
            membership_of(member.person, other, state=state)


def test_writing_needs_the_right_at_the_union(school, other):
    member = member_of(school)
    with pytest.raises(Refused):
        services.membership_end(actor=officer(other), membership=member, cause="resigned", on=ON)
    with pytest.raises(Refused):
        services.person_correct(actor=officer(other), person=member.person, facts=facts())


def test_the_place_is_corrected_with_a_trace(school):
    member = member_of(school)
    services.membership_correct(actor=officer(school), membership=member, place=Place(dues_base=500000))
    member.refresh_from_db()
    assert member.dues_base == 500000
    assert AuditEvent.objects.filter(model="members.membership", object_id=member.pk, verb="change").exists()
