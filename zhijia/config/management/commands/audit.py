"""``./run manage audit verify | head``: is the audit whole, and what is printed for the audit committee."""

from __future__ import annotations

import json
import time
from argparse import ArgumentTypeError
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from zhijia.areas.audit.queries import daily_head
from zhijia.kernel.chain import Head, verify


def _head(text: str) -> Head:
    try:
        return Head.parse(text)
    except ValueError as error:
        raise ArgumentTypeError(str(error)) from error


class Command(BaseCommand):
    """Verify the chain of the audit, or print the head of a day."""

    help = "审计记录：verify 核验是否完整（退出码 0 或 1），head 输出每日封印"

    def add_arguments(self, parser: CommandParser) -> None:
        """See Django."""
        steps = parser.add_subparsers(dest="step", required=True)
        check = steps.add_parser("verify", help="逐条重算校验码")
        check.add_argument("--head", type=_head, help="早前打印的封印：序号:64位字符")
        check.add_argument("--json", action="store_true", help="输出 JSON")
        shown = steps.add_parser("head", help="某一天结束时的封印")
        shown.add_argument("--day", type=date.fromisoformat, help="日期，默认今天，例如 2026-03-05")
        shown.add_argument("--json", action="store_true", help="输出 JSON")

    def handle(self, *_args: Any, **options: Any) -> None:
        """See Django."""
        if options["step"] == "verify":
            self._verify(options["head"], as_json=options["json"])
        else:
            self._show(options["day"] or timezone.localdate(), as_json=options["json"])

    def _verify(self, printed: Head | None, *, as_json: bool) -> None:
        began = time.perf_counter()
        done = verify(printed=printed)
        seconds = time.perf_counter() - began
        wrong = f"第 {done.fault.seq} 条：{done.fault.text}" if done.fault else ""
        if as_json:
            fault = {"seq": done.fault.seq, "kind": done.fault.kind, "text": wrong} if done.fault else None
            found = {"ok": done.ok, "lines": done.lines, "seq": done.seq, "hash": done.hash, "fault": fault}
            self.stdout.write(json.dumps({**found, "seconds": round(seconds, 3)}, ensure_ascii=False))
        elif done.ok:
            self.stdout.write(f"核验通过：{done.lines} 条，{seconds:.1f} 秒。封印 {done.seq}:{done.hash}")
        if done.fault:
            raise CommandError(f"核验未通过。{wrong}", returncode=1)

    def _show(self, day: date, *, as_json: bool) -> None:
        head = daily_head(day)
        if head is None:
            raise CommandError(f"到 {day} 为止还没有审计记录。", returncode=1)
        if as_json:
            found = {"day": day.isoformat(), "seq": head.seq, "hash": head.hash, "lines": head.lines}
            self.stdout.write(json.dumps({**found, "closed": head.closed}, ensure_ascii=False))
            return
        self.stdout.write(f"{day}  当天 {head.lines} 条")
        self.stdout.write(f"{head.seq}: {' '.join(head.groups)}")
