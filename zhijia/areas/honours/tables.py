"""How honours are shown: the list's columns and the fields of the page."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from zhijia.areas.honours.models import Honour
from zhijia.areas.members.queries import person_url
from zhijia.kernel.scope import Scope
from zhijia.kit.columns import DateColumn
from zhijia.kit.templatetags.kit import chinese_date


class HonourTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The list of honours."""

    name = tables.Column(verbose_name=_("荣誉名称"), linkify=("honours:honour-detail", [tables.A("pk")]))
    winner = tables.Column(verbose_name=_("获得者"))
    winner_kind = tables.Column(verbose_name=_("对象类别"))
    level = tables.Column(verbose_name=_("荣誉层级"))
    category = tables.Column(verbose_name=_("荣誉类别"))
    awarded_on = DateColumn(verbose_name=_("授予日期"))
    awarder = tables.Column(verbose_name=_("授予单位"))
    union = tables.Column(verbose_name=_("工会"), accessor="union__name", order_by=("union__path",))

    class Meta:
        model = Honour
        fields = ("name", "winner", "winner_kind", "level", "category", "awarded_on", "awarder", "union")


def honour_fields(scope: Scope, honour: Honour) -> list[tuple[Any, Any]]:
    """Label and value of every field of an honour, for its page."""
    union, person = honour.union, honour.person
    holder: Any = honour.winner
    address = person_url(scope, person) if person is not None else ""
    if address:
        holder = format_html('<a href="{}">{}</a>', address, honour.winner)
    address = reverse("organisations:union-detail", args=[union.pk])
    return [
        (_("所属工会"), format_html('<a href="{}">{}</a>', address, union.name)),
        (_("荣誉名称"), honour.name),
        (_("荣誉类别"), honour.get_category_display()),
        (_("荣誉层级"), honour.get_level_display()),
        (_("授予日期"), chinese_date(honour.awarded_on)),
        (_("授予单位"), honour.awarder),
        (_("对象类别"), honour.get_winner_kind_display()),
        (_("获得者"), holder),
        (_("文号"), honour.document),
    ]
