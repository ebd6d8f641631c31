"""The way of the refund formalities of a contribution (R5.5): one way, one step at a time."""

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance.models import Entry
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
