"""``./run messages``: collect texts, draft zh_Hant, compile; ``--check`` only says what is missing."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from zhijia.config import catalogues

SHOWN = 30


class Command(BaseCommand):
    """Renews or checks the catalogues."""

    help = "renew the catalogues of texts (en, zh_Hant)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument(
            "--check", action="store_true", help="write nothing; exit 1 when something is missing"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        """Renew, or list what is missing."""
        if not catalogues.is_ready():
            raise CommandError(
                "gettext is not installed: apt install gettext, or brew install gettext", returncode=2
            )
        if not options["check"]:
            catalogues.renew()
        found = catalogues.problems()
        for line in found[:SHOWN] if options["check"] else ():
            self.stderr.write(line)
        if found and options["check"]:
            raise CommandError(f"{len(found)} texts to translate; ./run messages collects them", returncode=1)
        self.stdout.write(
            f"{len(found)} texts wait for a translation" if found else "all texts are translated"
        )
