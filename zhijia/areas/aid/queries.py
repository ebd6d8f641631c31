"""The only reader of relief payments; what shows records to people takes the scope first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.aid import rules
from zhijia.areas.aid.models import Relief
from zhijia.areas.members.models import Person
from zhijia.areas.members.queries import person_matches
from zhijia.areas.organisations.models import Union
from zhijia.kernel.chinese import normalise
from zhijia.kernel.money import shown
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity, combine
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import RowCard, TabPage

VIEW, RECORD = "aid.view", "aid.record"
CHUNK = 500
COUNTS = ("people", "people_qualifier", "households", "households_qualifier")
ON_TAB = 20


def reliefs(scope: Scope, action: str = VIEW) -> QuerySet[Relief]:
    """Return the payments in reach, newest first, with union and person."""
    return Relief.objects.within(scope, action).select_related("union", "person").order_by("-given_on", "-pk")


def relief_load(scope: Scope, relief_id: int, action: str = VIEW) -> Relief:
    """Return one payment; Http404 for an absent one and for one out of reach alike."""
    relief = reliefs(scope, action).filter(pk=relief_id).first()
    if relief is None:
        raise Http404
    return relief


def people_of(relief: Relief) -> Quantity | None:
    """Return how many person-times were reached, None when not registered."""
    if relief.people is None:
        return None
    return Quantity(relief.people, CountUnit.PERSON_TIME, Qualifier(relief.people_qualifier))


def households_of(relief: Relief) -> Quantity | None:
    """Return how many households were reached, None when not registered."""
    if relief.households is None:
        return None
    return Quantity(relief.households, CountUnit.HOUSEHOLD, Qualifier(relief.households_qualifier))


def set_counts(relief: Relief, people: Quantity | None, households: Quantity | None) -> None:
    """Put counts with their qualifiers into the fields of an unsaved payment."""
    relief.people = people.value if people else None
    relief.people_qualifier = people.qualifier.value if people else ""
    relief.households = households.value if households else None
    relief.households_qualifier = households.qualifier.value if households else ""


def giving_of(relief: Relief, before: int | None = None) -> rules.Giving:
    """Return a payment as the rules look at it; ``before``: festival goods of the person in that year."""
    return rules.Giving(
        occasion=relief.occasion,
        given_on=relief.given_on,
        fund=relief.fund,
        kind=relief.beneficiary_kind,
        beneficiary=relief.beneficiary,
        people=relief.people,
        households=relief.households,
        amount=relief.amount,
        goods=relief.goods,
        goods_value=relief.goods_value,
        basis=relief.basis,
        note=relief.note,
        festival_before=before,
    )


Given = dict[tuple[int, int], int]
"""Festival goods in fen by person and year."""


def findings(relief: Relief, given: Given | None = None) -> list[rules.Finding]:
    """Return what the rules say about a payment; ``given`` None reads the person's festival goods here."""
    before = None
    if relief.person_id and relief.occasion == Relief.Occasion.FESTIVAL:
        if given is None:
            given = festival_given([relief.person_id], [relief.pk] if relief.pk else [])
        before = given.get((relief.person_id, relief.given_on.year), 0)
    return rules.check(
        giving_of(relief, before), today=timezone.localdate(), jurisdiction=settings.JURISDICTION
    )


def festival_given(person_ids: Iterable[int], without: Iterable[int] = ()) -> Given:
    """Return what persons got as festival goods under the cap, in fen, by person and year."""
    wanted = sorted(set(person_ids))
    left_out = frozenset(without)
    found: Given = {}
    for start in range(0, len(wanted), CHUNK):
        rows = (
            Relief.objects.everywhere("the yearly cap counts all that a person got, from any union")
            .filter(person_id__in=wanted[start : start + CHUNK], occasion=Relief.Occasion.FESTIVAL)
            .filter(fund__in=rules.CAPPED_FUNDS)
            .values_list("pk", "person_id", "given_on", "amount", "goods_value")
        )
        for pk, person_id, day, amount, goods_value in rows:
            if pk not in left_out and person_id is not None:
                key = (person_id, day.year)
                found[key] = found.get(key, 0) + (amount or 0) + (goods_value or 0)
    return found


@dataclass(frozen=True)
class Totals:
    """What a list of payments adds up to. Money in fen, None where no row has any; ``uncounted`` rows say no
    number of people or households.
    """

    rows: int
    amount: int | None
    goods_value: int | None
    people: Quantity | None
    households: Quantity | None
    uncounted: int


def totals(rows: QuerySet[Any]) -> Totals:
    """Add up a scoped queryset of payments; a column in which nothing was registered stays None."""
    plain = rows.order_by()
    sums = plain.aggregate(
        rows=Count("pk"),
        amount=Sum("amount"),
        goods_value=Sum("goods_value"),
        uncounted=Count("pk", filter=Q(people=None, households=None)),
    )
    return Totals(
        sums["rows"],
        sums["amount"],
        sums["goods_value"],
        _counted(plain, "people", CountUnit.PERSON_TIME),
        _counted(plain, "households", CountUnit.HOUSEHOLD),
        sums["uncounted"],
    )


def _counted(rows: QuerySet[Any], name: str, unit: CountUnit) -> Quantity | None:
    """Sum one count; its qualifier follows from those of the rows."""
    parts = (
        rows.exclude(**{name: None}).values_list(f"{name}_qualifier").annotate(number=Sum(name)).order_by()
    )
    found = [(Qualifier(qualifier), number) for qualifier, number in parts]
    if not found:
        return None
    return Quantity(sum(number for _q, number in found), unit, combine(qualifier for qualifier, _n in found))


def reliefs_of_batch(union: Union, keys: Sequence[str]) -> list[Relief]:
    """Return the rows that an earlier sending of the same list wrote."""
    rows = Relief.objects.everywhere("the same list sent again by the same hand").filter(union=union)
    found = {row.source_key: row for row in rows.filter(source_key__in=keys)}
    return [found[key] for key in keys if key in found]


def reliefs_by_key(scope: Scope, action: str, keys: Sequence[str]) -> dict[tuple[int, str], Relief]:
    """Return the payments that came from workbook rows with these keys, by union id and key."""
    found: dict[tuple[int, str], Relief] = {}
    for start in range(0, len(keys), CHUNK):
        part = Relief.objects.within(scope, action).filter(source_key__in=keys[start : start + CHUNK])
        found.update({(relief.union_id, relief.source_key): relief for relief in part})
    return found


def persons_by_number(numbers: Iterable[str]) -> dict[str, Person]:
    """Return the persons with these ID numbers; a number names one person in the whole house."""
    wanted = sorted(set(numbers))
    found: dict[str, Person] = {}
    for start in range(0, len(wanted), CHUNK):
        rows = Person.objects.everywhere("an ID number is unique in the whole house, not within a scope")
        part = rows.filter(id_index__in=wanted[start : start + CHUNK])
        found.update({person.id_number: person for person in part if person.id_number})
    return found


def persons_by_name(scope: Scope, union: Union, names: Iterable[str]) -> dict[str, Person]:
    """Return the persons of one union whose name is unique there, by name."""
    rows = Person.objects.within(scope, "members.view").filter(union=union, name__in=sorted(set(names)))
    found: dict[str, list[Person]] = {}
    for person in rows:
        found.setdefault(person.name, []).append(person)
    return {name: persons[0] for name, persons in found.items() if len(persons) == 1}


def given(relief: Relief) -> str:
    """Return money and goods of a payment as people write them."""
    goods = relief.goods
    if relief.goods_value:
        goods = f"{goods or _('慰问品')}（{shown(relief.goods_value)}）"
    return "、".join(part for part in (shown(relief.amount) if relief.amount else "", goods) if part)


def card_of(relief: Relief) -> RowCard:
    """Return a payment as a line of a mixed list, without its note."""
    return RowCard(
        record_id=relief.pk,
        title=f"{relief.get_occasion_display()} {relief.beneficiary}",
        union=relief.union.name,
        detail=f"{given(relief)} · {relief.get_fund_display()}",
        day=relief.given_on,
        url=reverse("aid:relief-detail", args=[relief.pk]),
    )


def describe_reliefs(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Return the payments behind a figure in the order of ``ids``, without those out of reach."""
    found: dict[int, Relief] = {}
    for start in range(0, len(ids), CHUNK):
        part = reliefs(scope).filter(pk__in=ids[start : start + CHUNK])
        found.update({relief.pk: relief for relief in part})
    return [card_of(found[key]) for key in ids if key in found]


def list_url(**filters: str | int) -> str:
    """Return the address of the list with these filters set."""
    return f"{reverse('aid:relief-list')}?{urlencode(filters)}"


def person_tab(scope: Scope, person_id: int) -> TabPage | None:
    """Return what a person got, as far as the scope reaches; None for those who may see no payments."""
    if not scope.may(VIEW):
        return None
    own = reliefs(scope).filter(person_id=person_id)
    sums = totals(own)
    note = _("共%(rows)d笔%(sums)s。") % {"rows": sums.rows, "sums": _said(sums)}
    return TabPage(tuple(card_of(relief) for relief in own[:ON_TAB]), note if sums.rows else "")


def _said(sums: Totals) -> str:
    """Return the sums that there are, each behind a comma."""
    money = _("，慰问金%(amount)s") % {"amount": shown(sums.amount)} if sums.amount else ""
    goods = _("，慰问品价值%(amount)s") % {"amount": shown(sums.goods_value)} if sums.goods_value else ""
    return money + goods


def union_tab(scope: Scope, union_id: int) -> TabPage | None:
    """Return this year's payments of one union; None for those who may not see them."""
    union = Union.objects.within(scope, VIEW).filter(pk=union_id).first()
    if union is None:
        return None
    year = timezone.localdate().year
    own = reliefs(scope).filter(union=union, given_on__gte=date(year, 1, 1), given_on__lte=date(year, 12, 31))
    sums = totals(own)
    note = _("%(year)d年本级%(rows)d笔%(sums)s，不含下级。") % {
        "year": year,
        "rows": sums.rows,
        "sums": _said(sums),
    }
    if not sums.rows:
        note = _("%(year)d年还没有登记慰问救助。") % {"year": year}
    return TabPage(tuple(card_of(relief) for relief in own[:ON_TAB]), note, list_url(union=union_id))


def recent(scope: Scope, limit: int) -> list[RowCard]:
    """Return the payments written last."""
    return [card_of(relief) for relief in reliefs(scope).order_by("-pk")[:limit]]


def matching(text: str) -> Q:
    """Select payments by beneficiary: a part of the name, or the person by pinyin initials or last digits.

    Notes are not searched, they may speak of health. A blank text selects nothing.
    """
    plain = normalise(text)
    if not plain:
        return Q(pk__in=[])
    named = Q(beneficiary__icontains=plain) | Q(person__name__icontains=plain)
    return named | person_matches(plain, "person__")


def search(scope: Scope, text: str, limit: int) -> list[RowCard]:
    """Return payments by beneficiary; see ``matching``."""
    if not text.strip():
        return []
    return [card_of(relief) for relief in reliefs(scope).filter(matching(text))[:limit]]
