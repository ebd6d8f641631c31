"""How lines of the audit, alerts and the own file's lines are listed. No column shows a value of a record."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.areas.audit import words
from zhijia.kernel.models import AuditEvent
from zhijia.kit.columns import DateColumn, NumberColumn


class _LineTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """What all lists of lines say alike."""

    at = DateColumn(verbose_name=_("时间"))
    actor_name = tables.Column(verbose_name=_("操作人"))
    post = tables.Column(verbose_name=_("岗位"), orderable=False)
    verb = tables.Column(verbose_name=_("做了什么"))
    thing = tables.Column(verbose_name=_("对象"), empty_values=(), orderable=False)
    fields = tables.Column(verbose_name=_("字段"), empty_values=(), orderable=False)
    reason = tables.Column(verbose_name=_("事由"), orderable=False)
    place = tables.Column(verbose_name=_("所在工会"), accessor="place", orderable=False)

    def render_verb(self, record: AuditEvent) -> str | Promise:
        """What was done, in words."""
        return words.verb(record)

    def render_thing(self, record: AuditEvent) -> str:
        """What it was done to."""
        return words.thing(record)

    def render_fields(self, record: AuditEvent) -> str:
        """The names of fields, never what stood in them."""
        return "、".join(words.fields(record)) or "—"

    value_verb, value_thing, value_fields = render_verb, render_thing, render_fields


class LineTable(_LineTable):
    """The list of all lines."""

    seq = NumberColumn(verbose_name=_("序号"))
    action = tables.Column(verbose_name=_("所用权限"), orderable=False)
    rows = NumberColumn(verbose_name=_("条数"))
    address = tables.Column(verbose_name=_("来源地址"), orderable=False)

    class Meta:
        sequence = (
            *("seq", "at", "actor_name", "post", "verb", "thing", "fields", "rows", "reason"),
            *("action", "place", "address"),
        )

    def render_action(self, record: AuditEvent) -> str | Promise:
        """The right that was used or missing."""
        return words.action(record)

    value_action = render_action


class OwnTable(_LineTable):
    """Who looked at the own file."""

    class Meta:
        sequence = ("at", "actor_name", "post", "place", "verb", "thing", "fields", "reason")


class AlertTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The alerts; each leads to its lines."""

    label = tables.Column(verbose_name=_("异常情形"), linkify=lambda record: record.url, orderable=False)
    who = tables.Column(verbose_name=_("操作人"), orderable=False)
    day = DateColumn(verbose_name=_("日期"), orderable=False)
    number = NumberColumn(verbose_name=_("次数或条数"), orderable=False)

    def render_label(self, value: Any) -> str:
        """What is unusual."""
        return str(value)
