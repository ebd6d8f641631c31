"""Django's name for this package."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The ``kernel`` package; loads the system checks."""

    name = "zhijia.kernel"
    label = "kernel"

    def ready(self) -> None:
        """Register the checks."""
        from zhijia.kernel import checks  # noqa: F401 - importing registers them
