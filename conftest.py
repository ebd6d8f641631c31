"""What every test relies on: no network, quick passwords, and the browser where there is one."""

import os
import shutil
import socket
from pathlib import Path

import pytest

from tests.run import is_required

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        if (found := shutil.which(name))
    ),
    None,
)
NO_CHROMIUM = "no Chromium on this machine (apt install chromium)"
# What says the same on every database runs on one of them; ./run test --long runs it on both.
ONCE = (
    "tests/fuzz/",
    "tests/guards/test_access_matrix.py",
    "tests/guards/test_access_sides.py",
    "tests/guards/test_asvs.py",
    "tests/guards/test_deploy.py",
    "tests/guards/test_forms.py",
    "tests/guards/test_hardening.py",
    "tests/guards/test_map.py",
    "tests/guards/test_messages.py",
    "tests/test_environment.py",
    "tests/test_run.py",
    "tests/config/test_wecom.py",
    "zhijia/kit/tests/test_attachment_gate.py",
    "zhijia/kit/tests/test_gate.py",
    "zhijia/summaries/tests/test_docx.py",
)
CALLED = pytest.StashKey()
# Fixtures that cost seconds for each worker: their tests stay together in one (--dist loadgroup).
TOGETHER = {"site": "browser", "tree": "area", "county": "demo"}


def pytest_configure(config):
    """Hash passwords quickly and ask no second factor: a test's log-in protects nothing.

    The tests of the second factor ask for it themselves; servers that tests start inherit the environment.
    """
    os.environ.setdefault("ZHIJIA_SECOND_FACTOR", "optional")
    os.environ.setdefault("ZHIJIA_CODE_STEPS", "1")  # a test may meet the end of a code's half minute
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.SECOND_FACTOR = "optional"
    settings.MFA_TOTP_TOLERANCE = 1


def pytest_collection_modifyitems(config, items):
    """Keep tests that share a costly fixture in one worker; mark what need not run on each database."""
    home = Path(__file__).parent
    for item in items:
        if item.path.relative_to(home).as_posix().startswith(ONCE):
            item.add_marker(pytest.mark.once)
        for fixture, group in TOGETHER.items():
            if fixture in getattr(item, "fixturenames", ()):
                item.add_marker(pytest.mark.xdist_group(group))


def pytest_runtest_setup(item):
    """Say why a browser journey or a long proof is skipped; ZHIJIA_REQUIRE=browser makes it a failure."""
    if item.get_closest_marker("browser") and CHROMIUM is None:
        if is_required("browser"):
            pytest.fail(f"ZHIJIA_REQUIRE=browser: {NO_CHROMIUM}", pytrace=False)
        pytest.skip(NO_CHROMIUM)
    if item.get_closest_marker("long") and not os.environ.get("ZHIJIA_LONG"):
        pytest.skip("a long proof: ./run test --long")


def pytest_runtest_call(item):
    """Remember that the test was not skipped: it has had its database."""
    item.stash[CALLED] = True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item):
    """Let a test that really commits be cleared away on SQLite, where emptying a table asks its triggers.

    The triggers of the audit, which refuse that, are put aside for this moment and made again.
    """
    from django.db import connection
    from pytest_django.plugin import blocking_manager_key

    mark = item.get_closest_marker("django_db")
    commits = item.stash.get(CALLED, False) and mark and mark.kwargs.get("transaction")
    if not (commits and connection.vendor == "sqlite"):
        return (yield)
    blocker = item.config.stash[blocking_manager_key]
    with blocker.unblock(), connection.cursor() as cursor:
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
    try:
        return (yield)
    finally:
        with blocker.unblock(), connection.cursor() as cursor:
            for _name, sql in triggers:
                cursor.execute(sql)


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Refuse any connection that leaves the machine."""
    real = socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise AssertionError(f"a test opened a connection to {address!r}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
