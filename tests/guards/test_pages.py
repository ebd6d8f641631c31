"""Every address answers, every template is rendered, and a variable that does not exist fails.

The crawl opens each address as an officer with records, as one without any, as an htmx part, and posts each
form empty. An address that nobody listed a sample for is red.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, URLPattern, get_resolver, reverse

import zhijia
from tests.cast import assemble
from zhijia.areas.activities.tests.factories import activity_of, result_of
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.finance.tests.factories import entry_of
from zhijia.areas.honours.tests.factories import honour_of
from zhijia.areas.members.tests.factories import member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import committee_of, employer_of, head_count_of, seat_of
from zhijia.kernel.models import Job
from zhijia.summaries.models import Summary
from zhijia.targets.models import Target

HOME = Path(zhijia.__file__).parent
OK = {200, 302, 400, 404, 405}
# template -> why the crawl cannot reach it
UNREACHED: dict[str, str] = {
    "403_csrf.html": "rendered by Django's own CSRF view; looked at below",
    "500.html": "rendered by Django's own error handler; looked at below",
}


def patterns(resolver=None, space=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{space}{pattern.name}", pattern
        else:
            yield from patterns(pattern, space + (f"{pattern.namespace}:" if pattern.namespace else ""))


class World:
    """One record of everything, and the arguments that lead to it."""

    def __init__(self):
        self.cast = cast = assemble()
        union = cast.school
        employer = employer_of(union)
        count = head_count_of(employer, date(2025, 1, 1), 60, 40, 2)
        committee = committee_of(union, date(2020, 5, 1), date(2025, 5, 1))
        seat = seat_of(union)
        member = member_of(union, "张三")
        applied = membership_of(person_of(union, "李四"), state="applied", starts_on=None)
        moving = member_of(union, "王五")
        type(moving)._base_manager.filter(pk=moving.pk).update(state="transferring")
        activity = activity_of(union, people="30余", persons=[member.person], held_on=date(2025, 3, 5))
        result = result_of(activity)
        relief = relief_of(union, person=member.person)
        entry = entry_of(
            union, kind="contribution", amount=100_00, happened_on=date(2025, 3, 5), formalities="pending"
        )
        honour = honour_of(union)
        Target._base_manager.create(union=cast.county, figure="members.members", period="2025", goal=9)
        job = Job.objects.create(
            kind="books.preview", title="x", owner_id=cast.chen.pk, state="running", total=9
        )
        summary = Summary._base_manager.first()
        self.samples = {
            "organisations:committee-end": [committee.pk],
            "organisations:seat-end": [seat.pk],
            "organisations:employer-detail": [employer.pk],
            "organisations:employer-edit": [employer.pk],
            "organisations:employer-end": [employer.pk],
            "organisations:head-count-create": [employer.pk],
            "organisations:head-count-edit": [count.pk],
            "organisations:": [union.pk],
            "members:transfer": [moving.pk, "accept"],
            "members:membership-correct": [member.pk],
            "members:step": [applied.pk, "approve"],
            "members:": [member.person_id],
            "accounts:holding-revoke": [cast.li.holdings.get().pk],
            "accounts:": [cast.li.pk],
            "finance:formalities-set": [entry.pk, "ready"],
            "finance:": [entry.pk],
            "activities:result-detail": [result.pk],
            "activities:result-edit": [result.pk],
            "activities:": [activity.pk],
            "aid:": [relief.pk],
            "honours:": [honour.pk],
            "books:import-columns": ["nothing"],
            "books:": [job.pk],
            "figures:": ["members.members"],
            "summaries:job": [job.pk],
            "summaries:": [summary.pk if summary else 0],
        }

    def address(self, name):
        """Return the address of a page, with the sample's arguments where it needs some."""
        try:
            return reverse(name)
        except NoReverseMatch:
            keys = [key for key in self.samples if name.startswith(key)]
            return reverse(name, args=self.samples[max(keys, key=len)])


def names():
    return sorted({name for name, _pattern in patterns()})


@pytest.fixture
def world(db):
    return World()


def visit(client, address, faults):
    """Open an address in the ways a browser does; return the templates used, collect what went wrong."""
    used = set()
    for way, call in (
        ("get", lambda: client.get(address)),
        ("htmx", lambda: client.get(address, headers={"HX-Request": "true", "HX-Target": "list-body"})),
        ("post", lambda: client.post(address, {})),
        ("query", lambda: client.get(address, {"q": "不存在", "page": "7", "period": "2025", "union": "C1"})),
    ):
        try:
            answer = call()
        except Exception as error:  # noqa: BLE001 - the crawl names every address that fails, not the first
            faults.append(f"{way} {address}: {type(error).__name__}: {error}")
            continue
        if answer.status_code not in OK:
            faults.append(f"{way} {address}: {answer.status_code}")
        used |= {template.name for template in answer.templates if template.name}
    return used


def templates():
    return {
        str(path.relative_to(folder))
        for folder in HOME.glob("**/templates")
        for path in folder.glob("**/*.html")
        if "django" not in path.parts
    }


def test_it_renders_every_page_and_every_template(world, client):
    used, faults = set(), []
    for user in (world.cast.chen, world.cast.zhao):
        client.force_login(user)
        for name in names():
            if name not in ("accounts:logout", "set_language"):
                used |= visit(client, world.address(name), faults)
    client.logout()
    used |= visit(client, reverse("accounts:login"), faults)
    assert faults == []
    left = templates() - used
    assert left - set(UNREACHED) == set()
    assert set(UNREACHED) - left == set(), "stale exemptions"


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "500.html"])
def test_it_renders_the_error_pages(name):
    assert "职家" in render_to_string(name, {})
