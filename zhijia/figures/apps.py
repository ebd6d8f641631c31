"""Django's name for this package."""

from django.apps import AppConfig


class FiguresConfig(AppConfig):
    """The ``figures`` package."""

    name = "zhijia.figures"
    label = "figures"
