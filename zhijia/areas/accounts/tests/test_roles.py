"""The table of posts against what the areas declare, and the lines that must never be crossed in it."""

from itertools import combinations

import pytest

from zhijia.areas.accounts.roles import (
    ADMIN_POSTS,
    GRANTED,
    KEPT_APART,
    OWN,
    OWN_FILE,
    SENSITIVE,
    actions_of,
    posts_with,
)
from zhijia.areas.organisations.models import Seat
from zhijia.kernel.registry import registry

# Actions about log-ins, the audit, the register of processing and the machine: no business data.
NOT_BUSINESS = ("accounts.", "audit.", "privacy.view", "system.")
# action -> the posts that may have it, whatever else changes; money passes through four different hands
RESERVED = {
    "finance.check": {"accountant"},
    "finance.approve": {"chair", "vice_chair"},
    "finance.pay": {"cashier"},
    "members.approve_full": {"chair", "vice_chair"},
    "privacy.erase": {"chair", "vice_chair"},
    "audit.view": {"audit", "audit_admin"},
    "accounts.appoint": {"security_admin"},
    "accounts.grant": {"chair", "vice_chair", "security_admin"},
    "system.view": {"system_admin"},
}


def crossed(granted):
    """Return what a table of grants does that it must not."""
    found = [
        f"{post} sees {action}"
        for post in ADMIN_POSTS
        for action in granted[post]
        if not action.startswith(NOT_BUSINESS)
    ]
    for action, posts in RESERVED.items():
        found += [f"{post} has {action}" for post in granted if action in granted[post] and post not in posts]
    for one, other in combinations(sorted(ADMIN_POSTS), 2):
        shared = set(granted[one]) & set(granted[other]) & SENSITIVE
        found += [f"{one} and {other} share {action}" for action in shared]
    return found


def test_every_declared_action_is_granted_to_someone():
    granted = {action for actions in GRANTED.values() for action in actions} | {*OWN, *OWN_FILE}
    assert set(registry().actions) - granted == set()


def test_every_granted_action_is_declared_by_an_area():
    granted = {action for actions in GRANTED.values() for action in actions} | {*OWN, *OWN_FILE}
    assert granted - set(registry().actions) == set()


def test_every_post_has_its_line_and_grants_each_action_once():
    assert set(GRANTED) == set(Seat.Post)
    assert all(len(set(actions)) == len(actions) for actions in GRANTED.values())


def test_sensitive_and_separated_actions_are_those_of_some_post():
    granted = {action for actions in GRANTED.values() for action in actions}
    assert SENSITIVE - granted == set()
    assert KEPT_APART - granted == set()


def test_it_crosses_no_line():
    assert crossed(GRANTED) == []


@pytest.mark.parametrize(
    ("post", "action"),
    [
        ("security_admin", "members.view"),
        ("system_admin", "organisations.view"),
        ("audit_admin", "figures.view"),
        ("accountant", "finance.pay"),
        ("cashier", "finance.check"),
        ("clerk", "finance.approve"),
        ("chair", "accounts.appoint"),
        ("system_admin", "audit.view"),
    ],
)
def test_one_action_too_many_is_noticed(post, action):
    assert crossed({**GRANTED, post: (*GRANTED[post], action)})


def test_audit_members_may_look_and_take_lists_out_but_never_record():
    looks = {action for action in actions_of("audit") if action.endswith(".view")}
    assert {"finance.view", "audit.view", "privacy.view"} <= looks
    assert set(actions_of("audit")) - looks == {"books.export", "accounts.matrix"}


def test_the_accountant_keeps_the_books_and_checks():
    writing = {action for action in actions_of("accountant") if not action.endswith(".view")}
    assert writing == {"finance.record", "finance.request", "finance.check", "books.export"}


def test_the_cashier_pays_and_nothing_else():
    writing = {action for action in actions_of("cashier") if not action.endswith(".view")}
    assert writing == {"finance.pay", "books.export"}
    assert "aid.view" not in actions_of("cashier")


def test_a_supervisor_sees_the_union_only():
    assert actions_of("supervisor") == ("organisations.view",)


def test_a_group_leader_records_activities_and_no_members():
    assert "activities.record" in actions_of("group_leader")
    assert not {"members.record", "aid.view", "finance.view", "books.export"} & set(
        actions_of("group_leader")
    )


def test_a_committee_member_reads_no_personal_files():
    assert not {"members.view", "aid.view", "finance.view", "books.export"} & set(actions_of("member"))


def test_an_unknown_post_grants_nothing():
    assert actions_of("emperor") == ()


def test_an_accountant_may_not_import_books():
    assert "books.import" not in actions_of(Seat.Post.ACCOUNTANT)
    assert "books.import" in actions_of(Seat.Post.CLERK)


def test_it_finds_the_posts_of_an_action():
    assert posts_with("finance.pay") == ("cashier",)
    assert posts_with("members.own") == ()
