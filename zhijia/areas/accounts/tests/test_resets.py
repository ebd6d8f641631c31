"""What an officer may do with the log-in of another: new password, lost second factor, sessions, lock-out."""

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import reverse

from zhijia.areas.accounts import services
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.queries import actor_of, own_actor
from zhijia.areas.accounts.tests.factories import PASSWORD, factor_of, fresh_of, officer_of, prove, user_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.kernel.actor import system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused, StepUpRequired

pytestmark = pytest.mark.django_db
DOOR, MINE = "/accounts/login/", "/accounts/me/"


@pytest.fixture
def county():
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


@pytest.fixture
def chair(county):
    return officer_of(county)


@pytest.fixture
def clerk(school):
    return officer_of(school, "clerk", username="zhou", password=PASSWORD)


@pytest.fixture
def visitor(client, clerk):
    """A browser in which the clerk is in."""
    other = type(client)()
    other.post(DOOR, {"username": "zhou", "password": PASSWORD})
    assert other.get(MINE).status_code == 200
    return other


def test_a_reset_password_ends_the_sessions_and_must_be_changed(chair, clerk, visitor):
    new = "Another-Orchard-77"
    services.password_reset(actor=fresh_of(chair), user=clerk, password=new)
    assert visitor.get(MINE).status_code == 302
    assert not UserSession.objects.exists()
    visitor.post(DOOR, {"username": "zhou", "password": new})
    assert visitor.get(MINE)["Location"] == reverse("accounts:password-change")


def test_a_reset_password_takes_nothing_else(chair, clerk):
    factor_of(clerk)
    services.password_reset(actor=fresh_of(chair), user=clerk, password="Another-Orchard-77")
    assert Authenticator.objects.filter(user=clerk).count() == 2
    assert clerk.holdings.filter(revoked_at=None).count() == 1


def test_what_an_officer_makes_must_be_changed_and_what_the_system_makes_not(chair, school):
    typed = {"name": "王示例", "password": PASSWORD}
    made = services.user_create(actor=fresh_of(chair), username="wang", seat=seat_of(school), **typed)
    assert made.must_change_password
    assert not services.user_create(actor=system("系统"), username="demo", **typed).must_change_password


def test_a_lost_second_factor_is_reset_after_a_fresh_proof_only(chair, clerk, visitor):
    factor_of(clerk)
    with pytest.raises(StepUpRequired):
        services.second_factor_reset(actor=actor_of(chair), user=clerk)
    assert Authenticator.objects.filter(user=clerk).exists()
    services.second_factor_reset(actor=fresh_of(chair), user=clerk)
    assert not Authenticator.objects.filter(user=clerk).exists()
    assert visitor.get(MINE).status_code == 302
    lines = AuditEvent.objects.filter(model="accounts.user", object_id=clerk.pk, actor_id=chair.pk)
    assert {one.before.get("second_factor") for one in lines} >= {"totp", "recovery_codes"}
    assert User.objects.get(pk=clerk.pk).check_password(PASSWORD), "the password stays"


@pytest.mark.parametrize("service", ["second_factor_reset", "sessions_end", "lockout_reset"])
def test_nobody_reaches_upward(county, school, service):
    both = user_of(seat_of(school, "clerk"), seat_of(county, "clerk"))
    factor_of(both)
    with pytest.raises(Refused):
        getattr(services, service)(actor=fresh_of(officer_of(school)), user=both)
    assert Authenticator.objects.filter(user=both).exists()


def test_sessions_are_ended_from_above(client, chair, clerk, visitor):
    client.force_login(chair)
    client.post(reverse("accounts:sessions-end", args=[clerk.pk]))
    assert visitor.get(MINE).status_code == 302


def test_the_page_asks_for_a_proof_before_it_resets(client, chair, clerk):
    factor_of(clerk)
    client.force_login(chair)
    page, reset = (
        reverse(f"accounts:{name}", args=[clerk.pk]) for name in ("user-detail", "second-factor-reset")
    )
    answer = client.post(reset, headers={"Referer": f"http://testserver{page}"})
    assert answer["Location"] == f"/accounts/verify/?next={page.replace('/', '%2F')}"
    foreign = client.post(reset, headers={"Referer": "https://evil.example/x"})
    assert foreign["Location"] == "/accounts/verify/?next=%2F"
    prove(client, chair)
    client.post(reset)
    assert not Authenticator.objects.filter(user=clerk).exists()


def test_a_lock_out_is_lifted_from_above(client, chair, clerk):
    other = type(client)()
    for n in range(5):
        other.post(DOOR, {"username": "zhou", "password": f"wrong-wrong-{n}"})
    assert other.post(DOOR, {"username": "zhou", "password": PASSWORD}).status_code == 429
    client.force_login(chair)
    client.post(reverse("accounts:lockout-reset", args=[clerk.pk]))
    assert other.post(DOOR, {"username": "zhou", "password": PASSWORD}).status_code == 302


def test_nobody_ends_the_sessions_of_another_as_the_own(clerk, chair):
    with pytest.raises(Refused):
        services.own_sessions_end(actor=own_actor(chair), user=clerk)
