"""Pages that belong to no area: home and search."""

from collections.abc import Sequence

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Scope
from zhijia.kit.access import ActorRequest
from zhijia.kit.filters import holds_whole_number
from zhijia.kit.rows import RowCard, ToDo
from zhijia.web.home import home, todos

FOUND_PER_AREA = 20
FILES = "members.view"


class PostAgain(HttpResponseRedirect):
    """Sends what was posted on to another address, as a POST."""

    status_code = 307


def _remember_count(request: ActorRequest, lines: Sequence[ToDo]) -> None:
    """Keep the number for the badge; the session is written only when it changed."""
    count = sum(line.count for line in lines)
    if request.session.get("todo_count") != count:
        request.session["todo_count"] = count


def index(request: ActorRequest) -> HttpResponse:
    """Show the home page; someone without a seat is told how to get one."""
    if not request.actor.scope.may("figures.view"):
        return render(request, "web/no_seat.html", {"title": _("首页")})
    code, period = request.GET.get("union", ""), request.GET.get("period", "")
    try:
        page = home(request.actor, timezone.localdate(), code, period)
    except ValueError as error:
        return render(request, "web/bad_period.html", {"title": _("首页"), "reason": error}, status=400)
    _remember_count(request, page.todos)
    return render(request, "web/home.html", {"title": _("首页"), "page": page})


def todo(request: ActorRequest) -> HttpResponse:
    """Show what waits for this person."""
    lines = todos(request.actor, timezone.localdate())
    _remember_count(request, lines)
    return render(request, "web/todo.html", {"title": _("待办"), "lines": lines})


def search(request: ActorRequest) -> HttpResponse:
    """Search people, unions and records of all areas within the scope.

    A whole number is neither searched nor repeated: the page's script posts it here instead, and it goes on
    to be found with a reason; one that came in an address all the same is dropped from it.
    """
    may_find = request.actor.scope.may(FILES).ok
    posted = request.method == "POST" and "number" in request.POST
    if posted and may_find:
        return PostAgain(reverse("members:person-find"))
    if posted or holds_whole_number(request.GET.get("q", "")):
        return redirect(reverse("web:search") + "?whole=1")
    text = request.GET.get("q", "").strip()[:50]
    context = {"title": _("搜索"), "q": text, "whole": "whole" in request.GET, "may_find": may_find}
    return render(request, "web/search.html", {**context, "groups": _found(request.actor.scope, text)})


def _found(scope: Scope, text: str) -> list[tuple[str | Promise, list[RowCard]]]:
    """Return what each area finds, by the area's name."""
    groups = []
    if text:
        for card in registry().cards:
            for name in card.search:
                found = import_string(name)(scope, text, FOUND_PER_AREA)
                if found:
                    groups.append((card.label, found))
    return groups
