"""The form of one payment, and of a condolence list."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from zhijia.areas.aid import queries, rules, services
from zhijia.areas.aid.models import Relief
from zhijia.areas.members.forms import PersonField
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.identity import check_id_number
from zhijia.kernel.money import parse_yuan
from zhijia.kernel.quantity import CountUnit, Quantity
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Verdict
from zhijia.kit.forms import DateField, MoneyField, QuantityField, with_blank
from zhijia.kit.warned_forms import WarnedForm

_PARTS = re.compile(r"[\s,，、;；]+")
_NUMBER = re.compile(r"[0-9]{15}|[0-9]{17}[0-9Xx]")
_LEAST_PARTS, _MOST_PARTS = 2, 3


class ReliefForm(WarnedForm):
    """One payment or gift; the union is chosen once and stays."""

    union = forms.Field()  # replaced in __init__, where the scope is known
    occasion = forms.ChoiceField(label=_("慰问事由"), choices=with_blank(Relief.Occasion.choices))
    given_on = DateField(label=_("日期"))
    fund = forms.ChoiceField(label=_("资金来源"), choices=with_blank(Relief.Fund.choices))
    beneficiary_kind = forms.ChoiceField(
        label=_("对象类别"), choices=Relief.Beneficiary.choices, initial=Relief.Beneficiary.PERSON
    )
    person = forms.Field(required=False)  # as above
    beneficiary = forms.CharField(
        label=_("慰问对象"),
        max_length=100,
        required=False,
        help_text=_("选了个人可以不填；多人慰问写“一线职工”等并填写人次。"),
    )
    people = QuantityField(label=_("人次"), count_unit=CountUnit.PERSON_TIME, required=False)
    households = QuantityField(label=_("户数"), count_unit=CountUnit.HOUSEHOLD, required=False)
    amount = MoneyField(label=_("金额"), required=False)
    goods = forms.CharField(label=_("慰问品"), max_length=100, required=False)
    goods_value = MoneyField(label=_("慰问品价值"), required=False)
    basis = forms.CharField(
        label=_("依据"), max_length=100, required=False, help_text=_("发文字号或制度名称。")
    )
    note = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        help_text=_("健康和困难情况只写必要内容，只在详情页显示。"),
    )

    def __init__(self, *args: Any, scope: Scope, relief: Relief | None = None, **kwargs: Any) -> None:
        if relief is not None:
            kwargs.setdefault("initial", initial_of(relief))
        super().__init__(*args, **kwargs)
        self.relief = relief
        if relief is None:
            self.fields["union"] = UnionField(scope=scope, action=queries.RECORD, label=_("所属工会"))
        else:
            del self.fields["union"]
        self.fields["person"] = PersonField(scope=scope, label=_("个人"), required=False)

    def clean(self) -> dict[str, Any]:
        """Fill in the name of the chosen person and ask the rules."""
        data = self.cleaned_data
        person = data.get("person")
        if not data.get("beneficiary") and person is not None:
            data["beneficiary"] = person.name
        if not self.errors:
            self.judge((finding.field, finding.verdict) for finding in queries.findings(self._draft()))
        return data

    def _draft(self) -> Relief:
        """The payment as it would be written."""
        values = self.values()
        people, households = values.pop("people"), values.pop("households")
        if self.relief is not None:
            values |= {"union": self.relief.union, "pk": self.relief.pk}
        draft = Relief(**values)
        queries.set_counts(draft, *rules.counted(draft.beneficiary_kind, people, households))
        return draft

    def stored_value(self, record: Any, name: str) -> Any:
        """Counts are compared with their 余 and 近."""
        readers = {"people": queries.people_of, "households": queries.households_of}
        return readers[name](record) if name in readers else super().stored_value(record, name)


def initial_of(relief: Relief) -> dict[str, Any]:
    """Return a payment's values for its form."""
    counts: dict[str, Quantity | None] = {
        "people": queries.people_of(relief),
        "households": queries.households_of(relief),
    }
    return {name: getattr(relief, name) for name in services.CORRECTABLE} | counts


class BatchForm(WarnedForm):
    """A condolence list: what all have in common, and one line for each person."""

    union = forms.Field()  # replaced in __init__, where the scope is known
    occasion = forms.ChoiceField(label=_("慰问事由"), choices=with_blank(Relief.Occasion.choices))
    given_on = DateField(label=_("日期"))
    fund = forms.ChoiceField(label=_("资金来源"), choices=with_blank(Relief.Fund.choices))
    goods = forms.CharField(label=_("慰问品"), max_length=100, required=False)
    basis = forms.CharField(label=_("依据"), max_length=100, required=False)
    note = forms.CharField(label=_("说明"), max_length=200, required=False)
    lines = forms.CharField(
        label=_("名单"),
        widget=forms.Textarea(attrs={"rows": 12, "class": "font-monospace"}),
        max_length=200_000,
        help_text=_("每行一人：姓名 金额（元），或姓名 证件号码 金额（元）；可以从表格中整块粘贴。"),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.scope = scope
        self.fields["union"] = UnionField(scope=scope, action=queries.RECORD, label=_("所属工会"))
        self.order_fields(["union"])
        self.batch: list[services.BatchLine] = []

    def clean(self) -> dict[str, Any]:
        """Read the list, find the persons, and ask the rules about each line."""
        if not self.errors:
            self._read()
        if not self.errors:
            given = queries.festival_given(line.person.pk for line in self.batch if line.person)
            for number, line in enumerate(self.batch, 1):
                draft = Relief(**self.common(), **vars(line), union=self.cleaned_data["union"], people=1)
                for finding in queries.findings(draft, given):
                    if finding.verdict.level != "pass":
                        self._say(number, line, finding)
        return self.cleaned_data

    def common(self) -> dict[str, Any]:
        """Return what all lines share."""
        names = ("occasion", "given_on", "fund", "goods", "basis", "note")
        return {name: self.cleaned_data[name] for name in names}

    def _say(self, number: int, line: services.BatchLine, finding: rules.Finding) -> None:
        """Name the line in a remark of the rules."""
        verdict = finding.verdict
        words = {"number": number, "name": line.beneficiary, "reason": verdict.reason}
        reason = _("第%(number)d行（%(name)s）：%(reason)s") % words
        self.judge([("lines", Verdict(verdict.ok, reason, verdict.source, verdict.level))])

    def _read(self) -> None:
        """Turn the text into lines; a bad line is an error that says which."""
        found: list[tuple[str, str, int]] = []
        for number, text in enumerate(self.cleaned_data["lines"].splitlines(), 1):
            parts = [part for part in _PARTS.split(text.strip()) if part]
            if not parts:
                continue
            try:
                found.append(read_line(parts))
            except ValueError as error:
                words = {"number": number, "reason": error}
                self.add_error("lines", _("第%(number)d行：%(reason)s") % words)
        if not found and not self.errors:
            self.add_error("lines", _("请至少填写一人。"))
        if len(found) > services.LARGEST_BATCH:
            self.add_error("lines", _("一次最多登记%(most)d人，请分批。") % {"most": services.LARGEST_BATCH})
        self.batch = [self._line(*line, self._persons(found)) for line in found]

    def _persons(self, found: list[tuple[str, str, int]]) -> dict[str, Person]:
        """Return persons by number and by name, looked up once for the list."""
        if not hasattr(self, "_known"):
            union = self.cleaned_data["union"]
            by_name = queries.persons_by_name(self.scope, union, (name for name, _number, _fen in found))
            by_number = queries.persons_by_number(number for _name, number, _fen in found if number)
            self._known = by_name | by_number
        return self._known

    def _line(self, name: str, number: str, amount: int, known: dict[str, Person]) -> services.BatchLine:
        person = known.get(number or name)
        if person is not None and person.name != name:
            person = None
        return services.BatchLine(name, amount, person)


def read_line(parts: list[str]) -> tuple[str, str, int]:
    """Return name, number (may be blank) and amount in fen of one line; ValueError says what is wrong."""
    if not _LEAST_PARTS <= len(parts) <= _MOST_PARTS:
        raise ValueError(str(_("应为“姓名 金额”或“姓名 证件号码 金额”。")))
    name, *middle, amount = parts
    number = check_id_number(middle[0]).number if middle else ""
    if _NUMBER.fullmatch(name):
        raise ValueError(str(_("第一列应为姓名。")))
    fen = parse_yuan(amount)
    if fen <= 0:
        raise ValueError(str(_("金额应为0.01元以上。")))
    return name[:100], number, fen
