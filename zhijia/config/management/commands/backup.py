"""``./run manage backup --out DIR``: database and attachments into a new folder below DIR."""

from __future__ import annotations

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from zhijia.config.backup import manifest
from zhijia.config.backup.engines import ToolMissingError
from zhijia.config.backup.manifest import BackupError
from zhijia.config.backup.taking import backup_take


class Command(BaseCommand):
    """Takes a backup while the system runs; exit code 2 when pg_dump is missing, 1 for any other reason."""

    help = "back up database and attachments (not the keys) into a new folder below --out"
    requires_system_checks = ()  # it has to work where something else does not

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--out", required=True, type=Path, help="a folder of backups, on another disk")
        parser.add_argument("--keep", type=int, default=0, help="delete all but the newest so many")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Take it, and say what it needs and what is readable in it."""
        try:
            made = backup_take(options["out"].resolve(), keep=options["keep"], say=self._say)
        except ToolMissingError as error:
            raise CommandError(str(error), returncode=2) from error
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        about = manifest.load(made)
        self.stdout.write(_("备份完成：%(place)s") % {"place": made})
        rows = sum(about.content.counts.values())
        words = {"tables": len(about.content.counts), "rows": rows, "files": len(about.attachments)}
        self.stdout.write(_("  %(tables)s 个表 %(rows)s 行，附件 %(files)s 个") % words)
        if about.keys:
            self.stdout.write(
                _("  需要密钥（指纹 %(mark)s），密钥不在备份里，请分开保管。") % {"mark": about.fingerprint}
            )
        self.stdout.write(_("  备份里的姓名、单位和金额没有加密：只有文件所有者可读，请妥善保管。"))

    def _say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()
