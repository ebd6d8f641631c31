"""Loading the sheet 工会: new unions in the order of the tree, corrections, dated changes, terms, chairs."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.organisations import rules, tree
from zhijia.areas.organisations.models import Union, UnionChange
from zhijia.areas.organisations.sheets import IMPORT, UnionFinder, book_unions, forget_unions, plain
from zhijia.areas.organisations.sheets.load_changes import changes_apply
from zhijia.areas.organisations.sheets.load_terms import terms_load
from zhijia.kernel.records import change_many
from zhijia.kernel.verdict import Refused
from zhijia.kit.sheets import BookContext, Outcome, Row

MANAGE, RECORD = "organisations.manage", "organisations.record"
CORRECTED = (
    "name",
    "level",
    "sector",
    "region",
    "uscc",
    "issuer_code",
    "founded_on",
    "legal_person_on",
    "account_opened_on",
)
DATED = {"name": UnionChange.Kind.RENAMED, "level": UnionChange.Kind.UPGRADED}


@dataclass
class Node:
    """One union of the sheet: its rows (the first has its facts), and what was found for it."""

    key: str
    rows: list[Row]
    union: Union | None = None
    parent_key: str | None = None  # the parent stands in this sheet
    parent: Union | None = None  # the parent was known before
    failed: bool = False

    @property
    def row(self) -> Row:
        """The row with the facts."""
        return self.rows[0]


@dataclass
class Work:
    """The state of one load."""

    book: BookContext
    outcome: Outcome
    finder: UnionFinder
    nodes: dict[str, Node] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)  # row numbers that changed something

    def fail(self, node: Node, column: str, advice: str, row: Row | None = None) -> None:
        """Refuse a row and everything that stands on its union."""
        self.outcome.error(row or node.row, column, advice)
        self.drop(node)

    def drop(self, node: Node) -> None:
        """Take a union out without a message of its own."""
        node.failed = True
        self.book.failed["union"].update((node.row.values["code"], node.row.values["name"]))


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Load the sheet; rows whose parent stands later in the file are fine."""
    work = Work(book, Outcome(), book_unions(book))
    _group(work, rows)
    _known(work)
    _parents(work)
    _check(work)
    for batch in _layers(work):
        _plant(work, batch)
    _correct(work)
    living = [node for node in work.nodes.values() if node.union is not None and not node.failed]
    for node in living:
        changes_apply(work, node)
    terms_load(work, living)
    for node in sorted(living, key=lambda one: -len(tree.path_of(one.union))):
        changes_apply(work, node, closing=True)
    _count(work)
    forget_unions(book)
    return work.outcome


def _group(work: Work, rows: list[Row]) -> None:
    """Gather the rows of one code: further rows may only add further changes."""
    for row in rows:
        key = plain(row.values["code"])
        node = work.nodes.get(key)
        if node is None:
            work.nodes[key] = Node(key, [row])
        elif row.values["change"] and all(
            (one.values["change"], one.values["changed_on"])
            != (row.values["change"], row.values["changed_on"])
            for one in node.rows
        ):
            node.rows.append(row)
        else:
            advice = _("编码与第%(row)d行重复，请删除一行。") % {"row": node.row.number}
            work.outcome.error(row, "code", advice)


def _known(work: Work) -> None:
    """Find the unions that exist; a code that is used out of reach is refused."""
    codes = [node.row.values["code"] for node in work.nodes.values()]
    used = Union.objects.everywhere("codes are unique in the whole tree").filter(code__in=codes)
    taken = {plain(code) for code in used.values_list("code", flat=True)}
    for key, node in work.nodes.items():
        node.union = work.finder.by_code.get(key)
        if node.union is None and key in taken:
            work.fail(node, "code", _("编码已被其他工会使用，请换一个编码。"))


def _parents(work: Work) -> None:
    """Find each parent: in this sheet by code or name, else among the known unions."""
    named: dict[str, list[str]] = defaultdict(list)
    for key, node in work.nodes.items():
        named[plain(node.row.values["name"])].append(key)
    for node in work.nodes.values():
        text = node.row.values["parent"]
        wanted = plain(text)
        if node.failed:
            continue
        if not wanted:
            _topmost(work, node)
        elif wanted in work.nodes:
            node.parent_key = wanted
        elif len(named.get(wanted, [])) == 1:
            node.parent_key = named[wanted][0]
        elif (found := work.finder.find(text)) is not None:
            node.parent = found
        elif (advice := work.finder.advice(text)) is not None:
            work.fail(node, "parent", advice)
        else:
            work.drop(node)


def _topmost(work: Work, node: Node) -> None:
    """Decide what a blank parent means: unchanged, below ``--union``, or a new root."""
    if node.union is not None:
        node.parent = node.union.parent
    elif work.finder.root is not None:
        node.parent = work.finder.root
    elif not work.book.actor.scope.may(IMPORT, ""):
        work.fail(node, "parent", _("请填写上级工会。"))


def _check(work: Work) -> None:
    today = timezone.localdate()
    for node in work.nodes.values():
        if node.failed:
            continue
        values = node.row.values
        above = work.nodes[node.parent_key].row.values["level"] if node.parent_key else None
        above = above or (node.parent.level if node.parent else None)
        if lacking := _lacking(work, node):
            work.fail(node, "code", lacking)
            continue
        founded: date | None = values["founded_on"]
        if above and not (verdict := rules.level_below(above, values["level"])):
            work.fail(node, "level", str(verdict))
        elif founded and founded > today:
            work.fail(node, "founded_on", _("日期不能晚于今天。"))
        elif bool(values["elected_on"]) != bool(values["expires_on"]):
            missing = "expires_on" if values["elected_on"] else "elected_on"
            work.fail(node, missing, _("换届日期和届满日期要一起填写。"))
        elif values["elected_on"] and values["expires_on"] <= values["elected_on"]:
            work.fail(node, "expires_on", _("届满日期应当晚于换届日期。"))


def _lacking(work: Work, node: Node) -> str | None:
    """Say which right the importer lacks: founding and dated changes need more than a correction."""
    dated = any(row.values["change"] for row in node.rows)
    if node.union is not None:
        return work.finder.refusal(MANAGE if dated else RECORD, tree.path_of(node.union))
    if node.parent_key and work.nodes[node.parent_key].union is None:
        return None  # stands or falls with its parent, which is new itself
    parent = work.nodes[node.parent_key].union if node.parent_key else node.parent
    return work.finder.refusal(MANAGE, tree.path_of(parent))


def _layers(work: Work) -> list[list[Node]]:
    """Order the new unions so that parents come first, one layer at a time; name the rows of a cycle."""
    waiting = {key: node for key, node in work.nodes.items() if node.union is None and not node.failed}
    done = {key for key, node in work.nodes.items() if node.union is not None and not node.failed}
    layers: list[list[Node]] = []
    while waiting:
        layer = [node for node in waiting.values() if node.parent_key is None or node.parent_key in done]
        if not layer:
            break
        layers.append(layer)
        done |= {node.key for node in layer}
        for node in layer:
            del waiting[node.key]
    for key in list(waiting):
        if _in_cycle(work, key):
            work.fail(waiting.pop(key), "parent", _("上级工会互相循环，请核对。"))
    for node in waiting.values():
        work.drop(node)
    return layers


def _in_cycle(work: Work, key: str) -> bool:
    seen: set[str] = set()
    at = work.nodes[key].parent_key
    while at is not None and at not in seen and at != key:
        seen.add(at)
        at = work.nodes[at].parent_key
    return at == key


def _plant(work: Work, batch: list[Node]) -> None:
    made = []
    for node in batch:
        values = node.row.values
        node.parent = work.nodes[node.parent_key].union if node.parent_key else node.parent
        facts = {name: values[name] for name in CORRECTED if values[name] is not None}
        node.union = Union(
            code=values["code"], parent=node.parent, name_key=tree.name_key(values["name"]), **facts
        )
        made.append(node.union)
        work.created.add(node.key)
    tree.plant(made)


def _correct(work: Work) -> None:
    """Write what differs from what is kept; a blank cell never erases."""
    changed: list[Union] = []
    for node in work.nodes.values():
        union, values = node.union, node.row.values
        if union is None or node.failed or node.key in work.created:
            continue
        differing = [name for name in CORRECTED if values[name] not in (None, getattr(union, name))]
        if not differing:
            continue
        if "founded_on" in differing and not _founding(work, node, union):
            continue
        steps = {row.values["change"] for row in node.rows}
        for name, kind in DATED.items():
            if name in differing and kind not in steps:
                words = {"old": getattr(union, name), "change": kind.label}
                advice = _("系统中为“%(old)s”，将直接更正；如是%(change)s，请填写变动和变动日期。")
                work.outcome.warn(node.row, name, advice % words)
        for name in differing:
            setattr(union, name, values[name])
        union.name_key = tree.name_key(union.name)
        changed.append(union)
        work.touched.add(node.row.number)
    change_many(Union, changed, [*CORRECTED, "name_key"])


def _founding(work: Work, node: Node, union: Union) -> bool:
    try:
        tree.redate_founding(union, node.row.values["founded_on"])
    except Refused as refusal:
        work.fail(node, "founded_on", str(refusal))
        return False
    return True


def _count(work: Work) -> None:
    wrong = {error.row for error in work.outcome.errors}
    for node in work.nodes.values():
        for row in node.rows:
            if row.number in wrong or node.failed:
                continue
            if row is node.row and node.key in work.created:
                work.outcome.created += 1
            elif row.number in work.touched:
                work.outcome.updated += 1
            else:
                work.outcome.unchanged += 1
