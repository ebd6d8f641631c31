"""One rich world for each module of tests that only read; it is undone when the module ends."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import transaction

from tests.figures.world import World, build


@pytest.fixture(scope="module")
def world(django_db_setup, django_db_blocker) -> Iterator[World]:
    """Return the world; the tests' own transactions lie inside that of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield build(20260722)
        transaction.set_rollback(True)
