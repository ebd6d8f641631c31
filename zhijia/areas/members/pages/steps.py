"""The steps of a membership as pages: what to ask, which service answers, and what is said afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members import services
from zhijia.areas.members.forms import AcceptForm, ApproveForm, DayForm, EndForm, ReasonForm, TransferForm
from zhijia.areas.members.models import Membership
from zhijia.areas.members.states import Step
from zhijia.kernel.actor import Actor
from zhijia.kernel.scope import Scope


@dataclass(frozen=True)
class StepPage:
    """One step: the word in its address, texts, form, and the service that does it."""

    label: str | Promise
    message: str | Promise
    form: Callable[..., forms.Form]
    service: Callable[..., Membership]
    danger: bool = False

    def fields(self, data: Any, scope: Scope, membership: Membership) -> forms.Form:
        """Return the step's form; that of an acceptance offers the receiving union's employers."""
        if self.form is AcceptForm:
            return self.form(data, scope=scope, union=membership.transfer_to)
        return self.form(data)

    def do(self, actor: Actor, membership: Membership, form: forms.Form) -> Membership:
        """Call the service with what was typed."""
        typed = dict(form.cleaned_data)
        if isinstance(form, AcceptForm):
            typed = {"on": typed["on"], "place": form.place()}
        return self.service(actor=actor, membership=membership, **typed)


STEPS: Mapping[str, StepPage] = MappingProxyType(
    {
        Step.APPROVE: StepPage(
            _("批准入会"), _("批准后即为在籍会员。"), ApproveForm, services.membership_approve
        ),
        Step.REJECT: StepPage(
            _("不批准"), _("申请将记为未通过。"), ReasonForm, services.membership_reject, danger=True
        ),
        Step.TRANSFER_START: StepPage(
            _("办理转会"),
            _("提交后由转入工会接收；接收以前仍是本工会会员。"),
            TransferForm,
            services.membership_transfer_start,
        ),
        Step.TRANSFER_REFUSE: StepPage(
            _("撤回转会"),
            _("会籍恢复为在籍。"),
            ReasonForm,
            services.membership_transfer_refuse,
        ),
        Step.RETAIN: StepPage(
            _("保留会籍"),
            _("适用于离退休、失业等情形；保留会籍期间不交会费，没有选举权和被选举权。"),
            DayForm,
            services.membership_retain,
        ),
        Step.RESUME: StepPage(_("恢复会籍"), _("恢复为在籍会员。"), DayForm, services.membership_resume),
        "end": StepPage(
            _("终止会籍"), _("会籍记录保留，不会删除。"), EndForm, services.membership_end, danger=True
        ),
    }
)

ANSWERS: Mapping[str, StepPage] = MappingProxyType(
    {
        "accept": StepPage(
            _("接收转入"), _("接收后会籍转入本工会。"), AcceptForm, services.membership_transfer_accept
        ),
        "refuse": StepPage(
            _("退回转会"), _("会员仍留在原工会。"), ReasonForm, services.membership_transfer_refuse
        ),
    }
)
"""What the receiving union answers to a transfer."""
