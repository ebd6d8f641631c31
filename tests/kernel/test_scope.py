"""Scope fails closed."""

import pytest
from django.db.models import Count
from hypothesis import given
from hypothesis import strategies as st

from tests.cast import assemble
from zhijia.areas.organisations.models import Union
from zhijia.kernel.scope import EVERYWHERE, Grant, Scope, ScopeMissingError

PATHS = st.lists(st.sampled_from(["000001", "000001000002", "000001000003", "000009"]), max_size=4)
READS = {
    "list": list,
    "count": lambda rows: rows.count(),
    "exists": lambda rows: rows.exists(),
    "first": lambda rows: rows.first(),
    "get": lambda rows: rows.get(pk=1),
    "values": lambda rows: list(rows.values_list("pk")),
    "aggregate": lambda rows: rows.aggregate(n=Count("pk")),
    "iterator": lambda rows: list(rows.iterator()),
    "update": lambda rows: rows.update(region="x"),
    "delete": lambda rows: rows.delete(),
}


@pytest.mark.django_db
@pytest.mark.parametrize("how", READS)
def test_it_raises_without_a_scope(how):
    with pytest.raises(ScopeMissingError):
        READS[how](Union.objects.all())
    with pytest.raises(ScopeMissingError):
        READS[how](Union.objects.filter(code="S1"))


@pytest.mark.django_db
def test_it_shows_each_officer_the_own_subtree_only():
    cast = assemble()

    def seen(user):
        scope = cast.actor(user).scope
        return set(Union.objects.within(scope, "organisations.view").values_list("code", flat=True))

    assert seen(cast.chen) == {"C1", "S1", "S2"}
    assert seen(cast.li) == {"S1"}
    assert seen(cast.zhao) == {"X1"}


@pytest.mark.django_db
def test_it_shows_nothing_for_an_empty_scope_or_another_action():
    cast = assemble()
    assert not Union.objects.within(Scope(), "organisations.view").exists()
    only = Scope(frozenset({Grant("aid.view", cast.county.path)}))
    assert not Union.objects.within(only, "organisations.view").exists()


def test_it_needs_a_reason_to_open_everything():
    with pytest.raises(ValueError, match="reason"):
        Union.objects.everywhere("")


@given(PATHS, PATHS)
def test_it_adds_up_several_seats(one, two):
    both = Scope(frozenset(Grant("a", path) for path in [*one, *two]))
    for path in ("000001", "000001000002", "000001000004", "000009"):
        alone = [bool(Scope(frozenset(Grant("a", p) for p in part)).may("a", path)) for part in (one, two)]
        assert bool(both.may("a", path)) == any(alone)


@given(PATHS)
def test_it_keeps_only_the_roots(paths):
    roots = Scope(frozenset(Grant("a", path) for path in paths)).paths("a")
    assert all(not a.startswith(b) for a in roots for b in roots if a != b)
    assert all(any(path.startswith(root) for root in roots) for path in paths)


def test_it_says_why_something_is_refused():
    scope = Scope(frozenset({Grant("aid.view", "000001")}))
    assert str(scope.may("aid.view", "000002").reason)
    assert "登记和更正慰问救助" in str(scope.may("aid.record").reason)
    assert EVERYWHERE.may("anything", "zzz")
