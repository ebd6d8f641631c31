"""The log-ins of others: lists, making one, its password, its second factors, its sessions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhijia.areas.accounts import queries, services
from zhijia.areas.accounts.forms import ResetForm, UserForm
from zhijia.areas.accounts.proofs import has_second_factor
from zhijia.areas.accounts.tables import UserTable
from zhijia.areas.accounts.views.roles import role_steps
from zhijia.kernel.chinese import normalise
from zhijia.kernel.verdict import Refused, StepUpRequired
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page, submitted
from zhijia.kit.lists import Action, EmptyState, list_page

MANAGE = "accounts.manage"
MOST_OPTIONS = 20


@needs(MANAGE)
def user_list(request: ActorRequest) -> HttpResponse:
    """Show the log-ins within reach."""
    new = Action(_("新建账号"), reverse("accounts:user-create"), "plus", primary=True)
    return list_page(
        request,
        queryset=queries.users(request.actor.scope),
        table_class=UserTable,
        title=_("账号管理"),
        actions=(new, Action(_("新建会员账号"), reverse("accounts:member-create"), "user-plus")),
        empty=EmptyState(_("还没有账号。"), new),
    )


@needs(MANAGE, fresh=True)
def user_new(request: ActorRequest) -> HttpResponse:
    """Make a log-in with its first seat."""
    return form_page(
        request,
        UserForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.user_create(actor=actor, **values),
        title=_("新建账号"),
        back=reverse("accounts:user-list"),
        after=lambda user: reverse("accounts:user-detail", args=[user.pk]),
        saved=_("账号已建立。"),
    )


@needs(MANAGE)
def user_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """Show a log-in and its seats within reach."""
    user = queries.user_load(request.actor.scope, pk)
    context = {
        "title": user.name or user.username,
        "account": user,
        "held": getattr(user, "held", []),
        "may_grant": request.actor.scope.may("accounts.grant").ok,
        "fields": [
            (_("登录名"), user.username),
            (_("姓名"), user.name),
            (_("启用"), _("是") if user.is_active else _("否")),
            (_("本人档案"), queries.person_shown(request.actor.scope, user)),
            (_("二次验证"), _("已设置") if has_second_factor(user) else _("未设置")),
        ],
        "actions": (*role_steps(request.actor.scope, user), *_steps(pk)),
    }
    return render(request, "accounts/user.html", context)


def _steps(pk: int) -> tuple[Action, ...]:
    """Return what an officer can do with a log-in."""

    def url(name: str) -> str:
        return reverse(f"accounts:{name}", args=[pk])

    return (
        Action(_("重置密码"), url("password-reset"), "key"),
        Action(
            _("重置二次验证"), url("second-factor-reset"), "shield", post=True,
            confirm=_("确定清除该账号的动态口令、通行密钥和恢复码吗？请先当面核实是本人。"),
        ),
        Action(
            _("强制退出"), url("sessions-end"), "logout", post=True,
            confirm=_("确定让该账号在所有设备上退出登录吗？"),
        ),
        Action(_("解除锁定"), url("lockout-reset"), "lock-open", post=True),
    )  # fmt: skip


@needs(MANAGE, fresh=True)
def password_new(request: ActorRequest, pk: int) -> HttpResponse:
    """Give a log-in a new password."""
    user = queries.user_load(request.actor.scope, pk)
    return form_page(
        request,
        ResetForm(request.POST or None),
        lambda actor, values: services.password_reset(actor=actor, user=user, **values),
        title=_("重置密码：%(name)s") % {"name": user.name},
        back=reverse("accounts:user-detail", args=[pk]),
        saved=_("密码已重置。"),
    )


def _done(request: ActorRequest, pk: int, service: Callable[..., Any], saved: Any) -> HttpResponse:
    """Run a service on a log-in in reach, say what was done or why not, and go back to it."""
    user = queries.user_load(request.actor.scope, pk)
    try:
        service(actor=submitted(request), user=user)
    except StepUpRequired:
        raise
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(saved))
    return redirect("accounts:user-detail", pk)


@require_POST
@needs(MANAGE, fresh=True)
def second_factor_lost(request: ActorRequest, pk: int) -> HttpResponse:
    """Take the second factors from a log-in whose owner has lost them."""
    return _done(request, pk, services.second_factor_reset, _("二次验证已清除，请本人重新登录并设置。"))


@require_POST
@needs(MANAGE)
def sessions_over(request: ActorRequest, pk: int) -> HttpResponse:
    """End all sessions of a log-in."""
    return _done(request, pk, services.sessions_end, _("该账号已在所有设备上退出登录。"))


@require_POST
@needs(MANAGE)
def lockout_over(request: ActorRequest, pk: int) -> HttpResponse:
    """Let a log-in that was locked out try again."""
    return _done(request, pk, services.lockout_reset, _("锁定已解除，可以重新登录。"))


@needs(MANAGE)
def seat_options(request: ActorRequest) -> HttpResponse:
    """Answer the search in the seat field."""
    found = queries.seats(request.actor.scope, normalise(request.GET.get("q", "")[:50]))[:MOST_OPTIONS]
    return JsonResponse({"results": [{"id": seat.pk, "text": queries.seat_text(seat)} for seat in found]})
