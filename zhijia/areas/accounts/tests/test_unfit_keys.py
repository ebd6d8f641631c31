"""With keys that are not those of the database one still comes in, to put it right, and nothing is sealed."""

import pytest
from allauth.mfa.models import Authenticator

from zhijia.areas.accounts.tests.factories import PASSWORD, arrive, code_of, factor_of, officer_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.crypto import canary, keyring, keys_fit
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db
DOOR, MINE, VERIFY = "/accounts/login/", "/accounts/me/", "/accounts/verify/"
TOTP = "/accounts/me/second-factor/totp/"


@pytest.fixture
def chen():
    return officer_of(union_of("S"), username="chen", password=PASSWORD)


@pytest.fixture
def foreign(chen, tmp_path, settings):
    """Keys of another database, after this one was used with its own; forget what was known of others."""
    canary._known.clear()
    assert keys_fit()
    settings.KEYS = tmp_path / "others"
    keyring.create()
    assert not keys_fit()
    yield
    canary._known.clear()


def test_one_comes_in_without_a_line_and_the_log_says_so(client, foreign, caplog):
    before = AuditEvent.objects.count()
    assert client.post(DOOR, {"username": "chen", "password": PASSWORD}).status_code == 302
    assert client.get(MINE).status_code == 200
    assert client.post(DOOR.replace("login", "logout")).status_code == 302
    assert AuditEvent.objects.count() == before
    assert any("no audit line for login" in one.getMessage() for one in caplog.records)


def test_a_failure_at_the_door_is_no_fault_either(client, foreign):
    assert client.post(DOOR, {"username": "chen", "password": "x" * 12}).status_code == 200


def test_the_step_up_says_what_could_not_be_kept(client, foreign):
    client.post(DOOR, {"username": "chen", "password": PASSWORD})
    answer = client.post(VERIFY, {"password": PASSWORD, "next": MINE}, follow=True)
    assert answer.redirect_chain[-1][0] == MINE
    assert "密钥与数据库不匹配" in answer.content.decode()


def test_no_secret_is_sealed_with_foreign_keys(chen, foreign):
    with pytest.raises(Refused, match="密钥"):
        factor_of(chen)
    assert not Authenticator.objects.filter(user=chen).exists()


def test_the_page_says_why_no_code_is_set_up(client, chen, foreign):
    arrive(client, chen)
    page = client.get(TOTP)
    answer = client.post(TOTP, {"code": code_of(page.context["form"].secret)}, follow=True)
    assert answer.status_code == 200
    assert "密钥与数据库不匹配" in answer.content.decode()
    assert not Authenticator.objects.filter(user=chen).exists()


def test_with_the_own_keys_it_is_kept_and_noted(client, chen):
    factor_of(chen)
    assert Authenticator.objects.filter(user=chen).exists()
    Authenticator.objects.all().delete()
    client.post(DOOR, {"username": "chen", "password": PASSWORD})
    assert AuditEvent.objects.filter(verb="login", object_id=chen.pk).exists()
