"""The form of an entry, and what every ledger form needs: warnings seen before saving, and stale versions."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from typing import Any, TypeVar, cast

from django import forms
from django.conf import settings
from django.db.models import Model
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance import queries, rules
from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.money import yuan
from zhijia.kernel.records import Record, StaleVersionError
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Refused, Verdict
from zhijia.kit.forms import DateField, MoneyField

T = TypeVar("T")


class LedgerForm(forms.Form):
    """A form whose warnings must be seen once before it saves.

    The first submission with warnings shows them and stores their digest in ``seen``; the second one, with
    the same warnings, is ``settled``. Blocks are errors.
    """

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.warnings: list[Verdict] = []
        self.stale_rows: list[tuple[str, str, str]] = []
        self.version: int | None = None

    def judge(self, answers: Iterable[tuple[str, Verdict]]) -> None:
        """Turn blocks into errors of their fields and keep the warnings."""
        for field, verdict in answers:
            if not verdict.ok:
                self.add_error(field if field in self.fields else None, str(verdict.reason))
            elif verdict.level == "warn":
                self.warnings.append(verdict)

    @property
    def settled(self) -> bool:
        """Whether the form may be saved now; otherwise the digest of its warnings goes into the page."""
        digest = hashlib.sha256("\n".join(str(one.reason) for one in self.warnings).encode()).hexdigest()[:16]
        if not self.warnings or self.data.get("seen") == digest:
            return True
        data = cast("QueryDict", self.data).copy()
        data["seen"] = digest
        self.data = data
        return False

    def attempt(self, act: Callable[[], T]) -> T | None:
        """Run a service; a refusal or a stale version becomes an error of the form and None is returned."""
        try:
            return act()
        except Refused as refusal:
            self.add_error(None, str(refusal))
        except StaleVersionError as stale:
            self.compare(stale.record)
            self.add_error(None, str(stale))
        return None

    def compare(self, record: Record) -> None:
        """Put what was typed beside what is stored now; saving again writes over the new version."""
        self.version = record.version
        for name, field in self.fields.items():
            if not hasattr(record, name):
                continue
            typed, stored = self.cleaned_data.get(name), self.stored_value(record, name)
            if typed != stored and (typed or stored):
                self.stale_rows.append(
                    (str(field.label), plain_text(field, typed), plain_text(field, stored))
                )

    def stored_value(self, record: Any, name: str) -> Any:
        """Return a stored value in the form that the field of this name cleans to."""
        return getattr(record, name)


def plain_text(field: forms.Field, value: Any) -> str:
    """Return a value as people read it beside its field."""
    if value in (None, ""):
        return "—"
    if isinstance(field, MoneyField) and isinstance(value, int):
        return f"{yuan(value):,.2f}"
    if isinstance(field, forms.ChoiceField) and not isinstance(value, Model):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]  # flat choices only here
    return str(value)


def with_blank(choices: Iterable[tuple[Any, Any]]) -> list[tuple[Any, Any]]:
    """Return choices with an empty one on top."""
    return [("", "—"), *((code, label) for code, label in choices if code)]


class EntryForm(LedgerForm):
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

    def values(self) -> dict[str, Any]:
        """Return what the service writes."""
        return {name: value for name, value in self.cleaned_data.items() if name != "seen"}


def initial_of(entry: Entry) -> dict[str, Any]:
    """Return an entry's values for its form."""
    names = ("kind", "happened_on", "amount", "category", "formalities", "counterparty", "wage_base", "note")
    return {name: getattr(entry, name) for name in names} | {
        "employer": entry.employer.name if entry.employer else ""
    }
