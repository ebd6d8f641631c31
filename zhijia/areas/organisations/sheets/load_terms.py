"""The columns 主席, 届次, 换届日期, 届满日期 of the sheet 工会: the term of the committee and its chair."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from zhijia.areas.organisations import rules, tree
from zhijia.areas.organisations.models import Committee, Seat
from zhijia.kernel.records import change_many, create_many
from zhijia.kit.sheets import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from zhijia.areas.organisations.sheets.load_unions import Node, Work

WHY = "terms and posts of unions in the importer's reach"
SLACK = timedelta(days=31)  # congresses meet a few weeks before or after the exact day


def terms_load(work: Work, nodes: Sequence[Node]) -> None:
    """Write the terms and then the chairs of these unions, each kind of write once for all."""
    keys = [node.union.pk for node in nodes if node.union is not None]
    terms: dict[int, list[Committee]] = defaultdict(list)
    for term in Committee.objects.everywhere(WHY).filter(union__in=keys, kind=Committee.Kind.UNION):
        terms[term.union_id].append(term)
    new: list[Committee] = []
    changed: list[Committee] = []
    for node in nodes:
        if node.union is not None and node.row.values["elected_on"] and not node.failed:
            known = terms[node.union.pk]
            _term(work, node, known, new, changed)
    change_many(Committee, changed, ["term_no", "elected_on", "expires_on", "ended_on"])
    create_many(Committee, new)
    current = {term.union_id: term for found in terms.values() for term in found if not term.ended_on}
    _chairs(work, nodes, keys, current)


def _usual(row: Row) -> bool:
    """Say whether the two dates lie three or five years apart, give or take a month."""
    elected, expires = row.values["elected_on"], row.values["expires_on"]
    known = rules.rule_on("term_years", elected)
    ends = [rules.months_after(elected, 12 * years) for years in known.value] if known else []
    return not ends or any(abs(expires - end) <= SLACK for end in ends)


def _term(
    work: Work, node: Node, known: list[Committee], new: list[Committee], changed: list[Committee]
) -> None:
    """Correct the term that the row means, or add it; ``known`` are all terms of the union."""
    union, values = node.union, node.row.values
    if union is None:
        return
    number, elected, expires = values["term_no"], values["elected_on"], values["expires_on"]
    if not _usual(node.row):
        work.outcome.warn(node.row, "expires_on", _("任期不是三年或者五年(工会法第十六条),请核对。"))
    same = next((term for term in known if term.elected_on == elected), None)
    same = next((term for term in known if number and term.term_no == number), same)
    if same is not None:
        values_now = (number or same.term_no, elected, expires)
        if values_now != (same.term_no, same.elected_on, same.expires_on):
            same.term_no, same.elected_on, same.expires_on = values_now
            changed.append(same)
            work.touched.add(node.row.number)
        return
    later = min((term.elected_on for term in known if term.elected_on > elected), default=None)
    for former in known:
        if former.ended_on is None and former.elected_on < elected:
            former.ended_on = elected
            changed.append(former)
    ended = later or (max(union.closed_on, elected) if union.closed_on else None)
    number = number or max((term.term_no for term in known), default=0) + 1
    term = Committee(union=union, term_no=number, elected_on=elected, expires_on=expires, ended_on=ended)
    known.append(term)
    new.append(term)
    work.touched.add(node.row.number)


def _chairs(work: Work, nodes: Sequence[Node], keys: list[int], current: dict[int, Committee]) -> None:
    seats: dict[int, list[Seat]] = defaultdict(list)
    for seat in Seat.objects.everywhere(WHY).filter(union__in=keys, post=Seat.Post.CHAIR):
        seats[seat.union_id].append(seat)
    new: list[Seat] = []
    ended: list[Seat] = []
    for node in nodes:
        if node.union is None or node.failed or not node.row.values["chair"]:
            continue
        held = seats[node.union.pk]
        if not any(_same_chair(node.row, seat) for seat in held):
            _chair(work, node, held, (new, ended), current.get(node.union.pk))
    change_many(Seat, ended, ["ends_on"])
    create_many(Seat, new)


def _same_chair(row: Row, seat: Seat) -> bool:
    """Say whether a known post is the one that the row names: held now, or beyond the row's election."""
    elected = row.values["elected_on"]
    reaches = seat.ends_on is None or elected is None or seat.ends_on > elected or seat.starts_on >= elected
    return seat.holder == row.values["chair"] and reaches


def _chair(
    work: Work, node: Node, held: list[Seat], lists: tuple[list[Seat], list[Seat]], term: Committee | None
) -> None:
    union, elected = node.union, node.row.values["elected_on"]
    if union is None:
        return
    sitting = next((seat for seat in held if seat.ends_on is None), None)
    if sitting is not None:
        if elected is None or elected < sitting.starts_on:
            advice = _("系统中的主席是“%(name)s”；请填写换届日期，或者先在工会页面登记离任。")
            work.fail(node, "chair", advice % {"name": sitting.holder})
            return
        sitting.ends_on = elected
        lists[1].append(sitting)
    starts = elected or union.founded_on or tree.UNKNOWN_START
    ends = max(union.closed_on, starts) if union.closed_on else None
    lists[0].append(
        Seat(
            union=union,
            committee=term,
            post=Seat.Post.CHAIR,
            holder=node.row.values["chair"],
            starts_on=starts,
            ends_on=ends,
        )
    )
    work.touched.add(node.row.number)
