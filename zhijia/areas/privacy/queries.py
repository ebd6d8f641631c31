"""The only reader of the ledgers of privacy, and what the areas' readers say about persons together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar, cast

from django.db.models import Count, Q, QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.members.models import Person
from zhijia.areas.privacy.models import AboutPerson, Consent, Erasure, Overdue, SubjectRequest
from zhijia.areas.privacy.register import months
from zhijia.areas.privacy.rules import Standing, standing
from zhijia.kernel.actor import Actor
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.records import Record
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import EVERYWHERE, Scope
from zhijia.kit.rows import ToDo
from zhijia.kit.subjects import SubjectReader, SubjectTable, Use, UseReader

VIEW, SERVE, ERASE, OWN = "privacy.view", "privacy.serve", "privacy.erase", "members.own"
GOING = (SubjectRequest.Kind.DELETION, SubjectRequest.Kind.WITHDRAWAL)
LOOKS = {
    "view": gettext_lazy("查看"),
    "search": gettext_lazy("按号码查找"),
    "reveal": gettext_lazy("查看完整号码"),
    "export": gettext_lazy("导出"),
    "print": gettext_lazy("打印"),
}
WHY = "terms of keeping are counted over all records of a person, wherever they lie"
A = TypeVar("A", bound=AboutPerson)
R = TypeVar("R", bound=Record)


def _reach(model: type[A], scope: Scope, action: str) -> QuerySet[A]:
    rows = cast("QuerySet[A]", model.objects.within(scope, action))
    return rows.select_related("person", "union")


def _load(rows: QuerySet[R], key: int) -> R:
    found = rows.filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def requests(scope: Scope) -> QuerySet[SubjectRequest]:
    """Return the requests in reach: those that wait first, the most urgent on top."""
    return _reach(SubjectRequest, scope, SERVE).order_by("-answered_on", "due_on", "pk")


def request_load(scope: Scope, key: int) -> SubjectRequest:
    """Return one request; Http404 for an absent one and for one out of reach alike."""
    return _load(requests(scope), key)


def consents(scope: Scope) -> QuerySet[Consent]:
    """Return the consents in reach, newest first."""
    return _reach(Consent, scope, SERVE).order_by("-given_on", "-pk")


def consent_load(scope: Scope, key: int) -> Consent:
    """Return one consent; Http404 for an absent one and for one out of reach alike."""
    return _load(consents(scope), key)


def erasures(scope: Scope) -> QuerySet[Erasure]:
    """Return the proposals in reach, newest first, with who proposed and who decided."""
    rows = _reach(Erasure, scope, ERASE).select_related("proposed_by", "decided_by")
    return rows.order_by("-proposed_on", "-pk")


def erasure_load(scope: Scope, key: int) -> Erasure:
    """Return one proposal; Http404 for an absent one and for one out of reach alike."""
    return _load(erasures(scope), key)


def overdue(scope: Scope) -> QuerySet[Overdue]:
    """Return the persons in reach whom nothing needs any more, longest ago first."""
    waiting = Erasure.objects.everywhere("a person in reach").filter(state=Erasure.State.PROPOSED)
    rows = _reach(Overdue, scope, ERASE).exclude(person_id__in=waiting.values("person_id"))
    return rows.order_by("since", "pk")


def own_person(person_id: int | None) -> Person:
    """Return the own file of a log-in; Http404 when it is tied to none."""
    if person_id is None:
        raise Http404
    return _load(Person.objects.everywhere("the own file").select_related("union"), person_id)


def is_anonymised(person: Person) -> bool:
    """Say whether a person has been anonymised."""
    done = Erasure.objects.everywhere("a person in reach").filter(state=Erasure.State.DONE)
    return done.filter(person=person).exists()


def has_waiting(person: Person) -> bool:
    """Say whether a proposal for a person waits."""
    rows = Erasure.objects.everywhere("a person in reach").filter(state=Erasure.State.PROPOSED)
    return rows.filter(person=person).exists()


def has_consent(person: Person, purpose: str) -> bool:
    """Say whether a person's consent to a purpose stands."""
    rows = Consent.objects.everywhere("a person in reach").filter(withdrawn_on=None)
    return rows.filter(person=person, purpose=purpose).exists()


def standings(person_ids: Collection[int] | None = None) -> dict[int, Standing]:
    """Return whether the house still needs persons (all, when none are named), by key."""
    found: dict[int, list[Use]] = defaultdict(list)
    readers: tuple[UseReader, ...] = registry().objects("uses")
    for reader in readers:
        for use in reader(person_ids):
            found[use.person_id].append(use)
    terms = months()
    return {key: standing(uses, terms) for key, uses in found.items()}


def standing_of(person: Person) -> Standing:
    """Return whether the house still needs one person."""
    return standings([person.pk]).get(person.pk, Standing())


@dataclass(frozen=True)
class Part:
    """What one area holds about a person."""

    area: str
    label: str
    tables: tuple[SubjectTable, ...]


@dataclass(frozen=True)
class SubjectFile:
    """Everything the house holds about a person within a scope; ``withheld`` rows lie beyond."""

    person: Person
    parts: tuple[Part, ...]
    withheld: int

    @property
    def rows(self) -> int:
        """Return how many records there are."""
        return sum(_count(part.tables) for part in self.parts)


def _count(tables: Iterable[SubjectTable]) -> int:
    return sum(len(table.rows) for table in tables)


def subject_file(scope: Scope, person: Person) -> SubjectFile:
    """Gather what all areas hold about a person."""
    parts, withheld = [], 0
    for card in registry().cards:
        for reader in _readers(card.name):
            tables = tuple(reader(scope, person.pk))
            if scope != EVERYWHERE:
                withheld += _count(reader(EVERYWHERE, person.pk)) - _count(tables)
            parts.append(Part(card.name, str(card.label), tables))
    return SubjectFile(person, tuple(parts), withheld)


def _readers(area: str) -> list[SubjectReader]:
    return [import_string(name) for card in registry().cards if card.name == area for name in card.subject]


def subject_part(scope: Scope, person_id: int) -> list[SubjectTable]:
    """Return the requests, consents and looks that concern a person in reach."""
    asked = SubjectRequest.objects.within(scope, SERVE).filter(person_id=person_id).order_by("pk")
    agreed = Consent.objects.within(scope, SERVE).filter(person_id=person_id).order_by("pk")
    looks = AuditEvent.objects.filter(
        scope.where(SERVE, "path"), subject_id=person_id, verb__in=list(LOOKS)
    ).order_by("pk")
    return [
        SubjectTable(
            _("个人信息请求"),
            (_("收到日期"), _("请求"), _("请求内容"), _("答复日期"), _("办理结果"), _("答复内容和理由")),
            tuple(
                (
                    one.received_on,
                    str(one.get_kind_display()),
                    one.detail,
                    one.answered_on or "",
                    str(one.get_outcome_display()) if one.outcome else "",
                    one.answer,
                )
                for one in asked
            ),
        ),
        SubjectTable(
            _("个人信息同意"),
            (_("同意日期"), _("同意的用途"), _("方式"), _("同意书编号"), _("撤回日期")),
            tuple(
                (
                    one.given_on,
                    str(one.get_purpose_display()),
                    str(one.get_form_display()),
                    one.document,
                    one.withdrawn_on or "",
                )
                for one in agreed
            ),
        ),
        SubjectTable(
            _("查看记录"),
            (_("时间"), _("岗位"), _("方式"), _("事由")),
            tuple((one.at, one.post, str(LOOKS[one.verb]), one.reason) for one in looks),
        ),
    ]


def uses(person_ids: Collection[int] | None = None) -> list[Use]:
    """Tell that requests wait for an answer; those that want the data gone do not keep them."""
    waiting = SubjectRequest.objects.everywhere(WHY).filter(answered_on=None).exclude(kind__in=GOING)
    if person_ids is not None:
        waiting = waiting.filter(person_id__in=person_ids)
    keys = waiting.values_list("person_id", flat=True)
    return [Use(key, "privacy.SubjectRequest", None, _("还有个人信息请求没有答复")) for key in keys]


def todos(actor: Actor, today: date) -> list[ToDo]:
    """Return the requests that wait (late ones as a warning), the proposals, and the persons past keeping."""
    scope = actor.scope
    asked = requests(scope).filter(answered_on=None).order_by()
    counts = asked.aggregate(all=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
    waiting = erasures(scope).filter(state=Erasure.State.PROPOSED).exclude(proposed_by=actor.user_id)
    proposed = waiting.order_by().count()
    over = overdue(scope).order_by().count()
    list_url = reverse("privacy:request-list")
    lines = [
        ToDo(
            _("%(count)d 项个人信息请求超过答复期限") % {"count": counts["late"]},
            counts["late"],
            list_url,
            "warning",
        ),
        ToDo(
            _("%(count)d 项个人信息请求待答复") % {"count": counts["all"] - counts["late"]},
            counts["all"] - counts["late"],
            list_url,
        ),
        ToDo(_("%(count)d 项匿名化待审批") % {"count": proposed}, proposed, reverse("privacy:erasure-list")),
        ToDo(_("%(count)d 人的保存期限已满") % {"count": over}, over, reverse("privacy:overdue-list")),
    ]
    return [line for line in lines if line.count]
