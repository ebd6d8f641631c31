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
    items = []
    for item in card.menu:
        if scope.may(item.action):
            url = reverse(item.url)
            items.append({"label": item.label, "url": url, "icon": item.icon, "at": path.startswith(url)})
    longest = max((len(item["url"]) for item in items if item["at"]), default=0)
    return [{**item, "active": item["at"] and len(item["url"]) == longest} for item in items]


def shell(request: HttpRequest) -> dict[str, Any]:
    """Return the menu by role; nothing for those who are not logged in."""
    actor = getattr(request, "actor", None)
    if actor is None or actor.user_id is None:
        return {}

    home = {"label": _("首页"), "url": HOME, "icon": "home", "active": request.path == HOME}
    menu = [{"label": _("首页"), "icon": "home", "items": [home]}]
    for card in registry().cards:
        items = _items(card, actor.scope, request.path)
        if items:
            menu.append({"label": card.label, "icon": card.icon, "items": items})
    return {"shell": {"menu": menu, "todo_count": request.session.get("todo_count", 0), "actor": actor}}
