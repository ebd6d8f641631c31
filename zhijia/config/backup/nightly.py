"""The backup of every night, started by ``serve`` as a process of its own."""

from __future__ import annotations

import subprocess
import sys
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from zhijia.kernel import upkeep

HOUR = 2
PATIENCE = timedelta(hours=1)


def due(now: datetime, state: upkeep.State) -> bool:
    """Say whether today's backup is missing: after two o'clock, and not within an hour of a failed one.

    A server that was off at night makes it up when it is on again.
    """
    local = timezone.localtime(now)
    night = local.replace(hour=HOUR, minute=0, second=0, microsecond=0)
    if local < night or (state.good is not None and state.good.at >= night):
        return False
    return state.failed is None or now - state.failed.at >= PATIENCE


class Nightly:
    """Starts the backup when it is due, one at a time."""

    def __init__(self) -> None:
        """Begin without one."""
        self.running: subprocess.Popen[bytes] | None = None
        self.started: datetime | None = None

    def look(self) -> None:
        """Start it if it is due; off without ``ZHIJIA_BACKUP_DIR``."""
        if not settings.BACKUPS or (self.running is not None and self.running.poll() is None):
            return
        now = timezone.now()
        if self.started is not None and now - self.started < PATIENCE:
            return  # it may have died without a word
        if due(now, upkeep.state(upkeep.BACKUP)):
            self.started = now
            words = ["backup", "--out", settings.BACKUPS, "--keep", str(settings.BACKUPS_KEPT)]
            self.running = subprocess.Popen(
                [sys.executable, "-m", "django", *words], stdout=subprocess.DEVNULL
            )
