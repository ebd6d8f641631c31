"""``book_template --out F.xlsx``: write the empty year workbook."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils.translation import gettext as _

from zhijia.kit.books.template import write_template


class Command(BaseCommand):
    """Writes the template."""

    help = "Write the year workbook to fill in: one sheet per record kind."

    def add_arguments(self, parser: CommandParser) -> None:
        """See Django."""
        parser.add_argument("--out", required=True, metavar="F.xlsx")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Write the file and say where it is."""
        target = Path(options["out"])
        target.parent.mkdir(parents=True, exist_ok=True)
        write_template(target)
        self.stdout.write(_("模板已写入 %(path)s") % {"path": target})
