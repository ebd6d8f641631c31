"""What the page shell needs on every page: the menu of this person, and the number of to-dos."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from zhijia.kernel.registry import Card, registry

if TYPE_CHECKING:
    from django.http import HttpRequest

    from zhijia.kernel.scope import Scope

HOME = "/"


def _items(card: Card, scope: Scope, path: str) -> list[dict[str, Any]]:
    shown = [(item, reverse(item.url)) for item in card.menu if scope.may(item.action)]
    # Of two addresses that begin alike, the longer one is where we are.
    here = max((url for _item, url in shown if path.startswith(url)), key=len, default="")
    return [
        {"label": item.label, "url": url, "icon": item.icon, "active": url == here} for item, url in shown
    ]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the menu by role; nothing for those who are not logged in."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return {}

    home = {"label": _("首页"), "url": HOME, "icon": "home", "active": request.path == HOME}
    menu: list[dict[str, Any]] = [{"label": _("首页"), "icon": "home", "items": [home]}]
    for card in registry().cards:
        items = _items(card, actor.scope, request.path)
        if items:
            menu.append({"label": card.label, "icon": card.icon, "items": items})
    mine = {"label": _("我的账号"), "url": reverse("accounts:my-seats"), "icon": "user-shield"}
    todos = request.session.get("todo_count", 0)
    return {"shell": {"menu": menu, "user_menu": [mine], "todo_count": todos, "actor": actor}}
