"""The pages of a job that a person waits for: its progress, the poll of it, and the button that stops it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from zhijia.kernel import jobs
from zhijia.kernel.models import Job
from zhijia.kit.access import ActorRequest
from zhijia.kit.page import Progress

__all__ = ["JobPages"]


@dataclass(frozen=True)
class JobPages:
    """The pages of some kinds of jobs; the names are those of addresses, all but ``back`` with the job's key.

    ``result`` gives the address of what a finished job has made.
    """

    kinds: Iterable[str]
    page: str
    poll: str
    stop: str
    back: str
    result: Callable[[Job], str]

    def load(self, request: ActorRequest, pk: int) -> Job:
        """Load an own job of these kinds; absent ones and those of others are both 404."""
        found = jobs.own_job(request.actor, pk)
        if found is None or found.kind not in self.kinds:
            raise Http404
        return found

    def waiting(self, request: ActorRequest, job: Job, context: dict[str, Any]) -> HttpResponse:
        """Show how far a job is, or why it ended without a result; ``context`` has the crumbs."""
        shown = {"title": job.title, **context, "progress": self._progress(job)}
        return render(request, "kit/progress.html", shown)

    def answer(self, request: ActorRequest, pk: int) -> HttpResponse:
        """Answer the poll of the progress page; a finished job moves the window to its result."""
        job = self.load(request, pk)
        if job.state == Job.State.DONE:
            return HttpResponseClientRedirect(self.result(job))
        return render(request, "kit/_progress.html", {"progress": self._progress(job)})

    def cancel(self, request: ActorRequest, pk: int) -> HttpResponse:
        """Ask an own job to stop, and show its page again."""
        jobs.job_cancel(actor=request.actor, job_id=self.load(request, pk).pk)
        return redirect(self.page, pk)

    def _progress(self, job: Job) -> Progress:
        is_done = job.state == Job.State.DONE
        return Progress(
            title=job.title,
            percent=100 if is_done else job.percent,
            state=job.get_state_display(),
            poll_url=reverse(self.poll, args=[job.pk]),
            done=job.done,
            total=job.total,
            finished=job.is_over,
            failed=job.is_over and not is_done,
            message=job.message,
            cancel_url=reverse(self.stop, args=[job.pk]),
            back_url=reverse(self.back),
        )
