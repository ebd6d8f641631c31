"""Django's name for this package."""

from django.apps import AppConfig


class TargetsConfig(AppConfig):
    """The ``targets`` package."""

    name = "zhijia.targets"
    label = "targets"
