"""Nobody comes by the log-in of another: reach, fresh proofs, the two halves of a log-in, first passwords."""

from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from zhijia.areas.accounts import queries, rules, services
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.proofs import APART_FOR, has_reset
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.accounts.roles import GRANTED, KEPT_APART, actions_of
from zhijia.areas.accounts.tests.factories import (
    PASSWORD,
    actor_in,
    arrive,
    factor_of,
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
NEW = "Another-Orchard-77"


@pytest.fixture
def county():
    return union_of("C", level="general")


@pytest.fixture
def school(county):
    return union_of("S", parent=county)


@pytest.fixture
def beside(county):
    return union_of("T", parent=county)


def left(union, user):
    """Let a log-in have held a seat that was taken back long ago."""
    now = timezone.now()
    Holding(user=user, seat=seat_of(union), created_at=now - timedelta(9), revoked_at=now).save()
    return user


def is_reset(actor, user):
    """Try to reset a password; say whether that worked, and check that a refusal changed nothing."""
    try:
        services.password_reset(actor=actor, user=user, password=NEW)
    except StepUpRequired:
        raise
    except Refused:
        assert not User.objects.get(pk=user.pk).check_password(NEW)
        return False
    return True


# --- reach -------------------------------------------------------------------------------------------------
def test_a_seat_taken_back_gives_no_reach_to_a_log_in_that_went_on_elsewhere(county, school, beside):
    clerk = fresh_in(school, "clerk")
    for user in (
        left(school, officer_of(beside, "women")),
        left(school, user_of(person=person_of(beside))),
    ):
        assert not queries.users(clerk.scope).filter(pk=user.pk).exists()
        with pytest.raises(Http404):
            queries.user_load(clerk.scope, user.pk)
        assert not is_reset(clerk, user)
        assert is_reset(fresh_in(county), user)


def test_a_seat_elsewhere_that_is_only_awaited_counts_too(county, school, beside):
    user, now = officer_of(school, "women"), timezone.now()
    Holding(user=user, seat=seat_of(beside, "women"), created_at=now, revoked_at=now).save()
    assert queries.user_load(actor_in(beside, "clerk").scope, user.pk) == user
    assert not is_reset(fresh_in(school, "clerk"), user)
    assert is_reset(fresh_in(county, "clerk"), user)


def test_a_file_elsewhere_keeps_a_log_in_out_of_reach(county, school, beside):
    clerk = fresh_in(school, "clerk")
    user = officer_of(school, "women", person=person_of(beside))
    assert not queries.lies_within(clerk.scope, user)
    assert not is_reset(clerk, user)
    with pytest.raises(Refused, match="职责范围"):
        services.person_unlink(actor=clerk, user=user)
    assert is_reset(fresh_in(county, "clerk"), user)
    assert is_reset(clerk, officer_of(school, "women", person=person_of(school)))


def test_a_members_log_in_is_reached_where_the_file_is(school, beside):
    user = user_of(person=person_of(school))
    assert not is_reset(fresh_in(beside, "clerk"), user)
    assert is_reset(fresh_in(school, "clerk"), user)


def test_an_empty_log_in_can_be_given_a_seat_again_but_no_password(client, school, beside):
    chair, user = officer_of(school), officer_of(school, "women", name="张示例")
    held = Holding.objects.get(user=user)
    services.holding_revoke(actor=actor_of(chair), holding=held)
    assert queries.user_load(actor_of(chair).scope, user.pk) == user
    assert not queries.users(actor_in(beside).scope).filter(pk=user.pk).exists()
    assert not is_reset(fresh_of(chair), user)
    services.password_reset(actor=system("命令行"), user=user, password=PASSWORD)
    arrive(client, chair).post(reverse("accounts:holding-grant", args=[user.pk]), {"seat": held.seat_id})
    held.refresh_from_db()
    assert held.revoked_at is None


def test_taking_back_the_last_seat_in_reach_leads_to_the_list(client, school, beside):
    user = officer_of(beside, "women")
    here = Holding.objects.create(user=user, seat=seat_of(school, "women"))
    client.force_login(officer_of(school))
    answer = client.post(reverse("accounts:holding-revoke", args=[here.pk]))
    assert answer["Location"] == reverse("accounts:user-list")


# --- who made it -------------------------------------------------------------------------------------------
def test_only_what_must_lie_in_other_hands_is_kept_from_the_maker():
    for post in GRANTED:
        is_apart = bool(set(actions_of(post)) & KEPT_APART)
        assert bool(rules.apart_from_maker(post, 7, 7)) is not is_apart
        assert rules.apart_from_maker(post, 7, 8)
        assert rules.apart_from_maker(post, 7, None)
        assert rules.apart_from_maker(post, None, None)


@pytest.mark.parametrize("post", ["accountant", "cashier", "audit"])
def test_who_made_a_log_in_does_not_put_money_or_audit_on_it(school, post):
    chair, seat = fresh_in(school), seat_of(school, post)
    made = services.user_create(actor=chair, username="z", name="周示例", password=PASSWORD, seat=seat)
    assert made.made_by_id == chair.user_id
    assert Holding.objects.get(user=made).is_awaited
    assert not actor_of(made).scope.grants
    with pytest.raises(Refused, match="由您建立"):
        services.holding_grant(actor=chair, user=made, seat=seat)
    assert not actor_of(made).scope.grants
    services.holding_grant(actor=fresh_in(school, "vice_chair"), user=made, seat=seat)
    assert actor_of(made).scope.grants


def test_the_clerk_makes_it_and_the_chair_grants(school):
    seat = seat_of(school, "cashier")
    made = services.user_create(
        actor=fresh_in(school, "clerk"), username="z", name="周示例", password=PASSWORD, seat=seat
    )
    services.holding_grant(actor=fresh_in(school), user=made, seat=seat)
    assert actor_of(made).scope.may("finance.pay", school.path)


def test_the_command_line_appoints_at_once(school):
    made = services.user_create(
        actor=system("命令行"),
        username="z",
        name="周示例",
        password=PASSWORD,
        seat=seat_of(school, "cashier"),
    )
    assert made.made_by_id is None
    assert actor_of(made).scope.may("finance.pay", school.path)


def test_without_the_rule_one_person_would_hold_every_step(school, monkeypatch):
    monkeypatch.setattr(rules, "apart_from_maker", lambda *_given: rules.passed())
    made = services.user_create(
        actor=fresh_in(school),
        username="z",
        name="周示例",
        password=PASSWORD,
        seat=seat_of(school, "cashier"),
    )
    assert actor_of(made).scope.may("finance.pay", school.path)


# --- a fresh proof -----------------------------------------------------------------------------------------
def test_making_granting_and_resetting_want_a_fresh_proof(school):
    chair, user, seat = actor_in(school), user_of(), seat_of(school, "women")
    with pytest.raises(StepUpRequired):
        services.user_create(actor=chair, username="z", name="周示例", password=PASSWORD, seat=seat)
    with pytest.raises(StepUpRequired):
        services.holding_grant(actor=chair, user=user, seat=seat)
    with pytest.raises(StepUpRequired):
        services.password_reset(actor=chair, user=officer_of(school, "women"), password=NEW)
    assert not User.objects.filter(username="z").exists()
    assert not Holding.objects.filter(user=user).exists()


def test_their_pages_lead_to_the_step_up(client, school):
    user = officer_of(school, "women")
    client.force_login(officer_of(school))
    seat = Holding.objects.get(user=user).seat_id
    pages = {
        "user-create": [], "member-create": [], "holding-grant": [user.pk], "password-reset": [user.pk],
        "seat-grant": [seat],
    }  # fmt: skip
    for name, args in pages.items():
        answer = client.get(reverse(f"accounts:{name}", args=args))
        assert answer.status_code == 302
        assert answer["Location"].startswith(reverse("accounts:step-up"))


def test_the_own_password_is_not_reset_but_changed(school):
    chair = officer_of(school)
    assert not is_reset(fresh_of(chair), chair)
    assert is_reset(fresh_in(school, "vice_chair"), chair)


# --- two halves --------------------------------------------------------------------------------------------
def test_who_reset_the_password_does_not_reset_the_second_factor(school):
    clerk, chair = officer_of(school, "clerk"), fresh_in(school)
    factor_of(clerk)
    assert is_reset(chair, clerk)
    with pytest.raises(Refused, match="另一位管理员"):
        services.second_factor_reset(actor=chair, user=clerk)
    assert Authenticator.objects.filter(user=clerk).exists()
    services.second_factor_reset(actor=fresh_in(school, "vice_chair"), user=clerk)
    assert not Authenticator.objects.filter(user=clerk).exists()


def test_who_reset_the_second_factor_does_not_reset_the_password(school):
    clerk, chair = officer_of(school, "clerk"), fresh_in(school)
    factor_of(clerk)
    services.second_factor_reset(actor=chair, user=clerk)
    assert not is_reset(chair, clerk)
    assert is_reset(fresh_in(school, "vice_chair"), clerk)


def test_the_same_half_and_another_log_in_are_free(school):
    clerk, other, chair = officer_of(school, "clerk"), officer_of(school, "women"), fresh_in(school)
    factor_of(other)
    assert is_reset(chair, clerk)
    assert is_reset(chair, clerk)
    services.second_factor_reset(actor=chair, user=other)
    assert not Authenticator.objects.filter(user=other).exists()


def test_it_lasts_seven_days_to_the_moment(school):
    clerk, chair = officer_of(school, "clerk"), fresh_in(school)
    assert is_reset(chair, clerk)
    at = AuditEvent.objects.get(model="accounts.user", object_id=clerk.pk, actor_id=chair.user_id).at
    just = timedelta(microseconds=1)
    assert timedelta(days=7) == APART_FOR
    assert has_reset(chair, clerk, "password", at + APART_FOR - just)
    assert not has_reset(chair, clerk, "password", at + APART_FOR)
    assert not has_reset(chair, clerk, "second_factor", at)


def test_the_command_line_may_reset_both(school):
    clerk = officer_of(school, "clerk")
    factor_of(clerk)
    assert is_reset(system("命令行"), clerk)
    services.second_factor_reset(actor=system("命令行"), user=clerk)
    assert not Authenticator.objects.filter(user=clerk).exists()
