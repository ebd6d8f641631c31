"""Jobs end in a state that people can read, whatever happens."""

import os
from datetime import timedelta
from types import MappingProxyType, SimpleNamespace

import pytest
from django.utils import timezone, translation

from tests.cast import assemble
from zhijia.kernel import jobs
from zhijia.kernel.models import Job

pytestmark = pytest.mark.django_db


def good(progress, owner, *, steps):
    for step in range(steps):
        progress(step + 1, steps, f"step {step}")
    return {"owner": owner.name, "file": "made.xlsx"}


def bad(progress, owner):
    raise ValueError("secret detail")


@pytest.fixture
def kinds(monkeypatch, settings, tmp_path):
    settings.JOB_NOTES = tmp_path
    known = MappingProxyType({"good": "tests.kernel.test_jobs.good", "bad": "tests.kernel.test_jobs.bad"})
    monkeypatch.setattr(jobs, "registry", lambda: SimpleNamespace(jobs=known))


@pytest.fixture
def chen():
    cast = assemble()
    return cast.actor(cast.chen)


def start(actor, kind, **parameters):
    return jobs.job_start(actor=actor, kind=kind, title="t", parameters=parameters)


def test_it_runs_with_the_owners_scope_and_keeps_the_result(kinds, chen):
    job = start(chen, "good", steps=3)
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result, job.result_file) == ("done", {"owner": "chen"}, "made.xlsx")


def test_it_reports_a_fault_without_its_details(kinds, chen):
    job = start(chen, "bad")
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "secret" not in job.message


def test_it_stops_when_the_owner_asks(kinds, chen):
    job = start(chen, "good", steps=3)
    Job.objects.filter(pk=job.pk).update(state="running")
    jobs.job_cancel(actor=chen, job_id=job.pk)
    Job.objects.filter(pk=job.pk).update(state="queued")
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert job.state == "cancelled"


def test_it_cancels_a_queued_job_at_once(kinds, chen):
    job = start(chen, "good", steps=3)
    jobs.job_cancel(actor=chen, job_id=job.pk)
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.done) == ("cancelled", 0)


def test_it_runs_a_job_once(kinds, chen):
    job = start(chen, "good", steps=1)
    jobs.run_job.func(job.pk)
    Job.objects.filter(pk=job.pk).update(result={})
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert job.result == {}


def test_it_shows_the_progress_of_a_job_that_holds_its_transaction(kinds, chen):
    job = start(chen, "good", steps=1)
    Job.objects.filter(pk=job.pk).update(state="running")
    jobs.Progress(job.pk)(3, 4, "会员")
    seen = jobs.own_job(chen, job.pk)
    assert (seen.percent, seen.message) == (75, "会员")


def test_it_parks_a_job_whose_worker_died(kinds, chen):
    job = start(chen, "good", steps=1)
    Job.objects.filter(pk=job.pk).update(
        state="running", started_at=timezone.now() - jobs.SILENT_FOR - timedelta(seconds=1)
    )
    assert jobs.park_dead() == 1
    job.refresh_from_db()
    assert job.state == "parked"
    assert job.message


def test_it_speaks_the_language_of_its_owner(kinds, chen):
    with translation.override("en"):
        job = start(chen, "bad")
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert job.message.isascii()


def test_it_sweeps_old_uploads_and_results(settings, tmp_path):
    settings.UPLOADS, settings.RESULTS = tmp_path / "up", tmp_path / "out"
    settings.SCRATCH = tmp_path / "scratch"
    (settings.UPLOADS / "books").mkdir(parents=True)
    old, fresh = settings.UPLOADS / "books" / "a", settings.UPLOADS / "books" / "b"
    summary, result = tmp_path / "out" / "summary-1.docx", jobs.result_path(".xlsx")
    for file in (old, fresh, summary, result):
        file.write_text("x")
    for file in (old, summary, result):
        os.utime(file, (1, 1))
    assert jobs.sweep_files() == 2
    assert (old.exists(), fresh.exists(), summary.exists(), result.exists()) == (False, True, True, False)


def test_it_hides_a_job_from_others(kinds):
    cast = assemble()
    job = start(cast.actor(cast.chen), "good", steps=1)
    assert jobs.own_job(cast.actor(cast.li), job.pk) is None
    assert jobs.own_job(cast.actor(cast.chen), job.pk) == job


def test_it_refuses_an_unknown_kind(kinds, chen):
    with pytest.raises(ValueError, match="unknown job"):
        start(chen, "nope")
