"""The forms of this area, and the field by which every area chooses a union."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.urls import reverse_lazy
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations import queries
from zhijia.areas.organisations.models import Committee, Seat, Union
from zhijia.areas.organisations.services import MANAGE, UnionFacts
from zhijia.kernel.identity import check_uscc
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import DateField, search_select

KEY_DIGITS = 18  # more do not fit into the database's integer
if TYPE_CHECKING:
    UnionChoice = forms.ModelChoiceField[Union]
    TermChoice = forms.ModelChoiceField[Committee]
else:
    UnionChoice = TermChoice = forms.ModelChoiceField


class UnionField(UnionChoice):
    """A union, searched by name, initials or code; only those in which ``scope`` grants ``action``.

    ``clean`` returns the Union, or None when the field is not required; one out of reach is an error like
    one that does not exist. ``closed`` also admits unions that have ended.
    """

    default_error_messages = {"invalid_choice": _("没有这个工会，或者不在您的职责范围内。")}

    def __init__(
        self, *, scope: Scope, action: str = queries.VIEW, closed: bool = False, **kwargs: Any
    ) -> None:
        unions = queries.reach(scope, action)
        kwargs.setdefault("label", _("工会"))
        kwargs.setdefault(
            "widget",
            search_select(
                cast("str", reverse_lazy("organisations:union-options", query={"action": action})),
                placeholder=_("名称、首字母或编码"),
            ),
        )
        super().__init__(queryset=unions if closed else unions.filter(closed_on=None), **kwargs)

    def prepare_value(self, value: Any) -> Any:
        """Return the key to show as chosen; what cannot be a key is shown as nothing."""
        key = super().prepare_value(value)
        return key if str(key).isdecimal() and len(str(key)) <= KEY_DIGITS else None

    def label_from_instance(self, obj: Union) -> str:
        """Show a union as its name with its code."""
        return f"{obj.name}（{obj.code}）"


def _text(label: str | Promise, length: int, *, required: bool = False) -> forms.CharField:
    return forms.CharField(label=cast("str", label), max_length=length, required=required)


class UsccField(forms.CharField):
    """A Unified Social Credit Code: 18 signs with a right check sign (R13.2)."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("统一社会信用代码"), max_length=18, required=False, **kwargs)

    def clean(self, value: Any) -> str:
        """Return the code in capitals, or an empty text."""
        text = str(super().clean(value) or "").upper()
        if text:
            try:
                return check_uscc(text)
            except ValueError as error:
                raise ValidationError(str(error), code="invalid") from error
        return text


class UnionFactsForm(forms.Form):
    """What may be corrected of a union without a dated step."""

    sector = forms.ChoiceField(label=_("类型"), choices=Union.Sector.choices)
    founded_on = DateField(label=_("建会日期"), required=False, help_text=_("不清楚的请留空。"))
    region = _text(_("所在地区"), 60)
    uscc = UsccField()
    issuer_code = _text(_("机关代字"), 20)
    legal_person_on = DateField(label=_("法人登记日期"), required=False)
    account_opened_on = DateField(label=_("开户日期"), required=False)

    def facts(self) -> UnionFacts:
        """Return the cleaned values that are no name, place or founding."""
        return UnionFacts(**{name: self.cleaned_data[name] for name in UnionFacts.__dataclass_fields__})


class UnionForm(UnionFactsForm):
    """A new union."""

    code = _text(_("工会编码"), 20, required=True)
    name = _text(_("工会名称"), 100, required=True)
    level = forms.ChoiceField(
        label=_("层级"), choices=Union.Level.choices, initial=Union.Level.GRASSROOTS.value
    )
    field_order = ("parent", "code", "name", "level")

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = bool(scope.may(MANAGE, ""))
        self.fields["parent"] = UnionField(
            scope=scope, action=MANAGE, label=_("上级工会"), required=not everything
        )
        self.order_fields(self.field_order)


class StepForm(forms.Form):
    """A dated step: the day and the document."""

    on = DateField(label=_("日期"))
    document = _text(_("批准文件"), 100)


class RenameForm(StepForm):
    """A new name."""

    name = _text(_("新名称"), 100, required=True)
    field_order = ("name",)


class UpgradeForm(StepForm):
    """A new level."""

    level = forms.ChoiceField(label=_("新层级"), choices=Union.Level.choices)
    field_order = ("level",)


class MoveForm(StepForm):
    """A new place in the tree."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_parent"] = UnionField(scope=scope, action=MANAGE, label=_("新的上级工会"))
        self.order_fields(("new_parent",))


class CloseForm(StepForm):
    """The end of a union."""

    how = forms.ChoiceField(label=_("终止方式"), choices=Union.Closing.choices)
    document = _text(_("批准文件"), 100, required=True)
    field_order = ("how",)


class EmployerForm(forms.Form):
    """A covered employer."""

    name = _text(_("单位名称"), 100, required=True)
    sector = forms.ChoiceField(label=_("单位类型"), choices=Union.Sector.choices)
    covered_on = DateField(label=_("覆盖日期"))
    uscc = UsccField()
    industry = _text(_("行业"), 60)


class DayForm(forms.Form):
    """One day: when something ended."""

    on = DateField(label=_("日期"))


class NumbersForm(forms.Form):
    """The numbers of a head-count; what was not counted stays blank."""

    staff = forms.IntegerField(label=_("职工人数"), min_value=0)
    women = forms.IntegerField(
        label=_("女职工"), min_value=0, required=False, help_text=_("没有统计请留空。")
    )
    migrants = forms.IntegerField(
        label=_("农民工"), min_value=0, required=False, help_text=_("没有统计请留空。")
    )


class HeadCountForm(NumbersForm):
    """A head-count of a day."""

    as_of = DateField(label=_("截至日期"))
    field_order = ("as_of",)


class CommitteeForm(forms.Form):
    """An election."""

    kind = forms.ChoiceField(label=_("委员会"), choices=Committee.Kind.choices)
    term_no = forms.IntegerField(label=_("届次"), min_value=1, max_value=999)
    elected_on = DateField(label=_("选举日期"))
    years = forms.TypedChoiceField(label=_("任期"), choices=((5, _("五年")), (3, _("三年"))), coerce=int)


class SeatForm(forms.Form):
    """Someone takes a post."""

    post = forms.ChoiceField(label=_("职务"), choices=Seat.Post.choices)
    holder = _text(_("姓名"), 50, required=True)
    starts_on = DateField(label=_("任职日期"))
    full_time = forms.BooleanField(label=_("专职"), required=False)

    def __init__(self, *args: Any, committees: QuerySet[Committee], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"] = TermField(queryset=committees, required=False, label=_("委员会届次"))


class TermField(TermChoice):
    """A term of a committee of one union."""

    def label_from_instance(self, obj: Committee) -> str:
        """Show a term as its committee with its number."""
        return f"{obj.get_kind_display()} {obj.term_no}"
