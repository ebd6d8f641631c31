"""Django's name for this package."""

from django.apps import AppConfig


class FactsConfig(AppConfig):
    """The ``facts`` package."""

    name = "zhijia.facts"
    label = "facts"
