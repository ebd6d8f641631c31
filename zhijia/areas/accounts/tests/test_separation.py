"""Who may hand out what, and which duties never meet in one hand: the rules, and the services behind them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from zhijia.areas.accounts import queries, rules, services
from zhijia.areas.accounts.models import Holding
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.accounts.roles import ADMIN_POSTS, GRANTED, actions_of
from zhijia.areas.accounts.rules import Held
from zhijia.areas.accounts.tests.factories import PASSWORD, fresh_in, fresh_of, officer_of, user_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.kernel.actor import system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.verdict import Refused

BUSINESS = sorted(set(GRANTED) - ADMIN_POSTS)


def test_nobody_grants_to_oneself_but_the_system_has_no_self():
    assert not rules.not_oneself(7, 7)
    assert rules.not_oneself(7, 8)
    assert rules.not_oneself(None, 7)


@pytest.mark.parametrize("post", BUSINESS)
def test_a_chair_hands_out_every_business_post(post):
    assert rules.may_hand_out(post, actions_of("chair"))


@pytest.mark.parametrize("post", sorted(ADMIN_POSTS))
def test_administrators_are_appointed_by_the_security_administrator_alone(post):
    assert rules.may_hand_out(post, actions_of("security_admin"))
    for other in set(GRANTED) - {"security_admin"}:
        verdict = rules.may_hand_out(post, actions_of(other))
        assert not verdict
        assert verdict.reason
        assert verdict.source


@pytest.mark.parametrize("post", BUSINESS)
def test_the_security_administrator_hands_out_no_business(post):
    # A supervisor sees the union's name; even that is more than an administrator has.
    assert not rules.may_hand_out(post, actions_of("security_admin"))


def test_nobody_hands_out_more_than_the_own_rights():
    small = {"accounts.grant", "organisations.view"}
    assert rules.may_hand_out("supervisor", small)
    assert not rules.may_hand_out("member", small)
    assert not rules.may_hand_out("cashier", small)
    assert not rules.may_hand_out("supervisor", small - {"accounts.grant"})


def test_duties_kept_apart_are_handed_out_without_being_held():
    assert "finance.pay" not in actions_of("chair")
    assert rules.may_hand_out("cashier", actions_of("chair"))
    assert not rules.may_hand_out("cashier", set(actions_of("chair")) - {"finance.view"})


@pytest.mark.parametrize(
    ("new", "held", "fits"),
    [
        ("cashier", ["accountant"], False),
        ("accountant", ["cashier"], False),
        ("audit", ["chair"], False),
        ("audit", ["vice_chair"], False),
        ("audit", ["cashier"], False),
        ("accountant", ["audit"], False),
        ("audit", ["women"], True),
        ("cashier", ["women", "member"], True),
        ("chair", ["member"], True),
        ("system_admin", ["clerk"], False),
        ("clerk", ["audit_admin"], False),
        ("system_admin", ["security_admin"], False),
        ("security_admin", ["audit_admin"], False),
        ("audit_admin", ["audit_admin"], True),
        ("audit_admin", [], True),
    ],
)
def test_some_posts_never_meet_on_one_log_in(new, held, fits):
    assert bool(rules.posts_apart(Held(new, 1), [Held(post, 1) for post in held])) is fits


def test_money_duties_are_apart_in_one_union_administrators_everywhere():
    assert rules.posts_apart(Held("cashier", 1), [Held("accountant", 2)])
    assert not rules.posts_apart(Held("system_admin", 1), [Held("clerk", 2)])
    assert not rules.posts_apart(Held("system_admin", 1), [Held("audit_admin", 2)])


def test_a_namesake_in_the_other_duty_is_a_doubt_and_no_block():
    doubt = rules.namesakes_apart(Held("cashier", 1), [Held("accountant", 1)])
    assert doubt.ok
    assert doubt.level == "warn"
    assert rules.namesakes_apart(Held("cashier", 1), [Held("member", 1)]).level == "pass"
    assert rules.name_fits("周示例", "李示例").level == "warn"
    assert rules.name_fits("周示例", "周示例").level == "pass"


def test_a_password_is_set_anew_from_above_only():
    chair, clerk = actions_of("chair"), actions_of("clerk")
    assert not rules.may_reset_holder("chair", clerk)
    assert rules.may_reset_holder("vice_chair", chair)
    assert rules.may_reset_holder("clerk", chair)
    assert rules.may_reset_holder("chair", actions_of("system_admin"))
    for post in ADMIN_POSTS:
        assert not rules.may_reset_holder(post, actions_of("system_admin"))
        assert not rules.may_reset_holder(post, chair)


@pytest.fixture
def county(db):
    return union_of("C", level="general")


@pytest.fixture
def school(county):
    return union_of("S", parent=county)


def test_it_refuses_the_own_seat(school):
    chair = officer_of(school)
    with pytest.raises(Refused, match="自己"):
        services.holding_grant(actor=fresh_of(chair), user=chair, seat=seat_of(school, "women"))
    assert Holding.objects.filter(user=chair).count() == 1


def test_without_the_rule_one_would_grant_to_oneself(school, monkeypatch):
    chair = officer_of(school)
    monkeypatch.setattr(rules, "not_oneself", lambda *_ids: rules.passed())
    services.holding_grant(actor=fresh_of(chair), user=chair, seat=seat_of(school, "women"))
    assert Holding.objects.filter(user=chair).count() == 2


def test_it_keeps_accountant_and_cashier_apart_whichever_comes_first(school):
    actor = fresh_in(school)
    for first, second in (("accountant", "cashier"), ("cashier", "accountant")):
        user = user_of(seat_of(school, first))
        with pytest.raises(Refused, match="会计"):
            services.holding_grant(actor=actor, user=user, seat=seat_of(school, second))
        assert Holding.objects.filter(user=user).count() == 1


def test_without_the_rule_they_would_meet(school, monkeypatch):
    monkeypatch.setattr(rules, "posts_apart", lambda *_args: rules.passed())
    user = user_of(seat_of(school, "accountant"))
    services.holding_grant(actor=fresh_in(school), user=user, seat=seat_of(school, "cashier"))
    assert actor_of(user).scope.may("finance.pay", school.path)


def test_a_duty_that_is_over_or_taken_back_no_longer_counts(school):
    today, actor = timezone.localdate(), fresh_in(school)
    over = user_of(seat_of(school, "accountant", ends_on=today))
    assert services.holding_grant(actor=actor, user=over, seat=seat_of(school, "cashier"))
    taken = user_of(seat_of(school, "accountant"))
    services.holding_revoke(actor=actor, holding=Holding.objects.get(user=taken))
    assert services.holding_grant(actor=actor, user=taken, seat=seat_of(school, "cashier"))


def test_a_duty_that_begins_later_counts_already(school):
    later = timezone.localdate() + timedelta(days=30)
    user = user_of(seat_of(school, "accountant", starts_on=later))
    with pytest.raises(Refused, match="会计"):
        services.holding_grant(actor=fresh_in(school), user=user, seat=seat_of(school, "cashier"))


def test_a_seat_granted_again_is_checked_again(school):
    actor, user = fresh_in(school), user_of()
    held = services.holding_grant(actor=actor, user=user, seat=seat_of(school, "accountant"))
    services.holding_revoke(actor=actor, holding=held)
    services.holding_grant(actor=actor, user=user, seat=seat_of(school, "cashier"))
    with pytest.raises(Refused, match="会计"):
        services.holding_grant(actor=actor, user=user, seat=held.seat)


def test_a_chair_appoints_no_administrator_and_takes_none_away(county):
    actor = fresh_in(county)
    with pytest.raises(Refused, match="三员"):
        services.holding_grant(actor=actor, user=user_of(), seat=seat_of(county, "system_admin"))
    keeper = officer_of(county, "security_admin")
    with pytest.raises(Refused, match="三员"):
        services.holding_revoke(actor=actor, holding=Holding.objects.get(user=keeper))
    assert actor_of(keeper).scope.may("accounts.appoint", county.path)


def test_the_security_administrator_appoints_and_takes_back(county):
    actor, user = fresh_in(county, "security_admin"), user_of()
    held = services.holding_grant(actor=actor, user=user, seat=seat_of(county, "audit_admin"))
    assert actor_of(user).scope.may("audit.view", county.path)
    services.holding_revoke(actor=actor, holding=held)
    assert not actor_of(user).scope.grants
    clerk = officer_of(county, "clerk")
    services.holding_revoke(actor=actor, holding=Holding.objects.get(user=clerk))
    with pytest.raises(Refused):
        services.holding_grant(actor=actor, user=user, seat=seat_of(county, "clerk"))


def test_a_clerk_grants_no_seat_but_may_name_a_log_in_for_one(school):
    clerk, seat = fresh_in(school, "clerk"), seat_of(school, "women", holder="周示例")
    with pytest.raises(Refused):
        services.holding_grant(actor=clerk, user=user_of(), seat=seat)
    made = services.user_create(actor=clerk, username="zhou", name="周示例", password=PASSWORD, seat=seat)
    assert not actor_of(made).scope.grants
    assert queries.user_load(clerk.scope, made.pk) == made
    services.holding_grant(actor=fresh_in(school), user=made, seat=seat)
    assert actor_of(made).scope.may("activities.record", school.path)


def test_a_chair_makes_an_administrators_log_in_that_waits_for_the_appointment(county):
    seat = seat_of(county, "system_admin")
    made = services.user_create(
        actor=fresh_in(county), username="sys", name="张示例", password=PASSWORD, seat=seat
    )
    assert not actor_of(made).scope.grants
    services.holding_grant(actor=fresh_in(county, "security_admin"), user=made, seat=seat)
    assert actor_of(made).scope.may("system.view", county.path)


def test_a_clerk_does_not_reset_the_chairs_password(school):
    chair = officer_of(school, password=PASSWORD)
    with pytest.raises(Refused):
        services.password_reset(actor=fresh_in(school, "clerk"), user=chair, password=PASSWORD + "x")
    chair.refresh_from_db()
    assert chair.check_password(PASSWORD)


def test_a_log_in_is_tied_to_a_person_by_someone_else(school):
    clerk, user, person = officer_of(school, "clerk"), officer_of(school, "member"), person_of(school)
    with pytest.raises(Refused, match="自己"):
        services.person_link(actor=actor_of(clerk), user=clerk, person=person)
    services.person_link(actor=actor_of(clerk), user=user, person=person)
    user.refresh_from_db()
    assert user.person_id == person.pk
    assert actor_of(user).person_id == person.pk
    services.person_unlink(actor=actor_of(clerk), user=user)
    user.refresh_from_db()
    assert user.person_id is None
    assert AuditEvent.objects.filter(model="accounts.user", verb="change").count() == 2


def test_one_file_has_one_log_in(school):
    actor, person = fresh_in(school), person_of(school)
    services.person_link(actor=actor, user=officer_of(school, "member"), person=person)
    with pytest.raises(Refused, match="另一个账号"):
        services.person_link(actor=actor, user=officer_of(school, "women"), person=person)
    tied = officer_of(school, "cashier", person=person_of(school))
    with pytest.raises(Refused, match="另一份档案"):
        services.person_link(actor=actor, user=tied, person=person_of(school))


def test_a_file_out_of_reach_is_not_tied(county, school):
    actor, user = fresh_in(school), officer_of(school, "member")
    with pytest.raises(Refused):
        services.person_link(actor=actor, user=user, person=person_of(county))
    with pytest.raises(Refused):
        services.person_link(actor=actor, user=officer_of(county, "member"), person=person_of(school))


def test_nobody_unties_oneself_from_the_own_matters(school):
    chair = officer_of(school, person=person_of(school))
    with pytest.raises(Refused, match="自己"):
        services.person_unlink(actor=actor_of(chair), user=chair)


def test_a_member_gets_a_log_in_without_a_post(school):
    person = person_of(school)
    made = services.user_create(
        actor=fresh_in(school, "clerk"), username="m1", name=person.name, password=PASSWORD, person=person
    )
    assert {grant.action for grant in actor_of(made).scope.grants} == {"accounts.own", "members.own"}
    with pytest.raises(Refused):
        services.user_create(
            actor=fresh_in(school, "cashier"), username="m2", name="王示例", password=PASSWORD,
            person=person_of(school),
        )  # fmt: skip
    assert services.user_create(actor=system("系统"), username="m3", name="王示例", password=PASSWORD)
