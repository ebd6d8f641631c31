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
from zhijia.areas.accounts.closing import closing_verdict
from zhijia.areas.accounts.forms import ClosingForm, ResetForm, UserForm
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.proofs import has_second_factor
from zhijia.areas.accounts.tables import UserTable
from zhijia.areas.accounts.views.roles import role_steps, sees_files
from zhijia.kernel.chinese import normalise
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Refused, StepUpRequired
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page, submitted
from zhijia.kit.lists import Action, EmptyState, list_page
from zhijia.kit.page import Field

MANAGE = "accounts.manage"
MOST_OPTIONS = 20
CLOSE, REOPEN = _("停用账号"), _("重新启用")


@needs(MANAGE)
def user_list(request: ActorRequest) -> HttpResponse:
    """Show the log-ins within reach."""
    new = Action(_("新建账号"), reverse("accounts:user-create"), "plus", primary=True)
    member = Action(_("新建会员账号"), reverse("accounts:member-create"), "user-plus")
    return list_page(
        request,
        queryset=queries.users(request.actor.scope),
        table_class=UserTable,
        title=_("账号管理"),
        actions=(new, member) if sees_files(request.actor.scope) else (new,),
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
    may_reset = queries.reset_verdict(request.actor.scope, user)
    may_close = may_reset or closing_verdict(request.actor.scope, user)  # closing is allowed no less
    context = {
        "title": user.name or user.username,
        "hint": may_reset.reason,
        "status": "" if user.is_active else _("已停用"),
        "status_colour": "red",
        "account": user,
        "held": getattr(user, "held", []),
        "may_grant": request.actor.scope.may("accounts.grant").ok,
        "fields": _fields(request.actor.scope, user),
        "actions": (
            *role_steps(request.actor.scope, user),
            *(_resets(pk) if may_reset else ()),
            *(_closing(user) if may_close and pk != request.actor.user_id else ()),
        ),
    }
    return render(request, "accounts/user.html", context)


def _fields(scope: Scope, user: User) -> list[Field]:
    """Return what the page of a log-in says about it."""
    return [
        (_("登录名"), user.username),
        (_("姓名"), user.name),
        (_("启用"), _("是") if user.is_active else _("否")),
        (_("本人档案"), queries.person_shown(scope, user)),
        (_("双因素验证"), _("已设置") if has_second_factor(user) else _("未设置")),
    ]


def _closing(user: User) -> tuple[Action, ...]:
    """Return the button that closes a log-in or opens it again."""
    if user.is_active:
        return (Action(CLOSE, reverse("accounts:user-deactivate", args=[user.pk]), "x", danger=True),)
    return (Action(REOPEN, reverse("accounts:user-reactivate", args=[user.pk]), "check"),)


def _resets(pk: int) -> tuple[Action, ...]:
    """Return what an officer can do with the proofs and sessions of a log-in."""

    def url(name: str) -> str:
        return reverse(f"accounts:{name}", args=[pk])

    return (
        Action(_("重置密码"), url("password-reset"), "key"),
        Action(
            _("重置双因素验证"), url("second-factor-reset"), "shield", post=True,
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
    return _done(request, pk, services.second_factor_reset, _("双因素验证已清除，请本人重新登录并设置。"))


def _switch(request: ActorRequest, pk: int, service: Callable[..., User], **texts: Any) -> HttpResponse:
    """Ask why, then close a log-in or open it again."""
    user = queries.user_load(request.actor.scope, pk)
    held = [f"{one.seat.union.name} {one.seat.get_post_display()}" for one in getattr(user, "held", [])]
    return form_page(
        request,
        ClosingForm(request.POST or None),
        lambda actor, values: service(actor=actor, user=user, **values),
        title=texts["label"],
        back=reverse("accounts:user-detail", args=[pk]),
        saved=texts["saved"],
        template="kit/confirm.html",
        extra={
            "message": texts["message"],
            "facts": [
                (_("姓名"), user.name), (_("登录名"), user.username), (_("岗位"), "；".join(held) or "—"),
            ],
            "submit_label": texts["label"],
            "danger": user.is_active,
        },
    )  # fmt: skip


@needs(MANAGE, fresh=True)
def user_close(request: ActorRequest, pk: int) -> HttpResponse:
    """Close the log-in of someone who has left."""
    return _switch(
        request, pk, services.user_deactivate, label=CLOSE,
        message=_("停用后立即在所有设备上退出，不能再登录。岗位和记录保留，以后可以重新启用。"),
        saved=_("账号已停用，所有设备已退出登录。"),
    )  # fmt: skip


@needs(MANAGE, fresh=True)
def user_reopen(request: ActorRequest, pk: int) -> HttpResponse:
    """Open a closed log-in again."""
    return _switch(
        request, pk, services.user_reactivate, label=REOPEN,
        message=_("启用后可以用原来的密码登录；权限由任期内的岗位决定。"),
        saved=_("账号已重新启用。"),
    )  # fmt: skip


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
