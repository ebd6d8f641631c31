"""A chain to tamper with, and a database of its own for several processes at once."""

import importlib
import os
import subprocess
import sys
import uuid
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import connection

HOME = Path(__file__).resolve().parents[4]
MIGRATION = importlib.import_module("zhijia.kernel.migrations.0004_audit_chain")


@pytest.fixture
def unguarded(db):
    """Take the triggers off for one test, as someone with the database's password can."""
    with connection.cursor() as cursor:
        for statements in (MIGRATION.ASIDE, MIGRATION.UNGUARD):
            for statement in statements[connection.vendor]:
                cursor.execute(statement)


class Place:
    """A database without tables, of the kind that the tests run on, for processes of their own."""

    def __init__(self, url: str, folder: Path) -> None:
        self.environ = {
            **os.environ,
            "DATABASE_URL": url,
            "ZHIJIA_VAR": str(folder),
            "ZHIJIA_KEYS": str(folder / "keys"),
            "PYTHONPATH": str(HOME),
        }

    def start(self, code: str) -> subprocess.Popen:
        lines = f"import django; django.setup()\n{code}"
        return subprocess.Popen(
            [sys.executable, "-c", lines],
            env=self.environ,
            cwd=HOME,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str) -> str:
        process = self.start(code)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return out


def migration(target: str = "") -> str:
    """Return the code that brings the kernel's tables to a migration, the newest by default."""
    more = f", {target!r}" if target else ""
    return (
        "from django.core.management import call_command\n"
        f"call_command('migrate', 'kernel'{more}, verbosity=0, skip_checks=True)"
    )


@pytest.fixture
def place(tmp_path, django_db_blocker):
    if connection.vendor == "sqlite":
        yield Place(f"sqlite:///{tmp_path / 'chain.sqlite3'}", tmp_path)
        return
    import psycopg

    name = f"chain_{uuid.uuid4().hex[:12]}"
    url = os.environ["DATABASE_URL"]
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name}")
        yield Place(urlunsplit(urlsplit(url)._replace(path=f"/{name}")), tmp_path)
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")
