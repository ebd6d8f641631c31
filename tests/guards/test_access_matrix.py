"""Sixteen roles × every address × five ways × five targets: exact answers, no leak, nothing unlisted.

The specification is read in access_pages.py (addresses) and access_roles.py (roles); access_land.py builds
the counties, and every text in them says from which union it is. ``./run test --long`` asks every cell;
without it HTMX, POST, PUT and DELETE are tried at fewer targets (access_cells.SHORT).
"""

from __future__ import annotations

import os

import pytest
from django.http import HttpResponseNotFound
from django.urls import get_resolver, path

from tests.guards.access_cells import Report, cells, run
from tests.guards.access_pages import PAGES
from tests.guards.access_roles import ROLES
from tests.guards.access_rooms import enter, land, quiet  # noqa: F401 - fixtures
from tests.guards.world import names, patterns
from zhijia.areas.accounts import queries
from zhijia.areas.accounts.middleware import ActorMiddleware
from zhijia.areas.honours import queries as honours
from zhijia.areas.honours.models import Honour

SHOWN = 60
FEWEST = 0.30  # of the cells that a role may open show the target's own canary (access_cells.Report.share)
# Most of what these may open is their own log-in (passwords, keys, sessions: some fifty cells without a
# record of any union), and few or no records at all; a member has none but the own file.
FLOORS = {"anonymous": 0, "member": 0, "system admin": 0.12, "security admin": 0.18, "audit admin": 0.10}
IS_LONG = bool(os.environ.get("ZHIJIA_LONG"))
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]


def difference():
    """The addresses that nobody listed, and those that are listed and gone."""
    listed = {page.name for page in PAGES}
    return set(names()) - listed, listed - set(names())


@pytest.fixture(scope="module")
def tally():
    """What each role has shown."""
    return {}


def few(*starts):
    """The pages whose names begin so."""
    return [page for page in PAGES if page.name.startswith(starts)]


def test_it_lists_every_address_and_no_other():
    unlisted, stale = difference()
    assert unlisted == set(), "say in access_pages.py who may open these"
    assert stale == set(), "these are gone"


@pytest.mark.parametrize("role", ROLES)
def test_it_answers_each_role_as_specified(land, tally, role):  # noqa: F811 - the fixture
    report = tally[role] = run(cells(role, PAGES, full=IS_LONG), land, enter(land, role))
    assert report.faults[:SHOWN] == [], f"{len(report.faults)} of {report.counted['all']} cells"
    assert report.share >= FLOORS.get(role, FEWEST), "what a role may see must be there"


def test_it_shows_their_own_to_those_who_may_see_it(land, tally):  # noqa: F811 - the fixture
    """The share over all roles together; roles that were not asked above are asked here."""
    whole = Report()
    for role in ROLES:
        one = tally.get(role) or run(cells(role, PAGES, full=IS_LONG), land, enter(land, role))
        whole.counted += one.counted
    assert whole.share >= FEWEST, whole.counted


def test_it_would_notice_a_view_without_its_question(land, monkeypatch):  # noqa: F811 - the fixture
    found = dict(patterns())["honours:honour-list"]
    monkeypatch.setattr(found, "callback", found.callback.__wrapped__)
    report = run(
        cells("school accountant", few("honours:honour-list")), land, enter(land, "school accountant")
    )
    assert any("200, not 403" in fault for fault in report.faults)


def test_it_would_notice_a_reader_without_a_scope(land, monkeypatch):  # noqa: F811 - the fixture
    def opened(_scope, *_given):
        return Honour.objects.everywhere("sabotage").select_related("union", "person__union").order_by("-pk")

    monkeypatch.setattr(honours, "honours", opened)
    report = run(cells("school clerk", few("honours:")), land, enter(land, "school clerk"))
    assert any("LEAK" in fault for fault in report.faults)
    assert any("200, not 404" in fault for fault in report.faults)


def test_it_would_notice_a_role_with_one_action_more(land, monkeypatch):  # noqa: F811 - the fixture
    honest = queries.actions_of
    more = {"audit": ("honours.record",)}
    monkeypatch.setattr(queries, "actions_of", lambda post: (*honest(post), *more.get(post, ())))
    report = run(cells("school audit", few("honours:")), land, enter(land, "school audit"))
    assert any("honours:honour-new" in fault and "200, not 403" in fault for fault in report.faults)


def test_it_would_notice_an_address_that_nobody_listed(monkeypatch):
    resolver = get_resolver()
    more = path("unlisted/", lambda _request: None, name="unlisted")
    monkeypatch.setattr(resolver, "url_patterns", [*resolver.url_patterns, more])
    assert difference()[0] == {"unlisted"}


def test_it_would_notice_a_house_where_nothing_is_found(land, monkeypatch):  # noqa: F811 - the fixture
    monkeypatch.setattr(ActorMiddleware, "__call__", lambda *_given: HttpResponseNotFound())
    report = run(cells("county chair", few("honours:", "web:")), land, enter(land, "county chair"))
    assert len(report.faults) > report.counted["all"] / 2
    assert report.share < FEWEST


def test_it_would_notice_a_number_that_is_not_masked(land, monkeypatch):  # noqa: F811 - the fixture
    monkeypatch.setattr("zhijia.areas.members.pages.person.mask_id", str)
    report = run(cells("school clerk", few("members:person-detail")), land, enter(land, "school clerk"))
    assert any("whole ID number" in fault for fault in report.faults)
