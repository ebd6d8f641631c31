"""``./run manage restore DIR --to VAR [--database-url URL]``: a backup into an empty place."""

from __future__ import annotations

import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from zhijia.config.backup.drilling import inspected, place_of
from zhijia.config.backup.engines import ToolMissingError, url_of
from zhijia.config.backup.manifest import BackupError
from zhijia.config.backup.placing import SQLITE_NAME, backup_restore
from zhijia.config.backup.report import table
from zhijia.config.settings import database


class Command(BaseCommand):
    """Restores and verifies; nothing is written unless files and keys are right and the place is empty."""

    help = "put a backup into an empty folder (and, for PostgreSQL, an empty database)"
    requires_system_checks = ()  # it has to work where something else does not

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("folder", type=Path, help="the folder of one backup")
        parser.add_argument("--to", type=Path, required=True, help="an empty folder, the new ZHIJIA_VAR")
        parser.add_argument("--database-url", default="", help="an empty PostgreSQL database")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Restore, then let a process look at the place."""
        folder, to = options["folder"].resolve(), options["to"].resolve()
        try:
            target = database(options["database_url"]) if options["database_url"] else None
            backup_restore(folder, to, database=target, say=lambda text: self.stdout.write(f"  {text}"))
            url = url_of(target) if target else f"sqlite:///{to / SQLITE_NAME}"
            found = inspected(folder, place_of(to, url))
        except ToolMissingError as error:
            raise CommandError(str(error), returncode=2) from error
        except (BackupError, OSError, ImproperlyConfigured) as error:
            raise CommandError(str(error)) from error
        for line in table(found):
            self.stdout.write(line)
        if not all(one.ok for one in found):
            raise CommandError(_("恢复完成，但核对没有全部通过，见上表。"))
        self.stdout.write(_("恢复完成。启动时请设置：ZHIJIA_VAR=%(place)s") % {"place": to})
        if target:
            self.stdout.write(_("和 DATABASE_URL（刚才给出的地址）"))
        if not os.environ.get("ZHIJIA_KEYS"):
            self.stdout.write(_("并把密钥放到 %(place)s，或设置 ZHIJIA_KEYS。") % {"place": to / "keys"})
