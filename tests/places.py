"""A database of its own for proofs that need real processes: made once, copied for each test.

The suite's own test database lives in memory (SQLite) or in the transaction of one test; a child process sees
neither. A place is a file, or a database on the server of ``DATABASE_URL``, with its own var/ and keys.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import subprocess
import sys
import uuid
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings as live
from django.db import connection, connections
from django.test import override_settings
from psycopg import sql

from tests.cast import assemble
from zhijia.areas.finance.services import entry_record
from zhijia.areas.members.tests.factories import member_of
from zhijia.config.backup.engines import connect, url_of
from zhijia.config.settings import HOME


def server():
    """The settings of the PostgreSQL that the suite runs on; None on SQLite."""
    found = live.DATABASES["default"]
    return {**found, "NAME": "postgres"} if found["ENGINE"].endswith("postgresql") else None


def in_server(statement, *names):
    with contextlib.closing(connect(server())) as opened:
        opened.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def fresh_name():
    return f"zj_{uuid.uuid4().hex[:12]}"


@dataclass
class Place:
    """Where one test's processes work; ``name`` is that of its PostgreSQL database, if it is one."""

    var: Path
    name: str = ""

    @property
    def file(self):
        return self.var / "zhijia.sqlite3"

    @property
    def url(self):
        return url_of({**server(), "NAME": self.name}) if self.name else f"sqlite:///{self.file}"

    @property
    def environ(self):
        known = {word: value for word, value in os.environ.items() if not word.startswith("PYTEST_")}
        ours = {"DATABASE_URL": self.url, "ZHIJIA_VAR": str(self.var), "ZHIJIA_SECRET_KEY": "places"}
        keys = {"ZHIJIA_KEYS": str(self.var / "keys"), "DJANGO_SETTINGS_MODULE": "zhijia.config.settings"}
        return {**known, **ours, **keys}

    def call(self, *command):
        """Run Python with these arguments on the place; returns the ended process."""
        return subprocess.run(
            [sys.executable, *map(str, command)],
            env=self.environ, cwd=HOME, capture_output=True, text=True, check=False,
        )  # fmt: skip

    @contextlib.contextmanager
    def inside(self):
        """Let this very process work on the place: quicker than a child where nobody is killed."""
        ours, theirs = connections.create_connection("default"), connections["default"]
        ours.settings_dict = {**ours.settings_dict, "NAME": self.name or str(self.file)}
        folders = {"VAR": self.var, "KEYS": self.var / "keys", "ATTACHMENTS": self.var / "attachments"}
        files = {"RESULTS": self.var / "results", "UPKEEP": self.var / "backup" / "last.json"}
        connections["default"] = ours
        try:
            with override_settings(**folders, **files):
                yield self
        finally:
            ours.close()
            connections["default"] = theirs

    def execute(self, query):
        """Send SQL past the program, as a thief or a fault would; returns the rows of a question."""
        if self.name:
            with contextlib.closing(connect({**server(), "NAME": self.name})) as opened:
                cursor = opened.execute(query)
                return cursor.fetchall() if cursor.description else []
        with contextlib.closing(sqlite3.connect(self.file)) as opened, opened:
            return opened.execute(query).fetchall()

    def copy(self, var):
        """A second place with the same records and keys."""
        shutil.copytree(self.var, var)
        if not self.name:
            return Place(var)
        name = fresh_name()
        in_server("CREATE DATABASE {} TEMPLATE {}", name, self.name)
        return Place(var, name)

    def drop(self):
        if self.name:
            in_server("DROP DATABASE IF EXISTS {} WITH (FORCE)", self.name)


def empty(var):
    """A place without tables."""
    if server() is None:
        return Place(var)
    name = fresh_name()
    in_server("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'", name)
    return Place(var, name)


def migrated(var):
    """A place with the tables of the suite's own test database."""
    var.mkdir(mode=0o700)
    if server() is None:
        with connection.cursor() as cursor:
            cursor.execute("VACUUM INTO %s", [str(var / "zhijia.sqlite3")])
        return Place(var)
    name, ours = fresh_name(), connection.settings_dict["NAME"]
    connection.close()
    in_server("CREATE DATABASE {} TEMPLATE {}", name, ours)
    return Place(var, name)


@pytest.fixture(scope="session")
def seeded(django_db_setup, django_db_blocker, tmp_path_factory):
    """The place that the others are copied from: a county, two schools, two members and 3.50 yuan."""
    with django_db_blocker.unblock():
        made = migrated(tmp_path_factory.mktemp("place") / "var")
        with made.inside():
            cast = assemble()
            chen = cast.actor(cast.chen)
            for name in ("张三", "李四"):
                member_of(cast.school, name)
            for fen in (100, 250):
                day = date(2025, 3, 5)
                entry_record(actor=chen, union=cast.school, kind="dues", happened_on=day, amount=fen)
    yield made
    made.drop()


@pytest.fixture
def place(seeded, tmp_path, django_db_blocker):
    """A copy of the seeded place; this process works on it, and children with ``place.environ``."""
    copied = seeded.copy(tmp_path / "var")
    with django_db_blocker.unblock(), copied.inside():
        yield copied
    copied.drop()


__all__ = ["Place", "empty", "place", "seeded", "server"]
