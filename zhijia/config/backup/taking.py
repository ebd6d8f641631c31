"""Taking a backup: the attachments, the database, the attachments that came meanwhile, the manifest.

The folder appears under its name only when all of it is on the disk. The keys are not in it: they are kept
apart (``./run manage keys backup``); the manifest names the ones that are needed.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import shutil
import sqlite3
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.conf import settings
from django.db import DatabaseError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.config.backup import engines, manifest
from zhijia.config.backup.manifest import ATTACHMENTS, BackupError, File, Manifest
from zhijia.kernel import audit, upkeep
from zhijia.kernel.actor import system
from zhijia.kernel.crypto import WrongKeyError, keyring
from zhijia.kernel.crypto.values import ring
from zhijia.kernel.verdict import Refused

PREFIX, UNFINISHED, MARKER = "zhijia-", ".unfinished-", ".zhijia-backups"
SPARE = 64 << 20  # bytes that stay free beside the backup
Say = Callable[[str], None]


def finished(place: Path) -> list[Path]:
    """Return the finished backups below a folder, the oldest first: their names are their times."""
    found = place.glob(f"{PREFIX}*") if place.is_dir() else ()
    return sorted(path for path in found if (path / manifest.NAME).is_file())


def backup_take(place: Path, *, keep: int = 0, say: Say = lambda _text: None, passing: bool = False) -> Path:
    """Take a backup into a new folder below ``place`` and return it; ``keep`` > 0 deletes older ones.

    ``passing``: it is thrown away after a drill, and does not count as the newest backup.

    Raises BackupError when the place is not one for backups or too full, when another backup is running
    there, or when the database cannot be copied. How it went is kept for the page of the system's state.
    """
    try:
        with _alone(place):
            made = _take(place, say)
            for old in finished(place)[:-keep] if keep else []:
                say(_("删除旧备份 %(name)s") % {"name": old.name})
                _delete(old)
    except (BackupError, DatabaseError, OSError) as error:
        upkeep.note(upkeep.BACKUP, ok=False, detail=str(error))
        raise
    if not passing:
        upkeep.note(upkeep.BACKUP, ok=True, detail=str(made))
    return made


@contextlib.contextmanager
def _alone(place: Path) -> Iterator[None]:
    """Make sure that the place holds backups only, and that nobody else takes one there now."""
    manifest.private(place)
    mark = place / MARKER
    if not mark.exists() and any(place.iterdir()):
        raise BackupError(
            _("%(place)s 里有其他文件，不是备份文件夹。请换一个空的文件夹。") % {"place": place}
        )
    with mark.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupError(_("另一个备份正在写入 %(place)s。") % {"place": place}) from error
        for left in place.glob(f"{UNFINISHED}*"):  # whoever wrote it died: we hold the lock
            _delete(left)
        yield


def _delete(folder: Path) -> None:
    """Delete a backup so that half of one never looks like a whole one."""
    (folder / manifest.NAME).unlink(missing_ok=True)
    shutil.rmtree(folder)


def _take(place: Path, say: Say) -> Path:
    _check_room(place)
    with contextlib.suppress(
        WrongKeyError, Refused
    ):  # a backup without its line in the audit is better than none
        audit.record(system(_("备份")), "export", action="system.backup", model="backup")
    name = f"{PREFIX}{timezone.localtime():%Y%m%d-%H%M%S-%f}"
    fresh = place / f"{UNFINISHED}{name}"
    fresh.mkdir(mode=0o700)
    try:
        engine = connection.vendor
        before = newest(place)
        files = _attachments(fresh, before, {}, say)
        say(_("备份数据库"))
        content = engines.copy_out(fresh / manifest.DATABASES[engine])
        files |= _attachments(fresh, before, files, say)  # what came meanwhile
        files[manifest.DATABASES[engine]] = manifest.digest(fresh / manifest.DATABASES[engine])
        fingerprint, keys = needed_keys()
        at = timezone.now().isoformat()
        manifest.store(fresh, Manifest(at, engine, _versions(), files, content, fingerprint, keys))
        manifest.settle(fresh)
        made = place / name
        fresh.rename(made)
        manifest.settle(place)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    return made


def newest(place: Path) -> Path | None:
    """Return the newest finished backup of a place."""
    return next(iter(finished(place)[::-1]), None)


def _check_room(place: Path) -> None:
    """Refuse to fill the disk: the records may lie on the same one."""
    if connection.vendor == "sqlite":
        size = Path(str(connection.settings_dict["NAME"])).stat().st_size
    else:
        size = int(engines.live()("SELECT pg_database_size(current_database())")[0][0])
    if shutil.disk_usage(place).free < size + SPARE:
        raise BackupError(
            _("%(place)s 的空间不足，需要 %(size)s MB。") % {"place": place, "size": (size + SPARE) >> 20}
        )


def _attachments(fresh: Path, before: Path | None, had: dict[str, File], say: Say) -> dict[str, File]:
    """Copy the attachments that the copy has not ``had``, or link those that the backup before holds already.

    They never change, but one may be deleted meanwhile: done before and after the database, the copy holds
    the file of every row in it.
    """
    source = Path(settings.ATTACHMENTS)
    names = [name for name in manifest.below(source) if f"{ATTACHMENTS}/{name}" not in had]
    known = manifest.load(before).attachments if before else {}
    found = {}
    for number, name in enumerate(names, 1):
        target = manifest.private((fresh / ATTACHMENTS / name).parent) / Path(name).name
        with contextlib.suppress(FileNotFoundError):
            file = manifest.digest(source / name)
            old = before / ATTACHMENTS / name if before and known.get(name) == file else None
            if not (old and _linked(old, target, file)):
                shutil.copyfile(source / name, target)
                target.chmod(0o600)
                manifest.settle(target)
                file = manifest.digest(target)
            found[f"{ATTACHMENTS}/{name}"] = file
        if number % 100 == 0 or number == len(names):
            say(_("附件 %(done)s/%(all)s") % {"done": number, "all": len(names)})
    return found


def _linked(before: Path, target: Path, file: File) -> bool:
    """Link a file of the backup before, if its bytes are still those of ``file``: a disk may rot."""
    try:
        if manifest.digest(before) != file:
            return False
        os.link(before, target)
    except OSError:  # gone or unreadable there, another disk, or one without links
        return False
    return True


def needed_keys() -> tuple[str, dict[str, str]]:
    """Return the fingerprint of the keys in use and a digest of each; both give nothing away."""
    if not keyring.exists():
        return "", {}
    try:
        keys = ring()
    except WrongKeyError:
        return "", {}
    digests = {key.kid: hashlib.sha256(keys.plain(key.kid)).hexdigest()[:16] for key in keys.keys}
    return keys.fingerprint(), digests


def _versions() -> dict[str, str]:
    found = {"python": sys.version.split()[0], "django": django.__version__, "sqlite": sqlite3.sqlite_version}
    if connection.vendor == "postgresql":
        found["postgresql"] = str(engines.live()("SHOW server_version")[0][0])
    return found
