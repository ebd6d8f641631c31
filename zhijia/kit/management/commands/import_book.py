"""``import_book F.xlsx [--union CODE] [--dry-run] [--json] [--failed OUT.xlsx]``: all rows or none.

Exit code 0 when there is no error, 2 when there is one (nothing is saved then).
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from zhijia.kernel.actor import system
from zhijia.kit import sheets
from zhijia.kit.books.failed import write_failed
from zhijia.kit.books.importing import BookOutcome, book_import, read_book, refused
from zhijia.kit.books.refusal import BookRefusedError
from zhijia.kit.sheets import RowError

FAILURE = 2
SHOWN_ROWS = 5


def sentence(remark: RowError) -> str:
    """Return a remark as one line: 会员 第12行 “身份证号”：…（填的是：110***1234）."""
    found = _("（填的是：%(found)s）") % {"found": remark.found} if remark.found else ""
    return _line(remark, _("第%(row)s行") % {"row": remark.row} if remark.row else "") + found


def _line(remark: RowError, rows: str) -> str:
    """Return where and what to do; ``rows`` as they are to be shown."""
    column = f"“{remark.column}”" if remark.column else ""
    place = " ".join(part for part in (remark.sheet, rows, column) if part)
    return f"{place}：{remark.advice}" if place else remark.advice


def grouped(remarks: list[RowError]) -> list[str]:
    """Return remarks as lines, the same advice on one column once: 会员 第3、5、7、8、9行等37行 “职务”：….

    A remark that stands alone keeps what was found in its cell.
    """
    groups: dict[tuple[str, str, str], list[RowError]] = {}
    for remark in remarks:
        groups.setdefault((remark.sheet, remark.column, remark.advice), []).append(remark)
    return [sentence(same[0]) if len(same) == 1 else _sentence(same) for same in groups.values()]


def _sentence(same: list[RowError]) -> str:
    numbers = [str(remark.row) for remark in same if remark.row]
    shown = {"rows": "、".join(numbers[:SHOWN_ROWS]), "count": len(numbers)}
    rows = _("第%(rows)s行等%(count)s行") if len(numbers) > SHOWN_ROWS else _("第%(rows)s行")
    return _line(same[0], rows % shown if numbers else "")


class Command(BaseCommand):
    """Imports a book."""

    help = "Import a workbook or CSV of ledgers: all rows or none."

    def add_arguments(self, parser: CommandParser) -> None:
        """See Django."""
        parser.add_argument("file", metavar="F.xlsx")
        parser.add_argument("--union", metavar="CODE", help="the union of rows that name none")
        parser.add_argument("--sheet", default="", help="what the only sheet of a CSV is (title or key)")
        parser.add_argument("--dry-run", action="store_true", help="check everything, save nothing")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")
        parser.add_argument("--failed", metavar="OUT.xlsx", help="write all rows, with reasons")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Read, import, print; end with code 2 on any error."""
        outcome = self._run(options)
        if options["json"]:
            self.stdout.write(json.dumps(outcome.as_json(), ensure_ascii=False))
        else:
            self._tell(outcome)
        for error in outcome.errors:
            self.stderr.write(sentence(error))
        if not outcome.ok:
            raise CommandError(
                _("有 %(count)s 处错误，没有保存任何内容。") % {"count": len(outcome.errors)},
                returncode=FAILURE,
            )

    def _run(self, options: dict[str, Any]) -> BookOutcome:
        path, dry_run = Path(options["file"]), bool(options["dry_run"])
        if not path.is_file():
            return refused(_("找不到文件 %(path)s。") % {"path": path}, dry_run=dry_run)
        try:
            book = read_book(path, sheet=_sheet_key(options["sheet"]))
        except BookRefusedError as refusal:
            return refused(str(refusal), dry_run=dry_run)
        outcome = book_import(
            actor=system("import_book"),
            book=book,
            root=options["union"],
            dry_run=dry_run,
            progress=self._progress,
        )
        if options["failed"] and write_failed(options["failed"], book, outcome.errors):
            self.stderr.write(_("文件含全部行，错误行已注明原因；改正后整份重新导入。"))
        return outcome

    def _progress(self, done: int, total: int, message: str = "") -> None:
        """Rewrite one line on a terminal; elsewhere say each new step once."""
        text = f"{message} {done}/{total}".strip()
        if sys.stderr.isatty():
            self.stderr.write(f"\r\x1b[K{text}", ending="\n" if done >= total else "")
        elif message and message != getattr(self, "_said", ""):
            self._said = message
            self.stderr.write(text)

    def _tell(self, outcome: BookOutcome) -> None:
        for sheet in outcome.sheets:
            self.stdout.write(
                _("%(sheet)s：%(rows)s 行，新增 %(created)s，更新 %(updated)s，不变 %(unchanged)s")
                % vars(sheet)
            )
        for line in grouped(outcome.warnings):
            self.stdout.write(_("提示：%(text)s") % {"text": line})
        if outcome.ok:
            self.stdout.write(
                _("检查通过，未保存（演练）。") if outcome.dry_run else _("导入完成，全部已保存。")
            )


def _sheet_key(name: str) -> str:
    for sheet in sheets.sheets():
        if name in (sheet.key, sheet.title, *sheet.aliases):
            return sheet.key
    if name:
        titles = "、".join(sheet.title for sheet in sheets.sheets())
        raise CommandError(
            _("没有“%(name)s”这种工作表，可用：%(titles)s。") % {"name": name, "titles": titles},
            returncode=FAILURE,
        )
    return ""
