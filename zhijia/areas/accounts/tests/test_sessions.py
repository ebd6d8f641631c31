"""Behind the door: step-up, the first password, sessions and how long they last."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from zhijia.areas.accounts.middleware import BEGAN, SEEN
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.tests.door import MINE, VERIFY, heard, is_in, knock
from zhijia.areas.accounts.tests.factories import PASSWORD, code_of, factor_of, officer_of, prove
from zhijia.kit.templatetags.kit import chinese_time

pytestmark = pytest.mark.django_db


# --- step-up ---------------------------------------------------------------------------------------------
def test_a_step_up_leads_back(client, chen):
    knock(client)
    assert client.get(MINE).wsgi_request.actor.fresh is False, "logging in is no step-up"
    client.logout()
    client.force_login(chen)
    asked = client.get(reverse("mfa_activate_totp"))
    back = parse_qs(urlsplit(asked["Location"]).query)["next"][0]
    page = client.get(asked["Location"])
    assert f'name="next" value="{back}"' in page.content.decode()
    assert client.post(VERIFY, {"password": "wrong-wrong-1", "next": back}).status_code == 200
    answer = client.post(VERIFY, {"password": PASSWORD, "next": back})
    assert answer["Location"] == back
    assert client.get(MINE).wsgi_request.actor.fresh is True
    assert heard("login", why="step_up")


def test_a_step_up_ages(client, chen, settings):
    client.force_login(chen)
    prove(client, chen)
    assert client.get(MINE).wsgi_request.actor.fresh is True
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 0
    assert client.get(MINE).wsgi_request.actor.fresh is False


def test_a_password_is_not_enough_for_whoever_has_a_second_factor(client, chen):
    secret = factor_of(chen)
    client.force_login(chen)
    client.post(VERIFY, {"password": PASSWORD})
    assert client.get(MINE).wsgi_request.actor.fresh is False
    client.post(VERIFY, {"code": code_of(secret)})
    assert client.get(MINE).wsgi_request.actor.fresh is True


def test_a_step_up_leads_to_no_other_house(client, chen):
    client.force_login(chen)
    answer = client.post(VERIFY, {"password": PASSWORD, "next": "https://evil.example/"})
    assert answer["Location"] == "/"


def test_wrong_passwords_lock_the_step_up_too(client, chen):
    client.force_login(chen)
    statuses = [client.post(VERIFY, {"password": f"wrong-wrong-{n}"}).status_code for n in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert client.post(VERIFY, {"password": PASSWORD}).status_code == 429
    assert client.get(MINE).wsgi_request.actor.fresh is False


# --- first password, sessions ----------------------------------------------------------------------------
def test_the_first_password_is_changed_before_anything_else(client, chen):
    User.objects.update(must_change_password=True)
    knock(client)
    change = reverse("accounts:password-change")
    assert client.get("/")["Location"] == change
    assert client.get("/accounts/")["Location"] == change
    assert "管理员设置的密码" in client.get(change).content.decode()
    new = "Another-Orchard-77"
    again = {"old": PASSWORD, "password": PASSWORD, "again": PASSWORD}
    assert client.post(change, again).status_code == 200, "the old password once more is no change"
    assert client.post(change, {"old": PASSWORD, "password": new, "again": new})["Location"] == "/"
    assert is_in(client)


def test_a_changed_password_ends_the_other_sessions(client, chen):
    other = type(client)()
    knock(other)
    knock(client)
    new = "Another-Orchard-77"
    client.post(reverse("accounts:password-change"), {"old": PASSWORD, "password": new, "again": new})
    assert is_in(client)
    assert not is_in(other)
    assert UserSession.objects.filter(user=chen).count() == 1
    assert Session.objects.count() <= 2


def test_other_sessions_are_seen_and_ended(client, chen):
    other, third = type(client)(), type(client)()
    for one in (other, third, client):
        knock(one, headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/120.0"})
    page = client.get(reverse("accounts:sessions")).content.decode()
    assert page.count("Chrome · Windows") == 3
    assert page.count("本机") == 1
    assert f"{chinese_time(UserSession.objects.earliest('created_at').created_at)}登录" in page
    victim = UserSession.objects.get(session_key=other.session.session_key)
    assert client.post(reverse("accounts:session-end", args=[victim.pk]))["Location"].startswith(VERIFY)
    prove(client, chen)
    client.post(reverse("accounts:session-end", args=[victim.pk]))
    assert [is_in(one) for one in (client, other, third)] == [True, False, True]
    client.post(reverse("accounts:sessions-end-others"))
    assert [is_in(one) for one in (client, other, third)] == [True, False, False]


def test_nobody_ends_the_session_of_another(client, chen, school):
    li = officer_of(school, "clerk", username="li", password=PASSWORD)
    other = type(client)()
    knock(other, username="li")
    knock(client)
    victim = UserSession.objects.get(user=li)
    assert client.post(reverse("accounts:session-end", args=[victim.pk])).status_code == 404
    assert is_in(other)


@pytest.mark.parametrize(
    ("began", "seen", "goes_on"),
    [(0, 29 * 60, True), (0, 31 * 60, False), (11 * 3600, 0, True), (13 * 3600, 0, False)],
)
def test_a_session_ends_when_idle_or_old(client, chen, began, seen, goes_on):
    knock(client)
    session = client.session
    session[BEGAN] -= began
    session[SEEN] -= seen
    session.save()
    assert is_in(client) is goes_on


def test_idleness_ends_nothing_when_it_is_switched_off(client, chen, settings):
    settings.IDLE_MINUTES = 0
    knock(client)
    session = client.session
    session[SEEN] -= 5 * 3600
    session.save()
    assert is_in(client)


def test_a_session_that_is_alive_is_noted_once_a_minute(client, chen):
    knock(client)
    client.get(MINE)
    session = client.session
    session[SEEN] -= 50
    session.save()
    kept = client.session[SEEN]
    client.get(MINE)
    assert client.session[SEEN] == kept
    session = client.session
    session[SEEN] -= 20
    session.save()
    client.get(MINE)
    assert client.session[SEEN] >= kept


def test_what_is_owed_and_proven_costs_no_query(client, chen, settings):
    """Session, log-in, seats, and what the page itself reads: no more for second factor, step-up and age."""
    factor_of(chen)
    client.force_login(chen)
    counts = []
    for rule in ("optional", "required"):
        settings.SECOND_FACTOR = rule
        with CaptureQueriesContext(connection) as asked:
            assert is_in(client)
        counts.append(len(asked))
        prove(client, chen, "mfa")
    assert counts[0] == counts[1] <= 5
    assert not [one for one in asked if "mfa_authenticator" in one["sql"]]
