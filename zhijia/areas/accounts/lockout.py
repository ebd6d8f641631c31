"""The closed door: who is locked out after failures, from where a request comes, and what is said then.

The counting is django-axes'. It sees a mark instead of the user name: what people type at the door (at times
their password) is kept nowhere.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.models import User

LOCKED = _("失败次数过多，已暂停登录。请15分钟后再试，或请管理员解除。")
TOO_MANY = _("操作过于频繁，请稍等一分钟再试。")


def mark(username: str) -> str:
    """Return what stands for a user name in the counters; capitals and blanks do not matter."""
    return salted_hmac("zhijia.lockout", username.strip().casefold(), algorithm="sha256").hexdigest()


def name_mark(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """Return the mark of the user name that is tried; axes asks (``AXES_USERNAME_CALLABLE``)."""
    typed = (credentials or {}).get("username") or request.POST.get("username", "")
    return mark(str(typed))


def address_of(request: HttpRequest) -> str:
    """Return from where a request comes: the peer, or what the trusted proxies (``ZHIJIA_PROXIES``) say.

    Of ``X-Forwarded-For`` only as many entries are believed, from the right, as there are proxies of ours.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "")
    if not settings.PROXIES:
        return peer
    chain = [one.strip() for one in request.headers.get("X-Forwarded-For", "").split(",") if one.strip()]
    return chain[-settings.PROXIES] if len(chain) >= settings.PROXIES else peer


def is_locked(request: HttpRequest, user: User) -> bool:
    """Say whether this log-in is locked out for the address of the request."""
    return not AxesProxyHandler.is_allowed(request, {"username": user.get_username()})


def refuse_if_locked(request: HttpRequest, user: User) -> None:
    """Stop the check of a proof before it begins; raises ValidationError, the answer is the closed page."""
    if is_locked(request, user):
        request.axes_locked_out = True  # type: ignore[attr-defined]  # read by the middleware of axes
        raise ValidationError(LOCKED)


def count_failure(request: HttpRequest, user: User) -> None:
    """Count a wrong code like a wrong password; the fifth one closes the door."""
    credentials = {"username": user.get_username()}
    user_login_failed.send(sender=__name__, credentials=credentials, request=request)


def closed_page(request: HttpRequest, *_given: Any) -> HttpResponse:
    """Say that the door is closed and until when (429); the same words for a known and an unknown name."""
    return _page(request, LOCKED)


def slow_down(request: HttpRequest) -> HttpResponse:
    """Answer a request beyond the rate limits of allauth (429); ``handler429`` of the address list."""
    return _page(request, TOO_MANY)


def _page(request: HttpRequest, reason: Any) -> HttpResponse:
    context = {"title": _("请稍后再试"), "reason": reason}
    return render(request, "accounts/closed.html", context, status=HTTPStatus.TOO_MANY_REQUESTS)
