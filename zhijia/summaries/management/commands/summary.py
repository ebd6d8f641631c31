"""``summary --union CODE --period 2025 --out F.docx``: write the work summary of a union as a Word file.

Exit code 2, with a sentence that says what to do, when the union, the period or the plan cannot be.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import system
from zhijia.kernel.period import Period
from zhijia.kernel.verdict import Refused
from zhijia.summaries.files import file_path
from zhijia.summaries.models import Summary
from zhijia.summaries.services import summary_make

FAILURE = 2


class Command(BaseCommand):
    """Makes a summary."""

    help = "Write the work summary of a union (year or half year) as a Word file."

    def add_arguments(self, parser: CommandParser) -> None:
        """See Django."""
        parser.add_argument("--union", required=True, metavar="CODE")
        parser.add_argument("--period", required=True, metavar="2025|2025H1")
        parser.add_argument(
            "--plan", default="", metavar="NAME", help="default: the one that suits the union"
        )
        parser.add_argument("--number", default="", metavar="NUMBER", help="document number, or its ordinal")
        parser.add_argument("--out", required=True, metavar="F.docx")
        parser.add_argument("--json", action="store_true", help="print the outcome as JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Make it, copy the file, print what the officer should look at."""
        actor = system(_("命令行"))
        union = Union.objects.within(actor.scope, "summaries.make").filter(code=options["union"]).first()
        if union is None:
            raise CommandError(
                _("找不到编码为“%(code)s”的工会。") % {"code": options["union"]}, returncode=FAILURE
            )
        try:
            summary = summary_make(
                actor=actor,
                union=union,
                period=Period.parse(options["period"]),
                plan=options["plan"],
                number=options["number"],
                progress=self._progress,
            )
            target = Path(options["out"])
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file_path(summary), target)
        except (ValueError, Refused) as error:
            raise CommandError(str(error), returncode=FAILURE) from error
        except OSError as error:
            raise CommandError(
                _("文件写不进 %(path)s：%(reason)s") % {"path": options["out"], "reason": error.strerror},
                returncode=FAILURE,
            ) from error
        self._tell(summary, target, as_json=options["json"])

    def _progress(self, done: int, total: int, message: str) -> None:
        self.stderr.write(f"{message} {done}/{total}")

    def _tell(self, summary: Summary, target: Path, *, as_json: bool) -> None:
        keys = list(dict.fromkeys(source["key"] for source in summary.content["sources"]))
        if as_json:
            outcome = {
                "path": str(target),
                "title": summary.title,
                "union": summary.union.code,
                "period": summary.period_code,
                "plan": summary.plan,
                "digest": summary.digest,
                "computed_at": summary.computed_at.isoformat(),
                "figures": keys,
                "notes": summary.notes,
            }
            self.stdout.write(json.dumps(outcome, ensure_ascii=False))
            return
        self.stdout.write(_("总结已写入 %(path)s") % {"path": target})
        self.stdout.write(_("使用指标 %(count)s 个") % {"count": len(keys)})
        for note in summary.notes:
            self.stdout.write(_("请核实：%(note)s") % {"note": note})
