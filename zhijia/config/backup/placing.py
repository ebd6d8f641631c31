"""Putting a backup back: into an empty place only, whole or not at all, after everything was verified."""

from __future__ import annotations

import contextlib
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _

from zhijia.config.backup import engines, manifest
from zhijia.config.backup.manifest import ATTACHMENTS, BackupError, Manifest
from zhijia.config.backup.taking import needed_keys

SQLITE_NAME = "zhijia.sqlite3"
BESIDE = frozenset({"keys", "secret_key", "backup", "jobs", "tmp"})  # may be there already: no records
Say = Callable[[str], None]


def backup_restore(
    folder: Path, to: Path, *, database: Mapping[str, Any] | None = None, say: Say = lambda _text: None
) -> Manifest:
    """Put a backup into the folder ``to`` (and a PostgreSQL ``database``), both of them empty.

    Raises BackupError, and then nothing was written: when a file of the backup is damaged, a key is missing
    or another, the place is not empty, or the backup is newer than this program.
    """
    about = manifest.load(folder)
    say(_("核对备份文件"))
    wrong = [*manifest.damages(folder, about), *missing_keys(about), *unknown_migrations(about)]
    if wrong:
        raise BackupError("；".join(wrong))
    _check_place(about, to, database)
    with _whole(to) as fresh:
        for number, name in enumerate(about.attachments, 1):
            _copy(folder / ATTACHMENTS / name, fresh / ATTACHMENTS / name)
            if number % 100 == 0 or number == len(about.attachments):
                say(_("附件 %(done)s/%(all)s") % {"done": number, "all": len(about.attachments)})
        say(_("恢复数据库"))
        if database is None:
            _copy(folder / about.database, fresh / SQLITE_NAME)
        else:
            engines.put_back(folder / about.database, database)
    return about


def missing_keys(about: Manifest) -> list[str]:
    """Say which of the keys that a backup needs are missing here, or are others of the same name."""
    _fingerprint, here = needed_keys()
    wrong = sorted(kid for kid, mark in about.keys.items() if here.get(kid) != mark)
    if not wrong:
        return []
    words = {"mark": about.fingerprint, "kids": "、".join(wrong)}
    return [
        _("需要指纹为 %(mark)s 的密钥，这里缺少：%(kids)s（请先恢复密钥备份，或设置 ZHIJIA_KEYS）") % words
    ]


def unknown_migrations(about: Manifest) -> list[str]:
    """Say which changes of the tables this program does not know: the backup is newer than it."""
    known = {
        f"{app}.{name}" for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    ours = {name.partition(".")[0] for name in known}
    newer = [
        name for name in about.content.migrations if name.partition(".")[0] in ours and name not in known
    ]
    return [_("备份由更新的版本生成：%(names)s") % {"names": "、".join(newer)}] if newer else []


def _check_place(about: Manifest, to: Path, database: Mapping[str, Any] | None) -> None:
    if to.exists() and (not to.is_dir() or {path.name for path in to.iterdir()} - BESIDE):
        raise BackupError(_("%(place)s 不是空文件夹，只能恢复到空的地方。") % {"place": to})
    if (about.engine == "postgresql") != (database is not None):
        raise BackupError(
            _("这是 PostgreSQL 的备份，请用 --database-url 指定空数据库。")
            if database is None
            else _("这是 SQLite 的备份，不能恢复到 PostgreSQL。")
        )
    if database is not None and not engines.is_empty(database):
        raise BackupError(_("数据库 %(name)s 不是空的，只能恢复到空的地方。") % {"name": database["NAME"]})


@contextlib.contextmanager
def _whole(to: Path) -> Iterator[Path]:
    """Give a folder inside the place; what it holds moves up when all went well, the database last."""
    manifest.private(to)
    fresh = to / f".restoring-{uuid.uuid4().hex[:8]}"
    fresh.mkdir(mode=0o700)
    moved: list[Path] = []
    try:
        yield fresh
        for name in filter(lambda one: (fresh / one).exists(), (ATTACHMENTS, SQLITE_NAME)):
            (fresh / name).rename(to / name)
            moved.append(to / name)
        manifest.settle(to)
    except BaseException:
        for path in moved:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    manifest.private(target.parent)
    shutil.copyfile(source, target)
    os.chmod(target, 0o600)  # noqa: PTH101 - one call for what copyfile leaves out
    manifest.settle(target)
