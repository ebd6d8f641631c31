"""The pages of the import: upload → columns → preview → import → result; the book with its errors."""

from __future__ import annotations

import logging
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from zhijia.kernel import jobs
from zhijia.kernel.crypto import TamperedError
from zhijia.kernel.models import Job
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.books import failed, headers, uploads
from zhijia.kit.books.forms import MappingForm, UploadForm
from zhijia.kit.books.reader import RawSheet, read_raw
from zhijia.kit.books.refusal import BookRefusedError
from zhijia.kit.books.template import write_template
from zhijia.kit.exports import XLSX
from zhijia.kit.job_pages import JobPages
from zhijia.kit.page import Action, Crumb
from zhijia.kit.sheets import without_numbers

log = logging.getLogger(__name__)

IMPORT = "books.import"
PREVIEW = "books.preview"
HEAD_ROWS = 12  # title and header rows, for the page of columns
SESSION = "books"
PAGES = JobPages(
    kinds=(IMPORT, PREVIEW),
    page="books:import-job",
    poll="books:import-progress",
    stop="books:import-cancel",
    back="books:import-upload",
    result=lambda job: reverse("books:import-job", args=[job.pk]),
)


@needs(IMPORT)
def upload(request: ActorRequest) -> HttpResponse:
    """Take a file; a file that the gate refuses is said so here."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        name, token = without_numbers(uploads.shown_name(file.name)), uploads.save(file)
        try:
            _read_head(uploads.folder() / token, name)
        except BookRefusedError as refusal:
            log.warning("user %s: upload refused", request.actor.user_id)
            uploads.forget(token)
            form.add_error("file", str(refusal))
        else:
            kept = {"name": name, "union": form.cleaned_data["union"]}
            request.session[SESSION] = {**request.session.get(SESSION, {}), token: kept}
            return redirect("books:import-columns", token)
    context = {
        "form": form,
        "title": _("导入台账"),
        "submit_label": _("上传"),
        "actions": [Action(_("下载模板"), reverse("books:import-template"), "download")],
    }
    return render(request, "kit/books/upload.html", context)


@needs(IMPORT)
@require_GET
def template(_request: HttpRequest) -> HttpResponse:
    """Send the empty workbook."""
    target = BytesIO()
    write_template(target)
    return _workbook(target.getvalue(), _("职家台账模板.xlsx"))


def _workbook(data: bytes, name: str) -> HttpResponse:
    headers_ = {
        "Content-Disposition": content_disposition_header(as_attachment=True, filename=name) or "",
        "Cache-Control": "no-store",
    }
    return HttpResponse(data, content_type=XLSX, headers=headers_)


@needs(IMPORT)
def columns(request: ActorRequest, token: str) -> HttpResponse:
    """Show which column was taken for what; a POST settles it and starts the preview."""
    kept, path = request.session.get(SESSION, {}).get(token), uploads.find(token)
    if kept is None or path is None:
        raise Http404
    guesses = headers.guess(_read_head(path, kept["name"]))
    form = MappingForm(request.POST or None, guesses=guesses)
    if request.method == "POST" and form.is_valid() and form.is_settled:
        parameters = {"file": token, "mapping": form.cleaned_mapping(), **kept}
        title = _("预览：%(name)s") % {"name": kept["name"]}
        started = jobs.job_start(actor=request.actor, kind=PREVIEW, title=title, parameters=parameters)
        return redirect("books:import-job", started.pk)
    context = {
        "form": form,
        "groups": form.groups(),
        "title": _("核对列：%(name)s") % {"name": kept["name"]},
        "crumbs": _crumbs(_("核对列")),
    }
    return render(request, "kit/books/columns.html", context)


def _read_head(path: Path, name: str) -> list[RawSheet]:
    """Read the first rows of a sealed upload; raises BookRefusedError."""
    with uploads.opened(path) as plain:
        return read_raw(plain, name, HEAD_ROWS)


def _crumbs(last: str) -> list[Crumb]:
    return [Crumb(_("导入台账"), reverse("books:import-upload")), Crumb(last)]


@needs(IMPORT)
@require_GET
def job(request: ActorRequest, pk: int) -> HttpResponse:
    """Show a preview or an import: its progress, then its result."""
    found = PAGES.load(request, pk)
    if found.state != Job.State.DONE:
        return PAGES.waiting(request, found, {"crumbs": _crumbs(found.title), "job": found})
    context = {
        "title": found.title,
        "crumbs": _crumbs(found.title),
        "job": found,
        "result": found.result,
        "is_preview": found.kind == PREVIEW,
        "has_failed": bool(found.result_file),
        "token": found.parameters["file"] if uploads.find(found.parameters["file"]) else "",
    }
    return render(request, "kit/books/result.html", context)


@needs(IMPORT)
@require_GET
def progress(request: ActorRequest, pk: int) -> HttpResponse:
    """Answer the poll of the progress page."""
    return PAGES.answer(request, pk)


@needs(IMPORT)
@require_POST
def confirm(request: ActorRequest, pk: int) -> HttpResponse:
    """Start the import that a preview without errors has shown."""
    shown = PAGES.load(request, pk)
    if shown.kind != PREVIEW or shown.state != Job.State.DONE or not shown.result.get("ok"):
        raise Http404
    title = _("导入：%(name)s") % {"name": shown.parameters["name"]}
    started = jobs.job_start(actor=request.actor, kind=IMPORT, title=title, parameters=shown.parameters)
    return redirect("books:import-job", started.pk)


@needs(IMPORT)
@require_POST
def cancel(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask an own job to stop."""
    return PAGES.cancel(request, pk)


@needs(IMPORT)
@require_GET
def failed_rows(request: ActorRequest, pk: int) -> HttpResponse:
    """Send the whole book of an own import with the reasons of its errors."""
    found = PAGES.load(request, pk)
    path = Path(settings.RESULTS) / Path(found.result_file).name
    if not found.result_file or not path.is_file():
        raise Http404
    try:
        return _workbook(failed.opened(path), _("带错误说明的台账.xlsx"))
    except TamperedError as error:
        raise Http404 from error  # cut or changed: there is nothing to send
