"""Django's name for this area."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The ``accounts`` area; what it offers stands in area.py."""

    name = "zhijia.areas.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to what the log-in libraries announce."""
        from zhijia.areas.accounts import receivers  # models are ready only now

        receivers.connect()
