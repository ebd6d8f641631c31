"""How the lists of this area look."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations.models import Committee, Employer, Union
from zhijia.areas.organisations.rules import TermDue, term_due
from zhijia.kit.columns import DateColumn, NumberColumn, TextColumn

UNION_PAGE = ("organisations:union-detail", {"pk": tables.A("union_id")})
COLOURS = {"overdue": "red", "3": "orange", "6": "yellow", "later": "green"}


def due_text(due: TermDue) -> str:
    """Say in words how far a term is from its end."""
    if due.state == "overdue":
        return _t("超期%(days)d天") % {"days": -due.days}
    return _t("还有%(days)d天") % {"days": due.days}


class UnionTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Unions."""

    name = tables.Column(linkify=("organisations:union-detail", {"pk": tables.A("pk")}))
    code = TextColumn()
    parent = tables.Column(
        linkify=("organisations:union-detail", {"pk": tables.A("parent_id")}), verbose_name=_("上级工会")
    )
    level = tables.Column()
    sector = tables.Column()
    chair = tables.Column(verbose_name=_("主席"))
    children = NumberColumn(verbose_name=_("下级工会"))
    founded_on = DateColumn()
    closed_on = DateColumn()
    region = tables.Column()
    uscc = TextColumn()

    class Meta:
        model = Union
        fields = (
            "name",
            "code",
            "parent",
            "level",
            "sector",
            "chair",
            "children",
            "founded_on",
            "closed_on",
            "region",
            "uscc",
        )


class EmployerTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Covered employers with their newest head-count."""

    name = tables.Column(linkify=("organisations:employer-detail", {"pk": tables.A("pk")}))
    union = tables.Column(linkify=UNION_PAGE, verbose_name=_("所属工会"))
    sector = tables.Column()
    staff = NumberColumn(verbose_name=_("职工人数"))
    women = NumberColumn(verbose_name=_("女职工"))
    migrants = NumberColumn(verbose_name=_("农民工"))
    counted_on = DateColumn(verbose_name=_("截至日期"))
    covered_on = DateColumn()
    ended_on = DateColumn()
    uscc = TextColumn()

    class Meta:
        model = Employer
        fields = (
            "name",
            "union",
            "sector",
            "staff",
            "women",
            "migrants",
            "counted_on",
            "covered_on",
            "ended_on",
            "uscc",
        )


class TermTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Current terms of committees."""

    union = tables.Column(linkify=UNION_PAGE, verbose_name=_("工会"))
    kind = tables.Column()
    term_no = NumberColumn()
    elected_on = DateColumn()
    expires_on = DateColumn()
    due = tables.Column(verbose_name=_("到期"), accessor="expires_on", order_by="expires_on")

    class Meta:
        model = Committee
        fields = ("union", "kind", "term_no", "elected_on", "expires_on", "due")

    def render_due(self, value: Any) -> SafeString:
        """Show the days left in the colour of their urgency."""
        due = term_due(value, timezone.localdate())
        return format_html('<span class="badge bg-{}-lt">{}</span>', COLOURS[due.state], due_text(due))

    def value_due(self, value: Any) -> str:
        """Return the same text, for the export."""
        return due_text(term_due(value, timezone.localdate()))
