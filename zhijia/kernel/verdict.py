"""The answer of a rule: allowed, allowed with a warning, or refused - always with its reason and source."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise

Level = Literal["pass", "warn", "block"]
Text = str | Promise  # a lazily translated text is translated when it is shown, not when it is made
_RANK: dict[str, int] = {"pass": 0, "warn": 1, "block": 2}


@dataclass(frozen=True)
class Verdict:
    """What a rule decided. True in ``if`` unless it blocks; a warning is true.

    ``reason`` is one sentence for the user, ``source`` the clause it rests on. ``ok`` and ``level`` cannot
    disagree: ``Verdict(False, "…")`` blocks, ``Verdict(True, level="block")`` raises ValueError.
    """

    ok: bool
    reason: Text = ""
    source: str = ""
    level: Level = "pass"

    def __post_init__(self) -> None:
        if self.level not in _RANK:
            raise ValueError(f"unknown level {self.level!r}")
        if self.ok and self.level == "block":
            raise ValueError("a blocking verdict is not ok")
        if not self.ok:
            object.__setattr__(self, "level", "block")

    def __bool__(self) -> bool:
        return self.ok

    def __str__(self) -> str:
        return str(self.reason)


class Refused(Exception):  # noqa: N818 - a refusal is an answer for the user, not a fault of the program
    """Raised by services when a rule blocks; ``str()`` is the reason, ``.verdict`` the whole answer."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict)
        self.verdict = verdict

    def __str__(self) -> str:
        return str(self.verdict.reason)


class StepUpRequired(Refused):
    """Raised when a command wants a fresh proof of identity; the door leads there and back."""


def passed() -> Verdict:
    """Allowed, nothing to say."""
    return Verdict(ok=True)


def warned(reason: Text, source: str = "") -> Verdict:
    """Allowed, but the user must see the reason."""
    return Verdict(ok=True, reason=reason, source=source, level="warn")


def refused(reason: Text, source: str = "") -> Verdict:
    """Not allowed, for this reason."""
    return Verdict(ok=False, reason=reason, source=source, level="block")


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The gravest of several verdicts, the first one among equals; ``passed()`` if there is none."""
    return max(verdicts, key=lambda verdict: _RANK[verdict.level], default=passed())
