"""How the ledgers of privacy are listed."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhijia.areas.privacy.models import Consent, Erasure, Overdue, SubjectRequest
from zhijia.kit.columns import ActionColumn, DateColumn
from zhijia.kit.page import link


class _PersonTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The columns that all of them have."""

    person = tables.Column(verbose_name=_("本人"), accessor="person__name", order_by=("person__name_key",))
    union = tables.Column(verbose_name=_("工会"), accessor="union__name", order_by=("union__path",))


class RequestTable(_PersonTable):
    """The requests; what was asked in words stays on the page of each."""

    received_on = DateColumn(verbose_name=_("收到日期"), linkify=("privacy:request-detail", [tables.A("pk")]))
    due_on = DateColumn(verbose_name=_("答复期限"))
    outcome = tables.Column(verbose_name=_("办理结果"), empty_values=())

    class Meta:
        model = SubjectRequest
        fields = ("received_on", "person", "kind", "channel", "union", "due_on", "outcome", "answered_on")

    def render_outcome(self, record: SubjectRequest) -> str:
        """The outcome, or that it waits."""
        return str(record.get_outcome_display()) if record.outcome else _t("待答复")

    def render_answered_on(self, value: Any) -> str:
        """The day as people write it."""
        return DateColumn().render(value)


class ConsentTable(_PersonTable):
    """The consents."""

    given_on = DateColumn(verbose_name=_("同意日期"))
    withdrawn_on = DateColumn(verbose_name=_("撤回日期"))
    withdraw = ActionColumn(
        template_code="{% if not record.withdrawn_on %}"
        '<a href="{% url "privacy:consent-withdraw" record.pk %}">{% translate "撤回" %}</a>{% endif %}'
    )

    class Meta:
        model = Consent
        fields = ("given_on", "person", "purpose", "form", "document", "union", "withdrawn_on", "withdraw")


class ErasureTable(_PersonTable):
    """The proposals."""

    proposed_on = DateColumn(verbose_name=_("提请日期"), linkify=("privacy:erasure-detail", [tables.A("pk")]))
    decided_on = DateColumn(verbose_name=_("审批日期"))

    class Meta:
        model = Erasure
        fields = (
            *("proposed_on", "person", "ground", "state", "union"),
            *("proposed_by", "decided_by", "decided_on", "records"),
        )


class OverdueTable(_PersonTable):
    """The persons whom nothing needs any more."""

    since = DateColumn(verbose_name=_("保存期限届满日"))
    propose = tables.Column(verbose_name="", empty_values=(), orderable=False)

    class Meta:
        model = Overdue
        fields = ("since", "person", "union", "propose")

    def render_propose(self, record: Overdue) -> SafeString:
        """The way to the proposal."""
        return link(f"{reverse('privacy:erasure-new')}?person={record.person_id}", _t("提请匿名化"))


def person_link(record: Any) -> SafeString:
    """Return a person as a link to the file."""
    address = reverse("members:person-detail", args=[record.person_id])
    return format_html('<a href="{}">{}</a>', address, record.person.name)
