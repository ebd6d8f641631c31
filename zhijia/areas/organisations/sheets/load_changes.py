"""The columns 变动, 变动日期, 变动文件, 原名称 of the sheet 工会: dated steps, each written once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.organisations import tree
from zhijia.areas.organisations.events import UnionClosed
from zhijia.areas.organisations.models import Union, UnionChange
from zhijia.kernel.command import current
from zhijia.kernel.records import create
from zhijia.kernel.verdict import Refused
from zhijia.kit.sheets import Row

if TYPE_CHECKING:
    from zhijia.areas.organisations.sheets.load_unions import Node, Work

NOTED = "organisations.changes"
Kind = UnionChange.Kind


def _noted(work: Work) -> set[tuple[int, str, str]]:
    """Return the steps that are kept already, read once in each load."""
    key = f"{NOTED}.{id(work)}"
    if key not in work.book.cache:
        unions = [node.union.pk for node in work.nodes.values() if node.union is not None]
        kept = UnionChange.objects.everywhere("changes of unions in the importer's reach").filter(
            union__in=unions
        )
        work.book.cache[key] = {
            (union, kind, day.isoformat())
            for union, kind, day in kept.values_list("union_id", "kind", "happened_on")
        }
    noted: set[tuple[int, str, str]] = work.book.cache[key]
    return noted


def changes_apply(work: Work, node: Node, *, closing: bool = False) -> None:
    """Apply the changes of a union's rows: closings in a second round, when everything else stands."""
    endings = set(Union.Closing.values)
    moves = {row.values["change"] for row in node.rows}
    if not closing and Kind.MOVED not in moves and _elsewhere(work, node):
        work.fail(node, "parent", _("上级工会与系统中不同；调整隶属请在“变动”列填“调整隶属”并填写变动日期。"))
        return
    for row in node.rows:
        if row.values["change"] and (row.values["change"] in endings) is closing and not node.failed:
            _apply(work, node, row)


def _parent(work: Work, node: Node) -> Union | None:
    return work.nodes[node.parent_key].union if node.parent_key else node.parent


def _elsewhere(work: Work, node: Node) -> bool:
    """Say whether the sheet puts a known union under another parent than the tree does."""
    parent, union = _parent(work, node), node.union
    if union is None or node.key in work.created or not node.row.values["parent"]:
        return False
    return parent is None or parent.pk != union.parent_id


def _apply(work: Work, node: Node, row: Row) -> None:
    union, kind, on = node.union, row.values["change"], row.values["changed_on"]
    if union is None:
        return
    if on is None:
        work.fail(node, "changed_on", _("填了变动就要填变动日期。"), row)
        return
    if on > timezone.localdate() or (union.founded_on and on < union.founded_on):
        work.fail(node, "changed_on", _("变动日期应当在建会日期之后、今天之前。"), row)
        return
    key = (union.pk, str(kind), on.isoformat())
    noted = _noted(work)
    if key in noted:
        return
    document = row.values["document"] or ""
    if kind in Union.Closing.values:
        written = _close(work, node, row, document)
    elif kind == Kind.MOVED and _elsewhere(work, node):
        written = _move(work, node, row, document)
    else:
        written = _note(work, node, row, document)
    if written:
        noted.add(key)
        work.touched.add(row.number)


def _note(work: Work, node: Node, row: Row, document: str) -> bool:
    union, kind = node.union, row.values["change"]
    before = after = ""
    if kind == Kind.RENAMED:
        before, after = row.values["former_name"] or "", row.values["name"]
        if not before:
            work.fail(node, "former_name", _("更名要填写原名称。"), row)
            return False
    elif kind == Kind.UPGRADED:
        after = str(Union.Level(row.values["level"]).label)
    elif kind == Kind.MOVED:
        parent = _parent(work, node)
        after = parent.name if parent else ""
    happened = row.values["changed_on"]
    create(
        UnionChange(
            union=union, kind=kind, happened_on=happened, document=document, before=before, after=after
        )
    )
    return True


def _move(work: Work, node: Node, row: Row, document: str) -> bool:
    union, parent, on = node.union, _parent(work, node), row.values["changed_on"]
    if union is None or parent is None:
        return False
    union.refresh_from_db(fields=["path", "version"])
    parent.refresh_from_db(fields=["path"])
    if tree.path_of(parent).startswith(tree.path_of(union)):
        work.fail(node, "parent", _("工会不能调整到自己或者下级工会之下。"))
        return False
    for moved in (union, parent):
        place = tree.open_placement(moved)
        if place is None or on < place.starts_on:
            advice = _("日期早于“%(name)s”现有隶属关系的开始日期。") % {"name": moved.name}
            work.fail(node, "changed_on", advice, row)
            return False
    before = union.parent.name if union.parent else ""
    tree.relocate(union, parent, on)
    create(
        UnionChange(
            union=union, kind=Kind.MOVED, happened_on=on, document=document, before=before, after=parent.name
        )
    )
    return True


def _close(work: Work, node: Node, row: Row, document: str) -> bool:
    union = node.union
    if union is None:
        return False
    if union.closed_on:
        work.fail(node, "change", _("该工会已经终止，不能再次终止。"), row)
        return False
    children = Union.objects.everywhere(tree.WHY).filter(parent=union, closed_on=None)
    if children.exists():
        work.fail(node, "change", _("该工会还有未终止的下级工会，请先办理下级工会。"), row)
        return False
    if not document:
        work.outcome.warn(row, "document", _("终止工会应当有批准文件，请补填。"))
    union.refresh_from_db(fields=["version"])
    try:
        tree.end(union, row.values["change"], row.values["changed_on"], document)
    except Refused as refusal:
        work.fail(node, "changed_on", str(refusal), row)
        return False
    current().emit(UnionClosed(union.pk))
    return True
