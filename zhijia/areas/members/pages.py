"""Contexts of the members' templates, so that views stay short."""

from __future__ import annotations

from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _

from zhijia.areas.members.models import Person
from zhijia.areas.members.person_page import PersonPage
from zhijia.areas.members.states import ENDINGS
from zhijia.areas.members.steps import STEPS
from zhijia.kernel.records import Record
from zhijia.kit.history import history
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


def edit_initial(person: Person) -> dict[str, Any]:
    """Return a person's file as the form shows it."""
    return {name: getattr(person, name) for name in PERSON_FIELDS}


def stale_text(record: Record, form: forms.Form) -> str:
    """Say that someone else was faster, and where the two differ."""
    differences = []
    for name, field in form.fields.items():
        theirs, mine = getattr(record, name, None), form.cleaned_data.get(name)
        if (theirs or "") != (mine or ""):
            differences.append(
                _("%(label)s:现为“%(theirs)s”,您填写“%(mine)s”")
                % {"label": field.label, "theirs": theirs or "", "mine": mine or ""}
            )
    head = _("他人已修改此记录,请核对后再保存。")
    return head + ";".join(differences)


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
        "lines": history(page.person) if page.may_record else [],
        "crumbs": [{"label": _("会员名册"), "url": reverse("members:roster")}, {"label": page.person.name}],
    }


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
            (_("会费基数(元/月)"), yuan(current.dues_base) if current.dues_base is not None else ""),
            (_("应交会费(元/月)"), page.no_dues or (yuan(page.dues) if page.dues is not None else "")),
        ]
    return shown


def _actions(page: PersonPage) -> list[Action]:
    """Return the buttons for the steps at hand."""
    actions = []
    if page.may_record:
        address = reverse("members:person-correct", args=[page.person.pk])
        actions.append(Action(_("更正档案"), address, "edit"))
    if page.current is None or not page.steps:
        return actions
    key = page.current.pk
    actions.append(Action(_("更正会籍"), reverse("members:membership-correct", args=[key]), "id"))
    for word, step in STEPS.items():
        if word in page.steps or (word == "end" and page.steps & set(ENDINGS.values())):
            address = reverse("members:step", args=[key, word])
            actions.append(Action(step.label, address, danger=step.danger))
    return actions
