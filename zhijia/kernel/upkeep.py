"""What was last done to keep the records safe: the newest backup and the newest drill.

It is kept in a file (settings.UPKEEP), not in a table: a restored backup must not bring its own past with it.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils import timezone

BACKUP, DRILL = "backup", "drill"
DUE = {BACKUP: timedelta(days=7), DRILL: timedelta(days=31)}


@dataclass(frozen=True)
class Kept:
    """One backup or drill: when, whether it went well, where (or why not)."""

    kind: str
    at: datetime
    ok: bool
    detail: str = ""


@dataclass(frozen=True)
class State:
    """The newest good one and, when it failed since, the newest failure."""

    kind: str
    good: Kept | None
    failed: Kept | None

    def overdue(self, now: datetime) -> bool:
        """Say whether there is none, or none young enough."""
        return self.good is None or now - self.good.at > DUE[self.kind]


def _read() -> dict[str, dict[str, str]]:
    try:
        found = json.loads(Path(settings.UPKEEP).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _one(kind: str, mark: str) -> Kept | None:
    found = _read().get(f"{kind}.{mark}")
    if not found:
        return None
    return Kept(kind, datetime.fromisoformat(found["at"]), mark == "good", found["detail"])


def state(kind: str) -> State:
    """Return how it stands with backups or drills."""
    good, failed = _one(kind, "good"), _one(kind, "failed")
    return State(kind, good, failed if failed and (good is None or failed.at > good.at) else None)


def note(kind: str, *, ok: bool, detail: str) -> Kept:
    """Keep what just happened."""
    kept = Kept(kind, timezone.now(), ok, detail[:500])
    about = asdict(kept) | {"at": kept.at.isoformat()}
    body = _read() | {f"{kind}.{'good' if ok else 'failed'}": about}
    path = Path(settings.UPKEEP)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    fresh.write_text(json.dumps(body, ensure_ascii=False, indent=1), encoding="utf-8")
    fresh.replace(path)
    return kept
