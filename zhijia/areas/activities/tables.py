"""How activities and results are shown: the columns of the lists and the fields of the pages."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhijia.areas.activities import queries
from zhijia.areas.activities.models import Activity, Result
from zhijia.areas.activities.values import quantity
from zhijia.areas.members.models import Person
from zhijia.areas.members.queries import person_url
from zhijia.areas.organisations.models import Union
from zhijia.kernel.quantity import Quantity
from zhijia.kernel.scope import Scope
from zhijia.kit.columns import DateColumn, MoneyColumn, QuantityColumn, exported_count
from zhijia.kit.templatetags import kit as shown

Field = tuple[Any, Any]


class ActivityTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The list of activities. ``people`` is what is counted: named people win over the head-count."""

    name = tables.Column(verbose_name=_("活动名称"), linkify=("activities:activity-detail", [tables.A("pk")]))
    kind = tables.Column(verbose_name=_("种类"), order_by=("kind__order",))
    held_on = DateColumn(verbose_name=_("日期"))
    union = tables.Column(verbose_name=_("工会"), accessor="union__name", order_by=("union__path",))
    host_level = tables.Column(verbose_name=_("主办层级"))
    people = QuantityColumn(verbose_name=_("参加人次"), empty_values=())
    audience = QuantityColumn(verbose_name=_("观众人次"), empty_values=())
    output = QuantityColumn(verbose_name=_("成果"), empty_values=())
    cost = MoneyColumn(verbose_name=_("经费（元）"), total=True)
    venue = tables.Column(verbose_name=_("地点"))

    class Meta:
        model = Activity
        fields = (
            "name",
            "kind",
            "held_on",
            "union",
            "host_level",
            "people",
            "audience",
            "output",
            "cost",
            "venue",
        )

    def render_people(self, record: Activity) -> str:
        """The counted people, or a dash where nothing is known."""
        return shown.quantity(queries.counted_people(record))

    def value_people(self, record: Activity) -> int | str:
        """The same for the export, blank when unknown."""
        return exported_count(queries.counted_people(record))

    def render_audience(self, record: Activity) -> str:
        """The audience, or a dash."""
        return shown.quantity(quantity(record, "audience"))

    def value_audience(self, record: Activity) -> int | str:
        """The same for the export, blank when unknown."""
        return exported_count(quantity(record, "audience"))

    def render_output(self, record: Activity) -> str:
        """The output with its unit, or a dash."""
        return shown.quantity(quantity(record, "output"))

    def value_output(self, record: Activity) -> str:
        """The same for the export, blank when unknown."""
        return _written(quantity(record, "output"))


class ResultTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """The list of ranks and prizes."""

    winner = tables.Column(verbose_name=_("获奖者"), linkify=("activities:result-detail", [tables.A("pk")]))
    winner_kind = tables.Column(verbose_name=_("获奖类别"))
    item = tables.Column(verbose_name=_("项目"))
    rank = tables.Column(verbose_name=_("名次或等级"))
    level = tables.Column(verbose_name=_("奖项层级"))
    people = QuantityColumn(verbose_name=_("获奖人次"), empty_values=())
    awarded_on = DateColumn(verbose_name=_("获奖日期"))
    activity = tables.Column(
        verbose_name=_("活动名称"), linkify=("activities:activity-detail", [tables.A("activity_id")])
    )
    union = tables.Column(verbose_name=_("工会"), accessor="union__name", order_by=("union__path",))

    class Meta:
        model = Result
        fields = (
            "winner",
            "winner_kind",
            "item",
            "rank",
            "level",
            "people",
            "awarded_on",
            "activity",
            "union",
        )

    def render_people(self, record: Result) -> str:
        """How many won, or a dash."""
        return shown.quantity(quantity(record, "people"))

    def value_people(self, record: Result) -> int | str:
        """The same for the export, blank when unknown."""
        return exported_count(quantity(record, "people"))


def _written(count: Quantity | None) -> str:
    return "" if count is None else str(count)


def union_link(union: Union) -> SafeString:
    """A union's name as a link to its page."""
    return format_html(
        '<a href="{}">{}</a>', reverse("organisations:union-detail", args=[union.pk]), union.name
    )


def person_link(scope: Scope, person: Person) -> SafeString | str:
    """A person's name, a link where the file is in reach."""
    address = person_url(scope, person)
    return format_html('<a href="{}">{}</a>', address, person.name) if address else person.name


def activity_fields(page: queries.ActivityPage) -> list[Field]:
    """Label and value of every field of an activity, for its page. Missing values are None."""
    activity = page.activity
    fields: list[Field] = [
        (_("所属工会"), union_link(activity.union)),
        (_("种类"), str(activity.kind)),
        (_("日期"), shown.chinese_date(activity.held_on)),
        (_("结束日期"), shown.chinese_date(activity.ended_on or activity.held_on)),
        (_("主办层级"), activity.get_host_level_display()),
        (_("主办单位"), activity.host),
        (_("地点"), activity.venue),
        (_("参加人次"), page.people),
        (_("观众人次"), page.audience),
        (_("成果数量"), page.output),
        (_("经费（元）"), None if activity.cost is None else shown.money(activity.cost)),
        (_("说明"), activity.note),
    ]
    ledger = quantity(activity, "people")
    if page.named and ledger is not None:
        fields.insert(8, (_("台账人次（以名单为准）"), ledger))
    return fields


def result_fields(scope: Scope, result: Result) -> list[Field]:
    """Label and value of every field of a result, for its page. Missing values are None."""
    activity = result.activity
    link = format_html(
        '<a href="{}">{}</a>', reverse("activities:activity-detail", args=[activity.pk]), activity.name
    )
    return [
        (_("所属工会"), union_link(result.union)),
        (_("活动名称"), link),
        (_("获奖类别"), result.get_winner_kind_display()),
        (_("获奖者"), person_link(scope, result.person) if result.person else result.winner),
        (_("项目"), result.item),
        (_("名次或等级"), result.rank),
        (_("奖项层级"), result.get_level_display()),
        (_("获奖人次"), quantity(result, "people")),
        (_("获奖日期"), shown.chinese_date(result.awarded_on)),
    ]


def person_links(scope: Scope, persons: tuple[Person, ...]) -> SafeString:
    """The people of an event, 、 between them."""
    return format_html_join("、", "{}", ((person_link(scope, person),) for person in persons))
