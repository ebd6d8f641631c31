"""Django's name for this area."""

from django.apps import AppConfig


class OrganisationsConfig(AppConfig):
    """The ``organisations`` area; what it offers stands in area.py."""

    name = "zhijia.areas.organisations"
    label = "organisations"
