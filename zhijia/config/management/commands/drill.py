"""``./run manage drill [--from DIR]``: proves that a backup can be put back."""

from __future__ import annotations

import json
import tempfile
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError
from django.utils.translation import gettext as _

from zhijia.config.backup.drilling import drill
from zhijia.config.backup.engines import ToolMissingError
from zhijia.config.backup.inspecting import Finding, inspect
from zhijia.config.backup.manifest import BackupError
from zhijia.config.backup.report import plain, table
from zhijia.config.backup.taking import backup_take


class Command(BaseCommand):
    """Restores a backup (a fresh one, or --from) into an empty place, verifies it, deletes the place."""

    help = "restore a backup into an empty place and verify counts, sums, audit, keys and attachments"
    requires_system_checks = ()  # it has to work where something else does not

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--from", dest="folder", type=Path, help="the folder of one backup")
        parser.add_argument("--json", action="store_true", help="plain values instead of the table")
        parser.add_argument("--inside", type=Path, help="compare the place of this process with a backup")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run it; exit code 1 names what is wrong."""
        if options["inside"]:
            self.stdout.write(json.dumps(plain(inspect(options["inside"])), ensure_ascii=False))
            return
        try:
            found = self._drill(options["folder"], quiet=options["json"])
        except ToolMissingError as error:
            raise CommandError(str(error), returncode=2) from error
        except (BackupError, DatabaseError, OSError) as error:
            raise CommandError(str(error)) from error
        if options["json"]:
            self.stdout.write(json.dumps(plain(found), ensure_ascii=False))
        else:
            self.stdout.write("\n".join(table(found)))
        wrong = [one.test for one in found if not one.ok]
        if wrong:
            raise CommandError(_("演练没有通过：%(tests)s") % {"tests": "、".join(wrong)})
        if not options["json"]:
            self.stdout.write(_("演练通过：这个备份可以恢复。"))

    def _drill(self, folder: Path | None, *, quiet: bool) -> list[Finding]:
        def say(text: str) -> None:
            if not quiet:
                self.stdout.write(f"  {text}")

        if folder is not None:
            return drill(folder.resolve(), say)
        with tempfile.TemporaryDirectory(prefix="zhijia-backup-") as place:
            return drill(backup_take(Path(place), say=say, passing=True), say)
