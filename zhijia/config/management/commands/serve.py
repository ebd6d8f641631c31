"""``./run serve``: the web server and its worker, together; both stop together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.checks import ERROR
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.config.backup.nightly import Nightly
from zhijia.config.durability import findings
from zhijia.kernel.crypto import keys_fit
from zhijia.kernel.jobs import park_dead, sweep_files
from zhijia.kernel.outbox import deliver_pending
from zhijia.kit.attachments import store as attachments

PAUSE = 0.5
SWEEP_EVERY = 60.0
PATIENCE = 10.0


class Command(BaseCommand):
    """Migrate, then run granian and the job worker until Ctrl-C or until one of them dies."""

    _kept_on: date | None = None
    help = "serve the pages on --host:--port with the job worker beside"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Add where to listen."""
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Start both processes and watch them."""
        call_command("migrate", verbosity=0)
        self._look()
        park_dead()
        signal.signal(signal.SIGTERM, lambda *_signal: sys.exit(0))
        listen = ["--host", options["host"], "--port", str(options["port"])]
        commands = (
            [sys.executable, "-m", "granian", "--interface", "wsgi", *listen, "--blocking-threads", "4",
             "--no-ws", "--log-level", "warning", "zhijia.config.wsgi:application"],
            [sys.executable, "-m", "django", "db_worker", "--interval", "0.5"],
        )  # fmt: skip
        processes = [subprocess.Popen(command) for command in commands]
        try:
            if self._answers(processes, options["host"], options["port"]):
                started = _("职家已启动：http://{host}:{port}/（按 Ctrl-C 停止）").format(**options)
                self.stdout.write(started)
                self.stdout.flush()
            self._watch(processes)
        except KeyboardInterrupt:
            self.stdout.write(_("正在停止……"))
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                try:
                    process.wait(PATIENCE)
                except subprocess.TimeoutExpired:
                    process.kill()

    def _look(self) -> None:
        """Say what is wrong with the place of the records; an error stops the start."""
        found = findings()
        for one in found:
            mark = _("错误") if one.level >= ERROR else _("注意")
            self.stderr.write(f"{mark}（{one.id}）：{one.msg}" + (f" {one.hint}" if one.hint else ""))
        fit = keys_fit()
        if not fit:
            self.stderr.write(f"{_('注意')}：{fit.reason}")
        if any(one.level >= ERROR for one in found):
            raise CommandError(_("没有启动：请先处理上面的错误。"))

    def _answers(self, processes: list[subprocess.Popen[bytes]], host: str, port: int) -> bool:
        """Wait until the port takes connections; False when a process ended before."""
        while all(process.poll() is None for process in processes):
            try:
                with socket.create_connection((host, port), timeout=1):
                    return True
            except OSError:
                time.sleep(PAUSE / 5)
        return False

    def _keep_time(self) -> None:
        """Once a day, list whose data is kept for too long, and clear technical remains.

        In a child: whatever goes wrong there must not end the server.
        """
        today = timezone.localdate()
        if self._kept_on != today:
            self._kept_on = today
            subprocess.Popen([sys.executable, "-m", "django", "retention"], stdout=subprocess.DEVNULL)

    def _watch(self, processes: list[subprocess.Popen[bytes]]) -> None:
        """Wait until one process ends; sweep the outbox now and then, and back up at night."""
        swept, nightly = time.monotonic(), Nightly()
        while all(process.poll() is None for process in processes):
            time.sleep(PAUSE)
            if time.monotonic() - swept > SWEEP_EVERY:
                park_dead()
                deliver_pending()
                sweep_files()
                attachments.sweep()
                nightly.look()
                self._keep_time()
                swept = time.monotonic()
        sys.exit(1)
