"""Django's name for this area."""

from django.apps import AppConfig


class AuditConfig(AppConfig):
    """The ``audit`` area; what it offers stands in area.py."""

    name = "zhijia.areas.audit"
    label = "audit"
