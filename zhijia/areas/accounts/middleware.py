"""Every request gets its actor; nobody passes without a log-in except to the door itself."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.urls import Resolver404, resolve
from django.utils import translation
from django_htmx.http import HttpResponseClientRedirect

from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.queries import actor_of
from zhijia.kernel.actor import Actor

OPEN_VIEWS = frozenset({"set_language"})


class ActorMiddleware:
    """Sets ``request.actor``, the language of the log-in, and keeps pages out of shared caches."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """See Django."""
        response = self._answer(request)
        if "Cache-Control" not in response and not _is_static(request):
            response["Cache-Control"] = "no-store"
        return response

    def _answer(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        if not isinstance(user, User):
            request.actor = Actor(name="")  # type: ignore[attr-defined]  # kit.access.ActorRequest declares it
            return self.get_response(request) if _is_open(request) else _to_door(request)
        request.actor = actor_of(user)  # type: ignore[attr-defined]  # as above
        # A language chosen in this browser (the cookie) is newer than the one kept with the log-in.
        if user.language and not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
            translation.activate(user.language)
            request.LANGUAGE_CODE = translation.get_language() or settings.LANGUAGE_CODE
        return self.get_response(request)


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
    address = f"{door}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)
