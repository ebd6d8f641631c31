"""The state of the system for its administrator: database, disk, keys, backups, jobs. No records."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import django
from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.models import Count
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.kernel import upkeep
from zhijia.kernel.actor import Actor
from zhijia.kernel.crypto import keys_fit
from zhijia.kernel.models import Job, OutboxEvent
from zhijia.kit.rows import ToDo

VIEW = "system.view"
GOOD, BAD = "good", "bad"
LEAST = 500 * 1024 * 1024
Text = str | Promise


@dataclass(frozen=True)
class Line:
    """One line of the page; ``level`` is empty where there is nothing to judge."""

    label: Text
    value: Text
    level: str = ""


def release() -> str:
    """Return the version of this program: as installed, else as its own project file says."""
    try:
        return version("zhijia")
    except PackageNotFoundError:
        lines = (Path(settings.HOME) / "pyproject.toml").read_text(encoding="utf-8").splitlines()
        return next((line.split('"')[1] for line in lines if line.startswith("version = ")), "")


def _asked(question: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(question)
        return str(cursor.fetchone()[0])


def _database() -> list[Line]:
    if connection.vendor == "sqlite":
        kind = f"SQLite {_asked('SELECT sqlite_version()')}"
        mode = _("日志模式 %(mode)s") % {"mode": _asked("PRAGMA journal_mode").upper()}
    else:
        kind = f"PostgreSQL {_asked('SHOW server_version')}"
        mode = f"synchronous_commit = {_asked('SHOW synchronous_commit')}"
    executor = MigrationExecutor(connection)
    waiting = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    return [
        Line(_("职家版本"), f"{release()} (Django {django.get_version()})"),
        Line(_("数据库"), kind),
        Line(_("写入方式"), mode),
        Line(
            _("数据库结构"),
            _("有 %(count)s 项更新没有执行") % {"count": waiting} if waiting else _("是最新的"),
            BAD if waiting else GOOD,
        ),
    ]


def _disk() -> Line:
    usage = shutil.disk_usage(settings.VAR if Path(settings.VAR).exists() else settings.HOME)
    share = usage.free * 100 // usage.total
    words = {"free": filesizeformat(usage.free), "share": share}
    return Line(_("可用磁盘空间"), _("%(free)s（%(share)s%%）") % words, BAD if usage.free < LEAST else GOOD)


def _keys() -> Line:
    verdict = keys_fit()
    return Line(_("加密密钥"), _("与数据库匹配") if verdict else verdict.reason, GOOD if verdict else BAD)


def _kept(kind: str, label: Text) -> list[Line]:
    state, now = upkeep.state(kind), timezone.now()
    when = f"{timezone.localtime(state.good.at):%Y-%m-%d %H:%M}" if state.good else _("还没有")
    lines = [Line(label, when, BAD if state.overdue(now) else GOOD)]
    if state.failed:
        at = f"{timezone.localtime(state.failed.at):%Y-%m-%d %H:%M}"
        lines.append(Line(_("之后失败"), f"{at} {state.failed.detail}", BAD))
    return lines


def _work() -> list[Line]:
    found = dict(Job.objects.order_by().values_list("state").annotate(Count("pk")))
    waiting = OutboxEvent.objects.filter(delivered_at=None).count()
    failed, parked = found.get(Job.State.FAILED, 0), found.get(Job.State.PARKED, 0)
    queued = found.get(Job.State.QUEUED, 0) + found.get(Job.State.RUNNING, 0)
    return [
        Line(_("排队和进行中的任务"), str(queued)),
        Line(_("失败的任务"), str(failed), BAD if failed else GOOD),
        Line(_("中断的任务"), str(parked), BAD if parked else GOOD),
        Line(_("等待投递的事件"), str(waiting), BAD if waiting else GOOD),
    ]


def lines() -> list[Line]:
    """Return the whole page."""
    backups = [*_kept(upkeep.BACKUP, _("最近一次备份")), *_kept(upkeep.DRILL, _("最近一次恢复演练"))]
    place = settings.BACKUPS or _("没有设置（ZHIJIA_BACKUP_DIR）")
    nightly = Line(_("每夜自动备份"), place, GOOD if settings.BACKUPS else BAD)
    return [*_database(), _disk(), _keys(), nightly, *backups, *_work()]


def todos(actor: Actor, today: date) -> list[ToDo]:  # noqa: ARG001 - the contract of all cards
    """Remind the administrator of a backup older than 7 days and a drill older than 31."""
    scope = actor.scope
    if not scope.may(VIEW):
        return []
    url, now = reverse("system:status"), timezone.now()
    texts = (
        (upkeep.BACKUP, _("7 天内没有成功的备份")),
        (upkeep.DRILL, _("31 天内没有成功的恢复演练")),
    )
    return [ToDo(text, 1, url, "danger") for kind, text in texts if upkeep.state(kind).overdue(now)]
