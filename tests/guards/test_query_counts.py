"""How many queries each page asks: committed in query_counts.json, and the same for three times the rows.

``ZHIJIA_RECORD=1 ./run test tests/guards/test_query_counts.py`` writes the numbers of today.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.guards.world import ANSWERED, names

BASELINE = Path(__file__).with_name("query_counts.json")
SEARCH = "?q=张三"
# page -> why it may ask more queries for more rows
GROWS = {
    "targets:target-list": "each union and period is computed by itself, in the tree of that period's end; "
    "at most 50 a page",
}


def addresses(world):
    """Every page by name; the search with a name that is found."""
    for name in names():
        yield name, world.address(name) + (SEARCH if name == "web:search" else "")


def count(client, address):
    """Return the number of queries of a page; None for what is no page (a redirect, a POST, a download)."""
    with CaptureQueriesContext(connection) as asked:
        answer = client.get(address)
    is_page = answer.status_code == ANSWERED and "text/html" in answer.headers["Content-Type"]
    return len(asked) if is_page else None


def counts(world, client):
    client.get(world.address("web:home"))  # a changed number of to-dos is written to the session once
    return {
        name: number for name, address in addresses(world) if (number := count(client, address)) is not None
    }


def growing(few, many):
    """Name the pages that ask more for more rows."""
    return {name: f"{name}: {few.get(name)} → {many[name]}" for name in many if many[name] != few.get(name)}


def differences(found, kept):
    """Name the pages whose number is not the one that was committed, and those that are gone."""
    return {
        f"{name}: {kept.get(name)} committed, {found.get(name)} now"
        for name in {*found, *kept}
        if found.get(name) != kept.get(name)
    }


def test_it_asks_no_more_queries_for_more_rows(world, client):
    client.force_login(world.cast.chen)
    world.grow()
    counts(world, client)  # what a process remembers (kinds, compiled figures) is remembered now
    few = counts(world, client)
    world.grow(times=4)
    many = counts(world, client)
    grown = growing(few, many)
    assert {line for name, line in grown.items() if name not in GROWS} == set()
    assert set(GROWS) - set(grown) == set(), "stale exemptions"
    if os.environ.get("ZHIJIA_RECORD"):
        BASELINE.write_text(json.dumps(few, indent=1, sort_keys=True) + "\n")
    assert differences(few, json.loads(BASELINE.read_text())) == set()


def test_it_would_notice_more_queries_and_a_page_that_is_gone():
    assert growing({"a": 3, "b": 1}, {"a": 9, "b": 1}) == {"a": "a: 3 → 9"}
    assert differences({"a": 3, "b": 1}, {"a": 3, "b": 2, "c": 1}) == {
        "b: 2 committed, 1 now",
        "c: 1 committed, None now",
    }


def test_it_would_notice_a_query_for_each_row(world, client, monkeypatch):
    """A page that loads a union for each row asks more when there are more rows."""
    from zhijia.areas.honours import queries

    honest = queries.honours
    monkeypatch.setattr(queries, "honours", lambda scope: honest(scope).select_related(None))
    client.force_login(world.cast.chen)
    few = {"list": count(client, world.address("honours:honour-list"))}
    world.grow(times=2)
    many = {"list": count(client, world.address("honours:honour-list"))}
    assert growing(few, many)
