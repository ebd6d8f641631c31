"""Django's name for this area."""

from django.apps import AppConfig


class MembersConfig(AppConfig):
    """The ``members`` area; what it offers stands in area.py."""

    name = "zhijia.areas.members"
    label = "members"
