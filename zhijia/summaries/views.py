"""The pages of summaries: list → order (with a preview) → progress → text with its sources → Word file."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhijia.areas.organisations.queries import reach
from zhijia.kernel import jobs
from zhijia.kernel.models import Job
from zhijia.kernel.period import Period
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.job_pages import JobPages
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState
from zhijia.summaries import queries
from zhijia.summaries.answers import silent_unions
from zhijia.summaries.content import to_content
from zhijia.summaries.files import file_path
from zhijia.summaries.forms import SummaryForm
from zhijia.summaries.pages import page_of
from zhijia.summaries.plan import plans
from zhijia.summaries.tables import SummaryTable

VIEW, MAKE = "summaries.view", "summaries.make"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
PAGES = JobPages(
    kinds=(MAKE,),
    page="summaries:job",
    poll="summaries:job-progress",
    stop="summaries:job-cancel",
    back="summaries:summary-new",
    result=lambda job: reverse("summaries:summary-detail", args=[job.result["summary"]]),
)


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb(_("工作总结"), reverse("summaries:summary-list")), Crumb(last)]


@needs(VIEW)
@require_GET
def summary_list(request: ActorRequest) -> HttpResponse:
    """List the summaries that were made."""
    new = Action(_("生成总结"), reverse("summaries:summary-new"), "plus", primary=True)
    may_make = bool(request.actor.scope.may(MAKE))
    return list_page(
        request,
        queryset=queries.summaries(request.actor.scope),
        table_class=SummaryTable,
        title=_("工作总结"),
        actions=(new,) if may_make else (),
        empty=EmptyState(
            _("还没有工作总结。台账登记好以后，选择工会和期间就能生成。"),
            new if may_make else None,
            "file-text",
        ),
    )


@needs(MAKE)
def summary_new(request: ActorRequest) -> HttpResponse:
    """Order a summary: a POST starts the job."""
    form = SummaryForm(request.POST or None, scope=request.actor.scope)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        title = _("生成总结：%(union)s %(period)s") % {
            "union": given["union"].name,
            "period": given["period"].label,
        }
        parameters = {
            "union": given["union"].pk,
            "period": given["period"].code,
            "plan": given["chosen"].name,
            "number": given["number"],
        }
        started = jobs.job_start(actor=request.actor, kind=MAKE, title=title, parameters=parameters)
        return redirect("summaries:job", started.pk)
    context = {"form": form, "title": _("生成工作总结"), "crumbs": _crumbs(_("生成"))}
    return render(request, "summaries/new.html", context)


@needs(MAKE)
@require_GET
def summary_preview(request: ActorRequest) -> HttpResponse:
    """Show the text as it would be now; nothing is kept."""
    form = SummaryForm(request.GET, scope=request.actor.scope)
    context: dict[str, Any] = {"form": form, "title": _("预览"), "crumbs": _crumbs(_("预览"))}
    if not form.is_valid():
        return render(request, "summaries/new.html", context | {"title": _("生成工作总结")})
    given = form.cleaned_data
    composed = queries.draft(
        request.actor.scope, given["union"], given["period"], given["chosen"], given["number"]
    )
    context |= {"page": page_of(to_content(composed.document)), "notes": composed.notes}
    return render(request, "summaries/preview.html", context)


@needs(VIEW)
@require_GET
def summary_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """Show a summary: its text with every number leading to its rows, and the table of sources."""
    summary = queries.summary_load(request.actor.scope, pk)
    plan = plans().get(summary.plan)
    context = {
        "title": summary.title,
        "crumbs": _crumbs(summary.title),
        "summary": summary,
        "plan": plan.title if plan else summary.plan,
        "period": Period.parse(summary.period_code).label,
        "page": page_of(summary.content),
        "notes": summary.notes,
        "actions": [
            Action(_("下载 Word"), reverse("summaries:summary-download", args=[pk]), "download", primary=True)
        ],
    }
    return render(request, "summaries/detail.html", context)


@needs(VIEW)
@require_GET
def download(request: ActorRequest, pk: int) -> HttpResponse:
    """Send the Word file."""
    summary = queries.summary_load(request.actor.scope, pk)
    name = content_disposition_header(as_attachment=True, filename=f"{summary.title}.docx") or ""
    data = file_path(summary).read_bytes()
    return HttpResponse(data, content_type=WORD, headers={"Content-Disposition": name})


@needs(VIEW)
@require_GET
def silent(request: ActorRequest) -> HttpResponse:
    """List the grassroots unions without records in a period: the rows behind that number of a summary."""
    union = reach(request.actor.scope, VIEW).filter(code=request.GET.get("union", "")).first()
    try:
        period = Period.parse(request.GET.get("period", ""))
    except ValueError as error:
        raise Http404 from error
    if union is None:
        raise Http404
    found = silent_unions(request.actor.scope, union, period, VIEW)
    title = _("%(union)s %(period)s无记录的基层工会") % {"union": union.name, "period": period.label}
    context = {"title": title, "crumbs": _crumbs(_("无记录的工会")), "unions": found}
    return render(request, "summaries/silent.html", context)


@needs(MAKE)
@require_GET
def job(request: ActorRequest, pk: int) -> HttpResponse:
    """Show the progress of a summary in the making; a finished one leads to its page."""
    found = PAGES.load(request, pk)
    if found.state == Job.State.DONE:
        return redirect(PAGES.result(found))
    return PAGES.waiting(request, found, {"crumbs": _crumbs(_("进度"))})


@needs(MAKE)
@require_GET
def progress(request: ActorRequest, pk: int) -> HttpResponse:
    """Answer the poll of the progress page."""
    return PAGES.answer(request, pk)


@needs(MAKE)
@require_POST
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask an own job to stop."""
    return PAGES.cancel(request, pk)
