"""Alerts: each limit, on it and one more."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from zhijia.areas.accounts.tests.factories import actor_in, enter
from zhijia.areas.audit import alerts
from zhijia.areas.audit.rules import Limits, Tally, alerts_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.audit import PART, PARTS, gathered, record, whole_and_parts, write
from zhijia.kernel.command import Change, Running
from zhijia.kernel.models import AuditEvent

LIMIT = Limits(reveals=50, searches=10, refusals=10, exported_rows=1000, night_from=22, night_to=6)
NOON = timezone.make_aware(datetime(2026, 3, 5, 12, 0))  # noqa: DTZ001 - made aware at once
TODAY = NOON.date()


@pytest.mark.parametrize(
    ("on_it", "more", "kind"),
    [
        (Tally(reveals=50), Tally(reveals=51), "reveals"),
        (Tally(), Tally(night_reads=1), "night"),
        (Tally(searches=10), Tally(searches=11), "searches"),
        (Tally(searches=20, opened=10), Tally(searches=21, opened=10), "searches"),
        (Tally(refusals=10), Tally(refusals=11), "refusals"),
        (Tally(exported_rows=1000), Tally(exported_rows=1001), "exports"),
    ],
)
def test_it_raises_an_alert_beyond_the_limit_and_not_on_it(on_it, more, kind):
    assert alerts_of(on_it, LIMIT) == {}
    assert list(alerts_of(more, LIMIT)) == [kind]


def test_it_counts_the_hours_of_the_night_over_midnight():
    assert LIMIT.night == (0, 1, 2, 3, 4, 5, 22, 23)


@pytest.fixture
def at(db, monkeypatch):
    """Write lines as if it were another time."""

    def write(moment, count, actor, verb, **kw):
        monkeypatch.setattr(timezone, "now", lambda: moment)
        with gathered():
            for _number in range(count):
                record(actor, verb, **kw)
        monkeypatch.undo()

    return write


def found(scope):
    return {(one.kind, one.number) for one in alerts.alerts(scope, TODAY)}


def test_it_finds_each_kind_in_the_lines_of_a_day(at):
    union = union_of("E01")
    clerk, admin = actor_in(union, "clerk"), actor_in(union, "audit_admin")
    at(NOON, 51, clerk, "reveal", subject_id=1)
    at(NOON, 11, clerk, "deny")
    at(NOON, 1, clerk, "export", rows=1001)
    assert found(admin.scope) == {("reveals", 51), ("refusals", 11), ("exports", 1001)}
    at(NOON - timedelta(days=1), 11, clerk, "search")
    at(NOON.replace(hour=22), 1, clerk, "view", subject_id=1)
    at(NOON.replace(hour=5, minute=59), 1, clerk, "view", subject_id=1)
    at(NOON.replace(hour=6), 1, clerk, "view", subject_id=1)
    at(NOON.replace(hour=23), 1, clerk, "view")
    assert found(admin.scope) >= {("searches", 11), ("night", 2)}
    assert len(alerts.alert_lines(admin.scope, "night", clerk.user_id, TODAY)) == 2
    assert alerts.todos(admin, TODAY)[0].count == 5


def test_it_shows_no_alert_from_elsewhere_or_from_long_ago(at):
    here, there = union_of("E01"), union_of("E02")
    admin = actor_in(here, "audit_admin")
    at(NOON, 11, actor_in(there), "deny", path=there.path)
    at(NOON - timedelta(days=31), 11, actor_in(here), "deny")
    assert found(admin.scope) == set()
    assert alerts.todos(actor_in(here, "clerk"), TODAY) == []


@pytest.mark.parametrize("word", [PART, PARTS])
def test_nobody_folds_a_line_away_by_its_details(db, word):
    with pytest.raises(ValueError, match="whole_and_parts"):
        record(actor_in(union_of("E01")), "view", details={word: 1})


@pytest.mark.django_db
def test_it_counts_an_export_once_and_opens_it_in_the_alert(client):
    union = union_of("E01")
    clerk = actor_in(union, "clerk")
    whole = Change("members.fullexport", 1, "export", {})
    parts = [replace(whole, subject_id=1)] * 1001
    write(Running("members.export_full", clerk, union.path, changes=whole_and_parts(whole, parts)))
    enter(client, union, "security_admin")
    page = client.get(reverse("audit:alert-list"))
    assert [one.number for one in page.context["table"].data.data if one.kind == "exports"] == [1001]
    url = reverse("audit:alert-lines", args=["exports", clerk.user_id, timezone.localdate().isoformat()])
    lines = client.get(url)
    assert lines.context["total"] == 1
    seq = lines.context["table"].data.data[0].seq
    assert client.get(url, {"of": seq}).context["total"] == 1001
    assert client.get(url.replace("exports", "refusals"), {"of": seq}).status_code == 404


def test_it_opens_an_alert_to_its_lines(client, at):
    union = union_of("E01")
    clerk = actor_in(union, "clerk")
    at(timezone.now(), 11, clerk, "deny", action="finance.pay", reason="您的岗位没有此项权限")
    at(timezone.now(), 1, clerk, "login")
    enter(client, union, "security_admin")
    page = client.get(reverse("audit:alert-list"))
    assert "多次越权被拒绝" in page.content.decode()
    url = page.context["table"].data.data[0].url
    shown = client.get(url)
    assert shown.context["total"] == 11
    assert client.get(url.replace("refusals", "gossip")).status_code == 404
    assert client.get(url.replace(timezone.localdate().isoformat(), "yesterday")).status_code == 404
    assert client.get(reverse("audit:line-list")).status_code == 403
    assert AuditEvent.objects.filter(verb="deny").count() >= 11
