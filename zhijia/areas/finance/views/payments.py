"""Doors to the payments: ask, check, approve, pay - each step its own address with its own action."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from zhijia.areas.finance import payment_queries, payment_rules, services
from zhijia.areas.finance.filters import OwnPaymentFilter, PaymentFilter
from zhijia.areas.finance.models import Payment
from zhijia.areas.finance.payment_forms import PaidForm, PaymentForm, ReasonForm
from zhijia.areas.finance.payment_queries import ACTIONS, FORWARD
from zhijia.areas.finance.payment_tables import (
    COLOURS,
    OwnPaymentTable,
    PaymentTable,
    payee_fields,
    payment_fields,
    steps_of,
)
from zhijia.areas.finance.states import FINAL, WAYS, Step, may_step
from zhijia.kernel.actor import Actor
from zhijia.kernel.money import shown
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.verdict import Refused, StepUpRequired
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page, submitted, version_of
from zhijia.kit.history import history
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState, Field
from zhijia.kit.reveal import reveal_page
from zhijia.kit.templatetags.kit import money

Text = str | Promise


@needs("finance.view")
@require_safe
def payment_list(request: ActorRequest) -> HttpResponse:
    """The payments in reach, with filters."""
    new = _new()
    may = request.actor.scope.may(payment_queries.REQUEST)
    return list_page(
        request,
        queryset=payment_queries.payments(request.actor.scope),
        table_class=PaymentTable,
        filter_class=PaymentFilter,
        title=_("付款审批"),
        actions=(new,) if may else (),
        export_name=_("付款审批"),
        empty=EmptyState(_("还没有付款申请。"), new if may else None),
    )


@needs("finance.request")
@require_safe
def payment_mine(request: ActorRequest) -> HttpResponse:
    """What the one who looks has asked for."""
    return list_page(
        request,
        queryset=payment_queries.payments_own(request.actor),
        table_class=OwnPaymentTable,
        filter_class=OwnPaymentFilter,
        title=_("我的付款申请"),
        actions=(_new(),),
        export_name=_("我的付款申请"),
        empty=EmptyState(_("您还没有提出付款申请。"), _new()),
    )


@needs("finance.view")
@require_safe
def payment_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One payment with the picture of its steps and its history."""
    return _page(request, payment_queries.payment_load(request.actor.scope, pk))


@needs("finance.request")
@require_safe
def payment_own(request: ActorRequest, pk: int) -> HttpResponse:
    """The same for the own request, also without the right to see what others ask for."""
    return _page(request, payment_queries.payment_own_load(request.actor, pk))


@needs("finance.request")
@require_http_methods(["GET", "POST"])
def payment_new(request: ActorRequest) -> HttpResponse:
    """Ask for a payment."""
    return form_page(
        request,
        PaymentForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.payment_request(actor=actor, **values),
        title=_("提出付款申请"),
        back=reverse("finance:payment-mine"),
        after=lambda payment: _address(request, payment),
        saved=lambda payment: _("已提交，编号%(code)s，等待审核。") % {"code": payment.code},
        crumbs=_crumbs(request),
        extra={"submit_label": _("提交")},
    )


@needs("finance.request")
@require_http_methods(["GET", "POST"])
def payment_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Mend the own request and hand it in again."""
    payment = payment_queries.payment_own_load(request.actor, pk)
    return form_page(
        request,
        PaymentForm(request.POST or None, scope=request.actor.scope, payment=payment),
        lambda actor, values: services.payment_correct(actor=actor, payment=payment, **values),
        title=_("更正付款申请"),
        back=_address(request, payment),
        saved=_("已更正并提交。"),
        record=payment,
        crumbs=_crumbs(request, Crumb(payment.code, _address(request, payment))),
        extra={"submit_label": _("提交")},
    )


@needs("finance.request")
@require_POST
def payment_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Take the own request back."""
    payment = payment_queries.payment_own_load(request.actor, pk)
    return _take(request, payment, services.payment_withdraw, _("已撤回。"))


@needs("finance.check")
@require_POST
def payment_check(request: ActorRequest, pk: int) -> HttpResponse:
    """Pass the check."""
    payment = payment_queries.payment_load(request.actor.scope, pk, payment_queries.CHECK)
    return _take(request, payment, services.payment_check, _("已审核，等待审批。"))


@needs("finance.check")
@require_http_methods(["GET", "POST"])
def payment_return(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a request back before its approval."""
    payment = payment_queries.payment_load(request.actor.scope, pk, payment_queries.CHECK)
    return _stop(request, payment, services.payment_return, _("退回付款申请"))


@needs("finance.approve")
@require_http_methods(["GET", "POST"])
def payment_send_back(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a checked or approved request back."""
    payment = payment_queries.payment_load(request.actor.scope, pk, payment_queries.APPROVE)
    return _stop(request, payment, services.payment_send_back, _("退回付款申请"))


@needs("finance.approve")
@require_http_methods(["GET", "POST"])
def payment_refuse(request: ActorRequest, pk: int) -> HttpResponse:
    """Refuse a request for good."""
    payment = payment_queries.payment_load(request.actor.scope, pk, payment_queries.APPROVE)
    return _stop(request, payment, services.payment_refuse, _("不批准付款申请"))


@needs("finance.approve", fresh=True)
@require_POST
def payment_approve(request: ActorRequest, pk: int) -> HttpResponse:
    """Approve, with identity proven a moment ago."""
    payment = payment_queries.payment_load(request.actor.scope, pk, payment_queries.APPROVE)
    return _take(request, payment, services.payment_approve, _("已批准，等待付款。"))


@needs("finance.pay", fresh=True)
@require_http_methods(["GET", "POST"])
def payment_pay(request: ActorRequest, pk: int) -> HttpResponse:
    """Note the payment; the ledger gets its entry."""
    payment = payment_queries.payment_load(request.actor.scope, pk, payment_queries.PAY)
    return form_page(
        request,
        PaidForm(request.POST or None),
        lambda actor, values: services.payment_pay(actor=actor, payment=payment, **values),
        title=_("登记付款"),
        back=_address(request, payment),
        saved=_("已登记付款，并记入经费台账。"),
        record=payment,
        crumbs=_crumbs(request, Crumb(payment.code, _address(request, payment))),
        template="kit/confirm.html",
        extra={
            "message": _("请确认款项已按以下内容付出。登记后记入经费台账，不能撤销。"),
            "facts": _facts(payment),
            "submit_label": _("确认已付款"),
            "actions": _reveal(request, payment),
        },
    )


@needs("finance.pay", fresh=True)
def account_reveal(request: ActorRequest, pk: int) -> HttpResponse:
    """Show the cashier the payee's whole account for a minute with all that is paid, then go on to pay."""
    payment = payment_queries.payment_load(request.actor.scope, pk, payment_queries.PAY)
    pay = reverse("finance:payment-pay", args=[pk])

    def read(actor: Actor, reason: str) -> list[Field]:
        account = services.account_reveal(actor=actor, payment=payment, reason=reason)
        return _facts(payment, account.number)

    return reveal_page(
        request,
        read,
        title=_("查看收款账号"),
        back=pay,
        crumbs=_crumbs(request, Crumb(payment.code, _address(request, payment)), Crumb(_("登记付款"), pay)),
        purpose="payment",
        hint=f"{payment.code} · {payment.title} · {payment.payee} · {shown(payment.amount)}",
        back_label=_("看完了，去登记付款"),
    )


def _take(
    request: ActorRequest, payment: Payment, service: Callable[..., Payment], said: str
) -> HttpResponse:
    """Take a step that needs no further word."""
    try:
        service(actor=submitted(request), payment=payment, version=version_of(request))
    except StepUpRequired:
        raise
    except (Refused, StaleVersionError) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, said)
    return redirect(_address(request, payment))


def _stop(
    request: ActorRequest, payment: Payment, service: Callable[..., Payment], title: str
) -> HttpResponse:
    """Ask for the reason, then return or refuse."""
    return form_page(
        request,
        ReasonForm(request.POST or None),
        lambda actor, values: service(actor=actor, payment=payment, **values),
        title=title,
        back=_address(request, payment),
        record=payment,
        crumbs=_crumbs(request, Crumb(payment.code, _address(request, payment))),
        template="kit/confirm.html",
        extra={
            "message": _("请写明原因，经手人会看到。"),
            "facts": _facts(payment),
            "submit_label": title,
            "danger": True,
        },
    )


def _page(request: ActorRequest, payment: Payment) -> HttpResponse:
    context = {
        "title": payment.title,
        "crumbs": _crumbs(request, Crumb(payment.code)),
        "payment": payment,
        "fields": payment_fields(payment),
        "status": payment.get_state_display(),
        "status_colour": COLOURS[Payment.State(payment.state)],
        "stopped": payment.stopped_by_id is not None,
        "steps": steps_of(payment),
        "obstacles": _obstacles(request, payment),
        "no_files": _no_files(request, payment),
        "actions": _actions(request, payment),
        "version": payment.version,
        "history": history(payment),
    }
    return render(request, "finance/payment.html", context)


def _no_files(request: ActorRequest, payment: Payment) -> Text:
    """What to say of a payment without papers: to whoever has to bring them, and to those who decide."""
    if payment.state in FINAL - {Payment.State.PAID} or payment_queries.has_files(payment):
        return ""
    if payment.state == Payment.State.PAID:
        return _("没有附件（发票、清单）。")
    is_own = payment.requested_by_id == request.actor.user_id
    if is_own and payment.state in WAYS[Step.CORRECT].sources:
        if _sees_all(request):
            return _("没有附件（发票、清单），请在本页下方添加。")
        return _("没有附件（发票、清单），请交会计或干事代为添加。")
    return _("没有附件（发票、清单），请核对原件后再办理。")


def _facts(payment: Payment, account: str = "") -> list[Field]:
    """What is decided about, on the page that asks once more; with the whole account where it is revealed."""
    return [
        (_("编号"), payment.code),
        (_("事由"), payment.title),
        (_("金额（元）"), money(payment.amount)),
        *((label, value or "—") for label, value in payee_fields(payment, account)),
    ]


def _new() -> Action:
    return Action(_("提出付款申请"), reverse("finance:payment-new"), "plus", primary=True)


def _sees_all(request: ActorRequest) -> bool:
    return bool(request.actor.scope.may(payment_queries.VIEW))


def _address(request: ActorRequest, payment: Payment) -> str:
    """The page of a payment that this actor may open."""
    may = request.actor.scope.may(payment_queries.VIEW, payment.union.path or "")
    return reverse("finance:payment-detail" if may else "finance:payment-own", args=[payment.pk])


def _crumbs(request: ActorRequest, *last: Crumb) -> tuple[Crumb, ...]:
    if _sees_all(request):
        return (Crumb(_("付款审批"), reverse("finance:payment-list")), *last)
    return (Crumb(_("我的付款申请"), reverse("finance:payment-mine")), *last)


def _buttons() -> dict[Step, tuple[str, str, dict[str, Any]]]:
    """Label, address and looks of the button of each step."""
    return {
        Step.CHECK: (_("审核通过"), "check", {"icon": "check", "primary": True, "post": True}),
        Step.APPROVE: (
            _("批准"),
            "approve",
            {"icon": "check", "primary": True, "post": True, "confirm": _("确定批准这笔付款？")},
        ),
        Step.PAY: (_("登记付款"), "pay", {"icon": "coin-yuan", "primary": True}),
        Step.CORRECT: (_("更正"), "edit", {"icon": "pencil"}),
        Step.SEND_BACK: (_("退回"), "send-back", {"icon": "arrow-back-up"}),
        Step.RETURN: (_("退回"), "return", {"icon": "arrow-back-up"}),
        Step.REFUSE: (_("不批准"), "refuse", {"icon": "x", "danger": True}),
        Step.WITHDRAW: (
            _("撤回"),
            "withdraw",
            {"icon": "x", "danger": True, "post": True, "confirm": _("确定撤回这份付款申请？")},
        ),
    }


def _holds(request: ActorRequest, payment: Payment, step: Step) -> bool:
    return bool(request.actor.scope.may(ACTIONS[step], payment.union.path or ""))


def _actions(request: ActorRequest, payment: Payment) -> list[Action]:
    """The buttons of the steps that this actor may take now; one for each label."""
    found: dict[str, Action] = {}
    for step, (label, name, looks) in _buttons().items():
        if _holds(request, payment, step) and payment_rules.may_take(step, request.actor, payment):
            url = reverse(f"finance:payment-{name}", args=[payment.pk])
            found.setdefault(label, Action(label, url, **looks))
    return [*found.values(), *_reveal(request, payment)]


def _reveal(request: ActorRequest, payment: Payment) -> list[Action]:
    """The button that shows the account to the cashier who may pay now."""
    is_due = _holds(request, payment, Step.PAY) and payment_rules.may_take(Step.PAY, request.actor, payment)
    if not (is_due and payment.bank_account):
        return []
    return [Action(_("查看收款账号"), reverse("finance:account-reveal", args=[payment.pk]), "eye")]


def _obstacles(request: ActorRequest, payment: Payment) -> list[Text]:
    """Why someone who has the post for the next step may not take it: the separation of duties."""
    return [
        verdict.reason
        for step in FORWARD
        if _holds(request, payment, step) and may_step(payment.state, step)
        if not (verdict := payment_rules.may_take(step, request.actor, payment))
    ]
