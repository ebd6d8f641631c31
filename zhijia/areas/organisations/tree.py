"""The dated tree: how unions get their place and change it. Used by services and sheets, inside a command."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Committee, Employer, Placement, Seat, Union, UnionChange
from zhijia.areas.organisations.paths import child_path, rebased
from zhijia.kernel.chinese import initials, pinyin_key
from zhijia.kernel.command import require
from zhijia.kernel.records import change, change_many, create, create_many
from zhijia.kernel.scope import below
from zhijia.kernel.verdict import refused

UNKNOWN_START = date(1900, 1, 1)
WHY = "the union itself was loaded in scope"
_PINYIN, _INITIALS = 199, 100


def name_key(name: str) -> str:
    """Return what a name is searched by: its pinyin and, after a space, its initials, in lower case."""
    return f"{pinyin_key(name)[:_PINYIN]} {initials(name)[:_INITIALS]}".lower()


def path_of(union: Union | None) -> str:
    """Return a union's path; empty above the roots."""
    return (union.path or "") if union else ""


def lock(*unions: Union | None, below_too: Union | None = None) -> None:
    """Let nobody else change these unions until the command ends, in the order of their ids.

    ``below_too`` names one whose whole subtree is locked. What they stand on (place, level, closing) is read
    again, because it may have changed while the command waited. SQLite has one writer anyway.
    """
    named = [union for union in unions if union is not None]
    wanted = Q(pk__in=[union.pk for union in named])
    if below_too is not None and below_too.path:
        wanted |= below("path", below_too.path)
    rows = Union.objects.everywhere("locked, not shown").filter(wanted).select_for_update().order_by("pk")
    now = {row.pk: row for row in rows}
    for union in named:
        for field in ("path", "parent_id", "level", "closed_on"):
            setattr(union, field, getattr(now[union.pk], field))


def plant(unions: Sequence[Union]) -> None:
    """Insert new unions whose parents are stored already, with path, first placement and founding."""
    create_many(Union, unions)
    for union in unions:
        union.path = child_path(path_of(union.parent), union.pk)
    change_many(Union, unions, ["path"])
    create_many(
        Placement,
        [
            Placement(
                union=union,
                parent=union.parent,
                path=union.path or "",
                starts_on=union.founded_on or UNKNOWN_START,
            )
            for union in unions
        ],
    )
    create_many(
        UnionChange,
        [
            UnionChange(
                union=union,
                kind=UnionChange.Kind.FOUNDED,
                happened_on=union.founded_on,
                after=union.name,
            )
            for union in unions
            if union.founded_on
        ],
    )


def open_placement(union: Union) -> Placement | None:
    """Return where the union stands now; None for one that was transferred out."""
    return Placement.objects.everywhere(WHY).filter(union=union, ends_on=None).first()


def relocate(union: Union, parent: Union, on: date) -> None:
    """Put a union with all below it under ``parent`` from that day on; earlier days keep the old place.

    Placements that reach over the day are cut in two; those that begin later are rewritten.
    """
    old, new = path_of(union), child_path(path_of(parent), union.pk)
    why = "a move concerns the whole subtree"
    touched = list(
        Placement.objects.everywhere(why).filter(below("path", old)).exclude(ends_on__lte=on).order_by("pk")
    )
    cut = [placement for placement in touched if placement.starts_on < on]
    later = [placement for placement in touched if placement.starts_on >= on]
    after = [
        Placement(
            union_id=placement.union_id,
            parent_id=placement.parent_id,
            path=placement.path,
            starts_on=on,
            ends_on=placement.ends_on,
        )
        for placement in cut
    ]
    for placement in cut:
        placement.ends_on = on
    for placement in (*after, *later):
        placement.path = rebased(placement.path, old, new)
        if placement.union_id == union.pk:
            placement.parent_id = parent.pk
    change_many(Placement, cut, ["ends_on"])
    change_many(Placement, later, ["path", "parent"])
    create_many(Placement, after)
    subtree = list(Union.objects.everywhere(why).filter(below("path", old)))
    for member in subtree:
        member.path = rebased(path_of(member), old, new)
        if member.pk == union.pk:
            member.parent = parent
            union.version += 1
    change_many(Union, subtree, ["path", "parent"])
    union.path, union.parent = new, parent


def end(union: Union, how: str, on: date, document: str) -> None:
    """Close a union: reason, document and change; its terms, posts and coverage end on the same day.

    Raises Refused when the day does not lie within its present place in the tree.
    """
    place = open_placement(union)
    leaves = how == Union.Closing.TRANSFERRED
    if place is not None and (on < place.starts_on or (leaves and on == place.starts_on)):
        require(refused(_("终止日期应当在现有隶属关系开始之后。")))
    change(union, closed_on=on, closed_how=how, closed_document=document)
    create(UnionChange(union=union, kind=how, happened_on=on, document=document))
    seats = list(Seat.objects.everywhere(WHY).filter(union=union, ends_on=None))
    for seat in seats:
        seat.ends_on = max(on, seat.starts_on)
    terms = list(Committee.objects.everywhere(WHY).filter(union=union, ended_on=None))
    for term in terms:
        term.ended_on = max(on, term.elected_on)
    employers = list(Employer.objects.everywhere(WHY).filter(union=union, ended_on=None))
    for employer in employers:
        employer.ended_on = max(on, employer.covered_on)
    change_many(Seat, seats, ["ends_on"])
    change_many(Committee, terms, ["ended_on"])
    change_many(Employer, employers, ["ended_on"])
    if leaves and place is not None:
        change(place, ends_on=on)


def redate_founding(union: Union, founded: date | None) -> None:
    """Let the first placement and the dated founding follow a corrected founding date; may raise Refused."""
    start = founded or UNKNOWN_START
    first = Placement.objects.everywhere(WHY).filter(union=union).order_by("starts_on").first()
    if first is not None and first.starts_on != start:
        if first.ends_on and start >= first.ends_on:
            require(refused(_("建会日期不能晚于第一次调整隶属的日期。")))
        change(first, starts_on=start)
    noted = UnionChange.objects.everywhere(WHY).filter(union=union, kind=UnionChange.Kind.FOUNDED).first()
    if noted is not None and founded:
        change(noted, happened_on=founded)
    elif founded:
        create(UnionChange(union=union, kind=UnionChange.Kind.FOUNDED, happened_on=founded, after=union.name))
