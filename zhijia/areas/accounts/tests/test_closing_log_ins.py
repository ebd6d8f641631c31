"""The log-in of an officer who has left: closed at once, opened again, and by whom."""

import pytest
from allauth.usersessions.models import UserSession
from django.urls import reverse

from zhijia.areas.accounts import rules, services
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.accounts.tests.door import DOOR, MINE
from zhijia.areas.accounts.tests.factories import (
    PASSWORD,
    actor_in,
    arrive,
    fresh_in,
    fresh_of,
    officer_of,
    user_of,
)
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.kernel.actor import system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused, StepUpRequired

pytestmark = pytest.mark.django_db
WHY = "已调离"


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
    return officer_of(school, "clerk", username="zhou", name="周示例", password=PASSWORD)


def url(name, user):
    return reverse(f"accounts:{name}", args=[user.pk])


def is_active(user):
    return User.objects.get(pk=user.pk).is_active


def close(actor, user, reason=WHY):
    return services.user_deactivate(actor=actor, user=user, reason=reason)


def reopen(actor, user, reason="返岗"):
    return services.user_reactivate(actor=actor, user=user, reason=reason)


def test_a_closed_log_in_is_out_of_all_browsers_at_once_and_stays_out(client, chair, clerk):
    browsers = [type(client)(), type(client)()]
    for one in browsers:
        one.post(DOOR, {"username": "zhou", "password": PASSWORD})
        assert one.get(MINE).status_code == 200
    close(fresh_of(chair), clerk)
    assert not UserSession.objects.filter(user=clerk).exists()
    assert [one.get(MINE).status_code for one in browsers] == [302, 302]
    assert client.post(DOOR, {"username": "zhou", "password": PASSWORD}).status_code == 200
    assert not actor_of(User.objects.get(pk=clerk.pk)).scope.grants
    assert clerk.holdings.filter(revoked_at=None).count() == 1, "the seat stays"


def test_it_is_opened_again_with_the_same_password_and_seat(client, chair, clerk):
    close(fresh_of(chair), clerk)
    reopen(fresh_of(chair), clerk)
    client.post(DOOR, {"username": "zhou", "password": PASSWORD})
    assert client.get(MINE).wsgi_request.actor.scope.may("members.record")


def test_it_takes_a_reason_that_stays_in_the_audit_and_a_fresh_proof(chair, clerk):
    for service in (close, reopen):
        with pytest.raises(StepUpRequired):
            service(actor_of(chair), clerk)
        with pytest.raises(Refused, match="原因"):
            service(fresh_of(chair), clerk, "  ")
    assert is_active(clerk)
    close(fresh_of(chair), clerk)
    reopen(fresh_of(chair), clerk)
    lines = AuditEvent.objects.filter(model="accounts.user", object_id=clerk.pk, actor_id=chair.pk)
    told = [(one.reason, one.before) for one in lines.filter(verb="change").order_by("seq")]
    assert told == [(WHY, {"is_active": True}), ("返岗", {"is_active": False})]


def test_to_close_it_twice_changes_nothing(chair, clerk):
    for _time in range(2):
        close(fresh_of(chair), clerk)
    assert AuditEvent.objects.filter(object_id=clerk.pk, fields=["is_active"]).count() == 1


def test_nobody_closes_the_own_log_in(chair):
    with pytest.raises(Refused, match="自己"):
        close(fresh_of(chair), chair)
    assert is_active(chair)


def test_without_the_rule_one_would_close_the_own_log_in(chair, monkeypatch):
    monkeypatch.setattr(rules, "may_close", lambda *_args: rules.passed())
    close(fresh_of(chair), chair)
    assert not is_active(chair)


def test_nobody_closes_what_lies_above_or_outside(county, school):
    own = fresh_in(school)
    both = user_of(seat_of(school, "clerk"), seat_of(county, "clerk"))
    beside = officer_of(union_of("T", parent=county), "clerk")
    tied = officer_of(school, "member", person=person_of(county))
    for user in (both, beside, tied, officer_of(county)):
        with pytest.raises(Refused):
            close(own, user)
        assert is_active(user)
    with pytest.raises(Refused, match="超出"):
        close(fresh_in(school, "clerk"), officer_of(school))
    with pytest.raises(Refused):
        close(fresh_in(school, "cashier"), officer_of(school, "member"))


def test_what_may_not_be_closed_may_not_be_opened_either(county, school):
    both = user_of(seat_of(school, "clerk"), seat_of(county, "clerk"), is_active=False)
    with pytest.raises(Refused):
        reopen(fresh_in(school), both)
    assert not is_active(both)


def test_without_the_rule_one_would_reach_upward(county, school, monkeypatch):
    monkeypatch.setattr("zhijia.areas.accounts.closing.closing_verdict", lambda *_args: rules.passed())
    above = officer_of(county)
    close(fresh_in(school), above)
    assert not is_active(above)


def test_a_log_in_whose_seats_were_taken_back_is_closed_where_they_were(client, county, school, chair, clerk):
    services.holding_revoke(actor=fresh_of(chair), holding=Holding.objects.get(user=clerk))
    with pytest.raises(Refused):
        close(fresh_in(union_of("T", parent=county)), clerk)
    arrive(client, officer_of(school))
    shown = client.get(url("user-detail", clerk)).content.decode()
    assert url("user-deactivate", clerk) in shown
    assert url("password-reset", clerk) not in shown
    client.post(url("user-deactivate", clerk), {"reason": WHY, "idempotency_key": "k"})
    assert not is_active(clerk)


def test_an_administrator_is_closed_after_the_post_was_taken_back(county):
    gone, security = officer_of(county, "audit_admin"), officer_of(county, "security_admin")
    keeper = fresh_in(county, "system_admin")
    with pytest.raises(Refused, match="先由安全管理员收回岗位"):
        close(keeper, gone)
    services.holding_revoke(actor=fresh_of(security), holding=Holding.objects.get(user=gone))
    close(keeper, gone)
    assert not is_active(gone)


def test_the_last_system_administrator_stays(county, school):
    first = officer_of(county, "system_admin")
    officer_of(county, "system_admin", is_active=False)
    user_of(seat_of(county, "system_admin", ends_on=first.date_joined.date()))
    revoked = officer_of(school, "system_admin")
    revoked.holdings.update(revoked_at=revoked.date_joined)
    with pytest.raises(Refused, match="唯一"):
        close(system("系统"), first)
    assert is_active(first)
    second = officer_of(school, "system_admin")
    close(system("系统"), first)
    with pytest.raises(Refused, match="唯一"):
        close(system("系统"), second)


def test_without_the_rule_nobody_would_be_left(county, monkeypatch):
    monkeypatch.setattr(rules, "administrator_left", lambda **_given: rules.passed())
    only = officer_of(county, "system_admin")
    close(system("系统"), only)
    assert not is_active(only)


def test_one_that_was_made_anonymous_belongs_to_nobody_any_more(chair, school):
    person = person_of(school)
    user = officer_of(school, "member", person=person)
    services.login_anonymise(actor=fresh_of(chair), person=person)
    with pytest.raises(Refused, match="匿名"):
        reopen(fresh_of(chair), User.objects.get(pk=user.pk))


def test_the_page_asks_why_closes_and_offers_to_open_again(client, chair, clerk):
    client.force_login(chair)
    page, off, on = (url(name, clerk) for name in ("user-detail", "user-deactivate", "user-reactivate"))
    assert client.get(off)["Location"].startswith(reverse("accounts:step-up"))
    arrive(client, chair)
    shown = client.get(page).content.decode()
    assert off in shown
    assert on not in shown
    assert "周示例" in client.get(off).content.decode()
    assert client.post(off, {"reason": ""}).status_code == 200
    assert is_active(clerk)
    said = client.post(off, {"reason": WHY, "idempotency_key": "k1"}, follow=True).content.decode()
    assert "账号已停用" in said
    assert on in said
    assert off not in said
    assert not is_active(clerk)
    client.post(on, {"reason": "返岗", "idempotency_key": "k2"})
    assert is_active(clerk)


def test_no_page_offers_what_would_be_refused(client, county, school):
    chair, both = officer_of(school), user_of(seat_of(school, "clerk"), seat_of(county, "clerk"))
    arrive(client, chair)
    for user in (chair, both):
        assert url("user-deactivate", user) not in client.get(url("user-detail", user)).content.decode()
    assert client.get(url("user-deactivate", officer_of(county))).status_code == 404
    refused = client.post(url("user-deactivate", both), {"reason": WHY, "idempotency_key": "k"})
    assert "请由上级工会办理" in refused.content.decode()
    assert is_active(both)


def test_the_page_of_an_administrator_says_who_may_reset_it(client, county):
    arrive(client, officer_of(county, "system_admin"))
    other = officer_of(county, "audit_admin")
    shown = client.get(url("user-detail", other)).content.decode()
    assert "./run manage appoint --reset" in shown
    for name in ("password-reset", "second-factor-reset", "sessions-end", "user-deactivate"):
        assert url(name, other) not in shown
    clerk = officer_of(county, "clerk")
    shown = client.get(url("user-detail", clerk)).content.decode()
    assert url("password-reset", clerk) in shown
    assert "命令行" not in shown


# --- who can find nobody is offered no search for people -------------------------------------------------
NOT_HERE = "请由该会员所属工会的主席或干事办理"


def test_an_administrator_is_told_who_ties_files_instead_of_searching_in_vain(client, county):
    arrive(client, officer_of(county, "system_admin"))
    clerk, new = officer_of(county, "clerk"), reverse("accounts:member-create")
    assert new not in client.get(reverse("accounts:user-list")).content.decode()
    assert url("person-link", clerk) not in client.get(url("user-detail", clerk)).content.decode()
    for address in (new, url("person-link", clerk)):
        for answer in (client.get(address), client.post(address, {"person": person_of(county).pk})):
            shown = answer.content.decode()
            assert NOT_HERE in shown
            assert 'name="person"' not in shown
    assert User.objects.get(pk=clerk.pk).person_id is None


def test_a_clerk_goes_on_choosing_files(client, county):
    arrive(client, officer_of(county, "clerk"))
    member, new = officer_of(county, "member"), reverse("accounts:member-create")
    assert new in client.get(reverse("accounts:user-list")).content.decode()
    assert url("person-link", member) in client.get(url("user-detail", member)).content.decode()
    for address in (new, url("person-link", member)):
        shown = client.get(address).content.decode()
        assert 'name="person"' in shown
        assert NOT_HERE not in shown


def test_closing_takes_the_right_to_manage_log_ins(school, clerk):
    with pytest.raises(Refused):
        close(actor_in(school, "women"), clerk)
