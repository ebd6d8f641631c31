"""The own log-in: seats, password, language, where one is logged in, identities of other houses."""

from __future__ import annotations

from typing import Any, cast

from allauth.account.decorators import reauthentication_required
from allauth.socialaccount.forms import DisconnectForm
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhijia.areas.accounts import proofs, queries, services
from zhijia.areas.accounts.forms import LanguageForm, PasswordForm
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.outside import NAMES
from zhijia.areas.accounts.views.door import login_addresses
from zhijia.kernel.actor import Actor
from zhijia.kit.access import ActorRequest, to_step_up
from zhijia.kit.doors import form_page
from zhijia.kit.lists import Action
from zhijia.kit.page import Crumb

MINE = _("我的账号")


def user_of(request: ActorRequest) -> User:
    """Return the log-in that asks."""
    return cast("User", request.user)


def crumbs(title: Any) -> tuple[Crumb, ...]:
    """Return the way from the own account to a page of it."""
    return (Crumb(MINE, reverse("accounts:my-seats")), Crumb(title))


def my_seats(request: ActorRequest) -> HttpResponse:
    """Show the own seats and what each grants, and lead to everything of the own log-in."""
    actions = [
        Action(_("修改密码"), reverse("accounts:password-change"), "key"),
        Action(_("双因素验证"), reverse("mfa_index"), "shield-check"),
        Action(_("登录的设备"), reverse("accounts:sessions"), "device-desktop"),
    ]
    if settings.DOORS.apps:
        actions.append(Action(_("外部身份"), reverse("accounts:outside-identities"), "link"))
    context = {
        "title": MINE,
        "lines": queries.seat_lines(user_of(request)),
        "may_matrix": request.actor.scope.may("accounts.matrix").ok,
        "language_form": LanguageForm(initial={"language": user_of(request).language}),
        "actions": tuple(actions),
    }
    return render(request, "accounts/me.html", context)


def my_password(request: ActorRequest) -> HttpResponse:
    """Change the own password; this session goes on, the others end."""
    user = user_of(request)
    back = reverse("accounts:my-seats")
    owed = user.must_change_password

    def save(_actor: Actor, values: dict[str, Any]) -> User:
        own, here = queries.own_actor(user), request.session.session_key or ""
        done = services.password_change(actor=own, user=user, password=values["password"], keep=here)
        update_session_auth_hash(request, done)  # gives the session a new key
        UserSession.objects.create_from_request(request)
        return done

    form = PasswordForm(request.POST or None, user=user)
    hint = _("这是管理员设置的密码，只有您知道的密码才安全。请先修改密码，再继续使用。")
    return form_page(
        request, form, save, title=_("修改密码"), back=back,
        after=lambda _user: settings.LOGIN_REDIRECT_URL if owed else back,
        saved=_("密码已修改，其他设备上的登录已退出。"), crumbs=crumbs("")[:1],
        extra={"hint": hint} if owed else None,
    )  # fmt: skip


@require_POST
def my_language(request: ActorRequest) -> HttpResponse:
    """Keep the language of the pages with the log-in; what this browser was told before is forgotten."""
    form = LanguageForm(request.POST)
    response = redirect("accounts:my-seats")
    if form.is_valid():
        user = user_of(request)
        services.language_choose(actor=queries.own_actor(user), user=user, **form.cleaned_data)
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME)
    return response


def my_sessions(request: ActorRequest) -> HttpResponse:
    """Show in which browsers the own log-in is in."""
    title = _("登录的设备")
    context = {
        "title": title,
        "crumbs": crumbs(title),
        "visits": proofs.visits(user_of(request), request.session.session_key or ""),
        "idle_minutes": settings.IDLE_MINUTES,
        "hours": settings.SESSION_HOURS,
    }
    return render(request, "accounts/sessions.html", context)


@require_POST
def session_end(request: ActorRequest, pk: int) -> HttpResponse:
    """End one own session somewhere else."""
    user = user_of(request)
    key = proofs.visit_key(user, pk)
    if not request.actor.fresh:
        return to_step_up(request)
    if key == request.session.session_key:
        raise Http404  # leaving here is what logging out is for
    services.own_sessions_end(actor=queries.own_actor(user), user=user, only=key)
    messages.success(request, _("该设备已退出登录。"))
    return redirect("accounts:sessions")


@require_POST
def sessions_end_others(request: ActorRequest) -> HttpResponse:
    """End all own sessions but this one."""
    if not request.actor.fresh:
        return to_step_up(request)
    user, here = user_of(request), request.session.session_key or ""
    services.own_sessions_end(actor=queries.own_actor(user), user=user, keep=here)
    messages.success(request, _("其他设备都已退出登录。"))
    return redirect("accounts:sessions")


@reauthentication_required(app="allauth.socialaccount")
def outside_identities(request: ActorRequest) -> HttpResponse:
    """Show the bound identities of other houses; bind one, or let one go."""
    if not settings.DOORS.apps:
        raise Http404
    if request.method == "POST":
        form = DisconnectForm(request.POST, request=request)
        if form.is_valid():
            form.save()
            messages.success(request, _("外部身份已解除绑定。"))
            return redirect("accounts:outside-identities")
    title = _("外部身份")
    bound = SocialAccount.objects.filter(user=user_of(request)).order_by("pk")
    context = {
        "title": title,
        "crumbs": crumbs(title),
        "bound": [(one.pk, NAMES.get(one.provider, one.provider), one.uid, one.date_joined) for one in bound],
        "doors": [(name, f"{url}?process=connect") for name, url in login_addresses(request)],
    }
    return render(request, "accounts/outside.html", context)
