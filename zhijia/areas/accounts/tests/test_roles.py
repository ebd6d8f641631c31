"""The table of posts against what the areas declare."""

from zhijia.areas.accounts.roles import GRANTED, OWN, actions_of
from zhijia.areas.organisations.models import Seat
from zhijia.kernel.registry import registry


def test_every_declared_action_is_granted_to_some_post():
    granted = {action for actions in GRANTED.values() for action in actions} | set(OWN)
    assert set(registry().actions) - granted == set()


def test_every_granted_action_is_declared_by_an_area():
    granted = {action for actions in GRANTED.values() for action in actions} | set(OWN)
    assert granted - set(registry().actions) == set()


def test_every_post_has_its_line():
    assert set(GRANTED) == set(Seat.Post)


def test_audit_members_may_look_and_take_lists_out_but_never_record():
    assert "finance.view" in actions_of("audit")
    assert {action for action in actions_of("audit") if not action.endswith(".view")} == {"books.export"}


def test_cashier_and_accountant_record_money_only():
    for post in ("accountant", "cashier"):
        writing = [action for action in actions_of(post) if not action.endswith(".view")]
        assert writing == ["finance.record", "books.export"]


def test_an_unknown_post_grants_nothing():
    assert actions_of("emperor") == ()


def test_an_accountant_may_not_import_books():
    assert "books.import" not in actions_of(Seat.Post.ACCOUNTANT)
    assert "books.import" in actions_of(Seat.Post.CLERK)
