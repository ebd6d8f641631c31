"""The only reader of the money ledger; every function takes the scope first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.models import Employer, Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.money import shown
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import RowCard, TabPage, ToDo

VIEW, RECORD = "finance.view", "finance.record"
CHUNK = 500


def entries(scope: Scope, action: str = VIEW) -> QuerySet[Entry]:
    """Return the entries in reach, newest first, with union and employer."""
    return (
        Entry.objects.within(scope, action)
        .select_related("union", "employer")
        .order_by("-happened_on", "-pk")
    )


def entry_load(scope: Scope, entry_id: int, action: str = VIEW) -> Entry:
    """Return one entry; Http404 for an absent one and for one out of reach alike."""
    entry = entries(scope, action).filter(pk=entry_id).first()
    if entry is None:
        raise Http404
    return entry


@dataclass(frozen=True)
class KindTotal:
    """How often and how much a kind of movement happened; ``amount`` in fen."""

    kind: str
    label: str | Promise
    rows: int
    amount: int


def totals(rows: QuerySet[Any]) -> list[KindTotal]:
    """Sum a scoped queryset of entries by kind, in the order of the kinds; kinds without rows are left out.

    Kinds are never netted: the ledger does not know the opening balance.
    """
    summed = rows.order_by().values("kind").annotate(rows=Count("pk"), total=Sum("amount"))
    found = {row["kind"]: row for row in summed}
    return [
        KindTotal(kind.value, kind.label, found[kind]["rows"], found[kind]["total"])
        for kind in Entry.Kind
        if kind in found
    ]


def employer_find(scope: Scope, union: Union, name: str) -> Employer | None:
    """Return the union's covered employer of this name."""
    return Employer.objects.within(scope, RECORD).filter(union=union, name=name).first()


def employers_by_name(scope: Scope, action: str, union_ids: Iterable[int]) -> dict[tuple[int, str], Employer]:
    """Return the employers of some unions by union id and name, for a loader."""
    wanted = sorted(set(union_ids))
    found: dict[tuple[int, str], Employer] = {}
    for start in range(0, len(wanted), CHUNK):
        part = Employer.objects.within(scope, action).filter(union_id__in=wanted[start : start + CHUNK])
        found.update({(employer.union_id, employer.name): employer for employer in part})
    return found


def entries_by_key(scope: Scope, action: str, keys: Sequence[str]) -> dict[tuple[int, str], Entry]:
    """Return the entries that came from workbook rows with these keys, by union id and key."""
    found: dict[tuple[int, str], Entry] = {}
    for start in range(0, len(keys), CHUNK):
        part = Entry.objects.within(scope, action).filter(source_key__in=keys[start : start + CHUNK])
        found.update({(entry.union_id, entry.source_key): entry for entry in part})
    return found


def card_of(entry: Entry) -> RowCard:
    """Return an entry as a line of a mixed list."""
    payer = entry.employer.name if entry.employer else entry.counterparty
    parts = (payer, entry.get_category_display() if entry.category else "", entry.note)
    return RowCard(
        record_id=entry.pk,
        title=f"{entry.get_kind_display()} {shown(entry.amount)}",
        union=entry.union.name,
        detail=" · ".join(part for part in parts if part),
        day=entry.happened_on,
        url=reverse("finance:entry-detail", args=[entry.pk]),
    )


def describe_entries(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Return the entries behind a figure in the order of ``ids``, without those out of reach."""
    found: dict[int, Entry] = {}
    for start in range(0, len(ids), CHUNK):
        found.update({entry.pk: entry for entry in entries(scope).filter(pk__in=ids[start : start + CHUNK])})
    return [card_of(found[key]) for key in ids if key in found]


def list_url(**filters: str | int) -> str:
    """Return the address of the list with these filters set."""
    return f"{reverse('finance:entry-list')}?{urlencode(filters)}"


def union_tab(scope: Scope, union_id: int) -> TabPage | None:
    """Return this year's sums of one union by kind; None for those who may not see its ledger."""
    union = Union.objects.within(scope, VIEW).filter(pk=union_id).first()
    if union is None:
        return None
    year = timezone.localdate().year
    own = entries(scope).filter(union=union, happened_on__year=year)
    rows = tuple(
        RowCard(
            record_id=union_id,
            title=f"{total.label} {shown(total.amount)}",
            union=union.name,
            detail=ngettext("%(count)d笔", "%(count)d笔", total.rows) % {"count": total.rows},
            url=list_url(union=union_id, kind=total.kind, period=year),
        )
        for total in totals(own)
    )
    note = _("%(year)d年本级收支，按类别合计，不含下级。") if rows else _("%(year)d年还没有登记经费收支。")
    return TabPage(rows, note % {"year": year}, list_url(union=union_id))


def recent(scope: Scope, limit: int) -> list[RowCard]:
    """Return the entries written last."""
    return [card_of(entry) for entry in entries(scope).order_by("-pk")[:limit]]


def matching(text: str) -> Q:
    """Select entries whose payer, counterparty or note contains the text."""
    wanted = text.strip()
    payer = Q(counterparty__icontains=wanted) | Q(employer__name__icontains=wanted)
    return payer | Q(note__icontains=wanted)


def search(scope: Scope, text: str, limit: int) -> list[RowCard]:
    """Return entries whose payer, counterparty or note contains the text."""
    if not text.strip():
        return []
    return [card_of(entry) for entry in entries(scope).filter(matching(text))[:limit]]


def todos(actor: Actor, today: date) -> list[ToDo]:
    """Return the contributions collected by the tax office whose refund formalities wait (R5.5)."""
    scope = actor.scope
    waiting = (
        entries(scope, RECORD)
        .filter(kind=Entry.Kind.CONTRIBUTION, happened_on__lte=today)
        .exclude(formalities__in=[Entry.Formalities.NONE, Entry.Formalities.REFUNDED])
        .order_by()
        .values("formalities")
        .annotate(rows=Count("pk"))
    )
    found = {row["formalities"]: row["rows"] for row in waiting}
    texts = {
        Entry.Formalities.PENDING: _("税务代收经费的返还手续待办"),
        Entry.Formalities.READY: _("返还手续已完善，等待返还"),
    }
    levels = {Entry.Formalities.PENDING: "warning", Entry.Formalities.READY: "info"}
    return [
        ToDo(
            text,
            found[state],
            list_url(kind="contribution", formalities=state.value),
            levels[state],
        )
        for state, text in texts.items()
        if found.get(state)
    ]
