"""Django's name for this area."""

from django.apps import AppConfig


class HonoursConfig(AppConfig):
    """The ``honours`` area; what it offers stands in area.py."""

    name = "zhijia.areas.honours"
    label = "honours"
