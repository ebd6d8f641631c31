"""The fixtures of the access proofs: the two counties once for a module, quiet logs, the roles' browsers."""

from __future__ import annotations

import logging

import pytest
from django.test import Client

from tests.guards.access_land import land_of
from zhijia.areas.accounts.tests.factories import prove


@pytest.fixture(scope="module")
def land(django_db_setup, django_db_blocker, tmp_path_factory):
    """The two counties; the tests' own transactions lie inside that of the module."""
    with django_db_blocker.unblock(), land_of(tmp_path_factory.mktemp("land")) as built:
        yield built


@pytest.fixture
def quiet():
    """Thousands of refusals are expected; writing each into the log takes longer than the refusal."""
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)


def enter(land, role, *, fresh=True, **options):
    """Return the browser of a role, with a proof of identity of a moment ago."""
    client = Client(**options)
    if role in land.users:
        client.force_login(land.users[role])
        return prove(client, land.users[role]) if fresh else client
    return client
