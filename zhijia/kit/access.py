"""Who may open a page: one decorator for views; refusal is a page with its reason."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django_htmx.http import HttpResponseClientRedirect

from zhijia.kernel.audit import deny
from zhijia.kernel.verdict import StepUpRequired

if TYPE_CHECKING:
    from zhijia.kernel.actor import Actor

AGAIN = "step_up_again"  # in the session: a form was broken off and has to be sent once more

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request after the middleware: someone is logged in and has a scope."""

    actor: Actor
    htmx: Any


View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def needs(action: str, *, fresh: bool = False) -> Callable[[View[P]], View[P]]:
    """Let a view run for those who hold ``action`` somewhere; others get 403 with the reason.

    Which records they see is the queries' business: they filter by the same action. With ``fresh`` the one
    who asks must have proven a moment ago to be there; otherwise, and whenever a service raises
    StepUpRequired, the way leads to the step-up page and back.
    """

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def run(request: ActorRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            verdict = request.actor.scope.may(action)
            if not verdict:
                deny(request.actor, action, str(verdict.reason))
                return render(request, "403.html", {"reason": verdict.reason}, status=403)
            if fresh and not request.actor.fresh:
                return to_step_up(request)
            try:
                return view(request, *args, **kwargs)
            except StepUpRequired:
                return to_step_up(request)

        run.needs = action  # type: ignore[attr-defined]  # read by the guard that lists all pages
        run.fresh = fresh  # type: ignore[attr-defined]  # as above
        return cast("View[P]", run)

    return wrap


def to_step_up(request: HttpRequest) -> HttpResponse:
    """Lead to the page where identity is proven again, and back afterwards.

    Back is the address itself, or for what cannot be asked again (a POST, a part of a page) the page that
    the request came from.
    """
    htmx = getattr(request, "htmx", None)
    if htmx:
        back = htmx.current_url_abs_path or "/"
    elif request.method in ("GET", "HEAD"):
        back = request.get_full_path()
    else:
        back = _page_before(request)
        request.session[AGAIN] = True
    address = f"{resolve_url(settings.STEP_UP_URL)}?{urlencode({'next': back})}"
    return HttpResponseClientRedirect(address) if htmx else HttpResponseRedirect(address)


def _page_before(request: HttpRequest) -> str:
    """Return the path of the page of ours that a form was sent from; the first page when none is named."""
    before = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(before, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(before)
    return parts.path + (f"?{parts.query}" if parts.query else "")
