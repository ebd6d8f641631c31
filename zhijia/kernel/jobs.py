"""Long tasks: one row each with progress, heartbeat, cancel and result file, run by the worker.

A kind is declared in a card (``jobs={"books.import": "zhijia.kit.books.jobs.run_import"}``); its function is
``run(progress: Progress, owner: Actor, **parameters) -> dict`` and reports through ``progress``.
"""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _
from django_tasks import task

from zhijia.kernel.actor import Actor
from zhijia.kernel.models import Job
from zhijia.kernel.registry import registry
from zhijia.kernel.verdict import Refused

log = logging.getLogger(__name__)
SILENT_FOR = timedelta(minutes=2)


class CancelledError(Exception):
    """The owner asked to stop; whatever was open is rolled back."""


class Progress:
    """How a running job speaks: steps done, a sentence, and whether the owner wants it to stop."""

    def __init__(self, job_id: int | None) -> None:
        """Speak for one job; None (command line) keeps silent."""
        self.job_id = job_id

    def __call__(self, done: int, total: int, message: str = "") -> None:
        """Store the progress; raises CancelledError when the owner asked to stop."""
        if self.job_id is None:
            return
        Job.objects.filter(pk=self.job_id).update(
            done=done, total=total, message=message[:500], heartbeat_at=timezone.now()
        )
        if Job.objects.filter(pk=self.job_id, cancel_asked=True).exists():
            raise CancelledError


def job_start(*, actor: Actor, kind: str, title: str, parameters: dict[str, Any]) -> Job:
    """Store a job and hand it to the worker once the transaction is committed."""
    if kind not in registry().jobs:
        raise ValueError(f"unknown job {kind!r}")
    with transaction.atomic():
        job = Job.objects.create(kind=kind, title=title[:200], owner_id=actor.user_id, parameters=parameters)
        transaction.on_commit(lambda: run_job.enqueue(job.pk))
    return job


def job_cancel(*, actor: Actor, job_id: int) -> None:
    """Ask an own job to stop; a queued one is cancelled at once."""
    own = Job.objects.filter(pk=job_id, owner_id=actor.user_id)
    own.filter(state=Job.State.QUEUED).update(state=Job.State.CANCELLED, ended_at=timezone.now())
    own.filter(state=Job.State.RUNNING).update(cancel_asked=True)


def result_path(suffix: str) -> Path:
    """Return a fresh place under var/results for a job's file; its name tells nothing."""
    settings.RESULTS.mkdir(parents=True, exist_ok=True)
    return Path(settings.RESULTS) / f"{uuid.uuid4().hex}{suffix}"


def _owner(job: Job) -> Actor:
    """Rebuild the owner with the scope that the owner has now, not the one at the start."""
    loader = import_string(settings.ACTOR_LOADER)
    owner: Actor = loader(job.owner_id)
    return owner


def _end(job: Job, state: str, **values: Any) -> None:
    Job.objects.filter(pk=job.pk).update(state=state, ended_at=timezone.now(), **values)


@task()
def run_job(job_id: int) -> None:
    """Run one job to its end; every way it can end is stored in its row."""
    claimed = Job.objects.filter(pk=job_id, state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, heartbeat_at=timezone.now()
    )
    if not claimed:
        return
    job = Job.objects.get(pk=job_id)
    try:
        result = import_string(registry().jobs[job.kind])(Progress(job.pk), _owner(job), **job.parameters)
    except CancelledError:
        _end(job, Job.State.CANCELLED, message=_("已取消,没有保存任何内容。"))
    except Refused as refusal:
        _end(job, Job.State.FAILED, message=str(refusal)[:500])
    except Exception:  # the worker must outlive any job's fault
        log.exception("job %s failed", job.pk)
        _end(job, Job.State.FAILED, message=_("程序出错,没有保存任何内容;详情见服务器日志。"))
    else:
        file = result.pop("file", "")
        _end(job, Job.State.DONE, result=result, result_file=file, message="")


def park_dead() -> int:
    """Mark jobs whose worker went silent; returns how many. Called by the worker when it starts."""
    dead = Job.objects.filter(state=Job.State.RUNNING, heartbeat_at__lt=timezone.now() - SILENT_FOR)
    return dead.update(
        state=Job.State.PARKED,
        ended_at=timezone.now(),
        message=_("运行它的进程中断了,没有保存任何内容;请重新发起。"),
    )


def own_job(actor: Actor, job_id: int) -> Job | None:
    """Load a job of this actor; None for absent and for other people's jobs alike."""
    return Job.objects.filter(pk=job_id, owner_id=actor.user_id).first()
