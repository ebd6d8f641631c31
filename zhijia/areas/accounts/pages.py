"""What the page of the matrix shows: posts and actions as people read them, straight from roles.py."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.areas.accounts.roles import GRANTED, OWN, OWN_FILE, SENSITIVE, actions_of
from zhijia.areas.organisations.models import Seat
from zhijia.kernel.registry import registry

Text = str | Promise
MARK = "✓"


@dataclass(frozen=True)
class Line:
    """One action: whether each post (in the order of ``heads``) grants it, and whether it is sensitive."""

    key: str
    label: Text
    sensitive: bool
    cells: tuple[bool, ...]


@dataclass(frozen=True)
class Group:
    """The actions of one area."""

    label: Text
    lines: tuple[Line, ...]


def heads() -> list[Text]:
    """Return the columns: everyone with a log-in, then the posts."""
    return [_("本人"), *(Seat.Post(post).label for post in GRANTED)]


def groups() -> list[Group]:
    """Return all declared actions by area, each with its cells."""
    return [
        Group(card.label, tuple(_line(action.key, action.label) for action in card.actions))
        for card in registry().cards
        if card.actions
    ]


def _line(key: str, label: Text) -> Line:
    cells = (key in (*OWN, *OWN_FILE), *(key in actions_of(post) for post in GRANTED))
    return Line(key, label, key in SENSITIVE, cells)


def titles() -> list[Text]:
    """Return the columns of the workbook."""
    return [_("业务"), _("事项"), _("双因素验证"), *heads()]


def lines(shown: list[Group]) -> list[list[str]]:
    """Return the rows of the workbook."""
    return [
        [str(group.label), str(one.label), _mark(one.sensitive), *(_mark(cell) for cell in one.cells)]
        for group in shown
        for one in group.lines
    ]


def _mark(is_set: bool) -> str:  # noqa: FBT001 - a cell
    return MARK if is_set else ""
