"""What every test relies on: no network, a fresh registry, and the browser where there is one."""

import os
import shutil
import socket

import pytest

CHROMIUM = next(
    (
        found
        for name in ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
        if (found := shutil.which(name))
    ),
    None,
)


def pytest_configure(config):
    """Hash passwords quickly: a test's log-in protects nothing."""
    from django.conf import settings

    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_modifyitems(config, items):
    """Say why a browser journey or a long proof is skipped; ZHIJIA_REQUIRE makes the journey run and fail."""
    required = "browser" in os.environ.get("ZHIJIA_REQUIRE", "")
    for item in items:
        if item.get_closest_marker("browser") and CHROMIUM is None and not required:
            item.add_marker(pytest.mark.skip(reason="no Chromium on this machine (apt install chromium)"))
        if item.get_closest_marker("long") and not os.environ.get("ZHIJIA_LONG"):
            item.add_marker(pytest.mark.skip(reason="a long proof: ./run test --long"))


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Refuse any connection that leaves the machine."""
    real = socket.socket.connect

    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in (
            "127.0.0.1",
            "::1",
            "localhost",
        ):
            raise AssertionError(f"a test opened a connection to {address!r}")
        return real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
