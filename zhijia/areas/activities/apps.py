"""Django's name for this area."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """The ``activities`` area; what it offers stands in area.py."""

    name = "zhijia.areas.activities"
    label = "activities"
