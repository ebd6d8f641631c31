"""Django's name for this area."""

from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    """The ``privacy`` area."""

    name = "zhijia.areas.privacy"
    label = "privacy"
