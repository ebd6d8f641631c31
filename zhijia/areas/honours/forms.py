"""The form of an honour."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.honours import queries, rules
from zhijia.areas.honours.models import Honour
from zhijia.areas.members.forms import PersonField
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import DateField, with_blank
from zhijia.kit.warned_forms import WarnedForm

FIELDS = (
    "name",
    "category",
    "level",
    "awarded_on",
    "awarder",
    "winner_kind",
    "winner",
    "person",
    "document",
)


class HonourForm(WarnedForm):
    """One honour; its union is chosen once and stays."""

    union = forms.Field()  # replaced in __init__, where the scope is known
    name = forms.CharField(label=_("荣誉名称"), max_length=100)
    category = forms.ChoiceField(
        label=_("荣誉类别"), choices=Honour.Category.choices, initial=Honour.Category.OTHER.value
    )
    level = forms.ChoiceField(label=_("荣誉层级"), choices=with_blank(Honour.Level.choices))
    awarded_on = DateField(label=_("授予日期"))
    awarder = forms.CharField(label=_("授予单位"), max_length=100, required=False)
    winner_kind = forms.ChoiceField(label=_("对象类别"), choices=with_blank(Honour.Winner.choices))
    person = forms.Field()  # replaced in __init__, where the scope is known
    winner = forms.CharField(
        label=_("获得者"), max_length=100, required=False, help_text=_("选了会员可以留空。")
    )
    document = forms.CharField(label=_("文号"), max_length=60, required=False)

    def __init__(self, *args: Any, scope: Scope, honour: Honour | None = None, **kwargs: Any) -> None:
        if honour is not None:
            kwargs.setdefault("initial", {name: getattr(honour, name) for name in FIELDS})
        super().__init__(*args, **kwargs)
        self.honour = honour
        self.fields["person"] = PersonField(scope=scope, label=_("会员"), required=False)
        if honour is None:
            self.fields["union"] = UnionField(scope=scope, action=queries.RECORD, label=_("所属工会"))
        else:
            del self.fields["union"]

    def clean(self) -> dict[str, Any]:
        """Name the holder and ask the rules; a repeated title is shown once before saving."""
        data = self.cleaned_data
        person = data.get("person")
        if person is not None and not data.get("winner"):
            data["winner"] = person.name
        if self.errors:
            return data
        kind = data["winner_kind"]
        self.judge(
            [
                ("awarded_on", rules.conferred(data["awarded_on"], timezone.localdate())),
                ("winner", rules.winner_named(kind, data["winner"], has_person=person is not None)),
                ("winner_kind", rules.category_fits(data["category"], kind)),
            ]
        )
        if not self.errors:
            self.judge([("name", self._twice(data))])
        return data

    def _twice(self, data: dict[str, Any]) -> Any:
        union = self.honour.union if self.honour else data["union"]
        values = {name: data[name] for name in FIELDS}
        return queries.twice(Honour(pk=self.honour.pk if self.honour else None, union=union, **values))
