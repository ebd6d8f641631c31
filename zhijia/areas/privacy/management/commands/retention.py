"""``./run manage retention``: list the persons past keeping and delete technical remains; see the README."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from zhijia.areas.privacy.services import retention_run
from zhijia.kernel.actor import system


class Command(BaseCommand):
    """Runs the daily check by hand."""

    help = "list persons past their term of keeping, delete technical remains; --dry-run only counts"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--dry-run", action="store_true", help="count, write nothing")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run and say what was found."""
        for name, count in retention_run(actor=system(_("系统")), dry_run=options["dry_run"]).items():
            self.stdout.write(f"{name}: {count}")
