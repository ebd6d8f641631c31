"""The doors of the accounts area: logging in, the own seats and password, and the log-ins of others."""

from __future__ import annotations

from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhijia.areas.accounts import queries, services
from zhijia.areas.accounts.forms import GrantForm, LanguageForm, PasswordForm, ResetForm, UserForm
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.tables import UserTable
from zhijia.kernel.actor import Actor
from zhijia.kernel.chinese import normalise
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page, submitted
from zhijia.kit.lists import Action, EmptyState, list_page

MANAGE = "accounts.manage"
MOST_OPTIONS = 20


class Login(LoginView):
    """The door; someone who is logged in already goes on."""

    template_name = "accounts/login.html"
    redirect_authenticated_user = True
    extra_context = {"title": _("登录")}


class Logout(LogoutView):
    """Ends the session (POST only)."""


def _user(request: ActorRequest) -> User:
    return cast("User", request.user)


@needs(MANAGE)
def user_list(request: ActorRequest) -> HttpResponse:
    """Show the log-ins within reach."""
    new = Action(_("新建账号"), reverse("accounts:user-create"), "plus", primary=True)
    return list_page(
        request,
        queryset=queries.users(request.actor.scope),
        table_class=UserTable,
        title=_("账号管理"),
        actions=(new,),
        empty=EmptyState(_("还没有账号。"), new),
    )


@needs(MANAGE)
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
        "fields": [
            (_("登录名"), user.username),
            (_("姓名"), user.name),
            (_("启用"), _("是") if user.is_active else _("否")),
        ],
        "actions": (
            Action(_("授予岗位"), reverse("accounts:holding-grant", args=[pk]), "plus", primary=True),
            Action(_("重置密码"), reverse("accounts:password-reset", args=[pk]), "key"),
        ),
    }
    return render(request, "accounts/user.html", context)


@needs(MANAGE)
def holding_new(request: ActorRequest, pk: int) -> HttpResponse:
    """Let a log-in hold one more seat."""
    user = queries.user_load(request.actor.scope, pk)
    return form_page(
        request,
        GrantForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.holding_grant(actor=actor, user=user, **values),
        title=_("授予岗位：%(name)s") % {"name": user.name},
        back=reverse("accounts:user-detail", args=[pk]),
        saved=_("岗位已授予。"),
    )


@require_POST
@needs(MANAGE)
def holding_end(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a seat from a log-in."""
    holding = queries.holding_load(request.actor.scope, pk)
    try:
        services.holding_revoke(actor=submitted(request), holding=holding)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("accounts:user-detail", holding.user_id)
    messages.success(request, _("岗位已收回。"))
    if not queries.users(request.actor.scope).filter(pk=holding.user_id).exists():
        return redirect("accounts:user-list")
    return redirect("accounts:user-detail", holding.user_id)


@needs(MANAGE)
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


@needs(MANAGE)
def seat_options(request: ActorRequest) -> HttpResponse:
    """Answer the search in the seat field."""
    found = queries.seats(request.actor.scope, normalise(request.GET.get("q", "")[:50]))[:MOST_OPTIONS]
    return JsonResponse({"results": [{"id": seat.pk, "text": queries.seat_text(seat)} for seat in found]})


def my_seats(request: ActorRequest) -> HttpResponse:
    """Show the own seats and what each grants."""
    context = {
        "title": _("我的岗位"),
        "lines": queries.seat_lines(_user(request)),
        "language_form": LanguageForm(initial={"language": _user(request).language}),
        "actions": (Action(_("修改密码"), reverse("accounts:password-change"), "key"),),
    }
    return render(request, "accounts/me.html", context)


def my_password(request: ActorRequest) -> HttpResponse:
    """Change the own password; the session goes on."""
    user = _user(request)

    def save(_actor: Actor, values: dict[str, Any]) -> User:
        own = queries.own_actor(user)
        done = services.password_change(actor=own, user=user, password=values["password"])
        update_session_auth_hash(request, done)
        return done

    form = PasswordForm(request.POST or None, user=user)
    back = reverse("accounts:my-seats")
    return form_page(request, form, save, title=_("修改密码"), back=back, saved=_("密码已修改。"))


@require_POST
def my_language(request: ActorRequest) -> HttpResponse:
    """Keep the language of the pages with the log-in; what this browser was told before is forgotten."""
    form = LanguageForm(request.POST)
    response = redirect("accounts:my-seats")
    if form.is_valid():
        user = _user(request)
        services.language_choose(actor=queries.own_actor(user), user=user, **form.cleaned_data)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response
