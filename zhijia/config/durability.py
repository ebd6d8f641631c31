"""What must be true of the place where the records lie, asked at the start (``check --database default``).

An error means that acknowledged writes could be lost: ``serve`` does not start. A warning is for the
administrator's attention. The database alone answers the questions about itself.
"""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004 - Django's own word
from django.db import connection
from django.utils.translation import gettext as _

from zhijia.config.settings import SQLITE_PATCHED
from zhijia.kernel.crypto import keyring

NEEDED = 500 * 1024 * 1024
OLDEST_POSTGRES = 150000
FULL = 2
REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs", "afs", "glusterfs", "ceph"})
MOUNTS = Path("/proc/mounts")
OTHERS = stat.S_IRWXG | stat.S_IRWXO


def _ask(sql: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        row = cursor.fetchone()
    return row[0] if row else None


def sqlite(*, patched: bool = SQLITE_PATCHED) -> Iterator[CheckMessage]:
    """Look at a live SQLite connection; ``patched`` says whether the library may use the write-ahead log."""
    if str(_ask("PRAGMA journal_mode")).lower() == "wal" and not patched:
        yield Error(
            _("这个版本的 SQLite 在 WAL 模式下可能损坏数据库。"),
            hint=_("请升级 SQLite（3.51.3、3.50.7、3.44.6 或更新），或改用 DELETE 日志模式。"),
            id="zhijia.E101",
        )
    if _ask("PRAGMA synchronous") < FULL:
        yield Error(_("SQLite 的 synchronous 低于 FULL：断电会丢失已确认的记录。"), id="zhijia.E102")
    if not _ask("PRAGMA foreign_keys"):
        yield Error(_("SQLite 没有启用外键检查。"), id="zhijia.E103")
    kind = filesystem(Path(str(connection.settings_dict["NAME"])))
    if kind in REMOTE:
        yield Warning(
            _("数据库文件在网络磁盘（%(kind)s）上，锁和落盘都不可靠。") % {"kind": kind},
            hint=_("请把数据库移到本机磁盘，或改用 PostgreSQL。"),
            id="zhijia.W104",
        )


def postgresql() -> Iterator[CheckMessage]:
    """Look at a live PostgreSQL connection."""
    version = int(_ask("SHOW server_version_num"))
    if version < OLDEST_POSTGRES:
        yield Error(
            _("PostgreSQL 版本过低（%(version)s），需要 15 或更新。") % {"version": version // 10000},
            id="zhijia.E111",
        )
    if _ask("SHOW synchronous_commit") == "off":
        yield Error(_("PostgreSQL 的 synchronous_commit 已关闭：断电会丢失已确认的记录。"), id="zhijia.E112")
    if _ask("SHOW fsync") == "off":
        yield Error(_("PostgreSQL 的 fsync 已关闭：断电会损坏数据库。"), id="zhijia.E113")
    if _ask("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
        yield Warning(
            _("系统以 PostgreSQL 超级用户连接。"),
            hint=_("请为职家建立只拥有自己数据库的角色。"),
            id="zhijia.W114",
        )


def filesystem(path: Path, mounts: Path = MOUNTS) -> str:
    """Return the kind of file system a path lies on; empty where the machine does not tell."""
    if not mounts.exists():
        return ""
    whole, best, kind = str(path.resolve()), "", ""
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        words = line.split()
        if len(words) < 3:  # noqa: PLR2004 - device, place, kind
            continue
        at = words[1].replace("\\040", " ")
        inside = whole == at or whole.startswith(at.rstrip("/") + "/")
        if inside and len(at) >= len(best):
            best, kind = at, words[2]
    return kind


def room(place: Path, needed: int = NEEDED) -> Iterator[CheckMessage]:
    """Warn when the disk is nearly full."""
    while not place.exists():
        place = place.parent
    free = shutil.disk_usage(place).free
    if free < needed:
        yield Warning(
            _("磁盘只剩 %(free)s MB（%(place)s）。") % {"free": free >> 20, "place": place},
            hint=_("请清理磁盘：写满后不能再保存任何内容。"),
            id="zhijia.W121",
        )


def modes() -> Iterator[CheckMessage]:
    """Warn of folders and keys that other users of the machine may read."""
    if os.name != "posix":
        return
    for place in (Path(settings.VAR), Path(settings.KEYS)):
        if place.is_dir() and place.stat().st_mode & OTHERS:
            yield Warning(
                _("其他用户可以进入文件夹 %(place)s。") % {"place": place},
                hint=f"chmod 700 {place}",
                id="zhijia.W122",
            )
    for name, allowed in ((keyring.KEK, 0o400), (keyring.RING, 0o600)):
        file = Path(settings.KEYS) / name
        if file.is_file() and stat.S_IMODE(file.stat().st_mode) & ~allowed:
            yield Warning(
                _("密钥文件 %(file)s 的权限过宽。") % {"file": file},
                hint=f"chmod {allowed:o} {file}",
                id="zhijia.W123",
            )


def debug() -> Iterator[CheckMessage]:
    """Refuse the debug mode behind a public address: its error pages show records."""
    if settings.DEBUG and settings.BASE_URL.startswith("https:"):
        yield Error(_("正式网址（https）不能使用调试模式。"), hint="ZHIJIA_DEBUG=0", id="zhijia.E124")


def findings() -> list[CheckMessage]:
    """Return everything that is wrong with this place, errors first."""
    found = [*(sqlite() if connection.vendor == "sqlite" else postgresql())]
    found += [*room(Path(settings.VAR)), *modes(), *debug()]
    return sorted(found, key=lambda one: -one.level)


@register(Tags.database)
def durability(*, databases: Sequence[str] | None = None, **_kwargs: Any) -> list[CheckMessage]:
    """Run the findings where a database was asked for."""
    return findings() if databases else []
