"""Pages that belong to no area: home and search."""

from collections.abc import Sequence

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from zhijia.kernel.registry import registry
from zhijia.kit.access import ActorRequest
from zhijia.kit.filters import FullNumberError, full_number_page, searched
from zhijia.kit.rows import ToDo
from zhijia.web.home import home, todos

FOUND_PER_AREA = 20


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
    """Search people, unions and records of all areas within the scope."""
    try:
        text = searched(request.GET.get("q", ""))[:50]
    except FullNumberError as error:
        return full_number_page(request, error)
    groups = []
    if text:
        for card in registry().cards:
            for name in card.search:
                found = import_string(name)(request.actor.scope, text, FOUND_PER_AREA)
                if found:
                    groups.append((card.label, found))
    return render(request, "web/search.html", {"title": _("搜索"), "q": text, "groups": groups})
