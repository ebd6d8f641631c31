"""Django's name for this package."""

from django.apps import AppConfig


class SummariesConfig(AppConfig):
    """The ``summaries`` package."""

    name = "zhijia.summaries"
    label = "summaries"
