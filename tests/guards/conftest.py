"""The world of the guards; its files go to a place of their own."""

import pytest

from tests.guards.world import World


@pytest.fixture
def places(settings, tmp_path):
    """Uploads, results and the notes of jobs, away from var/."""
    settings.UPLOADS = tmp_path / "uploads"
    settings.RESULTS = tmp_path / "results"
    settings.JOB_NOTES = tmp_path / "jobs"
    return tmp_path


@pytest.fixture
def world(db, places):
    return World()
