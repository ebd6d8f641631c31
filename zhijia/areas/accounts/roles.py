"""What each post may do: one pure table from the post of a seat to actions that the areas declare.

A seat grants its actions over its union and everything below it. Flags on an account grant nothing.
"""

from collections.abc import Mapping
from types import MappingProxyType

from zhijia.areas.organisations.models import Seat

OWN = ("accounts.own",)  # everyone with a log-in: the own password and language; no post needed

_VIEW = (
    "organisations.view",
    "members.view",
    "activities.view",
    "aid.view",
    "finance.view",
    "honours.view",
    "figures.view",
    "summaries.view",
    "targets.view",
    "books.export",
)
_RECORD = (
    "organisations.record",
    "organisations.manage",
    "members.record",
    "activities.record",
    "aid.record",
    "finance.record",
    "honours.record",
    "books.import",
    "summaries.make",
    "targets.set",
    "accounts.manage",
)
_MONEY = (
    "organisations.view",
    "finance.view",
    "finance.record",
    "books.export",
    "aid.view",
    "figures.view",
    "summaries.view",
)
_WOMEN = (
    "organisations.view",
    "members.view",
    "activities.view",
    "activities.record",
    "aid.view",
    "aid.record",
    "honours.view",
    "figures.view",
    "summaries.view",
    "books.export",
)

GRANTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Seat.Post.CHAIR: _VIEW + _RECORD,
        Seat.Post.VICE_CHAIR: _VIEW + _RECORD,
        Seat.Post.CLERK: _VIEW + _RECORD,
        Seat.Post.ACCOUNTANT: _MONEY,
        Seat.Post.CASHIER: _MONEY,
        Seat.Post.AUDIT: _VIEW,
        Seat.Post.WOMEN: _WOMEN,
        Seat.Post.MEMBER: (),
    }
)


def actions_of(post: str) -> tuple[str, ...]:
    """Return the actions that a post grants; a post that the table does not know grants none."""
    return GRANTED.get(post, ())
