"""``./run map``: write docs/MAP.md, docs/PRIVACY.md and docs/SECURITY.md; ``--check`` only compares."""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhijia.config import atlas, privacy_register, security_table

SHOWN = 20


class Command(BaseCommand):
    """Writes or checks the map, the register of processing and the table of security requirements."""

    help = "write docs/MAP.md (term → area → files), docs/PRIVACY.md, docs/SECURITY.md (its table)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when out of date")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare each, then write unless only asked (exit code 1 when one is out of date)."""
        kept = {
            "MAP.md": atlas.written(),
            "PRIVACY.md": privacy_register.written(),
            "SECURITY.md": security_table.written(),
        }
        for name, now in kept.items():
            self._keep(name, now, only_check=options["check"])

    def _keep(self, name: str, now: str, *, only_check: bool) -> None:
        target = atlas.home() / "docs" / name
        before = target.read_text(encoding="utf-8") if target.exists() else ""
        if now == before:
            return
        if only_check:
            changed = list(difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=0))
            self.stderr.write("\n".join(changed[:SHOWN]))
            raise CommandError(f"docs/{name} is out of date: ./run map", returncode=1)
        target.write_text(now, encoding="utf-8")
        self.stdout.write(f"{target.relative_to(atlas.home())} written")
