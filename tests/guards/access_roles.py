"""The fifteen roles of the proof and the cashier, each with what it may do, written out by hand.

This is a second statement beside zhijia/areas/accounts/roles.py and must never import it: whoever grants a
post one action more, or one less, has to say so in both places, and a slip of the hand in one is found.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

OWN = frozenset({"accounts.own"})
NOTHING: frozenset[str] = frozenset()

CLERK = frozenset(
    {
        "organisations.view",
        "organisations.record",
        "organisations.manage",
        "members.view",
        "members.record",
        "members.reveal",
        "members.export_full",
        "activities.view",
        "activities.record",
        "aid.view",
        "aid.record",
        "finance.view",
        "finance.record",
        "finance.request",
        "honours.view",
        "honours.record",
        "figures.view",
        "summaries.view",
        "summaries.make",
        "targets.view",
        "targets.set",
        "books.import",
        "books.export",
        "accounts.manage",
        "accounts.matrix",
        "privacy.view",
        "privacy.serve",
    }
)
CHAIR = frozenset(
    {
        "organisations.view",
        "organisations.record",
        "organisations.manage",
        "members.view",
        "members.record",
        "members.reveal",
        "members.export_full",
        "members.approve_full",
        "activities.view",
        "activities.record",
        "aid.view",
        "aid.record",
        "finance.view",
        "finance.record",
        "finance.request",
        "finance.approve",
        "honours.view",
        "honours.record",
        "figures.view",
        "summaries.view",
        "summaries.make",
        "targets.view",
        "targets.set",
        "books.import",
        "books.export",
        "accounts.manage",
        "accounts.grant",
        "accounts.matrix",
        "privacy.view",
        "privacy.serve",
        "privacy.erase",
    }
)
ACCOUNTANT = frozenset(
    {
        "organisations.view",
        "finance.view",
        "finance.record",
        "finance.request",
        "finance.check",
        "aid.view",
        "figures.view",
        "summaries.view",
        "books.export",
    }
)
AUDIT = frozenset(
    {
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
        "audit.view",
        "accounts.matrix",
        "privacy.view",
    }
)
GROUP_LEADER = frozenset(
    {
        "organisations.view",
        "members.view",
        "activities.view",
        "activities.record",
        "figures.view",
    }
)


@dataclass(frozen=True)
class Role:
    """One kind of user: the letter of the union where the post stands, the post, and what it may do there.

    A member has no post. ``is_person``: the log-in is tied to a person's file.
    """

    base: str
    post: str
    actions: frozenset[str]
    is_person: bool = False

    @property
    def held(self) -> frozenset[str]:
        """Everything the role may do, the own matters included."""
        own = frozenset({"members.own"}) if self.is_person else NOTHING
        return self.actions | (OWN | own if self.base else NOTHING)


ROLES: Mapping[str, Role] = {
    "anonymous": Role("", "", NOTHING),
    "member": Role("S", "", NOTHING, is_person=True),
    "group leader": Role("G", "group_leader", GROUP_LEADER),
    "school clerk": Role("S", "clerk", CLERK),
    "school chair": Role("S", "chair", CHAIR),
    "school accountant": Role("S", "accountant", ACCOUNTANT),
    "school cashier": Role(
        "S", "cashier", frozenset({"organisations.view", "finance.view", "finance.pay", "books.export"})
    ),
    "school audit": Role("S", "audit", AUDIT),
    "county clerk": Role("K", "clerk", CLERK),
    "county chair": Role("K", "chair", CHAIR),
    "county accountant": Role("K", "accountant", ACCOUNTANT),
    "county audit": Role("K", "audit", AUDIT),
    "supervisor": Role("S", "supervisor", frozenset({"organisations.view"})),
    "system admin": Role("K", "system_admin", frozenset({"accounts.manage", "system.view"})),
    "security admin": Role(
        "K",
        "security_admin",
        frozenset({"accounts.grant", "accounts.appoint", "accounts.matrix", "audit.alerts", "privacy.view"}),
    ),
    "audit admin": Role(
        "K",
        "audit_admin",
        frozenset({"audit.view", "audit.alerts", "accounts.matrix", "privacy.view"}),
    ),
}

# How the targets of a role are called, by the letter of the union where its post stands.
TARGETS: Mapping[str, Mapping[str, str]] = {
    "K": {"own": "K", "child": "T", "sibling": "X", "parent": "M", "stranger": "Y"},
    "S": {"own": "S", "child": "G", "sibling": "B", "parent": "T", "stranger": "Y"},
    # below a group there is nothing
    "G": {"own": "G", "sibling": "H", "parent": "S", "stranger": "Y"},
    # someone without a log-in stands nowhere: everything is a stranger's
    "": {"own": "S", "child": "G", "sibling": "B", "parent": "T", "stranger": "Y"},
}
