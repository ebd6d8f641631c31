"""The registry is closed, and every name in a card leads somewhere."""

from dataclasses import replace

import pytest

from zhijia.kernel import checks
from zhijia.kernel.registry import Action, Card, MenuItem, _merge, registry

GOOD = Card(name="a", label="a", icon="x", actions=(Action("a.view", "see"),))


def test_it_refuses_an_action_declared_twice():
    with pytest.raises(ValueError, match=r"a\.view is declared twice"):
        _merge((GOOD, replace(GOOD, name="b")))


def test_it_refuses_a_job_declared_twice():
    one = Card(name="a", label="a", icon="x", jobs={"a.run": "m.f"})
    with pytest.raises(ValueError, match=r"a\.run is declared twice"):
        _merge((one, replace(one, name="b")))


def test_it_joins_the_listeners_of_all_cards():
    one = Card(name="a", label="a", icon="x", listeners={"e.Happened": "m.f"})
    two = Card(name="b", label="b", icon="x", listeners={"e.Happened": "m.g"})
    assert _merge((one, two)).listeners["e.Happened"] == ("m.f", "m.g")


def test_it_cannot_be_changed_afterwards():
    with pytest.raises(TypeError):
        registry().actions["x.view"] = Action("x.view", "x")  # type: ignore[index]  # that is the point


def test_it_resolves_every_name_in_every_card():
    assert checks.cards_resolve() == []


@pytest.mark.parametrize(
    "broken",
    [
        replace(GOOD, facts=("zhijia.nowhere.FACT",)),
        replace(GOOD, todos=("zhijia.kernel.scope.nothing",)),
        replace(GOOD, listeners={"e.Happened": "zhijia.kernel.scope.nothing"}),
        replace(GOOD, menu=(MenuItem("x", "web:home", "x", "b.view"),)),
    ],
)
def test_it_would_notice_a_name_that_leads_nowhere(monkeypatch, broken):
    monkeypatch.setattr(checks, "registry", lambda: _merge((broken,)))
    assert len(checks.cards_resolve()) == 1
