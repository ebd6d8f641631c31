"""Looking at a restored place from inside: a process of its own runs on it (``drill --inside``)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.checks import ERROR, run_checks
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from zhijia.config.backup import content, engines, manifest
from zhijia.config.backup.manifest import Manifest
from zhijia.kernel.chain import Head, verify
from zhijia.kernel.crypto import WrongKeyError, keys_fit
from zhijia.kit.attachments.store import damaged

SHOWN = 5
Wrong = Iterator[str]


@dataclass(frozen=True)
class Finding:
    """The outcome of one test of a drill; ``wrong`` is empty when it passed."""

    test: str
    wrong: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Say whether the test passed."""
        return not self.wrong


LABELS = {
    "files": gettext_noop("备份文件完整"),
    "restore": gettext_noop("恢复到空的地方"),
    "integrity": gettext_noop("数据库结构完整"),
    "counts": gettext_noop("各表行数一致"),
    "sums": gettext_noop("金额和数量合计一致"),
    "migrations": gettext_noop("表结构是最新的"),
    "keys": gettext_noop("密钥能解开加密内容"),
    "audit": gettext_noop("审计链完整"),
    "attachments": gettext_noop("附件完整"),
    "check": gettext_noop("系统自检"),
}


def inspect(folder: Path) -> list[Finding]:
    """Compare the place of this process with a backup; the order matters: counts before the migrations."""
    about = manifest.load(folder)
    found = [_finding("integrity", integrity)]
    if not found[0].ok:
        return found  # nothing that such a database says can be trusted
    counts, sums = content.differences(engines.live(), connection.vendor, about.content)
    found += [Finding("counts", tuple(counts)), Finding("sums", tuple(sums))]
    found.append(_finding("migrations", migrations))
    if found[-1].ok:
        found += [_finding("keys", canary), _finding("audit", lambda: chain(about))]
    found += [_finding("attachments", lambda: attachments(about)), _finding("check", checks)]
    return found


def _finding(test: str, look: Callable[[], Wrong]) -> Finding:
    try:
        return Finding(test, tuple(look()))
    except Exception as error:  # noqa: BLE001 - a test that cannot run has not passed; the others go on
        return Finding(test, (f"{type(error).__name__}: {error}",))


def integrity() -> Wrong:
    """Ask SQLite about its file and its references; PostgreSQL checked both while it restored."""
    if connection.vendor == "sqlite":
        ask = engines.live()
        yield from (str(row[0]) for row in ask("PRAGMA integrity_check") if row[0] != "ok")
        yield from (f"{row[0]} {row[1]} → {row[2]}" for row in ask("PRAGMA foreign_key_check")[:SHOWN])


def migrations() -> Wrong:
    """Bring the tables up to this program, as the start would."""
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        call_command("migrate", verbosity=0)
    yield from ()


def canary() -> Wrong:
    """Open the known text of every key."""
    verdict = keys_fit(again=True)
    if not verdict:
        yield str(verdict.reason)


def chain(about: Manifest) -> Wrong:
    """Run through the audit up to the head that the manifest names."""
    kept = about.content
    try:
        done = verify(printed=Head(kept.audit_seq, kept.audit_hash))
    except WrongKeyError as error:
        yield str(error)
        return
    if done.fault:
        yield _("第 %(seq)s 条：%(kind)s") % {"seq": done.fault.seq, "kind": done.fault.kind}


def attachments(about: Manifest) -> Wrong:
    """Compare each attachment with the manifest, then open the file of each row with the keys."""
    place = Path(settings.ATTACHMENTS)
    there = set(manifest.below(place)) if place.is_dir() else set()
    for name, expected in about.attachments.items():
        if name not in there:
            yield _("缺少附件 %(name)s") % {"name": name}
        elif manifest.digest(place / name) != expected:
            yield _("附件 %(name)s 已损坏") % {"name": name}
    yield from (_("登记的附件 %(key)s 打不开") % {"key": key} for key in damaged())


def checks() -> Wrong:
    """Run the system checks; the place itself (a folder for an hour) is not asked."""
    yield from (str(one.msg) for one in run_checks() if one.level >= ERROR)
