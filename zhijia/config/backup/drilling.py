"""The drill: put a backup into an empty place, look at everything there, and throw the place away."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zhijia.config.backup import engines, manifest
from zhijia.config.backup.inspecting import Finding
from zhijia.config.backup.manifest import BackupError, Manifest
from zhijia.config.backup.placing import SQLITE_NAME, backup_restore
from zhijia.kernel import upkeep

Say = Callable[[str], None]


def drill(folder: Path, say: Say = lambda _text: None) -> list[Finding]:
    """Prove that a backup can be put back; return every test with what was wrong, and keep the outcome."""
    try:
        found = _drill(folder, say)
    except (BackupError, OSError) as error:
        upkeep.note(upkeep.DRILL, ok=False, detail=str(error))
        raise
    wrong = [f"{one.test}: {one.wrong[0]}" for one in found if not one.ok]
    upkeep.note(upkeep.DRILL, ok=not wrong, detail="；".join(wrong) or str(folder))
    return found


def _drill(folder: Path, say: Say) -> list[Finding]:
    about = manifest.load(folder)
    say(_("核对备份文件"))
    found = [Finding("files", tuple(manifest.damages(folder, about)))]
    if not found[0].ok:
        return found
    with _empty_place(about, folder, say) as (outcome, environment):
        found.append(outcome)
        if outcome.ok:
            say(_("核对恢复的内容"))
            found += inspected(folder, environment)
    return found


@contextlib.contextmanager
def _empty_place(about: Manifest, folder: Path, say: Say) -> Iterator[tuple[Finding, dict[str, str]]]:
    """Restore into a folder (and a database) of its own; both are gone afterwards."""
    with contextlib.ExitStack() as kept:
        to = Path(kept.enter_context(tempfile.TemporaryDirectory(prefix="zhijia-drill-"))) / "var"
        database = kept.enter_context(engines.spare_database()) if about.engine == "postgresql" else None
        try:
            backup_restore(folder, to, database=database, say=say)
        except (BackupError, OSError) as error:
            yield Finding("restore", (str(error),)), {}
            return
        url = engines.url_of(database) if database else f"sqlite:///{to / SQLITE_NAME}"
        yield Finding("restore", ()), place_of(to, url)


def place_of(to: Path, url: str) -> dict[str, str]:
    """Return the environment of a process that runs on another place, with the keys of this one."""
    ours = {"DATABASE_URL": url, "ZHIJIA_VAR": str(to), "ZHIJIA_KEYS": str(settings.KEYS)}
    return {
        **os.environ,
        **ours,
        "ZHIJIA_SECRET_KEY": "drill",
        "DJANGO_SETTINGS_MODULE": "zhijia.config.settings",
    }


def inspected(folder: Path, environment: dict[str, str]) -> list[Finding]:
    """Let a process look at a restored place; BackupError when it could not."""
    command = [sys.executable, "-m", "django", "drill", "--inside", str(folder.resolve())]
    done = subprocess.run(
        command, env=environment, cwd=settings.HOME, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise BackupError(_("演练进程出错：%(why)s") % {"why": done.stderr.strip()[-500:]})
    return [Finding(one["test"], tuple(one["wrong"])) for one in json.loads(done.stdout.splitlines()[-1])]
