"""A killed process loses nothing that it acknowledged and leaves nothing in halves."""

import json

import pytest

WORKS = ("import", "payment", "summary")
SHORT = {"import": 12, "payment": 12, "summary": 3}  # a summary takes a second
LONG, CAUGHT = 200, 60
SEED = 20261122

pytestmark = pytest.mark.django_db  # or there is no test database to copy


def kill(place, *words):
    done = place.call("-m", "tests.kill.harness", *words)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def clean(outcome, rounds):
    assert (outcome["lost"], outcome["halves"], outcome["rounds"]) == ([], [], rounds)
    assert outcome["acknowledged"] > 0


def test_it_survives_a_few_kills(place):
    """One test for all works: what was met half-way is counted over all of them."""
    met = {}
    for work in WORKS:
        outcome = kill(place, work, SHORT[work], SEED)
        clean(outcome, SHORT[work])
        met[work] = outcome["unfinished"]
    assert sum(met.values()) > 0, "no kill ever came in between"


@pytest.mark.long
@pytest.mark.parametrize("work", WORKS)
def test_it_survives_many_kills(place, work):
    outcome = kill(place, work, LONG, SEED + 1)
    clean(outcome, LONG)
    assert outcome["unfinished"] > 0, "no kill ever came in between"


def test_it_would_notice_an_early_acknowledgement(place):
    assert kill(place, "payment", CAUGHT, SEED, "early")["lost"]


def test_it_would_notice_two_transactions(place):
    assert kill(place, "payment", CAUGHT, SEED, "two")["halves"]


@pytest.mark.long
@pytest.mark.parametrize("work", ["import", "summary"])
@pytest.mark.parametrize(("sabotage", "kind"), [("early", "lost"), ("two", "halves")])
def test_it_would_notice_it_in_other_work_too(place, work, sabotage, kind):
    # the moment between two transactions is one in fifty of a summary's time; the run ends when it is caught
    assert kill(place, work, CAUGHT * 8, SEED, sabotage)[kind]
