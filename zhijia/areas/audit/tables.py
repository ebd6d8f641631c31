"""How lines of the audit, alerts and the own file's lines are listed. No column shows a value of a record."""

from __future__ import annotations

from typing import Any, ClassVar

import django_tables2 as tables
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhijia.areas.audit import words
from zhijia.areas.audit.queries import parts_count
from zhijia.kernel.models import AuditEvent
from zhijia.kit.columns import DateColumn, NumberColumn

BREAKS = {"td": {"class": "wrap narrow"}}


class _LineTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """What all lists of lines say alike."""

    is_cards: ClassVar[bool] = True

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


def _folded(table: Any) -> int:
    """Return how many lines are folded under those on the page."""
    return sum(parts_count(row.record) for row in table.paginated_rows)


def _say_folded(table: Any) -> str:
    return gettext("本页另有 %(count)d 条逐人记录，折叠在上面的汇总行中") % {"count": _folded(table)}


class LineTable(_LineTable):
    """The list of all lines; one with parts opens to them."""

    thing = tables.Column(verbose_name=_("对象"), empty_values=(), orderable=False, footer=_say_folded)
    seq = NumberColumn(verbose_name=_("序号"))
    action = tables.Column(verbose_name=_("所用权限"), orderable=False)
    rows = NumberColumn(verbose_name=_("条数"))
    address = tables.Column(verbose_name=_("来源地址"), orderable=False)

    class Meta:
        sequence = (
            *("seq", "at", "actor_name", "post", "verb", "thing", "fields", "rows", "reason"),
            *("action", "place", "address"),
        )

    def has_footer(self) -> bool:
        """Whether the page has folded lines to tell of."""
        return _folded(self) > 0

    def render_verb(self, record: AuditEvent) -> SafeString | str | Promise:
        """What was done, in words; it leads to the parts."""
        said = words.verb(record)
        return format_html('<a href="?of={}">{}</a>', record.seq, said) if parts_count(record) else said

    def render_action(self, record: AuditEvent) -> str | Promise:
        """The right that was used or missing."""
        return words.action(record)

    value_action = render_action


class OwnTable(_LineTable):
    """Who looked at the own file; long texts break, so that an office screen shows all of it."""

    post = tables.Column(verbose_name=_("岗位"), orderable=False, attrs=BREAKS)
    reason = tables.Column(verbose_name=_("事由"), orderable=False, attrs=BREAKS)
    place = tables.Column(verbose_name=_("所在工会"), accessor="place", orderable=False, attrs=BREAKS)

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
