"""``./run map``: write docs/MAP.md; ``--check`` only says whether it is up to date (exit code 1)."""

from __future__ import annotations

import difflib
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhijia.config import atlas

SHOWN = 20


class Command(BaseCommand):
    """Writes or checks the map."""

    help = "write docs/MAP.md: term → area → files"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when out of date")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Compare, then write unless only asked."""
        target = atlas.home() / "docs" / "MAP.md"
        now, before = atlas.written(), target.read_text(encoding="utf-8") if target.exists() else ""
        if now == before:
            return
        if options["check"]:
            changed = list(difflib.unified_diff(before.splitlines(), now.splitlines(), lineterm="", n=0))
            self.stderr.write("\n".join(changed[:SHOWN]))
            raise CommandError("docs/MAP.md is out of date: ./run map", returncode=1)
        target.write_text(now, encoding="utf-8")
        self.stdout.write(f"{target.relative_to(atlas.home())} written")
