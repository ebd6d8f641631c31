"""Two ways, each one step at a time: refund formalities of a contribution (R5.5), and payments (R6.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance.models import Entry, Payment
from zhijia.kernel.verdict import Verdict, passed, refused

F = Entry.Formalities
SOURCE = "R5.5"

NEXT: Mapping[str, str] = MappingProxyType({F.PENDING: F.READY, F.READY: F.REFUNDED})
"""From each state to the only one that follows; a refunded contribution stays refunded."""

ORDER = (F.NONE, F.PENDING, F.READY, F.REFUNDED)


def may_move(old: str, new: str) -> Verdict:
    """Say whether the formalities may go from ``old`` to ``new``."""
    if NEXT.get(old) == new:
        return passed()
    words = {"old": F(old).label, "new": F(new).label}
    return refused(_("返还手续不能从“%(old)s”变为“%(new)s”。") % words, SOURCE)


def is_back(old: str, new: str) -> bool:
    """Whether ``new`` lies before ``old`` on the way, so that a workbook must not write it."""
    return ORDER.index(F(new)) < ORDER.index(F(old))


P = Payment.State


class Step(StrEnum):
    """What can happen to a payment after it was requested."""

    CORRECT = "correct"  # the requester mends it and hands it in again
    WITHDRAW = "withdraw"
    CHECK = "check"
    RETURN = "return"  # by the checker
    SEND_BACK = "send_back"  # by the approver
    APPROVE = "approve"
    REFUSE = "refuse"
    PAY = "pay"


@dataclass(frozen=True)
class Way:
    """Where a step starts and the state it leads to."""

    sources: frozenset[str]
    target: str


WAYS: Mapping[Step, Way] = MappingProxyType(
    {
        Step.CORRECT: Way(frozenset({P.REQUESTED, P.RETURNED}), P.REQUESTED),
        Step.WITHDRAW: Way(frozenset({P.REQUESTED, P.RETURNED}), P.WITHDRAWN),
        Step.CHECK: Way(frozenset({P.REQUESTED}), P.CHECKED),
        Step.RETURN: Way(frozenset({P.REQUESTED, P.CHECKED}), P.RETURNED),
        # An approved payment that the cashier cannot carry out (a wrong account) goes the whole way again.
        Step.SEND_BACK: Way(frozenset({P.CHECKED, P.APPROVED}), P.RETURNED),
        Step.APPROVE: Way(frozenset({P.CHECKED}), P.APPROVED),
        Step.REFUSE: Way(frozenset({P.CHECKED}), P.REFUSED),
        Step.PAY: Way(frozenset({P.APPROVED}), P.PAID),
    }
)
"""The only ways of a payment (R6.6): what is paid was requested, checked and approved before."""

FINAL = frozenset({P.PAID, P.REFUSED, P.WITHDRAWN})


def may_step(state: str, step: Step) -> Verdict:
    """Say whether a payment in this state can take the step."""
    if state in WAYS[step].sources:
        return passed()
    return refused(_("付款申请目前为“%(state)s”，不能进行此操作。") % {"state": P(state).label}, "R6.6")
