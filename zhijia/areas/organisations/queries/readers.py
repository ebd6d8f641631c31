"""What other parts show about this area: rows of figures, tab, to-dos, recent records, search."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Committee, Employer, HeadCount, Placement, Union, UnionChange
from zhijia.areas.organisations.queries.lists import (
    VIEW,
    named,
    reach,
    terms_due,
    without_employers,
    without_head_counts,
)
from zhijia.kernel.actor import Actor
from zhijia.kernel.records import Record
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import RowCard, ToDo

R = TypeVar("R", bound=Record)
CHUNK = 500  # ids in one query; SQLite allows 32,766 parameters


def _union_url(key: int) -> str:
    return reverse("organisations:union-detail", args=[key])


def _describe(
    rows: QuerySet[R], ids: Sequence[int], card: Callable[[R], RowCard], at: str = "pk"
) -> list[RowCard]:
    """Return the cards of the rows in the order of ``ids``, without those that the rows do not hold."""
    found: dict[int, RowCard] = {}
    for start in range(0, len(ids), CHUNK):
        for row in rows.filter(**{f"{at}__in": ids[start : start + CHUNK]}):
            found[row.pk] = card(row)
    return [found[key] for key in ids if key in found]


def _union_card(union: Union) -> RowCard:
    detail = f"{union.code} {union.get_level_display()} {union.get_sector_display()}"
    if union.closed_on:
        detail = f"{detail} {union.get_closed_how_display()}"
    above = union.parent.name if union.parent else ""
    return RowCard(union.pk, union.name, above, detail, union.founded_on, _union_url(union.pk))


def describe_unions(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Show unions as rows; the union column names the parent."""
    return _describe(reach(scope).select_related("parent"), ids, _union_card)


def _change_card(change: UnionChange) -> RowCard:
    words = [str(change.get_kind_display())]
    if change.before or change.after:
        words.append(" → ".join(part for part in (change.before, change.after) if part))
    if change.document:
        words.append(change.document)
    return RowCard(
        change.pk,
        change.union.name,
        change.union.name,
        " ".join(words),
        change.happened_on,
        _union_url(change.union_id),
    )


def describe_changes(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Show foundings, renamings, closings … as rows."""
    return _describe(UnionChange.objects.within(scope, VIEW).select_related("union"), ids, _change_card)


def _employer_card(employer: Employer) -> RowCard:
    return RowCard(
        employer.pk,
        employer.name,
        employer.union.name,
        str(employer.get_sector_display()),
        employer.covered_on,
        reverse("organisations:employer-detail", args=[employer.pk]),
    )


def describe_employers(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Show covered employers as rows."""
    return _describe(Employer.objects.within(scope, VIEW).select_related("union"), ids, _employer_card)


def _number(value: int | None) -> str:
    return _("未统计") if value is None else _("%(number)d人") % {"number": value}


def _head_count_card(count: HeadCount) -> RowCard:
    words = {
        "staff": _number(count.staff),
        "women": _number(count.women),
        "migrants": _number(count.migrants),
    }
    return RowCard(
        count.pk,
        count.employer.name,
        count.employer.union.name,
        _("职工%(staff)s，女职工%(women)s，农民工%(migrants)s") % words,
        count.as_of,
        reverse("organisations:employer-detail", args=[count.employer_id]),
    )


def describe_head_counts(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Show head-counts as rows; what was not counted is said to be so."""
    rows = HeadCount.objects.within(scope, VIEW).select_related("employer__union")
    return _describe(rows, ids, _head_count_card)


def _term_text(term: Committee) -> str:
    return _("%(kind)s第%(no)d届，%(end)s届满") % {
        "kind": term.get_kind_display(),
        "no": term.term_no,
        "end": term.expires_on.isoformat(),
    }


def _committee_card(term: Committee) -> RowCard:
    return RowCard(
        term.pk,
        term.union.name,
        term.union.name,
        _term_text(term),
        term.elected_on,
        _union_url(term.union_id),
    )


def describe_committees(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Show terms of committees as rows."""
    return _describe(Committee.objects.within(scope, VIEW).select_related("union"), ids, _committee_card)


def _placement_card(place: Placement) -> RowCard:
    above = place.parent.name if place.parent else _("无上级")
    return RowCard(
        place.pk,
        place.union.name,
        place.union.name,
        _("隶属于%(above)s") % {"above": above},
        place.starts_on,
        _union_url(place.union_id),
    )


def describe_placements(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Show dated places in the tree as rows."""
    rows = Placement.objects.within(scope, VIEW).select_related("union", "parent")
    return _describe(rows, ids, _placement_card)


def todos(actor: Actor, today: date) -> list[ToDo]:
    """Return what waits: terms overdue or due soon, unions without employers or without head-counts."""
    scope = actor.scope
    if not scope.may(VIEW):
        return []
    due = list(terms_due(scope, today, 6).values_list("expires_on", flat=True))
    overdue = sum(day < today for day in due)
    terms_url, unions_url = reverse("organisations:term-list"), reverse("organisations:union-list")
    found = (
        ToDo(_("工会委员会任期已届满，应当换届"), overdue, f"{terms_url}?due=overdue", "danger"),
        ToDo(_("工会委员会六个月内届满"), len(due) - overdue, f"{terms_url}?due=6", "warning"),
        ToDo(
            _("基层工会没有登记覆盖单位"), without_employers(scope).count(), f"{unions_url}?missing=employers"
        ),
        ToDo(
            _("工会的覆盖单位没有登记职工人数"),
            without_head_counts(scope).count(),
            f"{unions_url}?missing=counts",
        ),
    )
    return [todo for todo in found if todo.count]


def recent(scope: Scope, limit: int) -> list[RowCard]:
    """Return the newest steps in the life of the unions in reach."""
    rows = UnionChange.objects.within(scope, VIEW).select_related("union").order_by("-created_at", "-pk")
    return [_change_card(change) for change in rows[:limit]]


def search(scope: Scope, text: str, limit: int) -> list[RowCard]:
    """Find unions by name, pinyin, initials or code, then employers by name or credit code."""
    if not text.strip():
        return []
    unions: Iterable[Union] = (
        reach(scope).filter(named(text)).select_related("parent").order_by("code")[:limit]
    )
    cards = [_union_card(union) for union in unions]
    if len(cards) < limit:
        rows = Employer.objects.within(scope, VIEW).select_related("union")
        match = rows.filter(name__icontains=text.strip()) | rows.filter(uscc__iexact=text.strip())
        cards += [_employer_card(employer) for employer in match.order_by("name")[: limit - len(cards)]]
    return cards
