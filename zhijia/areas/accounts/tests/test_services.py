"""Making log-ins, handing out seats, taking them back."""

import pytest
from django.core.exceptions import ValidationError
from django.test import TestCase

from zhijia.areas.accounts import services
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.queries import actor_of, own_actor
from zhijia.areas.accounts.tests.factories import PASSWORD, fresh_in, officer_of, user_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.kernel.actor import system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return union_of("C", level="general")


@pytest.fixture
def school(county):
    return union_of("S", parent=county)


def test_a_chair_makes_a_log_in_for_a_seat_below(county, school):
    user = services.user_create(
        actor=fresh_in(county), username="wang", name="王示例", password=PASSWORD, seat=seat_of(school)
    )
    assert user.check_password(PASSWORD)
    assert actor_of(user).scope.may("members.record", school.path)


def test_the_audit_never_sees_a_password(county, school):
    services.user_create(
        actor=fresh_in(county), username="wang", name="王示例", password=PASSWORD, seat=seat_of(school)
    )
    user = User.objects.get(username="wang")
    services.password_change(actor=own_actor(user), user=user, password=PASSWORD + "x")
    kept = str(list(AuditEvent.objects.values_list("before", "action", "reason")))
    assert AuditEvent.objects.filter(model="accounts.user").count() == 2
    assert PASSWORD not in kept
    assert user.password not in kept


def test_a_log_in_for_a_seat_out_of_reach_is_refused(county, school):
    with pytest.raises(Refused):
        services.user_create(
            actor=fresh_in(school), username="wang", name="王示例", password=PASSWORD, seat=seat_of(county)
        )
    assert not User.objects.filter(username="wang").exists()


def test_only_the_system_makes_a_log_in_without_a_seat(school):
    with pytest.raises(Refused):
        services.user_create(actor=fresh_in(school), username="wang", name="王示例", password=PASSWORD)
    made = services.user_create(actor=system("系统"), username="wang", name="王示例", password=PASSWORD)
    assert made.pk


def test_a_name_is_given_once_whatever_its_capitals(school):
    user_of(username="Wang")
    with pytest.raises(Refused):
        services.user_create(actor=system("系统"), username="wang", name="王示例", password=PASSWORD)


def test_a_weak_password_is_refused(school):
    with pytest.raises(ValidationError):
        services.user_create(actor=system("系统"), username="wang", name="王示例", password="1" * 10)


def test_a_cashier_does_not_manage_log_ins(school):
    with pytest.raises(Refused):
        services.holding_grant(actor=fresh_in(school, "cashier"), user=user_of(), seat=seat_of(school))


def test_a_seat_taken_back_and_granted_again_is_held_once(school):
    actor, user, seat = fresh_in(school), user_of(), seat_of(school, "clerk")
    held = services.holding_grant(actor=actor, user=user, seat=seat)
    services.holding_revoke(actor=actor, holding=held)
    assert not actor_of(user).scope.grants
    services.holding_grant(actor=actor, user=user, seat=seat)
    assert actor_of(user).scope.may("members.view", school.path)
    assert Holding.objects.filter(user=user).count() == 1


def test_nobody_takes_the_own_seat_away(school):
    user = officer_of(school)
    with pytest.raises(Refused, match="自己"):
        services.holding_revoke(actor=actor_of(user), holding=Holding.objects.get(user=user))


def test_a_password_is_not_reset_from_below(county, school):
    user = user_of(seat_of(school, "clerk"), seat_of(county, "clerk"), password=PASSWORD)
    with pytest.raises(Refused):
        services.password_reset(actor=fresh_in(school), user=user, password=PASSWORD + "x")
    services.password_reset(actor=fresh_in(county), user=user, password=PASSWORD + "x")
    assert user.check_password(PASSWORD + "x")


def test_nobody_changes_the_password_of_another(school):
    with pytest.raises(Refused):
        services.password_change(actor=own_actor(user_of()), user=user_of(), password=PASSWORD)


def test_closing_a_union_revokes_the_seats_in_it(county, school):
    from zhijia.areas.organisations.services import union_close  # only this test crosses into that area

    inside, outside = officer_of(school), officer_of(county)
    with TestCase.captureOnCommitCallbacks(execute=True):
        union_close(
            actor=actor_of(outside),
            union=school,
            how="dissolved",
            on=school.founded_on,
            document="示例〔2021〕1号",
        )
    assert not Holding.objects.filter(user=inside, revoked_at=None).exists()
    assert Holding.objects.filter(user=outside, revoked_at=None).exists()
