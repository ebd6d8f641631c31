"""From seats to scope: what adds up, and what gives nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from zhijia.areas.accounts.models import Holding
from zhijia.areas.accounts.queries import actor_by_id, actor_of, own_actor
from zhijia.areas.accounts.tests.factories import officer_of, user_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    return union_of("C", level="general")


@pytest.fixture
def school(county):
    return union_of("S", parent=county)


def test_a_seat_grants_its_union_and_what_lies_below(county, school):
    actor = actor_of(officer_of(county))
    assert actor.scope.may("members.record", county.path)
    assert actor.scope.may("members.record", school.path)


def test_a_seat_grants_nothing_above_or_beside(county, school):
    beside = union_of("T", parent=county)
    actor = actor_of(officer_of(school))
    assert not actor.scope.may("members.view", county.path)
    assert not actor.scope.may("members.view", beside.path)


def test_the_grants_of_several_seats_add_up(county, school):
    beside = union_of("T", parent=county)
    user = user_of(seat_of(school, "cashier"), seat_of(beside, "women"))
    scope = actor_of(user).scope
    assert scope.may("finance.record", school.path)
    assert not scope.may("finance.record", beside.path)
    assert scope.may("activities.record", beside.path)
    assert not scope.may("activities.record", school.path)


def test_an_expired_seat_gives_nothing(school):
    today = timezone.localdate()
    user = user_of(seat_of(school, ends_on=today))
    assert not actor_of(user).scope.grants


def test_a_seat_that_has_not_begun_gives_nothing(school):
    user = user_of(seat_of(school, starts_on=timezone.localdate() + timedelta(days=1)))
    assert not actor_of(user).scope.grants


def test_the_last_day_of_a_term_still_counts(school):
    user = user_of(seat_of(school, ends_on=timezone.localdate() + timedelta(days=1)))
    assert actor_of(user).scope.may("members.view", school.path)


def test_a_closed_union_gives_nothing(school):
    user = officer_of(school)
    school.closed_on, school.closed_how = date(2021, 1, 1), "dissolved"
    school.save()
    assert not actor_of(user).scope.grants


def test_a_revoked_seat_gives_nothing(school):
    user = officer_of(school)
    Holding.objects.update(revoked_at=timezone.now())
    assert not actor_of(user).scope.grants


def test_an_inactive_log_in_has_no_grants(school):
    user = officer_of(school, is_active=False)
    assert not actor_of(user).scope.grants


def test_flags_on_the_account_mean_nothing(school):
    user = user_of(is_superuser=True, is_staff=True)
    assert not actor_of(user).scope.grants


def test_nobody_is_the_system_itself(school):
    actor = actor_by_id(None)
    assert actor.user_id is None
    assert actor.name == "系统"
    assert actor.scope.may("members.record", school.path)


def test_the_own_actor_may_change_its_password_and_nothing_else(school):
    scope = own_actor(officer_of(school)).scope
    assert scope.may("accounts.own")
    assert not scope.may("accounts.manage")
    assert not scope.may("members.view")
