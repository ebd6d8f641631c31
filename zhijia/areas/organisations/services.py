"""All that happens to unions, employers, head-counts, committees and posts. The only writer of this area."""
# ruff: noqa: ARG001 - the actor of every service is read by the command decorator

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.organisations import rules, tree
from zhijia.areas.organisations.events import UnionClosed
from zhijia.areas.organisations.models import (
    Committee,
    Employer,
    HeadCount,
    Seat,
    Union,
    UnionChange,
)
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, current, require
from zhijia.kernel.records import change, change_many, create
from zhijia.kernel.verdict import refused

OWN = "checks within the union that the command was granted for"
MANAGE, RECORD = "organisations.manage", "organisations.record"


@dataclass(frozen=True)
class UnionFacts:
    """What is written about a union besides its name and place; blank means unknown."""

    region: str = ""
    uscc: str = ""
    issuer_code: str = ""
    legal_person_on: date | None = None
    account_opened_on: date | None = None


def _today() -> date:
    return timezone.localdate()


def _refuse_if(condition: object, reason: str, source: str = "") -> None:
    if condition:
        require(refused(reason, source))


def _changeable(union: Union, on: date) -> None:
    """Refuse a dated change of a closed union, in the future, or before the union was founded."""
    require(rules.still_open(union))
    require(rules.day_known(on, _today()))
    _refuse_if(union.founded_on and on < union.founded_on, _("日期不能早于建会日期。"))


def _note_change(union: Union, kind: str, on: date, document: str, before: str = "", after: str = "") -> None:
    create(
        UnionChange(
            union=union, kind=kind, happened_on=on, document=document, before=before[:100], after=after[:100]
        )
    )


@command(MANAGE, at=None)
def union_found(
    *,
    actor: Actor,
    parent: Union | None,
    code: str,
    name: str,
    level: str,
    sector: str,
    founded_on: date | None = None,
    facts: UnionFacts = UnionFacts(),
) -> Union:
    """Register a union below ``parent`` (None: a root, for those whose reach is everything)."""
    tree.lock(parent)
    require(actor.scope.may(MANAGE, tree.path_of(parent)))
    if parent:
        require(rules.place_below(parent, level))
    if founded_on:
        require(rules.day_known(founded_on, _today()))
    taken = Union.objects.everywhere("codes are unique in the whole tree").filter(code=code)
    _refuse_if(taken.exists(), _("工会编码“%(code)s”已被使用。") % {"code": code})
    union = Union(
        parent=parent,
        code=code,
        name=name,
        name_key=tree.name_key(name),
        level=level,
        sector=sector,
        founded_on=founded_on,
        region=facts.region,
        uscc=facts.uscc,
        issuer_code=facts.issuer_code,
        legal_person_on=facts.legal_person_on,
        account_opened_on=facts.account_opened_on,
    )
    tree.plant([union])
    return union


@command(RECORD, at="union")
def union_correct(*, actor: Actor, union: Union, version: int | None = None, **values: Any) -> Union:
    """Correct what was written wrongly (not the name, level or place: those have dated steps of their own).

    ``values`` may name sector, founded_on and the fields of UnionFacts; anything else raises TypeError. A
    founding date that was unknown becomes the start of the first placement and a dated founding.
    """
    allowed = {"sector", "founded_on", *UnionFacts.__dataclass_fields__}
    if unknown := set(values) - allowed:
        raise TypeError(f"union_correct does not change {sorted(unknown)}")
    founded, was = values.get("founded_on", union.founded_on), union.founded_on
    if founded:
        require(rules.day_known(founded, _today()))
        _refuse_if(union.closed_on and founded > union.closed_on, _("建会日期不能晚于终止日期。"))
    changed = change(union, version=version, **values)
    if founded != was:
        tree.redate_founding(union, founded)
    return changed


@command(MANAGE, at="union")
def union_rename(*, actor: Actor, union: Union, name: str, on: date, document: str = "") -> Union:
    """Give a union a new name from a day on; the former name stays in its history."""
    _changeable(union, on)
    before = union.name
    _refuse_if(name == before, _("新名称与原名称相同。"))
    change(union, name=name, name_key=tree.name_key(name))
    _note_change(union, UnionChange.Kind.RENAMED, on, document, before, name)
    return union


@command(MANAGE, at="union")
def union_upgrade(*, actor: Actor, union: Union, level: str, on: date, document: str = "") -> Union:
    """Raise a union to another level, such as a joint union to a federation (升格)."""
    _changeable(union, on)
    before = union.level
    _refuse_if(level == before, _("新层级与原层级相同。"))
    if union.parent:
        require(rules.level_below(union.parent.level, level))
    if level == Union.Level.GROUP:
        _refuse_if(_open_children(union), _("工会小组下面不能再设工会。"))
    change(union, level=level)
    after = Union.Level(level).label
    _note_change(union, UnionChange.Kind.UPGRADED, on, document, str(Union.Level(before).label), str(after))
    return union


def _open_children(union: Union) -> bool:
    return Union.objects.everywhere(OWN).filter(parent=union, closed_on=None).exists()


@command(MANAGE, at="union")
def union_move(*, actor: Actor, union: Union, new_parent: Union, on: date, document: str = "") -> Union:
    """Put a union with all below it under another one from a day on; needs the right at both places."""
    tree.lock(union, new_parent, below_too=union)
    require(actor.scope.may(MANAGE, tree.path_of(new_parent)))
    _changeable(union, on)
    require(rules.place_below(new_parent, union.level))
    inside = tree.path_of(new_parent).startswith(tree.path_of(union))
    _refuse_if(inside, _("工会不能调整到自己或者下级工会之下。"))
    _refuse_if(
        new_parent.pk == union.parent_id, _("该工会已经隶属于“%(name)s”。") % {"name": new_parent.name}
    )
    for moved in (union, new_parent):
        place = tree.open_placement(moved)
        early = place is None or on < place.starts_on
        _refuse_if(early, _("日期早于“%(name)s”现有隶属关系的开始日期。") % {"name": moved.name})
    before = union.parent.name if union.parent else ""
    tree.relocate(union, new_parent, on)
    _note_change(union, UnionChange.Kind.MOVED, on, document, before, new_parent.name)
    return union


@command(MANAGE, at="union")
def union_close(*, actor: Actor, union: Union, how: str, on: date, document: str) -> Union:
    """End a union (注销, 撤销, 转出) with its document (R1.2); its terms, posts and coverage end with it.

    The place in the tree stays for what happened before; a union transferred out leaves the tree that day.
    """
    tree.lock(union)
    _changeable(union, on)
    _refuse_if(not document, _("终止工会须填写批准文件。"), f"{rules.LAW}第十三条")
    _refuse_if(_open_children(union), _("该工会还有未终止的下级工会，请先办理下级工会。"))
    tree.end(union, how, on, document)
    current().emit(UnionClosed(union.pk))
    return union


@command(RECORD, at="union")
def employer_cover(
    *,
    actor: Actor,
    union: Union,
    name: str,
    sector: str,
    covered_on: date,
    uscc: str = "",
    industry: str = "",
) -> Employer:
    """Register an employer that the union covers from a day on; once per union and name."""
    _changeable(union, covered_on)
    known = Employer.objects.everywhere(OWN).filter(union=union, name=name)
    _refuse_if(known.exists(), _("单位“%(name)s”已登记在该工会。") % {"name": name})
    return create(
        Employer(union=union, name=name, sector=sector, covered_on=covered_on, uscc=uscc, industry=industry)
    )


@command(RECORD, at="employer.union")
def employer_correct(
    *, actor: Actor, employer: Employer, version: int | None = None, **values: Any
) -> Employer:
    """Correct name, sector, covered_on, uscc or industry; anything else raises TypeError."""
    if unknown := set(values) - {"name", "sector", "covered_on", "uscc", "industry"}:
        raise TypeError(f"employer_correct does not change {sorted(unknown)}")
    name, covered = values.get("name", employer.name), values.get("covered_on", employer.covered_on)
    require(rules.day_known(covered, _today()))
    _refuse_if(employer.ended_on and covered > employer.ended_on, _("覆盖日期不能晚于终止日期。"))
    twin = Employer.objects.everywhere(OWN).filter(union=employer.union, name=name).exclude(pk=employer.pk)
    _refuse_if(twin.exists(), _("单位“%(name)s”已登记在该工会。") % {"name": name})
    return change(employer, version=version, **values)


@command(RECORD, at="employer.union")
def employer_end(*, actor: Actor, employer: Employer, on: date) -> Employer:
    """End the coverage of an employer; the head-counts of its time stay."""
    require(rules.day_known(on, _today()))
    _refuse_if(on < employer.covered_on, _("终止日期不能早于覆盖日期。"))
    _refuse_if(employer.ended_on, _("该单位已终止覆盖。"))
    return change(employer, ended_on=on)


def _check_parts(staff: int, women: int | None, migrants: int | None) -> None:
    _refuse_if(women is not None and women > staff, _("女职工人数不能超过职工人数。"))
    _refuse_if(migrants is not None and migrants > staff, _("农民工人数不能超过职工人数。"))


@command(RECORD, at="employer.union")
def head_count_record(
    *,
    actor: Actor,
    employer: Employer,
    as_of: date,
    staff: int,
    women: int | None = None,
    migrants: int | None = None,
) -> HeadCount:
    """Record how many staff an employer had on a day (once a day); None means not counted, never zero."""
    require(rules.day_known(as_of, _today()))
    _check_parts(staff, women, migrants)
    same_day = HeadCount.objects.everywhere(OWN).filter(employer=employer, as_of=as_of)
    _refuse_if(same_day.exists(), _("该日期的人数已登记，请修改原记录。"))
    return create(HeadCount(employer=employer, as_of=as_of, staff=staff, women=women, migrants=migrants))


@command(RECORD, at="head_count.employer.union")
def head_count_correct(
    *,
    actor: Actor,
    head_count: HeadCount,
    staff: int,
    women: int | None = None,
    migrants: int | None = None,
    version: int | None = None,
) -> HeadCount:
    """Correct the numbers of a recorded day."""
    _check_parts(staff, women, migrants)
    return change(head_count, version=version, staff=staff, women=women, migrants=migrants)


@command(RECORD, at="union")
def committee_elect(
    *,
    actor: Actor,
    union: Union,
    term_no: int,
    elected_on: date,
    years: int,
    kind: str = Committee.Kind.UNION,
) -> Committee:
    """Record the election of a committee; its term of three or five years ends the term before (R1.4)."""
    _changeable(union, elected_on)
    require(rules.term_length(union.level, years, elected_on))
    terms = Committee.objects.everywhere(OWN).filter(union=union, kind=kind)
    _refuse_if(terms.filter(term_no=term_no).exists(), _("第%(no)d届已登记。") % {"no": term_no})
    _refuse_if(terms.filter(elected_on__gte=elected_on).exists(), _("已有更晚选举的一届，请核对选举日期。"))
    for former in terms.filter(ended_on=None):
        change(former, ended_on=elected_on)
    expires_on = rules.months_after(elected_on, 12 * years) - timedelta(days=1)
    return create(
        Committee(union=union, kind=kind, term_no=term_no, elected_on=elected_on, expires_on=expires_on)
    )


@command(RECORD, at="committee.union")
def committee_end(*, actor: Actor, committee: Committee, on: date) -> Committee:
    """End a committee in its term; the posts tied to it end the same day."""
    require(rules.day_known(on, _today()))
    _refuse_if(on < committee.elected_on, _("卸任日期不能早于选举日期。"))
    _refuse_if(committee.ended_on, _("该届委员会已卸任。"))
    seats = list(Seat.objects.everywhere(OWN).filter(committee=committee, ends_on=None))
    for seat in seats:
        seat.ends_on = max(on, seat.starts_on)
    change_many(Seat, seats, ["ends_on"])
    return change(committee, ended_on=on)


@command(RECORD, at="union")
def seat_assign(
    *,
    actor: Actor,
    union: Union,
    post: str,
    holder: str,
    starts_on: date,
    committee: Committee | None = None,
    full_time: bool = False,
) -> Seat:
    """Put someone into a post; a union has one chair at a time, and accountant and cashier are two people."""
    _changeable(union, starts_on)
    _refuse_if(committee and committee.union_id != union.pk, _("委员会不属于该工会。"))
    seats = Seat.objects.everywhere(OWN).filter(union=union, ends_on=None)
    held = set(seats.filter(holder=holder).values_list("post", flat=True))
    _refuse_if(post in held, _("%(name)s已担任此职务。") % {"name": holder})
    require(rules.duties_apart(post, held))
    if post == Seat.Post.CHAIR:
        _refuse_if(seats.filter(post=post).exists(), _("现任主席尚未离任，请先登记离任。"))
    return create(
        Seat(
            union=union,
            committee=committee,
            post=post,
            holder=holder,
            starts_on=starts_on,
            full_time=full_time,
        )
    )


@command(RECORD, at="seat.union")
def seat_end(*, actor: Actor, seat: Seat, on: date) -> Seat:
    """Record that someone left a post."""
    require(rules.day_known(on, _today()))
    _refuse_if(on < seat.starts_on, _("离任日期不能早于任职日期。"))
    _refuse_if(seat.ends_on, _("该职务已离任。"))
    return change(seat, ends_on=on)
