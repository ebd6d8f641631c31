"""Django's name for this package."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The ``config`` package."""

    name = "zhijia.config"
    label = "config"
