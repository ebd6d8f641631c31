"""Django's name for this package."""

from django.apps import AppConfig


class KitConfig(AppConfig):
    """The ``kit`` package."""

    name = "zhijia.kit"
    label = "kit"
