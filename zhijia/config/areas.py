"""The areas of the house, lowest first: the order of the ladder, of the menu and of the year workbook."""

AREAS = (
    "organisations",
    "members",
    "accounts",
    "audit",
    "finance",
    "activities",
    "aid",
    "honours",
    "privacy",
)

# Everything that has a card: the areas, then the packages that offer pages of their own.
CARDS = (
    *(f"zhijia.areas.{name}.area.CARD" for name in AREAS),
    "zhijia.kit.card.CARD",
    "zhijia.figures.card.CARD",
    "zhijia.targets.card.CARD",
    "zhijia.summaries.card.CARD",
    "zhijia.web.card.CARD",
)
