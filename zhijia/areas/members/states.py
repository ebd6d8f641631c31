"""From where to where a membership goes: one table. A step ends a span, opens one, or both (R4.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from zhijia.areas.members.models import Membership

State, Start, End = Membership.State, Membership.Start, Membership.End

OPEN = frozenset({State.ACTIVE, State.TRANSFERRING, State.RETAINED})
"""Spans that go on; a person has at most one."""
LIVED = OPEN | {State.ENDED}
"""Spans that are or were a membership (applications are not)."""


class Step(StrEnum):
    """What can happen to a membership."""

    APPROVE = "approve"
    REJECT = "reject"
    TRANSFER_START = "transfer_start"
    TRANSFER_ACCEPT = "transfer_accept"
    TRANSFER_REFUSE = "transfer_refuse"
    RETAIN = "retain"
    RESUME = "resume"
    LEAVE = "leave"  # to a union outside of this system
    RESIGN = "resign"
    LAPSE = "lapse"
    EXPEL = "expel"
    DIE = "die"


@dataclass(frozen=True)
class Way:
    """Where a step starts, the state it leads to, why the span ends, and the span that opens then."""

    sources: frozenset[str]
    target: str
    ends: str = ""
    opens: tuple[str, str] | None = None  # (state, start cause) of the new span


def _ending(cause: str, *sources: str) -> Way:
    return Way(frozenset(sources), State.ENDED, cause)


WAYS: Mapping[Step, Way] = MappingProxyType(
    {
        Step.APPROVE: Way(frozenset({State.APPLIED}), State.ACTIVE),
        Step.REJECT: Way(frozenset({State.APPLIED}), State.REJECTED),
        # A retained member who found work elsewhere, or whose union has ended, moves too.
        Step.TRANSFER_START: Way(frozenset({State.ACTIVE, State.RETAINED}), State.TRANSFERRING),
        Step.TRANSFER_REFUSE: Way(frozenset({State.TRANSFERRING}), State.ACTIVE),
        Step.TRANSFER_ACCEPT: Way(
            frozenset({State.TRANSFERRING}),
            State.ENDED,
            End.TRANSFERRED_OUT,
            (State.ACTIVE, Start.TRANSFERRED_IN),
        ),
        Step.RETAIN: Way(
            frozenset({State.ACTIVE}), State.ENDED, End.RETAINED, (State.RETAINED, Start.RETAINED)
        ),
        Step.RESUME: Way(
            frozenset({State.RETAINED}), State.ENDED, End.RESUMED, (State.ACTIVE, Start.RESUMED)
        ),
        Step.LEAVE: _ending(End.TRANSFERRED_OUT, State.ACTIVE, State.RETAINED),
        Step.RESIGN: _ending(End.RESIGNED, State.ACTIVE, State.RETAINED),
        Step.LAPSE: _ending(End.LAPSED, State.ACTIVE),
        Step.EXPEL: _ending(End.EXPELLED, State.ACTIVE, State.RETAINED),
        Step.DIE: _ending(End.DECEASED, *OPEN),
    }
)

ENDINGS: Mapping[str, Step] = MappingProxyType(
    {
        End.RESIGNED: Step.RESIGN,
        End.LAPSED: Step.LAPSE,
        End.EXPELLED: Step.EXPEL,
        End.DECEASED: Step.DIE,
        End.TRANSFERRED_OUT: Step.LEAVE,
    }
)
"""The causes with which an officer closes a membership for good, and their steps."""


def may_step(state: str, step: Step) -> bool:
    """Say whether a membership in this state can take the step."""
    return state in WAYS[step].sources


def before_transfer(start_cause: str) -> str:
    """Return the state of a waiting transfer before it was started: only retained spans begin as such."""
    return State.RETAINED if start_cause == Start.RETAINED else State.ACTIVE
