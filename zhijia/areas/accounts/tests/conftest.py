"""A school, and its chair who logs in by password; tests that need others make their own."""

import pytest

from zhijia.areas.accounts.tests.factories import PASSWORD, officer_of
from zhijia.areas.organisations.tests.factories import union_of


@pytest.fixture
def school():
    return union_of("S", name="示例小学工会")


@pytest.fixture
def chen(school):
    return officer_of(school, username="chen", password=PASSWORD)
