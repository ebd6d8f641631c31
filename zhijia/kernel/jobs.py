"""Long tasks: one row each with state, owner and result, run by the worker.

Progress and the wish to stop go through small files in var/jobs, not through the row: a job works inside one
transaction, so that nobody would see its row change, and on SQLite nobody could write to it meanwhile.

A kind is declared in a card (``jobs={"books.import": "zhijia.kit.books.jobs.run_import"}``); its function is
``run(progress: Progress, owner: Actor, **parameters) -> dict`` and reports through ``progress``.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from contextvars import ContextVar
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import Error, transaction
from django.utils import timezone, translation
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _
from django_tasks import task

from zhijia.kernel.actor import Actor
from zhijia.kernel.models import Job
from zhijia.kernel.registry import registry
from zhijia.kernel.verdict import Refused

log = logging.getLogger(__name__)
SILENT_FOR = timedelta(minutes=2)
UPLOADS_KEPT, RESULTS_KEPT, SCRATCH_KEPT = timedelta(days=1), timedelta(days=7), timedelta(hours=1)
RESULT = "job-"
SAVED = "saved"
_CUT = gettext_noop("运行它的进程中断了，没有保存任何内容；请重新发起。")
_CUT_SAVED = gettext_noop("运行它的进程在保存之后中断了：内容已经保存，请到相应页面核对。")


class CancelledError(Exception):
    """The owner asked to stop; whatever was open is rolled back."""


def _note(job_id: int, kind: str) -> Path:
    settings.JOB_NOTES.mkdir(parents=True, exist_ok=True)
    return Path(settings.JOB_NOTES) / f"{job_id}.{kind}"


class Progress:
    """How a running job speaks: steps done, a sentence, and whether the owner wants it to stop."""

    def __init__(self, job_id: int | None) -> None:
        """Speak for one job; None (command line) keeps silent."""
        self.job_id = job_id

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Note the progress; raises CancelledError when the owner asked to stop."""
        if self.job_id is None:
            return
        fresh = _note(self.job_id, "new")
        fresh.write_text(json.dumps([done, total, message[:500]]), encoding="utf-8")
        fresh.replace(_note(self.job_id, "progress"))
        if _note(self.job_id, "cancel").exists():
            raise CancelledError


def _overlay(job: Job) -> Job:
    """Give a running job the progress from its note."""
    note = _note(job.pk, "progress")
    if job.state == Job.State.RUNNING and note.exists():
        job.done, job.total, job.message = json.loads(note.read_text(encoding="utf-8"))
    return job


def _last_sign(job: Job) -> float:
    """Return when a running job last spoke, as a timestamp."""
    note = _note(job.pk, "progress")
    started = job.started_at.timestamp() if job.started_at else 0.0
    return max(started, note.stat().st_mtime) if note.exists() else started


def job_start(*, actor: Actor, kind: str, title: str, parameters: dict[str, Any]) -> Job:
    """Store a job and hand it to the worker once the transaction is committed."""
    if kind not in registry().jobs:
        raise ValueError(f"unknown job {kind!r}")
    with transaction.atomic():
        job = Job.objects.create(
            kind=kind,
            title=title[:200],
            owner_id=actor.user_id,
            language=get_language() or "",
            parameters=parameters,
        )
        transaction.on_commit(lambda: run_job.enqueue(job.pk))
    return job


def job_cancel(*, actor: Actor, job_id: int) -> None:
    """Ask an own job to stop; a queued one is cancelled at once."""
    job = own_job(actor, job_id)
    if job is None or job.is_over:
        return
    _note(job_id, "cancel").touch()
    if job.state == Job.State.QUEUED:
        queued = Job.objects.filter(pk=job_id, state=Job.State.QUEUED)
        if queued.update(state=Job.State.CANCELLED, ended_at=timezone.now()):
            _note(job_id, "cancel").unlink(missing_ok=True)


def result_path(suffix: str) -> Path:
    """Return a fresh place under var/results for a job's file; its name tells nothing."""
    settings.RESULTS.mkdir(mode=0o700, parents=True, exist_ok=True)
    return Path(settings.RESULTS) / f"{RESULT}{uuid.uuid4().hex}{suffix}"


def sweep_files() -> int:
    """Delete uploads and results of jobs that nobody needs any more, and plain copies left by a cut.

    Returns how many. The worker's server calls it each minute.
    """
    now, gone = time.time(), 0
    for place, pattern, kept_for in (
        (Path(settings.UPLOADS), "**/*", UPLOADS_KEPT),
        (Path(settings.RESULTS), f"{RESULT}*", RESULTS_KEPT),
        (Path(settings.SCRATCH), "*", SCRATCH_KEPT),
    ):
        for file in place.glob(pattern):
            if file.is_file() and now - file.stat().st_mtime > kept_for.total_seconds():
                file.unlink(missing_ok=True)
                gone += 1
    return gone


def _owner(job: Job) -> Actor:
    """Rebuild the owner with the scope that the owner has now, not the one at the start."""
    loader = import_string(settings.ACTOR_LOADER)
    owner: Actor = loader(job.owner_id)
    return owner


def _end(job: Job, state: str, **values: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, ended_at=timezone.now(), **values)
    for kind in ("progress", "cancel", "new"):
        _note(job.pk, kind).unlink(missing_ok=True)


_working: ContextVar[int | None] = ContextVar("zhijia_job", default=None)


def mark_saved() -> None:
    """Note in the running job's row, within the command's own transaction, that something was saved.

    Called by every command; without a job around it does nothing.
    """
    job_id = _working.get()
    if job_id is not None:
        Job.objects.filter(pk=job_id).update(result={SAVED: True})


@task()
def run_job(job_id: int) -> None:
    """Run one job to its end; every way it can end is stored in its row."""
    claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, started_at=timezone.now()
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    token = _working.set(job_id)
    try:
        with translation.override(job.language or settings.LANGUAGE_CODE):
            _run(job)
    finally:
        _working.reset(token)


def _run(job: Job) -> None:
    try:
        result = import_string(registry().jobs[job.kind])(Progress(job.pk), _owner(job), **job.parameters)
    except CancelledError:
        _end(job, Job.State.CANCELLED, message=_("已取消，没有保存任何内容。"))
    except Refused as refusal:
        _end(job, Job.State.FAILED, message=str(refusal)[:500])
    except Exception as error:  # the worker must outlive any job's fault
        # A database's own message may quote values (a duplicate ID number), so only its kind is logged.
        log.error("job %s failed: %s", job.pk, type(error).__name__, exc_info=not isinstance(error, Error))  # noqa: TRY400 - see above
        _end(job, Job.State.FAILED, message=_("程序出错，没有保存任何内容；详情见服务器日志。"))
    else:
        file = result.pop("file", "")
        _end(job, Job.State.DONE, result=result, result_file=file, message="")


def park_dead() -> int:
    """Mark jobs whose worker went silent; returns how many. Called at the start and each minute."""
    limit = (timezone.now() - SILENT_FOR).timestamp()
    dead = [job for job in Job.objects.filter(state=Job.State.RUNNING) if _last_sign(job) < limit]
    for job in dead:
        saved = job.result.get(SAVED)
        _end(job, Job.State.PARKED, message=_(_CUT_SAVED) if saved else _(_CUT))
    return len(dead)


def own_job(actor: Actor, job_id: int) -> Job | None:
    """Load a job of this actor; None for absent and for other people's jobs alike."""
    job = Job.objects.filter(pk=job_id, owner_id=actor.user_id).first()
    return _overlay(job) if job else None
