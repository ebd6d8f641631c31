"""Every request gets its actor; nobody passes without a log-in except to the door itself.

After the door come the duties of a log-in, in this order: the session is young enough, the first password is
changed, and whoever may do sensitive things has a second factor.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_htmx.http import HttpResponseClientRedirect

from zhijia.areas.accounts.adapter import HAS_FACTOR, is_fresh
from zhijia.areas.accounts.lockout import address_of
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.proofs import has_second_factor
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.accounts.roles import SENSITIVE
from zhijia.kernel.actor import Actor

OPEN_VIEWS = frozenset({"set_language"})
# What someone may do before the first password is changed, and before a second factor is set up.
BEFORE_PASSWORD = frozenset(
    {"accounts:password-change", "accounts:logout", "accounts:language", "set_language", "accounts:step-up"}
)
BEFORE_FACTOR = BEFORE_PASSWORD | {
    "mfa_index",
    "mfa_activate_totp",
    "mfa_view_recovery_codes",
    "account_reauthenticate",
    "accounts:passkey-add",
}
METHODS = ("GET", "HEAD", "OPTIONS", "POST")  # no page knows another one
BEGAN, SEEN = "began", "seen"  # seconds since 1970, kept in the session
NOTE_EVERY = 60  # seconds: at most one write a minute tells that a session is alive


class ActorMiddleware:
    """Sets ``request.actor``, the language of the log-in, and keeps pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        if request.method not in METHODS:
            return HttpResponseNotAllowed(METHODS)
        response = self._answer(request)
        if "Cache-Control" not in response and not _is_static(request):
            response["Cache-Control"] = "no-store"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            return self._of_stranger(request)
        if too_old := _too_old(request):
            logout(request)
            messages.warning(request, str(too_old))
            return self._of_stranger(request)
        request.actor = _actor(request, user)  # type: ignore[attr-defined]  # kit.access.ActorRequest declares it
        # A language chosen in this browser (the cookie) is newer than the one kept with the log-in.
        if user.language and not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        duty = _duty(request, user)
        return _moved(request, duty) if duty else self.get_response(request)

    def _of_stranger(self, request: HttpRequest) -> HttpResponse:
        """Answer someone who is not logged in."""
        request.actor = Actor(name="", address=address_of(request))  # type: ignore[attr-defined]  # as above
        return self.get_response(request) if _is_open(request) else _to_door(request)


def _actor(request: HttpRequest, user: User) -> Actor:
    """Return the actor with what this request knows: whose file, how fresh the proof, from where."""
    return replace(
        actor_of(user), person_id=user.person_id, fresh=is_fresh(request), address=address_of(request)
    )


def _too_old(request: HttpRequest) -> Promise | None:
    """Say why a session is over; else keep that it is alive, at most once a minute."""
    now, session = int(time.time()), request.session
    began, seen = session.get(BEGAN, now), session.get(SEEN, now)
    if now - began > settings.SESSION_HOURS * 3600:
        return _("登录已超过12小时，请重新登录。")
    if settings.IDLE_MINUTES and now - seen > settings.IDLE_MINUTES * 60:
        return _("长时间没有操作，已自动退出，请重新登录。")
    if BEGAN not in session:
        session[BEGAN] = now
    if SEEN not in session or now - seen >= NOTE_EVERY:
        session[SEEN] = now
    return None


def _duty(request: HttpRequest, user: User) -> str:
    """Return where someone must go before anything else; empty when nothing is owed."""
    if user.must_change_password and not _leads_to(request, BEFORE_PASSWORD):
        return "accounts:password-change"
    if not user.must_change_password and _owes_factor(request, user):
        return "" if _leads_to(request, BEFORE_FACTOR) else "mfa_index"
    return ""


def _owes_factor(request: HttpRequest, user: User) -> bool:
    """Say whether a second factor is required of this log-in and missing."""
    if settings.SECOND_FACTOR != "required":
        return False
    actor: Actor = request.actor  # type: ignore[attr-defined]  # set above
    if not any(grant.action in SENSITIVE for grant in actor.scope.grants):
        return False
    if HAS_FACTOR not in request.session:
        request.session[HAS_FACTOR] = has_second_factor(user)
    return not request.session[HAS_FACTOR]


def _leads_to(request: HttpRequest, names: frozenset[str]) -> bool:
    try:
        return _is_static(request) or resolve(request.path_info).view_name in names
    except Resolver404:
        return False


def _is_static(request: HttpRequest) -> bool:
    return request.path.startswith(settings.STATIC_URL)


def _is_open(request: HttpRequest) -> bool:
    """Say whether a stranger may see this address. Unknown addresses are closed, so none can be probed."""
    if _is_static(request):
        return True
    try:
        match = resolve(request.path_info)
    except Resolver404:
        return False
    return match.view_name in OPEN_VIEWS or not getattr(match.func, "login_required", True)


def _to_door(request: HttpRequest) -> HttpResponse:
    """Lead to the log-in page and back afterwards; a part of a page (htmx) moves the whole window."""
    door = resolve_url(settings.LOGIN_URL)
    htmx = getattr(request, "htmx", None)
    back = (htmx.current_url_abs_path or "/") if htmx else request.get_full_path()
    return _moved(request, f"{door}?{urlencode({'next': back})}")


def _moved(request: HttpRequest, target: str) -> HttpResponse:
    address = resolve_url(target)
    return (
        HttpResponseClientRedirect(address)
        if getattr(request, "htmx", None)
        else HttpResponseRedirect(address)
    )
