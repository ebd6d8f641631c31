"""The demo: the same county every time, imported without an error, and a second run that changes nothing."""

from datetime import date

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.http import HttpRequest
from django.utils import timezone

from zhijia.config.demo import CODE, books, setup
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.period import Period, latest_full_year
from zhijia.kernel.scope import Grant
from zhijia.kit.books.importing import book_import, read_book

YEAR = latest_full_year(timezone.localdate()).first.year


@pytest.fixture(scope="module")
def county():
    return books.build(YEAR)


def test_it_is_the_same_county_every_time(county):
    again = books.build(YEAR)
    for year in (YEAR - 1, YEAR):
        assert books.book(county, year) == books.book(again, year)


def test_it_is_as_big_as_promised(county):
    last = date(YEAR, 12, 31)
    assert sum(organ.lives(last) for organ in county.organs) >= 150
    members = [
        worker
        for worker in county.workers
        if any(stay.covers(last) and stay.joined_on and stay.joined_on <= last for stay in worker.stays)
    ]
    assert len(members) >= 8000
    women = sum(worker.sex == "female" for worker in members) / len(members)
    assert 0.5 < women < 0.7


def test_it_names_nobody_who_exists(county):
    numbers = [worker.id_number for worker in county.workers]
    assert all(number.startswith("999") for number in numbers)
    assert len(set(numbers)) == len(numbers)


def test_it_leaves_gaps_as_life_does(county):
    book = books.book(county, YEAR)
    acting = {row["union"] for row in book["activities"]}
    spending = {row["union"] for row in book["entries"] if row["kind"] == "经费支出"}
    unions = {row["name"] for row in book["unions"]}
    assert unions - acting
    assert unions - spending
    assert any(str(row["people"]).endswith("余") for row in book["activities"])
    assert any(row["people"] is None and not row.get("persons") for row in book["activities"])


def test_the_second_workbook_brings_every_kind_of_change(county):
    rows = books.book(county, YEAR)["unions"]
    assert {row.get("change") for row in rows} >= {"更名", "升格", "调整隶属", "注销", "撤销"}
    states = {row["state"] for row in books.book(county, YEAR)["memberships"]}
    assert states >= {"在籍", "转出", "保留会籍", "退会"}


@pytest.mark.django_db
def test_it_makes_pages_figures_and_a_summary_of_workbooks(settings, tmp_path, capsys):
    settings.VAR, settings.RESULTS = tmp_path, tmp_path / "results"
    call_command("demo", "--no-serve")
    told = capsys.readouterr().out
    for word in ("chair.demo", "accountant.demo", "school.demo", setup.PASSWORD, "在籍会员", str(tmp_path)):
        assert word in told
    assert (tmp_path / "demo" / "summary.docx").stat().st_size > 10_000
    _log_ins_work()
    _figures_grow()
    _the_same_book_again_changes_nothing(tmp_path)
    _another_run_changes_nothing(tmp_path, capsys)


def _another_run_changes_nothing(tmp_path, capsys):
    """Not even after New Year: the county of another year would be another one."""
    written = (tmp_path / "demo" / "summary.docx").stat().st_mtime_ns
    pinned = tmp_path / "demo" / "year"
    for today, is_lost in (
        (timezone.localdate(), False),
        (date(YEAR + 2, 1, 1), False),
        (date(YEAR + 3, 7, 1), True),  # then the year is found in the records
    ):
        if is_lost:
            pinned.unlink()
        call_command("demo", "--no-serve", today=today)
        told = capsys.readouterr().out
        assert "导入" not in told
        assert f" {YEAR} " in told
        assert f" {YEAR + 1} " not in told
        assert (tmp_path / "demo" / "summary.docx").stat().st_mtime_ns == written
        assert pinned.read_text() == f"{YEAR}\n"


@pytest.mark.django_db
def test_it_takes_the_latest_full_year_as_long_as_nothing_is_imported(tmp_path):
    assert setup.pin_year(tmp_path, date(2026, 3, 1)) == 2025
    assert setup.pin_year(tmp_path, date(2027, 1, 1)) == 2026
    (tmp_path / "year").write_text("broken")
    assert setup.pin_year(tmp_path, date(2027, 1, 1)) == 2026


def _log_ins_work():
    from zhijia.areas.accounts.queries import actor_of

    school = setup.union(f"{CODE}-Z13")
    for one in setup.LOG_INS:
        user = authenticate(HttpRequest(), username=one.username, password=setup.PASSWORD)
        assert user is not None
        grants = actor_of(user).scope.grants
        assert (Grant("finance.view", setup.union(one.code).path)) in grants
    reach = actor_of(authenticate(HttpRequest(), username="school.demo", password=setup.PASSWORD)).scope
    assert reach.paths("members.view") == (school.path,)


def _figures_grow():
    top = setup.union(CODE).pk
    keys = ("organisations.unions", "members.active", "activities.person_times", "finance.contributions")
    now, before = Period.parse(str(YEAR)), Period.parse(str(YEAR - 1))
    this, last = compute(keys, top, [now]), compute(keys, top, [before])
    for key in keys:
        one, two = this[key, Spot(top, now)].value, last[key, Spot(top, before)].value
        assert two < one < two * 1.25, key
    assert this["members.active", Spot(top, now)].value >= 8000


def _the_same_book_again_changes_nothing(tmp_path):
    path = books.paths(tmp_path / "demo", YEAR)[1]
    outcome = book_import(actor=setup.actor(), book=read_book(path))
    assert outcome.ok
    assert [(sheet.sheet, sheet.created, sheet.updated) for sheet in outcome.sheets] == [
        (sheet.sheet, 0, 0) for sheet in outcome.sheets
    ]
