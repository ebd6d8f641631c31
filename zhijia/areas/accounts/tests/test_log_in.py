"""The door and what it asks: password, lock-out, second factor."""

import re
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.urls import NoReverseMatch, reverse

from zhijia.areas.accounts.adapter import HAS_FACTOR
from zhijia.areas.accounts.tests.door import MINE, VERIFY, heard, is_in, knock
from zhijia.areas.accounts.tests.factories import code_of, factor_of, officer_of, prove
from zhijia.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db


# --- password and lock-out -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "name", ["account_signup", "account_email", "account_reset_password", "account_logout"]
)
def test_it_has_no_address_of_allauth_that_nobody_uses(name):
    with pytest.raises(NoReverseMatch):
        reverse(name)


def test_it_says_the_same_of_a_wrong_password_and_an_unknown_name(client, chen):
    answers = [knock(client, password="wrong-wrong-1"), knock(client, username="nobody")]
    words = [re.findall(r'role="alert".*?</div>', one.content.decode(), re.DOTALL) for one in answers]
    assert words[0] == words[1] != []
    assert "登录名或密码不正确" in words[0][0]


def test_it_hashes_once_for_an_unknown_name_too(client, chen, monkeypatch):
    """Otherwise the time of the answer would tell which names exist."""
    from django.contrib.auth.hashers import MD5PasswordHasher

    done = []
    real = MD5PasswordHasher.encode
    monkeypatch.setattr(
        MD5PasswordHasher, "encode", lambda self, *given: done.append(1) or real(self, *given)
    )
    counts = []
    for name in ("chen", "nobody"):
        done.clear()
        knock(client, username=name, password="wrong-wrong-1")
        counts.append(len(done))
    assert counts[0] == counts[1] > 0


def test_it_locks_after_five_failures_and_says_so(client, chen):
    statuses = [knock(client, password=f"wrong-wrong-{n}").status_code for n in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    answer = knock(client)  # the right one comes too late
    assert answer.status_code == 429
    assert "15分钟" in answer.content.decode()
    assert not is_in(client)
    assert heard("deny", why="locked_out")


def test_it_locks_whatever_the_capitals(client, chen):
    for name in ("chen", "CHEN", "Chen", " chen", "cHen"):
        knock(client, username=name, password="wrong-wrong-1")
    assert knock(client).status_code == 429


def test_it_locks_one_address_and_not_the_owner_elsewhere(client, chen):
    for n in range(5):
        knock(client, password=f"wrong-wrong-{n}", REMOTE_ADDR="198.51.100.7")
    assert knock(client, REMOTE_ADDR="198.51.100.7").status_code == 429
    assert knock(client, REMOTE_ADDR="198.51.100.8").status_code == 302


def test_it_opens_again_after_the_time(client, chen, settings):
    from datetime import timedelta

    from axes.models import AccessAttempt
    from django.utils import timezone

    for n in range(5):
        knock(client, password=f"wrong-wrong-{n}")
    AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
    assert knock(client).status_code == 302


def test_it_forgets_failures_after_a_log_in(client, chen):
    for _round in range(2):
        for n in range(4):
            assert knock(client, password=f"wrong-wrong-{n}").status_code == 200
        assert knock(client).status_code == 302
        client.post("/accounts/logout/")


def test_it_keeps_no_typed_name_and_no_password(client, chen):
    from axes.models import AccessAttempt

    knock(client, username="Typed-Secret-99", password="Typed-Secret-99")
    knock(client, password="Typed-Secret-99")
    kept = str(list(AccessAttempt.objects.values())) + str(list(AuditEvent.objects.values()))
    assert "Typed-Secret-99" not in kept
    assert len(heard("deny", why="failed")) == 2
    assert [one.object_id for one in heard("deny", why="failed")] == [None, chen.pk]


def test_it_throttles_one_address_over_all_names(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {"login": "3/m/ip"}
    statuses = [knock(client, username=f"nobody{n}").status_code for n in range(4)]
    assert statuses == [200, 200, 200, 429]


def test_it_writes_log_in_and_log_out_into_the_audit(client, chen):
    knock(client)
    client.post("/accounts/logout/")
    assert [one.object_id for one in heard("login")] == [chen.pk]
    assert [one.object_id for one in heard("logout")] == [chen.pk]


@pytest.mark.parametrize(
    ("proxies", "forwarded", "seen"),
    [
        (0, "203.0.113.9", "127.0.0.1"),
        (1, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (2, "203.0.113.9, 198.51.100.1", "203.0.113.9"),
        (2, "203.0.113.9", "127.0.0.1"),
    ],
)
def test_it_believes_as_many_proxies_as_there_are(client, chen, settings, proxies, forwarded, seen):
    settings.PROXIES = settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
    knock(client, headers={"X-Forwarded-For": forwarded})
    assert UserSession.objects.get().ip == seen
    assert client.get(MINE, headers={"X-Forwarded-For": forwarded}).wsgi_request.actor.address == seen


# --- second factor ---------------------------------------------------------------------------------------
def test_it_asks_for_the_code_before_anyone_is_in(client, chen):
    secret = factor_of(chen)
    answer = knock(client)
    assert answer["Location"] == reverse("mfa_authenticate")
    assert not is_in(client)
    assert client.get(answer["Location"]).status_code == 200
    assert client.post(answer["Location"], {"code": "000000"}).status_code == 200
    assert not is_in(client)
    client.post(answer["Location"], {"code": code_of(secret)})
    assert is_in(client)


def test_it_takes_a_code_once(client, chen):
    secret = factor_of(chen)
    code = code_of(secret)
    for expected in (True, False):
        knock(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(client) is expected
        client.post("/accounts/logout/")


def test_it_takes_a_recovery_code_once(client, chen):
    factor_of(chen)
    code = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()[0]
    for expected in (True, False):
        knock(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
        assert is_in(client) is expected
        client.post("/accounts/logout/")


def test_wrong_codes_lock_like_wrong_passwords(client, chen):
    secret = factor_of(chen)
    knock(client)
    statuses = [client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code for _n in range(5)]
    assert statuses == [200, 200, 200, 200, 429]
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).status_code == 429
    assert not is_in(client)


def test_the_secret_of_a_second_factor_is_sealed(chen):
    secret = factor_of(chen)
    assert secret not in str(list(Authenticator.objects.values_list("data", flat=True)))


def test_whoever_owes_a_second_factor_is_led_to_it(client, chen, settings):
    settings.SECOND_FACTOR = "required"
    knock(client)
    for address in ("/", MINE, "/accounts/"):
        assert client.get(address)["Location"] == reverse("mfa_index")
    for name in ("mfa_index", "accounts:password-change"):
        assert client.get(reverse(name)).status_code == 200
    assert "必须先设置" in client.get(reverse("mfa_index")).content.decode()
    assert client.post("/accounts/logout/").status_code == 302


def test_whoever_has_one_or_needs_none_goes_on(client, chen, school, settings):
    settings.SECOND_FACTOR = "required"
    client.force_login(officer_of(school, "group_leader"))
    assert is_in(client)
    factor_of(chen)
    client.force_login(chen)
    assert is_in(client)


def test_a_part_of_a_page_is_led_there_as_a_whole_window(client, chen, settings):
    settings.SECOND_FACTOR = "required"
    client.force_login(chen)
    answer = client.get("/accounts/", headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("mfa_index")


def test_sabotage_a_duty_that_is_not_asked_lets_everybody_pass(client, chen, settings, monkeypatch):
    settings.SECOND_FACTOR = "required"
    monkeypatch.setattr("zhijia.areas.accounts.middleware._owes_factor", lambda *_given: False)
    client.force_login(chen)
    assert is_in(client)


def test_it_is_set_up_right_after_the_log_in(client, chen, settings, django_capture_on_commit_callbacks):
    settings.SECOND_FACTOR = "required"
    knock(client)
    page = client.get(reverse("mfa_activate_totp")).content.decode()
    assert 'src="data:image/svg+xml;base64,' in page
    secret = re.search(r"data-totp-secret>([A-Z2-7]+)<", page)[1]
    assert client.post(reverse("mfa_activate_totp"), {"code": "000000"}).status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer["Location"] == reverse("mfa_view_recovery_codes")
    first = client.get(answer["Location"]).content.decode()
    assert len(re.findall(r"<li><code>\d{8}</code>", first)) == 10
    assert "<code>" not in client.get(answer["Location"]).content.decode()
    assert is_in(client)
    assert {"totp", "recovery_codes"} <= {one.before["factor"] for one in heard("create")}


def test_it_is_not_set_up_from_a_session_left_open(client, chen):
    client.force_login(chen)
    answer = client.get(reverse("mfa_activate_totp"))
    assert urlsplit(answer["Location"]).path == VERIFY


def test_a_second_factor_is_taken_away_after_a_fresh_proof_only(client, chen):
    factor_of(chen)
    client.force_login(chen)
    assert client.post(reverse("accounts:totp-off"))["Location"].startswith(VERIFY)
    prove(client, chen, "password")
    assert client.post(reverse("accounts:totp-off"))["Location"].startswith(VERIFY)
    prove(client, chen, "mfa")
    client.post(reverse("accounts:totp-off"))
    assert not Authenticator.objects.exists()
    assert client.session[HAS_FACTOR] is False


def test_new_recovery_codes_void_the_old_ones(client, chen):
    factor_of(chen)
    old = Authenticator.objects.get(type="recovery_codes").wrap().get_unused_codes()
    client.force_login(chen)
    prove(client, chen, "mfa")
    client.post(reverse("accounts:recovery-codes-new"))
    page = client.get(reverse("mfa_view_recovery_codes")).content.decode()
    new = re.findall(r"<li><code>(\d{8})</code>", page)
    assert len(new) == 10
    assert not set(new) & set(old)
