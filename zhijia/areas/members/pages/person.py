"""What the page of one person shows, gathered into one frozen object, and the context of its template."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.areas.members import rules
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.pages.steps import STEPS
from zhijia.areas.members.queries import ELSEWHERE, RECORD, VIEW, person_load
from zhijia.areas.members.states import ENDINGS, OPEN, Step, may_step
from zhijia.kernel.identity import mask_id, mask_phone
from zhijia.kernel.registry import Tab, registry
from zhijia.kernel.scope import Scope
from zhijia.kit.history import HistoryLine, history
from zhijia.kit.page import Action
from zhijia.kit.rows import TabPage
from zhijia.kit.templatetags.kit import chinese_date, yuan

PERSON_FIELDS = (
    "name",
    "id_type",
    "id_number",
    "sex",
    "born_on",
    "phone",
    "ethnicity",
    "education",
    "politics",
    "migrant",
    "new_form",
)
SEALED = ("id_number", "phone")
HIDDEN = ("id_number", "phone", "union", "union_id")  # what the history tells only that it changed


@dataclass(frozen=True)
class SpanLine:
    """One span as the timeline shows it; a union out of reach has no name."""

    union: str | Promise
    state: str
    begin: str
    starts_on: date | None
    end: str
    ends_on: date | None
    employer: str
    reason: str


@dataclass(frozen=True)
class PersonPage:
    """A person with masked numbers, all spans, the open one with its dues, and the steps at hand."""

    person: Person
    id_number: str
    phone: str
    spans: tuple[SpanLine, ...]
    current: Membership | None
    dues: int | None
    no_dues: str
    steps: frozenset[Step]
    may_record: bool
    may_reveal: bool
    tabs: tuple[Tab, ...]


def person_page(scope: Scope, person_id: int) -> PersonPage:
    """Return the page of a person in reach; Http404 otherwise."""
    person = person_load(scope, person_id)
    spans = list(
        Membership.objects.everywhere("the whole path of a person in reach; other unions are not named")
        .filter(person=person)
        .select_related("union", "employer")
        .order_by("-starts_on", "-pk")
    )
    current = next((span for span in spans if span.state in OPEN), None)
    dues, no_dues = _dues(current)
    # The command asks for the right at the union of the membership, so the page offers no more than that.
    own = current is not None and bool(scope.may(RECORD, current.union.path))
    return PersonPage(
        person=person,
        id_number=mask_id(person.id_number) if person.id_number else "",
        phone=mask_phone(person.phone),
        spans=tuple(_line(scope, span) for span in spans),
        current=current,
        dues=dues,
        no_dues=no_dues,
        may_reveal=bool(scope.may("members.reveal", person.union.path)),
        steps=frozenset(step for step in Step if own and current and may_step(current.state, step)),
        may_record=bool(scope.may(RECORD, person.union.path)),
        tabs=tuple(tab for card in registry().cards for tab in card.tabs if tab.on == "person"),
    )


def _dues(current: Membership | None) -> tuple[int | None, str]:
    """Return the monthly dues in fen, or why there are none to show."""
    if current is None:
        return None, ""
    today = timezone.localdate()
    verdict = rules.pays_dues(current.state, today)
    if not verdict:
        return None, str(verdict.reason)
    return (None if current.dues_base is None else rules.dues(current.dues_base, today)), ""


def _line(scope: Scope, span: Membership) -> SpanLine:
    in_reach = bool(scope.may(VIEW, span.union.path))
    return SpanLine(
        union=span.union.name if in_reach else ELSEWHERE,
        state=str(span.get_state_display()),
        begin=str(span.get_start_cause_display()) if span.starts_on else "",
        starts_on=span.starts_on or span.applied_on,
        end=str(span.get_end_cause_display()) if span.end_cause else "",
        ends_on=span.ends_on,
        employer=span.employer.name if in_reach and span.employer else "",
        reason=span.reason if in_reach else "",
    )


def edit_initial(person: Person) -> dict[str, Any]:
    """Return a person's file as the form shows it; sealed numbers stay out, blank keeps them."""
    return {name: getattr(person, name) for name in PERSON_FIELDS if name not in SEALED}


def detail_context(page: PersonPage, at: int | None, tab: TabPage | None) -> dict[str, Any]:
    """Return what members/person.html shows; ``at`` is the number of the open tab, None for the spans."""
    here = reverse("members:person-detail", args=[page.person.pk])
    tabs = [{"label": _("会籍经历"), "url": here, "active": at is None}]
    tabs += [
        {"label": one.label, "url": f"{here}?tab={number}", "active": number == at}
        for number, one in enumerate(page.tabs)
    ]
    return {
        "title": page.person.name,
        "page": page,
        "fields": _fields(page),
        "status": page.current.get_state_display() if page.current else _("无在籍会籍"),
        "status_colour": "green" if page.current else "secondary",
        "actions": _actions(page),
        "tabs": tabs,
        "tab": tab,
        "is_spans": at is None,
        "history": history(page.person, hidden=HIDDEN, labels={"union": _("档案所在工会")})
        if page.may_record
        else [],
        "crumbs": [{"label": _("会员名册"), "url": reverse("members:roster")}, {"label": page.person.name}],
    }


def _history(person: Person) -> list[HistoryLine]:
    return history(person, hidden=HIDDEN, labels={"union": _("档案所在工会")})


def _fields(page: PersonPage) -> list[tuple[str, Any]]:
    person, current = page.person, page.current
    shown: list[tuple[str, Any]] = [
        (_("姓名"), person.name),
        (_("证件类型"), person.get_id_type_display()),
        (_("证件号码"), page.id_number),
        (_("性别"), person.get_sex_display() if person.sex else ""),
        (_("出生日期"), chinese_date(person.born_on) if person.born_on else ""),
        (_("移动电话"), page.phone),
        (_("民族"), person.ethnicity),
        (_("学历"), person.education),
        (_("政治面貌"), person.politics),
        (_("农民工"), _("是") if person.migrant else _("否")),
        (_("新就业形态劳动者"), _("是") if person.new_form else _("否")),
        (_("档案所在工会"), person.union.name),
    ]
    if current is not None:
        shown += [
            (_("工作单位"), current.employer.name if current.employer else ""),
            (_("岗位"), current.post),
            (_("会员证号"), current.card_no),
            (_("会费基数（元/月）"), yuan(current.dues_base) if current.dues_base is not None else ""),
            (_("应交会费（元/月）"), page.no_dues or (yuan(page.dues) if page.dues is not None else "")),
        ]
    return shown


def _actions(page: PersonPage) -> list[Action]:
    """Return the buttons for the steps at hand."""
    actions = []
    if page.may_record:
        address = reverse("members:person-correct", args=[page.person.pk])
        actions.append(Action(_("更正档案"), address, "edit"))
    if page.may_reveal and (page.id_number or page.phone):
        address = reverse("members:reveal", args=[page.person.pk])
        actions.append(Action(_("查看完整号码"), address, "eye"))
    if page.current is None or not page.steps:
        return actions
    key = page.current.pk
    actions.append(Action(_("更正会籍"), reverse("members:membership-correct", args=[key]), "id"))
    for word, step in STEPS.items():
        if word in page.steps or (word == "end" and page.steps & set(ENDINGS.values())):
            address = reverse("members:step", args=[key, word])
            actions.append(Action(step.label, address, danger=step.danger))
    return actions
