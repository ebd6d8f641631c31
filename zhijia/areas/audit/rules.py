"""When something in the audit deserves a look. Pure functions; the limits are data (rules/cn/audit.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from zhijia.kernel.rulebook import rule

OPENED_PER_SEARCH = 2  # one file opened for at least every second search is work, not a trawl


@dataclass(frozen=True)
class Limits:
    """More than these, of one log-in on one day, raise an alert; hours are local, ``night_to`` is day."""

    reveals: int
    searches: int
    refusals: int
    exported_rows: int
    night_from: int
    night_to: int

    @property
    def night(self) -> tuple[int, ...]:
        """Return the hours of the night."""
        return tuple(hour for hour in range(24) if hour >= self.night_from or hour < self.night_to)


def limits(on: date, jurisdiction: str) -> Limits:
    """Return the limits in force on a day."""
    return Limits(**rule("audit.alerts", on=on, jurisdiction=jurisdiction).value)


@dataclass(frozen=True)
class Tally:
    """What one log-in did on one day, in numbers."""

    reveals: int = 0
    night_reads: int = 0
    searches: int = 0
    opened: int = 0
    refusals: int = 0
    exported_rows: int = 0


def alerts_of(tally: Tally, limit: Limits) -> dict[str, int]:
    """Return the kinds of alerts that a day's tally raises, each with its number."""
    trawling = tally.searches > limit.searches and tally.opened * OPENED_PER_SEARCH < tally.searches
    found = {
        "reveals": tally.reveals if tally.reveals > limit.reveals else 0,
        "night": tally.night_reads,
        "searches": tally.searches if trawling else 0,
        "refusals": tally.refusals if tally.refusals > limit.refusals else 0,
        "exports": tally.exported_rows if tally.exported_rows > limit.exported_rows else 0,
    }
    return {kind: number for kind, number in found.items() if number}
