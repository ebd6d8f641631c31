"""What is shown about unions: the loaders and lists. The only reader of this area, scope first.

What the card and the facts name (tabs, to-dos, search, rows of figures) stands in ``readers.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import Http404

from zhijia.areas.organisations.models import (
    Committee,
    Employer,
    HeadCount,
    Placement,
    Seat,
    Union,
    UnionChange,
)
from zhijia.areas.organisations.paths import keys
from zhijia.areas.organisations.rules import months_after
from zhijia.kernel.chinese import normalise
from zhijia.kernel.records import Record
from zhijia.kernel.scope import Scope, ScopedQuerySet, below

VIEW = "organisations.view"
OPTIONS = 30
R = TypeVar("R", bound=Record)


def _load(rows: QuerySet[R], key: int) -> R:
    found = rows.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def reach(scope: Scope, action: str = VIEW) -> ScopedQuerySet[Union]:
    """Return the unions in which ``action`` is granted; the base of every choice of a union."""
    return Union.objects.within(scope, action)


def union_load(scope: Scope, key: int, action: str = VIEW) -> Union:
    """Return a union with its parent; Http404 for absent and for out of reach alike."""
    return _load(reach(scope, action).select_related("parent"), key)


def employer_load(scope: Scope, key: int, action: str = VIEW) -> Employer:
    """Return an employer with its union; Http404 for absent and for out of reach alike."""
    return _load(Employer.objects.within(scope, action).select_related("union"), key)


def head_count_load(scope: Scope, key: int, action: str = VIEW) -> HeadCount:
    """Return a head-count with its employer; Http404 for absent and for out of reach alike."""
    return _load(HeadCount.objects.within(scope, action).select_related("employer__union"), key)


def committee_load(scope: Scope, key: int, action: str = VIEW) -> Committee:
    """Return a term with its union; Http404 for absent and for out of reach alike."""
    return _load(Committee.objects.within(scope, action).select_related("union"), key)


def seat_load(scope: Scope, key: int, action: str = VIEW) -> Seat:
    """Return a post with its union; Http404 for absent and for out of reach alike."""
    return _load(Seat.objects.within(scope, action).select_related("union"), key)


def named(text: str) -> Q:
    """Return the filter for unions whose name, pinyin, initials or code matches what was typed."""
    plain = normalise(text)
    found = Q(name__icontains=plain) | Q(code__istartswith=plain)
    if plain.isascii() and (letters := plain.replace(" ", "").lower()):
        found |= Q(name_key__contains=letters)
    return found


def with_children(unions: QuerySet[Union]) -> QuerySet[Union]:
    """Add ``children``: how many open unions stand directly below."""
    counted = (
        Union.objects.everywhere("counts below unions that are in scope")
        .filter(parent=OuterRef("pk"), closed_on=None)
        .order_by()
        .values("parent")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return unions.annotate(children=Coalesce(Subquery(counted), 0))


def unions(scope: Scope) -> QuerySet[Union]:
    """Return the list of unions with their parents, the number of children and the chair's name."""
    chair = (
        Seat.objects.everywhere("the chair of a union in scope")
        .filter(union=OuterRef("pk"), post=Seat.Post.CHAIR, ends_on=None)
        .order_by("-starts_on")
        .values("holder")[:1]
    )
    return (
        with_children(reach(scope)).select_related("parent").annotate(chair=Subquery(chair)).order_by("code")
    )


def below_union(union: Union) -> Q:
    """Return the filter on unions for a union and all below it."""
    return below("path", union.path or "")


def union_options(scope: Scope, text: str, action: str = VIEW) -> list[Union]:
    """Return at most 30 open unions for a searchable select."""
    found = reach(scope, action).filter(closed_on=None)
    if text.strip():
        found = found.filter(named(text))
    return list(found.order_by("path")[:OPTIONS])


def union_tree(scope: Scope, parent: Union | None = None, *, closed: bool = False) -> list[Union]:
    """Return the children of a node; without one, the topmost unions that the scope reaches."""
    rows = with_children(reach(scope))
    if parent is not None:
        rows = rows.filter(parent=parent)
    else:
        roots = scope.paths(VIEW)
        rows = rows.filter(parent=None) if "" in roots else rows.filter(path__in=roots)
    return list((rows if closed else rows.filter(closed_on=None)).order_by("code"))


def ancestors(scope: Scope, union: Union) -> list[Union]:
    """Return the unions above that the scope reaches, topmost first, for the crumbs."""
    above = keys(union.path or "")[:-1]
    return list(reach(scope).filter(pk__in=above).order_by("path"))


def placements_at(scope: Scope, day: date) -> QuerySet[Placement]:
    """Return where the unions stood on a day: the tree as at that date."""
    return (
        Placement.objects.within(scope, VIEW)
        .filter(Q(ends_on=None) | Q(ends_on__gt=day), starts_on__lte=day)
        .select_related("union", "parent")
        .order_by("path")
    )


def employers(scope: Scope) -> QuerySet[Employer]:
    """Return the covered employers with their unions and the newest head-count (``staff``)."""
    newest = (
        HeadCount.objects.everywhere("counts of employers in scope")
        .filter(employer=OuterRef("pk"))
        .order_by("-as_of")
    )
    return (
        Employer.objects.within(scope, VIEW)
        .select_related("union")
        .annotate(
            staff=Subquery(newest.values("staff")[:1]),
            women=Subquery(newest.values("women")[:1]),
            migrants=Subquery(newest.values("migrants")[:1]),
            counted_on=Subquery(newest.values("as_of")[:1]),
        )
        .order_by("union__code", "name")
    )


def _current_terms(scope: Scope) -> QuerySet[Committee]:
    newer = Committee.objects.everywhere("terms of unions in scope").filter(
        union=OuterRef("union"), kind=OuterRef("kind"), elected_on__gt=OuterRef("elected_on")
    )
    return (
        Committee.objects.within(scope, VIEW)
        .filter(~Exists(newer), ended_on=None, union__closed_on=None)
        .select_related("union")
    )


def terms_due(scope: Scope, today: date, months: int = 6) -> QuerySet[Committee]:
    """Return the current terms that have ended or end within so many months, the longest overdue first."""
    return (
        _current_terms(scope)
        .filter(expires_on__lte=months_after(today, months))
        .order_by("expires_on", "union__code")
    )


def terms(scope: Scope) -> QuerySet[Committee]:
    """Return the current terms of all open unions, the next to end first."""
    return _current_terms(scope).order_by("expires_on", "union__code")


def without_employers(scope: Scope) -> QuerySet[Union]:
    """Return the open grassroots unions for which no covered employer is registered."""
    covered = Employer.objects.everywhere("employers of unions in scope").filter(
        union=OuterRef("pk"), ended_on=None
    )
    levels = (Union.Level.GRASSROOTS, Union.Level.JOINT)
    return reach(scope).filter(~Exists(covered), level__in=levels, closed_on=None)


def without_head_counts(scope: Scope) -> QuerySet[Union]:
    """Return the open grassroots unions with a covered employer that was never counted."""
    counts = HeadCount.objects.everywhere("counts of unions in scope").filter(employer=OuterRef("pk"))
    uncounted = (
        Employer.objects.everywhere("employers of unions in scope")
        .filter(union=OuterRef("pk"), ended_on=None)
        .filter(~Exists(counts))
    )
    return reach(scope).filter(Exists(uncounted), closed_on=None)


@dataclass(frozen=True)
class UnionPage:
    """What the page of one union shows."""

    union: Union
    above: list[Union]
    children: list[Union]
    committees: list[Committee]
    seats: list[Seat]
    changes: list[UnionChange]
    employers: list[Employer]
    placements: list[Placement]


def union_page(scope: Scope, key: int) -> UnionPage:
    """Return a union with all that its page shows; Http404 for absent and for out of reach alike."""
    union = union_load(scope, key)
    return UnionPage(
        union=union,
        above=ancestors(scope, union),
        children=union_tree(scope, union, closed=True),
        committees=list(
            Committee.objects.within(scope, VIEW).filter(union=union).order_by("kind", "-elected_on")
        ),
        seats=list(
            Seat.objects.within(scope, VIEW)
            .filter(union=union)
            .select_related("committee")
            .order_by(F("ends_on").desc(nulls_first=True), "post", "-starts_on")
        ),
        changes=list(
            UnionChange.objects.within(scope, VIEW).filter(union=union).order_by("-happened_on", "-pk")
        ),
        employers=list(employers(scope).filter(union=union)),
        placements=list(
            Placement.objects.within(scope, VIEW)
            .filter(union=union)
            .select_related("parent")
            .order_by("-starts_on")
        ),
    )


def head_counts(scope: Scope, employer: Employer) -> list[HeadCount]:
    """Return the head-counts of an employer, newest first."""
    return list(HeadCount.objects.within(scope, VIEW).filter(employer=employer).order_by("-as_of"))


def open_committees(scope: Scope, union: Union) -> QuerySet[Committee]:
    """Return the committees of a union that are in office."""
    return Committee.objects.within(scope, VIEW).filter(union=union, ended_on=None).order_by("kind")


def next_term_no(scope: Scope, union: Union, kind: str = Committee.Kind.UNION) -> int:
    """Return the number that the next term would have; 1 for the first."""
    last = (
        Committee.objects.within(scope, VIEW)
        .filter(union=union, kind=kind)
        .order_by("-term_no")
        .values_list("term_no", flat=True)
        .first()
    )
    return (last or 0) + 1
