"""What each post may do: one pure table from the post of a seat to actions that the areas declare.

A seat grants its actions over its union and everything below it. Flags on an account grant nothing. The
table is the whole truth: the matrix page, the explanations and the proofs all read it.
"""

from collections.abc import Mapping
from types import MappingProxyType

from zhijia.areas.organisations.models import Seat

Post = Seat.Post

OWN = ("accounts.own",)  # everyone with a log-in: the own password and language; no post needed
OWN_FILE = ("members.own",)  # everyone whose log-in is tied to a person: the own file and who saw it

ADMIN_POSTS = frozenset({Post.SYSTEM_ADMIN, Post.SECURITY_ADMIN, Post.AUDIT_ADMIN})  # 三员

SENSITIVE = frozenset(
    {
        "accounts.manage",
        "accounts.grant",
        "accounts.appoint",
        "members.reveal",
        "members.export_full",
        "members.approve_full",
        "finance.check",
        "finance.approve",
        "finance.pay",
        "privacy.erase",
        "privacy.serve",
        "audit.view",
        "system.view",
    }
)  # whoever holds one of these needs a second factor

# Duties that must not lie with the one who hands them out: an officer may grant a post with these without
# holding them. Everything else that is handed out must be held.
KEPT_APART = frozenset({"finance.check", "finance.pay", "audit.view"})

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
    "finance.request",
    "honours.record",
    "books.import",
    "summaries.make",
    "targets.set",
)
_CLERK = (
    *_VIEW,
    *_RECORD,
    "accounts.manage",
    "accounts.matrix",
    "members.reveal",
    "members.export_full",
    "privacy.view",
    "privacy.serve",
)
_CHAIR = (*_CLERK, "accounts.grant", "members.approve_full", "finance.approve", "privacy.erase")

GRANTED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        Post.CHAIR: _CHAIR,
        Post.VICE_CHAIR: _CHAIR,
        Post.CLERK: _CLERK,
        # The accountant keeps the books and checks; money leaves the house by the cashier's hand only.
        Post.ACCOUNTANT: (
            "organisations.view",
            "finance.view",
            "finance.record",
            "finance.request",
            "finance.check",
            "aid.view",
            "figures.view",
            "summaries.view",
            "books.export",
        ),
        Post.CASHIER: ("organisations.view", "finance.view", "finance.pay", "books.export"),
        Post.AUDIT: (*_VIEW, "audit.view", "accounts.matrix", "privacy.view"),
        Post.WOMEN: (
            "organisations.view",
            "members.view",
            "activities.view",
            "activities.record",
            "aid.view",
            "aid.record",
            "finance.request",
            "honours.view",
            "figures.view",
            "summaries.view",
            "books.export",
        ),
        Post.MEMBER: (
            "organisations.view",
            "activities.view",
            "honours.view",
            "figures.view",
            "summaries.view",
        ),
        Post.GROUP_LEADER: (
            "organisations.view",
            "members.view",
            "activities.view",
            "activities.record",
            "figures.view",
        ),
        Post.SUPERVISOR: ("organisations.view",),
        # The three administrators watch each other and see no business data.
        Post.SYSTEM_ADMIN: ("accounts.manage", "system.view"),
        Post.SECURITY_ADMIN: (
            "accounts.grant",
            "accounts.appoint",
            "accounts.matrix",
            "audit.alerts",
            "privacy.view",
        ),
        Post.AUDIT_ADMIN: ("audit.view", "audit.alerts", "accounts.matrix", "privacy.view"),
    }
)


def actions_of(post: str) -> tuple[str, ...]:
    """Return the actions that a post grants; a post that the table does not know grants none."""
    return GRANTED.get(post, ())


def posts_with(action: str) -> tuple[str, ...]:
    """Return the posts that grant an action, in the order of the table."""
    return tuple(post for post, actions in GRANTED.items() if action in actions)
