"""What the pages of one union and of one employer show, put together for their templates."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Committee, Employer, HeadCount, Union
from zhijia.areas.organisations.queries import UnionPage
from zhijia.areas.organisations.rules import TermDue, term_due
from zhijia.areas.organisations.services import MANAGE, RECORD
from zhijia.areas.organisations.tables import COLOURS, due_text
from zhijia.areas.organisations.tree import UNKNOWN_START
from zhijia.kernel.records import Record
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Scope
from zhijia.kit.history import history
from zhijia.kit.page import Action, Crumb
from zhijia.kit.rows import TabPage
from zhijia.kit.templatetags.kit import chinese_date

Field = tuple[Any, Any]
ACTIONS = (
    (MANAGE, _("更名"), "union-rename", "pencil"),
    (MANAGE, _("升格"), "union-upgrade", "chevron-up"),
    (MANAGE, _("调整隶属"), "union-move", "sitemap"),
    (MANAGE, _("终止"), "union-close", "archive"),
)


@dataclass(frozen=True)
class TermBar:
    """A term with its bar: how many of its days have passed, and how soon it ends."""

    term: Committee
    days: int
    passed: int
    due: TermDue | None

    @property
    def text(self) -> str:
        """The days left in words; empty for a term that has ended."""
        return due_text(self.due) if self.due else ""

    @property
    def colour(self) -> str:
        """The colour of the urgency."""
        return COLOURS[self.due.state] if self.due else "secondary"


@dataclass(frozen=True)
class TabLink:
    """A tab of another area."""

    label: str | Promise
    url: str
    active: bool


def term_bar(term: Committee, today: date) -> TermBar:
    """Measure a term on a day."""
    days = (term.expires_on - term.elected_on).days
    passed = min(max((today - term.elected_on).days, 0), days)
    return TermBar(term, days, passed, None if term.ended_on else term_due(term.expires_on, today))


def _day(value: date | None) -> str | None:
    return chinese_date(value) if value and value != UNKNOWN_START else None


def _fields(record: Record, names: tuple[str, ...]) -> list[Field]:
    """Return label and readable value of model fields; what is unknown is None or empty."""
    found: list[Field] = []
    for name in names:
        label = getattr(record._meta.get_field(name), "verbose_name", name)
        display = getattr(record, f"get_{name}_display", None)
        value = display() if display else getattr(record, name)
        found.append((label, _day(value) if isinstance(value, date) else value))
    return found


def _actions(scope: Scope, union: Union) -> list[Action]:
    if union.closed_on:
        return []
    actions = []
    if scope.may(RECORD, union.path):
        actions.append(Action(_("更正资料"), reverse("organisations:union-edit", args=[union.pk]), "pencil"))
    if scope.may(MANAGE, union.path):
        if union.level != Union.Level.GROUP:
            new = f"{reverse('organisations:union-create')}?parent={union.pk}"
            actions.append(Action(_("新建下级工会"), new, "plus", primary=True))
        for _grant, label, name, icon in ACTIONS:
            danger = name == "union-close"
            url = reverse(f"organisations:{name}", args=[union.pk])
            actions.append(Action(label, url, icon, danger=danger))
    return actions


def _tabs(scope: Scope, union: Union, chosen: str) -> tuple[list[TabLink], TabPage | None]:
    """Return the tabs that other areas offer, and the content of the one that is chosen."""
    links: list[TabLink] = []
    content: TabPage | None = None
    offered = [(card, tab) for card in registry().cards for tab in card.tabs if tab.on == "union"]
    for number, (card, tab) in enumerate(offered):
        key = f"{card.name}-{number}"
        active = key == chosen
        links.append(TabLink(tab.label, f"?tab={key}#other", active))
        if active:
            try:
                content = import_string(tab.reader)(scope, union.pk)
            except Http404:  # the union is within reach, that area's view of it is not
                content = None
    return links, content


def union_context(scope: Scope, page: UnionPage, today: date, chosen: str) -> dict[str, Any]:
    """Return the context of the page of one union; ``chosen`` is the key of another area's tab."""
    union = page.union
    names: tuple[str, ...] = ("code", "level", "sector", "region", "uscc", "issuer_code", "founded_on")
    names = (*names, "legal_person_on", "account_opened_on")
    if union.closed_on:
        names = (*names, "closed_on", "closed_how", "closed_document")
    tabs, content = _tabs(scope, union, chosen)
    up = [Crumb(one.name, reverse("organisations:union-detail", args=[one.pk])) for one in page.above]
    return {
        "title": union.name,
        "page": page,
        "union": union,
        "fields": _fields(union, names),
        "status": union.get_closed_how_display() if union.closed_on else _("在册"),
        "status_colour": "secondary" if union.closed_on else "green",
        "bars": [term_bar(term, today) for term in page.committees],
        "actions": _actions(scope, union),
        "may_record": not union.closed_on and bool(scope.may(RECORD, union.path)),
        "tabs": tabs,
        "tab_page": content,
        "tab_chosen": any(tab.active for tab in tabs),
        "unknown_start": UNKNOWN_START,
        "history": history(union, labels={"parent": _("上级工会")}),
        "crumbs": (Crumb(_("工会"), reverse("organisations:union-list")), *up, Crumb(union.name)),
    }


def employer_context(scope: Scope, employer: Employer, counts: list[HeadCount]) -> dict[str, Any]:
    """Return the context of the page of one employer; ``counts`` are newest first."""
    may = bool(scope.may(RECORD, employer.union.path))
    actions = []
    if may:
        key = [employer.pk]
        new = Action(
            _("登记职工人数"), reverse("organisations:head-count-create", args=key), "plus", primary=True
        )
        edit = Action(_("更正资料"), reverse("organisations:employer-edit", args=key), "pencil")
        end = Action(_("终止覆盖"), reverse("organisations:employer-end", args=key), "archive", danger=True)
        actions = [new, edit] if employer.ended_on else [new, edit, end]
    oldest_first = counts[::-1]
    series = [
        {"name": _("职工人数"), "values": [count.staff for count in oldest_first]},
        {"name": _("女职工"), "values": [count.women for count in oldest_first]},
        {"name": _("农民工"), "values": [count.migrants for count in oldest_first]},
    ]
    above = reverse("organisations:union-detail", args=[employer.union_id])
    names = ("sector", "industry", "uscc", "covered_on")
    return {
        "title": employer.name,
        "employer": employer,
        "fields": _fields(employer, (*names, "ended_on") if employer.ended_on else names),
        "status": _("已终止") if employer.ended_on else _("在覆盖"),
        "status_colour": "secondary" if employer.ended_on else "green",
        "counts": counts,
        "labels": [count.as_of.isoformat() for count in oldest_first],
        "series": series,
        "actions": actions,
        "may_record": may,
        "history": history(employer),
        "crumbs": (Crumb(employer.union.name, above), Crumb(employer.name)),
    }
