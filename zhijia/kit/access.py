"""Who may open a page: one decorator for views; refusal is a page with its reason."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

if TYPE_CHECKING:
    from zhijia.kernel.actor import Actor

P = ParamSpec("P")


class ActorRequest(HttpRequest):
    """A request after the middleware: someone is logged in and has a scope."""

    actor: Actor
    htmx: Any


View = Callable[Concatenate[ActorRequest, P], HttpResponse]


def needs(action: str) -> Callable[[View[P]], View[P]]:
    """Let a view run for those who hold ``action`` somewhere; others get 403 with the reason.

    Which records they see is the queries' business: they filter by the same action.
    """

    def wrap(view: View[P]) -> View[P]:
        @functools.wraps(view)
        def run(request: ActorRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            verdict = request.actor.scope.may(action)
            if not verdict:
                return render(request, "403.html", {"reason": verdict.reason}, status=403)
            return view(request, *args, **kwargs)

        run.needs = action  # type: ignore[attr-defined]  # read by the guard that lists all pages
        return cast("View[P]", run)

    return wrap
