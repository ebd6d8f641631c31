"""Many at once: one effect for each form, no lost update, nobody is told that the database is locked."""

import json

import pytest

from tests.places import server

pytestmark = pytest.mark.django_db  # or there is no test database to copy
PAIRS, EDITS = (
    [60, pytest.param(1000, marks=pytest.mark.long)],
    [30, pytest.param(200, marks=pytest.mark.long)],
)
LIMIT = 1.0


def run(place, *words):
    done = place.call("-m", "tests.concurrency.harness", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


@pytest.mark.parametrize("pairs", PAIRS)
def test_it_has_one_effect_for_each_form(place, pairs):
    found = run(place, "double", f"pairs={pairs}")
    assert found == {"submissions": 2 * pairs, "other_answers": 0, "other_effects": 0}


def test_it_would_notice_a_missing_key(place):
    found = run(place, "double", "pairs=5", "sabotage")
    assert found["other_effects"] == 5


@pytest.mark.parametrize("edits", EDITS)
def test_it_loses_no_update(place, edits):
    found = run(place, "edits", f"edits={edits}")
    assert (found["edits"], found["lost"]) == (edits, 0)
    assert found["stale"] > 0, "the edits never met"


def test_it_would_notice_a_missing_version_check(place):
    assert run(place, "edits", "edits=30", "sabotage")["lost"] > 0


def test_it_refuses_nobody(place, record_property):
    found = run(place, "writers", "writers=6", "each=10")
    record_property("p99", found["p99"])
    assert (found["commands"], found["refused"], found["missing"]) == (60, 0, 0), found["why"]


@pytest.mark.long
def test_it_refuses_nobody_of_thirty(place, record_property):
    found = run(place, "writers", "writers=30", "each=40")
    record_property("p99", found["p99"])
    assert (found["commands"], found["refused"], found["missing"]) == (1200, 0, 0), found["why"]
    assert found["p99"] < LIMIT


@pytest.mark.skipif("server() is not None", reason="SQLite's way to begin")
def test_it_would_notice_a_lock_that_is_taken_too_late(place):
    found = run(place, "writers", "writers=6", "each=10", "sabotage")
    assert found["refused"] > 0
    assert found["why"] == ["database is locked"]


__all__ = ["server"]
