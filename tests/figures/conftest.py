"""One rich world for the tests that only read; it is written once."""

from __future__ import annotations

import pytest

from tests.figures.world import World, build


@pytest.fixture(scope="session")
def world(django_db_setup, django_db_blocker) -> World:
    """Return the world; it stays in the test database until the session ends."""
    with django_db_blocker.unblock():
        return build(20260722)
