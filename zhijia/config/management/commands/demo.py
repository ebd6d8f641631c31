"""``./run demo``: a fictional county's ledgers → records → figures → the Word summary → the pages."""

from __future__ import annotations

import os
import time
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhijia.config.demo import CODE, books, setup
from zhijia.kit.books.importing import BookOutcome, book_import, read_book

SHOWN_ERRORS = 10


class Command(BaseCommand):
    """Sets the demo up, step by step, and serves it."""

    _said = ""  # the sheet that the progress named last
    stealth_options = ("today",)  # a day to stand for today, for tests
    help = "set up the fictional county (all names invented), make its summary, serve it"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--no-serve", action="store_true", help="stop before serving, exit code 0")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Run the steps; one that is done already is skipped."""
        # Fictional people have no telephones, so no second factor is asked; the server inherits this.
        settings.SECOND_FACTOR = os.environ["ZHIJIA_SECOND_FACTOR"] = "optional"
        folder = Path(settings.VAR) / "demo"
        folder.mkdir(parents=True, exist_ok=True)
        summary = folder / "summary.docx"
        with translation.override("zh-hans"):
            with self._step(_("准备数据库")):
                call_command("migrate", verbosity=0)
            year = setup.pin_year(folder, options.get("today") or timezone.localdate())
            is_new = self._books(folder, year)
            with self._step(_("目标和登录账号")):
                setup.set_targets(year)
                setup.make_log_ins(year)
            if is_new or not summary.exists():
                with self._step(_("生成年终工作总结（Word）")):
                    call_command(
                        "summary", "--union", CODE, "--period", str(year), "--out", str(summary),
                        stdout=StringIO(),
                    )  # fmt: skip
            with self._step(_("计算主要指标")):
                lines = setup.kept_lines(folder, year)
            self._tell(lines, folder, summary, options["port"])
        if not options["no_serve"]:
            call_command("serve", port=options["port"])

    def _books(self, folder: Path, year: int) -> bool:
        """Write and import what is missing; say whether anything was imported."""
        missing = [one for one in (year - 1, year) if not setup.has_year(one)]
        if not missing:
            if not books.are_written(folder, year):
                self.stdout.write(_("  数据库里已有演示数据（由其他版本生成），予以保留。"))
            return False
        if not books.are_written(folder, year):
            with self._step(_("编写两年的 Excel 台账")):
                books.write(folder, year)
        for at, path in zip((year - 1, year), books.paths(folder, year), strict=True):
            if at in missing:
                with self._step(_("导入 %(name)s") % {"name": path.name}):
                    self._import(path)
        return True

    def _import(self, path: Path) -> None:
        """Import a workbook the way a user does; any error stops the demo."""
        self._said = ""
        outcome = book_import(actor=setup.actor(), book=read_book(path), progress=self._progress)
        if not outcome.ok:
            raise CommandError(_("台账有错误：") + "；".join(_errors(outcome)))

    def _progress(self, done: int, total: int, message: str = "") -> None:
        """Say each sheet once."""
        if message and message != self._said:
            self._said = message
            self.stdout.write(f"    {message} ({done * 100 // max(total, 1)}%)")

    @contextmanager
    def _step(self, label: str) -> Iterator[None]:
        self.stdout.write(f"→ {label} ……")
        self.stdout.flush()
        begun = time.monotonic()
        yield
        self.stdout.write(_("  完成，%(seconds).1f 秒") % {"seconds": time.monotonic() - begun})

    def _tell(self, lines: list[str], folder: Path, summary: Path, port: int) -> None:
        """Print the figures, where the files are, and who can log in."""
        self.stdout.write("\n" + _("明泽县教育工会（虚构）主要指标"))
        for line in lines:
            self.stdout.write(line)
        self.stdout.write("\n" + _("台账：%(path)s") % {"path": folder})
        self.stdout.write(_("工作总结：%(path)s") % {"path": summary})
        self.stdout.write(
            "\n"
            + _("登录 http://127.0.0.1:%(port)s/ ，密码都是 %(password)s（只用于虚构数据，只在本机提供）：")
            % {"port": port, "password": setup.PASSWORD}
        )
        self.stdout.write(_("演示不要求双因素验证；正式使用时，能办理敏感业务的账号必须设置。"))
        for one in setup.LOG_INS:
            self.stdout.write(f"  {setup.padded(one.username, 18)}{one.who}")
        self.stdout.flush()


def _errors(outcome: BookOutcome) -> list[str]:
    return [f"{one.sheet} {one.row} {one.column} {one.advice}" for one in outcome.errors[:SHOWN_ERRORS]]
