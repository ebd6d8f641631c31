"""The specification of access: every address, which action opens it, to which record, and what is answered.

An address that is not listed here makes the proof red, and so does one that is gone. ``Page.get`` and
``Page.post`` are what those are answered who may; others get 403 (their post has no such action), 404 (the
record is out of their reach, or absent: the two look alike) or are led to the log-in page.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse

OPEN = "open"  # strangers too
ANYONE = "anyone"  # every log-in
LOOK = ("GET",)
WRONG_METHOD = 405
REACH, OWNER, ALL = "reach", "owner", "all"


@dataclass(frozen=True)
class Page:
    """One address with one kind of argument.

    ``args`` names samples of the target's union (see access_land), or is a literal behind ``=``; ``ask`` is
    a query with samples in braces. ``place``: REACH - the record must lie in reach of the action, OWNER - it
    belongs to who started it, ALL - the action held anywhere is enough. ``shows``: the kind of canary of the
    target that those must find who may look. ``stranger``: what an OPEN page answers someone without log-in.
    ``method_first``: a wrong method is refused before the action. ``fresh``: identity must have been proven a
    moment ago. ``also``: a second action that the page behind needs. ``refused``: what those are answered
    whose posts have no such action. ``form`` is what a POST sends. ``ways`` are those to be tried, all of
    them where none are named (what differs from another page by its query only is looked at).
    """

    name: str
    action: str
    args: tuple[str, ...] = ()
    ask: str = ""
    place: str = ""
    get: int = 200
    post: int = 200
    shows: str = ""
    method_first: bool = False
    fresh: bool = False
    stranger: int = 0
    also: str = ""
    refused: int = 403
    form: str = ""
    ways: tuple[str, ...] = ()
    why: str = ""

    @property
    def is_about(self) -> str:
        """Return the place: by default, a page with an argument is about a record in reach."""
        return self.place or (REACH if self.args or "{" in self.ask else ALL)

    def address(self, sample: Mapping[str, object]) -> str:
        """Return the address that leads to the sample."""
        values = [one[1:] if one.startswith("=") else sample[one] for one in self.args]
        return reverse(self.name, args=values) + self.ask.format(**sample)

    def __str__(self) -> str:
        return self.name + "".join(f"/{one}" for one in self.args) + self.ask + self.form


def record(name: str, action: str, sample: str, shows: str = "", **more: object) -> Page:
    """Return a page that shows one record and takes no POST."""
    return Page(name, action, (sample,), shows=shows, **({"post": 405} | more))  # type: ignore[arg-type]  # a short form


def press(name: str, action: str, sample: str, **more: object) -> Page:
    """Return a button: a POST that does one thing to a record and leads on."""
    return Page(name, action, (sample,), **({"get": 405, "post": 302} | more))  # type: ignore[arg-type]  # a short form


def listing(name: str, action: str, shows: str = "", **more: object) -> Page:
    """Return a list of records that takes no POST."""
    return Page(name, action, shows=shows, **({"post": 405} | more))  # type: ignore[arg-type]  # a short form


# Who may see what: a canary of this kind is for those who hold one of these actions at its union.
SEEN_BY: Mapping[str, frozenset[str]] = {
    kind: frozenset(actions.split())
    for kind, actions in {
        "union name": "organisations.view accounts.manage accounts.grant audit.view accounts.matrix",
        "union code": "organisations.view accounts.manage accounts.grant audit.view accounts.matrix",
        "employer": "organisations.view",
        "seat holder": "organisations.view accounts.manage accounts.grant accounts.matrix",
        "person": "members.view",
        "membership": "members.view",
        "beneficiary": "aid.view figures.view",
        "relief note": "aid.view",
        "entry": "finance.view figures.view",
        "activity": "activities.view summaries.view",
        "participant": "members.view activities.view",
        "winner": "activities.view summaries.view",
        "honour": "honours.view summaries.view",
        "target": "targets.view",
        "account": "accounts.manage accounts.grant audit.view accounts.matrix",
        "own file": "members.view members.own",
        "attachment": "activities.view aid.view",
        "request": "privacy.serve",
        "payment": "finance.view",
        "payee": "finance.view",
        "consent": "privacy.serve",
        "erasure": "privacy.erase",
        "audit": "audit.view audit.alerts",
        "full export": "members.export_full",
    }.items()
}
# Page -> what it shows from out of reach, and why that is right.
SHOWN_ANYWAY: Mapping[str, Mapping[tuple[str, str], str]] = {
    "members:transfer-list": {("D", "union name"): "the receiving union must know who is sending"},
    "members:transfer": {("D", "union name"): "the receiving union must know who is sending"},
}
# Whole numbers leave the house on these pages only.
REVEALS: frozenset[str] = frozenset(
    {"members:reveal", "members:full-export-take", "finance:account-reveal", "privacy:own", "privacy:export"}
)
