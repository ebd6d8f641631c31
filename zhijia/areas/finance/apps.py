"""Django's name for this area."""

from django.apps import AppConfig


class FinanceConfig(AppConfig):
    """The ``finance`` area; what it offers stands in area.py."""

    name = "zhijia.areas.finance"
    label = "finance"
