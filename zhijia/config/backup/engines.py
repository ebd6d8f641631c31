"""Copying a database out, and putting a copy into an empty one: SQLite's own way and PostgreSQL's tools."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.db import connection, transaction
from django.utils.translation import gettext as _
from psycopg import sql

from zhijia.config.backup import content
from zhijia.config.backup.content import Ask
from zhijia.config.backup.manifest import BackupError, Content, settle

PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")
Settings = Mapping[str, Any]


class ToolMissingError(BackupError):
    """pg_dump or pg_restore is not on this machine, or older than the server."""


def copy_out(target: Path) -> Content:
    """Copy the running database to a file, while others write; return what the copy holds."""
    found = _copy_sqlite(target) if connection.vendor == "sqlite" else _copy_postgres(target)
    target.chmod(0o600)
    settle(target)
    return found


def _copy_sqlite(target: Path) -> Content:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(target)])
    with sqlite(target) as ask:
        if ask("PRAGMA integrity_check") != [("ok",)]:
            raise BackupError(_("数据库文件已损坏（integrity_check 没有通过），没有生成备份。"))
        return content.read(ask, "sqlite")


@contextlib.contextmanager
def sqlite(path: Path) -> Iterator[Ask]:
    """Ask a database file that nobody uses."""
    with contextlib.closing(sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)) as opened:
        yield lambda query: opened.execute(query).fetchall()


def live() -> Ask:
    """Ask the database of this process."""

    def ask(query: str) -> list[tuple[Any, ...]]:
        with connection.cursor() as cursor:
            cursor.execute(query)
            return list(cursor.fetchall())

    return ask


def _copy_postgres(target: Path) -> Content:
    """Count and dump in the same snapshot, so that both agree whatever is written meanwhile."""
    dump = tool("pg_dump", server_version())
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SELECT pg_export_snapshot()")
        snapshot = cursor.fetchone()[0]
        found = content.read(live(), "postgresql")
        _run([dump, "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={target}"],
             connection.settings_dict)  # fmt: skip
    return found


def server_version() -> int:
    """Return the major version of the running PostgreSQL."""
    return int(live()("SHOW server_version_num")[0][0]) // 10000


def tool(name: str, oldest: int) -> str:
    """Return the path of a PostgreSQL program that is no older than ``oldest``; ToolMissingError."""
    on_path = shutil.which(name)
    candidates = [Path(on_path)] if on_path else []
    for pattern in PLACES:
        candidates += sorted((place / name for place in Path("/").glob(pattern[1:])), reverse=True)
    for path in candidates:
        if path.exists() and _version(path) >= oldest:
            return str(path)
    raise ToolMissingError(
        _("找不到 %(name)s %(version)s 或更新的版本，请安装（apt install postgresql-client）。")
        % {"name": name, "version": oldest}
    )


def _version(path: Path) -> int:
    told = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=False).stdout
    found = re.search(r"(\d+)", told.partition(")")[2])
    return int(found[1]) if found else 0


def _environment(place: Settings) -> dict[str, str]:
    """Say which database by the environment: a command line is seen by everyone on the machine."""
    named = {
        "PGHOST": "HOST",
        "PGPORT": "PORT",
        "PGUSER": "USER",
        "PGPASSWORD": "PASSWORD",
        "PGDATABASE": "NAME",
    }
    return {**os.environ, **{word: str(place[key]) for word, key in named.items() if place.get(key)}}


def _run(command: list[str], place: Settings) -> None:
    done = subprocess.run(command, env=_environment(place), capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupError(f"{Path(command[0]).name}: {done.stderr.strip()[-500:]}")


def connect(place: Settings) -> psycopg.Connection[tuple[Any, ...]]:
    """Open a PostgreSQL database by Django's settings of it."""
    return psycopg.connect(
        host=place.get("HOST") or None,
        port=place.get("PORT") or None,
        user=place.get("USER") or None,
        password=place.get("PASSWORD") or None,
        dbname=place["NAME"],
        autocommit=True,
    )


def is_empty(place: Settings) -> bool:
    """Say whether a PostgreSQL database holds no table of anyone."""
    with contextlib.closing(connect(place)) as opened:
        row = opened.execute(
            "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        ).fetchone()
    return row == (0,)


def put_back(dump: Path, place: Settings) -> None:
    """Put a dump into an empty PostgreSQL database, whole or not at all."""
    with contextlib.closing(connect(place)) as opened:
        version = opened.info.server_version // 10000
    command = [tool("pg_restore", version), "--single-transaction", "--exit-on-error", "--no-owner"]
    _run([*command, "--no-privileges", f"--dbname={place['NAME']}", str(dump)], place)


@contextlib.contextmanager
def spare_database() -> Iterator[Settings]:
    """Make an empty database on the server in use, and drop it afterwards."""
    name = f"zhijia_drill_{uuid.uuid4().hex[:12]}"
    ours = connection.settings_dict
    try:
        with contextlib.closing(connect(ours)) as opened:
            make = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'"
            opened.execute(sql.SQL(make).format(sql.Identifier(name)))
    except psycopg.Error as error:
        raise BackupError(
            _("不能在 PostgreSQL 上建立演练用的空数据库：%(why)s（需要 CREATEDB 权限）。") % {"why": error}
        ) from error
    try:
        yield {**ours, "NAME": name}
    finally:
        with contextlib.closing(connect(ours)) as opened:
            opened.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def url_of(place: Settings) -> str:
    """Return the DATABASE_URL of a PostgreSQL database."""
    user = quote(str(place.get("USER") or ""), safe="")
    secret = f":{quote(str(place['PASSWORD']), safe='')}" if place.get("PASSWORD") else ""
    port = f":{place['PORT']}" if place.get("PORT") else ""
    host = str(place.get("HOST") or "")
    words = f"?{urlencode({'host': host})}" if host.startswith("/") else ""
    at = "" if words else f"[{host}]" if ":" in host else host
    return f"postgresql://{user}{secret}@{at}{port}/{quote(str(place['NAME']), safe='')}{words}"
