"""The form of an entry."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance import queries, rules
from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import DateField, MoneyField, with_blank
from zhijia.kit.warned_forms import WarnedForm


class EntryForm(WarnedForm):
    """One movement of money; the union is chosen once and stays."""

    union = forms.Field()  # replaced in __init__, where the scope is known
    kind = forms.ChoiceField(label=_("类别"), choices=with_blank(Entry.Kind.choices))
    happened_on = DateField(label=_("日期"))
    amount = MoneyField(label=_("金额"))
    category = forms.ChoiceField(
        label=_("支出科目"),
        choices=with_blank(Entry.Category.choices),
        required=False,
        help_text=_("类别为“经费支出”时必填。"),
    )
    formalities = forms.ChoiceField(
        label=_("返还手续"),
        choices=with_blank(Entry.Formalities.choices),
        required=False,
        help_text=_("只用于税务代收的拨缴经费。"),
    )
    employer = forms.CharField(
        label=_("单位名称"), max_length=100, required=False, help_text=_("本工会已登记的覆盖单位。")
    )
    counterparty = forms.CharField(label=_("对方单位"), max_length=100, required=False)
    wage_base = MoneyField(
        label=_("工资总额"), required=False, help_text=_("填写后核对拨缴经费是否为工资总额的2%。")
    )
    note = forms.CharField(label=_("摘要"), max_length=200, required=False)

    def __init__(self, *args: Any, scope: Scope, entry: Entry | None = None, **kwargs: Any) -> None:
        if entry is not None:
            kwargs.setdefault("initial", initial_of(entry))
        super().__init__(*args, **kwargs)
        self.scope, self.entry = scope, entry
        if entry is None:
            self.fields["union"] = UnionField(scope=scope, action=queries.RECORD, label=_("所属工会"))
        else:
            del self.fields["union"]

    def clean(self) -> dict[str, Any]:
        """Find the employer and ask the rules."""
        data = self.cleaned_data
        union = self.entry.union if self.entry else data.get("union")
        name = data.get("employer") or ""
        data["employer"] = None
        if name and union:
            data["employer"] = queries.employer_find(self.scope, union, name)
            if data["employer"] is None:
                self.add_error("employer", _("本工会没有这个覆盖单位；未登记的单位请填在“对方单位”。"))
        if not self.errors:
            movement = rules.Movement(**{name: data[name] for name in rules.Movement.__dataclass_fields__})
            findings = rules.check(movement, today=timezone.localdate(), jurisdiction=settings.JURISDICTION)
            self.judge((finding.field, finding.verdict) for finding in findings)
        return data


def initial_of(entry: Entry) -> dict[str, Any]:
    """Return an entry's values for its form."""
    names = ("kind", "happened_on", "amount", "category", "formalities", "counterparty", "wage_base", "note")
    return {name: getattr(entry, name) for name in names} | {
        "employer": entry.employer.name if entry.employer else ""
    }
