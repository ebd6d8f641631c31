"""What people type about requests, consents and erasures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.forms import PersonField
from zhijia.areas.privacy import package
from zhijia.areas.privacy.models import Consent, Erasure, SubjectRequest
from zhijia.areas.privacy.queries import ERASE, SERVE
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import DateField, with_blank

KINDS = [(package.XLSX, _("Excel 工作簿")), (package.JSON, _("JSON（供其他系统读取）"))]
SEEN = _("写入审计记录，本人可以看到。请勿填写证件号码。")


def _text(label: Any, *, required: bool = False, **kwargs: Any) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=2000, required=required, widget=forms.Textarea(attrs={"rows": 4}), **kwargs
    )


class PersonForm(forms.Form):
    """The base: a person in reach of an action comes first."""

    action = SERVE

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(scope=scope, action=self.action, label=_("本人"))
        self.order_fields(["person"])


class RequestForm(PersonForm):
    """A request that came in."""

    kind = forms.ChoiceField(label=_("请求"), choices=with_blank(SubjectRequest.Kind.choices))
    channel = forms.ChoiceField(label=_("方式"), choices=with_blank(SubjectRequest.Channel.choices))
    received_on = DateField(label=_("收到日期"), initial=timezone.localdate)
    detail = _text(_("请求内容"), help_text=_("加密保存，只在办理页面显示。"))


class AnswerForm(forms.Form):
    """The answer to a request."""

    outcome = forms.ChoiceField(label=_("办理结果"), choices=SubjectRequest.Outcome.choices)
    on = DateField(label=_("答复日期"), initial=timezone.localdate)
    answer = _text(_("答复内容和理由"), help_text=_("不予办理或者部分办理的，应当说明理由。"))


class ConsentForm(PersonForm):
    """A consent that was given."""

    purpose = forms.ChoiceField(label=_("同意的用途"), choices=Consent.Purpose.choices)
    given_on = DateField(label=_("同意日期"), initial=timezone.localdate)
    form = forms.ChoiceField(label=_("方式"), choices=Consent.Form.choices)
    document = forms.CharField(label=_("同意书编号"), max_length=60, required=False)


class WithdrawForm(forms.Form):
    """The day on which a consent was withdrawn."""

    on = DateField(label=_("撤回日期"), initial=timezone.localdate)


class ProposeForm(PersonForm):
    """Whom to anonymise, and why."""

    action = ERASE
    ground = forms.ChoiceField(label=_("理由"), choices=with_blank(Erasure.Ground.choices))
    note = _text(_("说明"), help_text=_("加密保存，审批后清除。"))


class RejectForm(forms.Form):
    """Why a proposal is turned down."""

    reason = _text(_("未同意的原因"), required=True)


class KindForm(forms.Form):
    """In which form the own data are wanted."""

    kind = forms.ChoiceField(label=_("文件格式"), choices=KINDS)


class ExportForm(PersonForm):
    """Whose data are handed out, and on which occasion."""

    kind = forms.ChoiceField(label=_("文件格式"), choices=KINDS)
    reason = forms.CharField(label=_("事由"), max_length=200, help_text=SEEN)
