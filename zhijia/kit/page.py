"""Small values that the kit's templates show: actions, crumbs, empty pages, progress."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString

Field = tuple[str | Promise, Any]
"""Label and value of one line of a detail page; None is shown as missing."""


def link(url: str, text: str) -> SafeString:
    """Return a link for a field of a detail page."""
    return format_html('<a href="{}">{}</a>', url, text)


@dataclass(frozen=True)
class Action:
    """One button. ``post`` sends a form with a CSRF token and a fresh idempotency key.

    ``confirm`` is asked before a POST. In a list's batch bar the ids of the ticked rows go as ``pk``.
    """

    label: str | Promise
    url: str
    icon: str = ""
    primary: bool = False
    post: bool = False
    danger: bool = False
    confirm: str | Promise = ""


@dataclass(frozen=True)
class Crumb:
    """One step of the path above the heading; the last one has no address."""

    label: str | Promise
    url: str = ""


@dataclass(frozen=True)
class EmptyState:
    """What an empty list says, and the button to the next step."""

    text: str | Promise
    action: Action | None = None
    icon: str = "inbox"


@dataclass(frozen=True)
class Progress:
    """A long task as its page shows it. ``percent`` is 0–100; ``state`` is the word people read.

    ``poll_url`` answers with kit/_progress.html; it is asked each second until ``finished``.
    """

    title: str | Promise
    percent: int
    state: str | Promise
    poll_url: str
    done: int = 0
    total: int = 0
    finished: bool = False
    failed: bool = False
    message: str | Promise = ""
    cancel_url: str = ""
    result_url: str = ""
    result_label: str | Promise = ""
    back_url: str = ""
