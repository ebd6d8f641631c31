"""What people type about persons and memberships, and the field by which every area chooses a person."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members import queries
from zhijia.areas.members.document import birth_conflict, read_document, sex_conflict
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.services import PersonFacts, Place
from zhijia.areas.members.states import ENDINGS
from zhijia.areas.organisations.forms import UnionField
from zhijia.areas.organisations.models import Employer, Union
from zhijia.kernel.chinese import has_invisible, normalise
from zhijia.kernel.identity import check_phone, mask_id, mask_phone
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import DateField, MoneyField, search_select

if TYPE_CHECKING:
    PersonChoice = forms.ModelChoiceField[Person]
    EmployerChoice = forms.ModelChoiceField[Employer]
else:
    PersonChoice = forms.ModelChoiceField
    EmployerChoice = forms.ModelChoiceField

RECORD = "members.record"


class PersonField(PersonChoice):
    """A person, searched by name, initials or last digits; only files in which ``scope`` grants ``action``.

    ``clean`` returns the Person (None when not required); one out of reach is an error like an absent one.
    """

    default_error_messages = {"invalid_choice": _("没有此人的档案，或者不在您的职责范围内。")}

    def __init__(self, *, scope: Scope, action: str = queries.VIEW, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("人员"))
        address = cast("str", reverse_lazy("members:person-options"))
        kwargs.setdefault("widget", search_select(address, placeholder=_("姓名、首字母或证件号后几位")))
        super().__init__(queryset=queries.persons(scope, action), **kwargs)

    def label_from_instance(self, obj: Person) -> str:
        """Return name, union and the last four signs of the number."""
        return queries.person_text(obj)


class EmployerField(EmployerChoice):
    """An employer covered by unions in reach; the form's ``clean`` ties it to the chosen union."""

    default_error_messages = {"invalid_choice": _("没有这个单位，或者不在您的职责范围内。")}

    def __init__(self, *, scope: Scope, union: Union | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("工作单位"))
        kwargs.setdefault("required", False)
        if union is None:
            address = cast("str", reverse_lazy("members:employer-options"))
            kwargs.setdefault("widget", search_select(address, placeholder=_("输入单位名称")))
        super().__init__(queryset=queries.employers(scope, union), **kwargs)

    def label_from_instance(self, obj: Employer) -> str:
        """Return the employer's name."""
        return obj.name


class NameField(forms.CharField):
    """A person's name in plain form; invisible characters are refused."""

    def clean(self, value: Any) -> str:
        """Return the normalised name."""
        text: str = super().clean(value)
        if has_invisible(text):
            raise forms.ValidationError(_("含不可见字符，请删除后重新输入。"))
        return normalise(text)


class PersonForm(forms.Form):
    """What is written about a person."""

    name = NameField(label=_("姓名"), max_length=50)
    id_type = forms.ChoiceField(label=_("证件类型"), choices=Person.IdType.choices)
    id_number = forms.CharField(label=_("证件号码"), max_length=40, required=False)
    sex = forms.ChoiceField(
        label=_("性别"), required=False, choices=[("", _("按证件号码")), *Person.Sex.choices]
    )
    born_on = DateField(label=_("出生日期"), required=False, help_text=_("居民身份证可留空"))
    phone = forms.CharField(label=_("移动电话"), max_length=30, required=False)
    ethnicity = forms.CharField(label=_("民族"), max_length=20, required=False)
    education = forms.CharField(label=_("学历"), max_length=20, required=False)
    politics = forms.CharField(label=_("政治面貌"), max_length=20, required=False)
    migrant = forms.BooleanField(label=_("农民工"), required=False)
    new_form = forms.BooleanField(label=_("新就业形态劳动者"), required=False)

    def clean_phone(self) -> str:
        """Return the eleven digits."""
        text: str = self.cleaned_data["phone"]
        try:
            return check_phone(text) if text else ""
        except ValueError as error:
            raise forms.ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any]:
        """Check the document, and that sex and birth agree with it."""
        typed = super().clean() or self.cleaned_data
        number = typed.get("id_number")
        if not number or "id_type" not in typed:
            return typed
        try:
            document = read_document(typed["id_type"], number)
        except ValueError as error:
            self.add_error("id_number", str(error))
            return typed
        typed["id_number"] = document.number
        if conflict := sex_conflict(document, typed.get("sex", "")):
            self.add_error("sex", conflict)
        if conflict := birth_conflict(document, typed.get("born_on")):
            self.add_error("born_on", conflict)
        return typed

    def facts(self) -> PersonFacts:
        """Return what was typed about the person."""
        return PersonFacts(**{name: self.cleaned_data[name] for name in PersonForm.base_fields})


CLEAR = "-"


class CorrectForm(PersonForm):
    """A person's file without the sealed numbers: blank keeps what is stored, ``-`` clears it."""

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person
        kept = _("现为 %(number)s，留空不变；填“-”清除")
        shown = {"id_number": mask_id(person.id_number or ""), "phone": mask_phone(person.phone)}
        for name, number in shown.items():
            if number:
                self.fields[name].help_text = kept % {"number": number}

    def _kept(self, name: str, stored: str) -> str:
        typed: str = self.data.get(self.add_prefix(name), "").strip()
        return "" if typed == CLEAR else str(self.cleaned_data.get(name) or "") or stored

    def clean_phone(self) -> str:
        """Return the eleven digits, or nothing where it is cleared or kept."""
        return "" if self.cleaned_data["phone"].strip() == CLEAR else super().clean_phone()

    def clean_id_number(self) -> str:
        """Return the number typed; what is stored is not checked again."""
        text: str = self.cleaned_data["id_number"]
        return "" if text.strip() == CLEAR else text

    def facts(self) -> PersonFacts:
        """Return what the file says after the correction."""
        typed = super().facts()
        number = self._kept("id_number", self.person.id_number or "")
        return replace(typed, id_number=number, phone=self._kept("phone", self.person.phone))


class PlaceForm(forms.Form):
    """Employer, post, card and dues base of a membership."""

    post = forms.CharField(label=_("岗位"), max_length=50, required=False)
    card_no = forms.CharField(label=_("会员证号"), max_length=30, required=False)
    dues_base = MoneyField(label=_("会费基数"), required=False, help_text=_("月工资收入，用于计算会费"))

    def __init__(self, *args: Any, scope: Scope, union: Union | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["employer"] = EmployerField(scope=scope, union=union)
        self.order_fields(["union", "on", "employer"])

    def place(self) -> Place:
        """Return what was typed about the place of work."""
        typed = self.cleaned_data
        return Place(typed["employer"], typed["post"], typed["card_no"], typed["dues_base"])


class EnrolForm(PersonForm):
    """A new member: the person, the union and the terms, in one page."""

    on = DateField(label=_("入会日期"))
    cause = forms.ChoiceField(
        label=_("入会方式"),
        choices=[
            (Membership.Start.JOINED.value, _("入会")),
            (Membership.Start.TRANSFERRED_IN.value, _("转入（原工会不在本系统）")),
        ],
    )
    post = forms.CharField(label=_("岗位"), max_length=50, required=False)
    card_no = forms.CharField(label=_("会员证号"), max_length=30, required=False)
    dues_base = MoneyField(label=_("会费基数"), required=False, help_text=_("月工资收入，用于计算会费"))
    waits = forms.BooleanField(label=_("只登记申请，以后审批"), required=False)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["union"] = UnionField(scope=scope, action=RECORD, label=_("所属工会"))
        self.fields["employer"] = EmployerField(scope=scope)
        self.fields["id_number"].required = True
        self.order_fields(["name", "id_type", "id_number", "union", "employer", "on", "cause"])

    def clean(self) -> dict[str, Any]:
        """Tie the employer to the union."""
        typed = super().clean()
        union, employer = typed.get("union"), typed.get("employer")
        if union and employer and employer.union_id != union.pk:
            self.add_error("employer", _("工作单位不属于该工会。"))
        return typed

    def place(self) -> Place:
        """Return what was typed about the place of work."""
        typed = self.cleaned_data
        return Place(typed["employer"], typed["post"], typed["card_no"], typed["dues_base"])


class DayForm(forms.Form):
    """The day of a step, and a note."""

    on = DateField(label=_("日期"))
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)


class ApproveForm(forms.Form):
    """The day from which an applicant is a member."""

    on = DateField(label=_("入会日期"))


class ReasonForm(forms.Form):
    """A reason that must be given."""

    reason = forms.CharField(label=_("原因"), max_length=200)


class EndForm(forms.Form):
    """How a membership ends for good."""

    cause = forms.ChoiceField(
        label=_("终止原因"), choices=[(cause, Membership.End(cause).label) for cause in ENDINGS]
    )
    on = DateField(label=_("终止日期"))
    reason = forms.CharField(
        label=_("说明"),
        max_length=200,
        required=False,
        help_text=_("自动退会须填写工会的决定；转出到本系统以外的工会请填写转入工会。"),
    )


class TransferForm(forms.Form):
    """Where a member moves to, by the exact code: unions out of reach are not listed."""

    to = forms.CharField(label=_("转入工会编码"), max_length=20, help_text=_("请向转入工会索取工会编码"))
    reason = forms.CharField(label=_("说明"), max_length=200, required=False)

    def clean_to(self) -> Union:
        """Return the open union with this code."""
        union = queries.union_by_code(self.cleaned_data["to"].strip())
        if union is None:
            raise forms.ValidationError(_("没有这个工会编码，请核对；本系统以外的工会请办理“转出”。"))
        return union


class AcceptForm(PlaceForm):
    """The day and the terms on which a transferred member is taken over."""

    on = DateField(label=_("转入日期"))
