"""Paths: fixed width, prefix means containment."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.areas.organisations.paths import WIDTH, child_path, depth, keys, rebased, segment

KEYS = st.integers(min_value=1, max_value=36**WIDTH - 1)
CHAINS = st.lists(KEYS, min_size=1, max_size=20)


def path_of(chain: list[int]) -> str:
    path = ""
    for key in chain:
        path = child_path(path, key)
    return path


@given(CHAINS)
def test_it_reads_back_the_ids_it_was_made_of(chain):
    assert keys(path_of(chain)) == tuple(chain)
    assert depth(path_of(chain)) == len(chain)


@given(CHAINS, CHAINS)
def test_it_is_a_prefix_exactly_when_the_chain_is(one, other):
    assert path_of(other).startswith(path_of(one)) == (other[: len(one)] == one)


@given(CHAINS, CHAINS)
def test_it_lies_in_the_range_exactly_when_it_is_below(one, other):
    inside = path_of(one) <= path_of(other) < f"{path_of(one)}~"
    assert inside == path_of(other).startswith(path_of(one))


@given(KEYS, KEYS)
def test_it_orders_segments_as_their_ids(one, other):
    assert (segment(one) < segment(other)) == (one < other)


@given(st.lists(KEYS, min_size=1, max_size=5), st.lists(KEYS, min_size=1, max_size=5), CHAINS)
def test_it_moves_a_subtree_without_touching_what_is_below(old, new, below):
    start = path_of(old)
    tail = "".join(segment(key) for key in below)
    assert rebased(start + tail, start, path_of(new)) == path_of(new) + tail


@pytest.mark.parametrize("key", [0, -1, 36**WIDTH])
def test_it_refuses_ids_that_do_not_fit(key):
    with pytest.raises(ValueError, match="id"):
        segment(key)


def test_it_refuses_a_tree_deeper_than_the_column():
    deepest = path_of([1] * 20)
    with pytest.raises(ValueError, match="deeper"):
        child_path(deepest, 1)
    with pytest.raises(ValueError, match="below"):
        rebased("000001", "000002", "000003")
