"""Django's name for this area."""

from django.apps import AppConfig


class AidConfig(AppConfig):
    """The ``aid`` area; what it offers stands in area.py."""

    name = "zhijia.areas.aid"
    label = "aid"
