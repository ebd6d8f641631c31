"""The only reader of persons and memberships; the scope comes first."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from django.db.models import Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.members.models import FullExport, Membership, Person
from zhijia.areas.members.states import LIVED, OPEN
from zhijia.areas.organisations.models import Committee, Employer, Seat, Union
from zhijia.areas.organisations.rules import committee_needed, committee_seats, women_committee_needed
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kernel.scope import Scope, below
from zhijia.kit.rows import RowCard, TabPage, ToDo

VIEW, RECORD = "members.view", "members.record"
OWN = "the union itself was found in scope"
FEWEST_DIGITS = 4
TAB_ROWS = 10
ELSEWHERE = gettext_lazy("其他工会")


def memberships(scope: Scope, states: Iterable[str] = OPEN) -> QuerySet[Membership]:
    """Return memberships in reach, the open ones unless told otherwise, newest union order first."""
    return (
        Membership.objects.within(scope, VIEW)
        .filter(state__in=list(states))
        .select_related("person", "union", "employer", "person__union")
        .order_by("union__path", "person__name_key", "pk")
    )


def roster(scope: Scope) -> QuerySet[Membership]:
    """Return all memberships that are or were; the roster's filter narrows them to the open ones."""
    return memberships(scope, LIVED)


def applications(scope: Scope) -> QuerySet[Membership]:
    """Return the applications in reach that wait for approval."""
    return memberships(scope, (Membership.State.APPLIED,)).filter(scope.where(RECORD, "union__path"))


def transfers(scope: Scope) -> QuerySet[Membership]:
    """Return the members whom other unions are sending to a union in reach."""
    return (
        Membership.objects.everywhere("the sending union has named the receiving one")
        .filter(scope.where(RECORD, "transfer_to__path"), state=Membership.State.TRANSFERRING)
        .select_related("person", "union", "transfer_to", "employer")
        .order_by("pk")
    )


def stranded(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Keep the retained members of unions that have ended: they wait to be transferred (R1.2)."""
    return rows.filter(state=Membership.State.RETAINED, union__closed_on__isnull=False)


def membership_load(scope: Scope, membership_id: int) -> Membership:
    """Return a membership in reach of ``members.record``; Http404 otherwise."""
    found = Membership.objects.within(scope, RECORD).select_related("person__union", "union", "employer")
    membership = found.filter(pk=membership_id).first()
    if membership is None:
        raise Http404
    return membership


def transfer_load(scope: Scope, membership_id: int) -> Membership:
    """Return a transfer that waits for a union in reach; Http404 otherwise."""
    membership = transfers(scope).filter(pk=membership_id).first()
    if membership is None:
        raise Http404
    return membership


def persons(scope: Scope, action: str = VIEW) -> QuerySet[Person]:
    """Return the files in reach, members or not."""
    return Person.objects.within(scope, action).select_related("union")


def person_load(scope: Scope, person_id: int, action: str = VIEW) -> Person:
    """Return a file in reach; Http404 for an absent one and for one out of reach alike."""
    person = persons(scope, action).filter(pk=person_id).first()
    if person is None:
        raise Http404
    return person


def union_by_code(code: str) -> Union | None:
    """Return the open union with exactly this code, wherever it stands: the destination of a transfer."""
    found = Union.objects.everywhere("a transfer names its destination by the exact code")
    return found.filter(code=code, closed_on=None).first()


def person_matches(text: str, way: str = "") -> Q:
    """Select persons by name, pinyin or its initials, whole number, or its last four signs.

    ``way`` leads from the queried model to the person (``person__``). A blank text selects nobody.
    """
    plain = normalise(text)
    if not plain:
        return Q(pk__in=[])
    compact = plain.replace(" ", "").upper()
    if compact[:-1].isdigit() and (compact[-1].isdigit() or compact[-1] == "X"):
        return _number_matches(compact, way)
    if compact.isascii():
        key = compact.lower()
        document = Q(**{f"{way}id_index": compact})
        return document | Q(**{f"{way}initials__startswith": key}) | Q(**{f"{way}name_key__startswith": key})
    return Q(**{f"{way}name__contains": plain})


def _number_matches(digits: str, way: str) -> Q:
    """Select by four signs the numbers that end so, by more the number that is exactly this.

    Numbers are sealed: the database knows no other part of them.
    """
    if len(digits) < FEWEST_DIGITS:
        return Q(pk__in=[])
    kind = "tail" if len(digits) == FEWEST_DIGITS else "index"
    return Q(**{f"{way}id_{kind}": digits}) | Q(**{f"{way}phone_{kind}": digits})


def found(scope: Scope, text: str, action: str = VIEW) -> QuerySet[Person]:
    """Return the files in reach that a search text means."""
    return persons(scope, action).filter(person_matches(text)).order_by("name_key", "pk")


def person_text(person: Person) -> str:
    """Return a person as people choose one: name, union, and the last four signs of the number."""
    tail = (person.id_number or "")[-4:]
    known = [person.name, person.union.name, _("尾号%(tail)s") % {"tail": tail} if tail else ""]
    return " · ".join(part for part in known if part)


def person_options(scope: Scope, text: str, limit: int = 20) -> list[dict[str, object]]:
    """Return the answer to the search in a person field."""
    return [{"id": person.pk, "text": person_text(person)} for person in found(scope, text)[:limit]]


def _person_url(person: Person) -> str:
    return reverse("members:person-detail", args=[person.pk])


def person_url(scope: Scope, person: Person) -> str:
    """Return the address of a file, empty when it is out of reach (a member who has moved on)."""
    return _person_url(person) if scope.may(VIEW, person.union.path) else ""


def search(scope: Scope, text: str, limit: int) -> list[RowCard]:
    """Return persons in reach for the global search."""
    return [_person_row(person) for person in found(scope, text)[:limit]]


def _person_row(person: Person) -> RowCard:
    tail = (person.id_number or "")[-4:]
    detail = _("尾号%(tail)s") % {"tail": tail} if tail else ""
    return RowCard(person.pk, person.name, person.union.name, detail, person.born_on, _person_url(person))


def _membership_row(scope: Scope, membership: Membership) -> RowCard:
    return RowCard(
        membership.pk,
        membership.person.name,
        membership.union.name,
        membership.get_state_display(),
        membership.starts_on,
        person_url(scope, membership.person),
    )


def describe_memberships(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Return memberships as lines in the order of the ids; those out of reach are left out."""
    rows = Membership.objects.within(scope, VIEW).filter(pk__in=ids)
    known = {row.pk: row for row in rows.select_related("person__union", "union")}
    return [_membership_row(scope, known[key]) for key in ids if key in known]


def describe_persons(scope: Scope, ids: Sequence[int]) -> list[RowCard]:
    """Return persons as lines in the order of the ids; those out of reach are left out."""
    known = {person.pk: person for person in persons(scope).filter(pk__in=ids)}
    return [_person_row(known[key]) for key in ids if key in known]


def recent(scope: Scope, limit: int) -> list[RowCard]:
    """Return the memberships that were recorded last."""
    rows = Membership.objects.within(scope, VIEW).select_related("person__union", "union").order_by("-pk")
    return [_membership_row(scope, row) for row in rows[:limit]]


def todos(actor: Actor, today: date) -> list[ToDo]:  # noqa: ARG001 - the signature of all todos readers
    """Return applications and transfers that wait for the officer."""
    scope = actor.scope
    waiting = applications(scope).count()
    coming = transfers(scope).count()
    asked = (
        full_exports(scope)
        .filter(scope.where("members.approve_full", "union__path"), state=FullExport.State.ASKED)
        .exclude(asked_by=actor.user_id or 0)
    )
    exports = asked.count()
    stuck = stranded(memberships(scope).filter(scope.where(RECORD, "union__path"))).count()
    lines = [
        ToDo(
            _("%(count)d 份入会申请待审批") % {"count": waiting}, waiting, reverse("members:application-list")
        ),
        ToDo(_("%(count)d 名会员待转入") % {"count": coming}, coming, reverse("members:transfer-list")),
        ToDo(
            _("%(count)d 份完整号码导出申请待审批") % {"count": exports},
            exports,
            reverse("members:full-export-list"),
        ),
        ToDo(
            _("%(count)d 名会员所在工会已终止，待转接") % {"count": stuck},
            stuck,
            f"{reverse('members:roster')}?waiting=closed",
            "warning",
        ),
    ]
    return [line for line in lines if line.count]


def full_exports(scope: Scope) -> QuerySet[FullExport]:
    """Return the wishes in reach to take out whole numbers, the newest first."""
    return FullExport.objects.within(scope, "members.export_full").select_related("union").order_by("-pk")


def full_export_size(scope: Scope, asked: FullExport) -> int:
    """Return how many open memberships an export of whole numbers would hold now."""
    rows = Membership.objects.within(scope, "members.export_full").filter(state__in=OPEN)
    return rows.filter(below("union__path", asked.union.path or "")).count()


def employers(scope: Scope, union: Union | None = None) -> QuerySet[Employer]:
    """Return the employers that unions in reach cover now; with a union, its own."""
    found = Employer.objects.within(scope, RECORD).filter(ended_on=None).order_by("name", "pk")
    return found.filter(union=union) if union else found


def employer_options(scope: Scope, text: str, limit: int = 20) -> list[dict[str, object]]:
    """Return the answer to the search in an employer field."""
    rows = employers(scope).filter(name__icontains=text).select_related("union")[:limit]
    return [{"id": row.pk, "text": f"{row.name} · {row.union.name}"} for row in rows]


def _committee_advice(union: Union, open_rows: QuerySet[Membership]) -> list[str]:
    """Return what the law says about the committees of a union with so many members, with the sources."""
    if union.closed_on or union.level != Union.Level.GRASSROOTS:
        return []
    today = timezone.localdate()
    members = open_rows.order_by().count()
    women = open_rows.filter(person__sex=Person.Sex.FEMALE).order_by().count()
    sitting = Committee.objects.everywhere(OWN).filter(union=union, ended_on=None)
    kinds = set(sitting.values_list("kind", flat=True))
    seats = Seat.objects.everywhere(OWN).filter(
        union=union, ends_on=None, committee__in=sitting.filter(kind=Committee.Kind.UNION)
    )
    verdicts = [
        committee_needed(members, today, has_committee=Committee.Kind.UNION in kinds),
        women_committee_needed(women, today, has_committee=Committee.Kind.WOMEN in kinds),
    ]
    if held := seats.count():  # none written down says nothing about how many there are
        verdicts.append(committee_seats(members, held, today))
    return [f"{one.reason}（{one.source}）" for one in verdicts if one.reason]


def union_tab(scope: Scope, union_id: int) -> TabPage | None:
    """Return the members of a union for its page; None when they are out of reach."""
    union = Union.objects.within(scope, VIEW).filter(pk=union_id).first()
    if union is None:
        return None
    rows = memberships(scope).filter(union=union)
    note = _("在籍和保留会籍共%(count)d人") % {"count": rows.count()}
    note = "；".join([note, *_committee_advice(union, rows)])
    newest = rows.order_by("-starts_on", "-pk")[:TAB_ROWS]
    more = f"{reverse('members:roster')}?union={union_id}"
    return TabPage(tuple(_membership_row(scope, row) for row in newest), note, more)
