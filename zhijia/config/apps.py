"""Django's name for this package."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    """The ``config`` package; loads the checks of the start."""

    name = "zhijia.config"
    label = "config"

    def ready(self) -> None:
        """Register the checks."""
        from zhijia.config import durability  # noqa: F401 - importing registers them
