"""System checks: every string in a card leads somewhere, and the registry is whole."""

from typing import Any

from django.core.checks import CheckMessage, Error, register
from django.utils.module_loading import import_string

from zhijia.kernel.registry import Card, registry

STORES = ("facts", "sheets", "todos", "recent", "search", "subject", "uses", "erasers")


def _dotted(card: Card) -> list[str]:
    names = [name for store in STORES for name in getattr(card, store)]
    names += [*card.jobs.values(), *card.listeners.values(), *(tab.reader for tab in card.tabs)]
    names += [place.load for place in card.attachments]
    return names


@register()
def cards_resolve(**_kwargs: Any) -> list[CheckMessage]:
    """Resolve each dotted name of each card; an unknown action in a menu is an error too."""
    try:
        book = registry()
    except (ImportError, ValueError) as error:
        return [Error(str(error), id="zhijia.E001")]
    found: list[CheckMessage] = []
    for card in book.cards:
        for name in _dotted(card):
            try:
                import_string(name)
            except ImportError as error:
                found.append(Error(f"card {card.name}: {error}", id="zhijia.E002"))
        found += [
            Error(f"card {card.name}: menu names unknown action {item.action}", id="zhijia.E003")
            for item in card.menu
            if item.action not in book.actions
        ]
        found += [
            Error(f"card {card.name}: files at {place.model} want unknown action {key}", id="zhijia.E004")
            for place in card.attachments
            for key in (place.view, place.record)
            if key not in book.actions
        ]
    return found
