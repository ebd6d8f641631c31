"""The forms of activities, their people and their results."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.db.models import Q
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.activities import queries, rules
from zhijia.areas.activities.filters import KindField
from zhijia.areas.activities.models import Activity, HostLevel, Result
from zhijia.areas.activities.outputs import read_output
from zhijia.areas.activities.sheets import unit_options
from zhijia.areas.activities.values import COUNTS, names, quantity
from zhijia.areas.members.forms import PersonField
from zhijia.areas.members.models import Person
from zhijia.areas.members.queries import person_text
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.quantity import CountUnit, Quantity
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import DateField, MoneyField, QuantityField, RowsField
from zhijia.kit.warned_forms import WarnedForm


class PersonsField(RowsField):
    """Several persons of the actor's reach, searched by name or initials; ``kept`` stay choosable."""

    default_error_messages = {"invalid_choice": _("没有这个人员，或者不在您的职责范围内。")}

    def __init__(self, *, scope: Scope, kept: list[int], **kwargs: Any) -> None:
        persons = Person.objects.everywhere("those in reach, and those named already").filter(
            scope.where("members.view", "union__path") | Q(pk__in=kept)
        )
        url = reverse_lazy("members:person-options")
        super().__init__(persons.select_related("union"), url=url, placeholder=_("姓名或首字母"), **kwargs)

    def label_from_instance(self, obj: Person) -> str:
        """Show a person as the search does."""
        return person_text(obj)


class ActivityForm(WarnedForm):
    """One event; its union is chosen once and stays."""

    union = forms.Field()  # replaced in __init__, where the scope is known
    name = forms.CharField(label=_("活动名称"), max_length=120)
    kind = KindField()
    held_on = DateField(label=_("日期"))
    ended_on = DateField(label=_("结束日期"), required=False, help_text=_("当天结束的留空。"))
    host_level = forms.ChoiceField(
        label=_("主办层级"), choices=HostLevel.choices, initial=HostLevel.UNIT.value
    )
    host = forms.CharField(label=_("主办单位"), max_length=100, required=False)
    venue = forms.CharField(label=_("地点"), max_length=100, required=False)
    people = QuantityField(
        label=_("参加人次"),
        count_unit=CountUnit.PERSON_TIME,
        required=False,
        help_text=_("例如 300余、近2000。不知道就留空；登记参加人员后以名单为准。"),
    )
    audience = QuantityField(label=_("观众人次"), count_unit=CountUnit.PERSON_TIME, required=False)
    output = forms.CharField(
        label=_("成果数量"), max_length=40, required=False, help_text=_("例如 30余篇、100余份。")
    )
    output_unit = forms.ChoiceField(
        label=_("成果单位"), required=False, help_text=_("成果数量里已写明单位的可以不选。")
    )
    cost = MoneyField(label=_("经费"), required=False)
    note = forms.CharField(
        label=_("说明"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, scope: Scope, activity: Activity | None = None, **kwargs: Any) -> None:
        if activity is not None:
            kwargs["initial"] = activity_initial(activity) | kwargs.get("initial", {})
        super().__init__(*args, **kwargs)
        units: Any = self.fields["output_unit"]
        units.choices = [("", "—"), *unit_options()]
        if activity is None:
            self.fields["union"] = UnionField(scope=scope, action=queries.RECORD, label=_("所属工会"))
        else:
            del self.fields["union"]

    def clean(self) -> dict[str, Any]:
        """Read the output and ask the rules."""
        data = self.cleaned_data
        try:
            data["output"] = read_output(data.get("output"), data.pop("output_unit", None) or None)
        except ValueError as error:
            self.add_error("output", str(error))
        if not self.errors:
            today = timezone.localdate()
            self.judge([("ended_on", rules.days_in_order(data["held_on"], data["ended_on"]))])
            self.judge((name, rules.count_plausible(data[name])) for name in COUNTS)
            if not self.errors:
                self.judge([("held_on", rules.activity_recordable(data, today))])
        return data


def activity_initial(activity: Activity) -> dict[str, Any]:
    """Return an activity's values for its form."""
    plain = ("name", "kind", "held_on", "ended_on", "host_level", "host", "venue", "cost", "note")
    output = quantity(activity, "output")
    return {name: getattr(activity, name) for name in plain} | {
        "people": quantity(activity, "people"),
        "audience": quantity(activity, "audience"),
        "output": "" if output is None else str(output),
        "output_unit": "",
    }


class ParticipantsForm(WarnedForm):
    """Who took part, by name."""

    persons = forms.Field()  # replaced in __init__, where the scope is known

    def __init__(self, *args: Any, scope: Scope, activity: Activity, **kwargs: Any) -> None:
        kept = [person.pk for person in queries.participants(scope, activity)]
        super().__init__(*args, initial={"persons": kept}, **kwargs)
        self.fields["persons"] = PersonsField(
            scope=scope,
            kept=kept,
            label=_("参加人员"),
            required=False,
            help_text=_("只要登记了一名参加人员，人次就按名单计算；清空名单则恢复按登记的人次计算。"),
        )


class ResultForm(WarnedForm):
    """A rank or prize won at an event; the event stays."""

    union = forms.Field()  # replaced in __init__, where the scope is known
    winner_kind = forms.ChoiceField(label=_("获奖类别"), choices=Result.Winner.choices)
    person = forms.Field()  # replaced in __init__, where the scope is known
    winner = forms.CharField(
        label=_("获奖者"), max_length=100, required=False, help_text=_("几个人用顿号隔开；选了会员可以留空。")
    )
    item = forms.CharField(label=_("项目"), max_length=60, required=False)
    rank = forms.CharField(label=_("名次或等级"), max_length=40)
    level = forms.ChoiceField(label=_("奖项层级"), choices=HostLevel.choices, initial=HostLevel.UNIT.value)
    people = QuantityField(
        label=_("获奖人次"),
        count_unit=CountUnit.PERSON_TIME,
        required=False,
        help_text=_("个人奖项留空按获奖者人数；团体奖项不知道人数就留空。"),
    )
    awarded_on = DateField(label=_("获奖日期"))

    def __init__(
        self, *args: Any, scope: Scope, activity: Activity, result: Result | None = None, **kwargs: Any
    ) -> None:
        kwargs["initial"] = result_initial(activity, result)
        super().__init__(*args, **kwargs)
        self.activity, self.result = activity, result
        self.fields["person"] = PersonField(scope=scope, label=_("会员"), required=False)
        if result is None:
            self.fields["union"] = UnionField(scope=scope, action=queries.RECORD, label=_("获奖者所属工会"))
        else:
            del self.fields["union"]

    def clean(self) -> dict[str, Any]:
        """Name the winner and ask the rules; too many prizes (R6.3) are shown once before saving."""
        data = self.cleaned_data
        person = data.get("person")
        if person is not None and not data.get("winner"):
            data["winner"] = person.name
        if self.errors:
            return data
        union = self.result.union if self.result else data["union"]
        held, today = self.activity.held_on, timezone.localdate()
        kind, winner = data["winner_kind"], data["winner"]
        self.judge(
            [
                ("union", rules.winner_within(union.path or "", self.activity.union.path or "")),
                ("winner", rules.winner_named(kind, winner, has_person=person is not None)),
                ("awarded_on", rules.awarded_in_time(data["awarded_on"], held, today)),
                ("people", rules.count_plausible(data["people"])),
            ]
        )
        if not self.errors:
            self.judge([("people", self._share(data))])
        return data

    def _share(self, data: dict[str, Any]) -> Any:
        """Whether with this prize more people win than the local rule allows."""
        count: Quantity | None = data["people"]
        single = data["winner_kind"] == Result.Winner.PERSON
        more = count.value if count is not None else len(names(data["winner"])) if single else None
        others = queries.winners(self.activity, self.result)
        people = queries.counted_people(self.activity)
        limit = rules.prize_limit(self.activity.held_on, settings.JURISDICTION)
        total = None if more is None else others + more
        return rules.prize_share(total, None if people is None else people.value, limit)


def result_initial(activity: Activity, result: Result | None) -> dict[str, Any]:
    """Return a result's values for its form; for a new one, what follows from the activity."""
    if result is None:
        return {"union": activity.union, "awarded_on": activity.held_on, "level": activity.host_level}
    plain = ("winner_kind", "winner", "item", "rank", "level", "awarded_on", "person")
    return {name: getattr(result, name) for name in plain} | {"people": quantity(result, "people")}
