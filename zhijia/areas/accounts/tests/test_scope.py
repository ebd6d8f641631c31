"""From seats to scope: what adds up, and what gives nothing."""

from datetime import timedelta

import pytest
from django.utils import timezone

from zhijia.areas.accounts.models import Holding
from zhijia.areas.accounts.queries import actor_by_id, actor_of, in_force, own_actor, seat_standing
from zhijia.areas.accounts.tests.factories import officer_of, user_of
from zhijia.areas.members.models import Person
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.models import Seat, Union
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
    assert scope.may("finance.pay", school.path)
    assert not scope.may("finance.pay", beside.path)
    assert scope.may("activities.record", beside.path)
    assert not scope.may("activities.record", school.path)


@pytest.mark.parametrize(
    ("begins", "ends", "gives"),
    [
        (1, None, False),  # begins tomorrow
        (0, None, True),  # the first day
        (0, 1, True),  # a term of one day, and this is it
        (-9, 1, True),  # the last day: left from tomorrow on
        (-9, 0, False),  # left today
        (-9, -1, False),
        (0, 0, False),  # a term without a day
    ],
)
def test_a_seat_gives_from_its_first_day_to_the_day_before_it_is_left(school, begins, ends, gives):
    today = timezone.localdate()
    last = None if ends is None else today + timedelta(days=ends)
    seat = seat_of(school, starts_on=today + timedelta(days=begins), ends_on=last)
    user = user_of(seat)
    assert bool(actor_of(user).scope.grants) is gives
    assert bool(seat_standing(seat)) is gives
    assert (seat in Seat._base_manager.filter(in_force())) is gives


@pytest.mark.parametrize(("closes", "gives"), [(-1, False), (0, False), (1, True)])
def test_a_closed_union_gives_nothing_from_that_day_on(school, closes, gives):
    seat = seat_of(school)
    user = user_of(seat)
    school.closed_on, school.closed_how = timezone.localdate() + timedelta(days=closes), "dissolved"
    school.save()
    seat.refresh_from_db()
    assert bool(actor_of(user).scope.grants) is gives
    assert bool(seat_standing(seat)) is gives


def test_a_union_that_left_the_tree_gives_nothing(school):
    seat = seat_of(school)
    user = user_of(seat)
    Union._base_manager.filter(pk=school.pk).update(path=None)
    seat.refresh_from_db()
    assert not actor_of(user).scope.grants
    assert not seat_standing(seat)


def test_a_seat_that_is_only_named_for_a_log_in_gives_nothing(school):
    now = timezone.now()
    user = user_of(name="周示例")
    held = Holding(user=user, seat=seat_of(school), created_at=now, revoked_at=now)
    held.save()
    assert held.is_awaited
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


def test_a_log_in_tied_to_a_person_sees_the_own_file_and_opens_no_list(school):
    person = person_of(school)
    actor = actor_of(user_of(person=person))
    assert actor.person_id == person.pk
    assert actor.scope.may("members.own")
    assert not actor.scope.may("members.own", school.path)
    assert not actor.scope.may("members.view")
    assert not Person.objects.within(actor.scope, "members.own").exists()


def test_a_log_in_without_a_person_has_no_own_file(school):
    assert not actor_of(officer_of(school)).scope.may("members.own")
    assert not own_actor(officer_of(school)).scope.may("members.own")
    assert own_actor(user_of(person=person_of(school))).scope.may("members.own")


def test_an_inactive_member_sees_nothing(school):
    assert not actor_of(user_of(person=person_of(school), is_active=False)).scope.grants
