"""The doors to attachments: add, take out, remove. The record's own loader says who may."""

from __future__ import annotations

import logging
import uuid

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from zhijia.kernel.audit import record
from zhijia.kernel.records import Record
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import ActorRequest
from zhijia.kit.attachments import gate, queries, services, store
from zhijia.kit.attachments.models import Attachment
from zhijia.kit.attachments.refusal import AttachmentRefusedError
from zhijia.kit.doors import submitted
from zhijia.kit.exports import safe_filename

log = logging.getLogger(__name__)
LONGEST_NAME = 1000  # of what a browser sends; it is cleaned and cut for display
TYPES = {
    "jpeg": "image/jpeg",
    "png": "image/png",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cache-Control": "no-store",
}


class AttachForm(forms.Form):
    """One file."""

    file = forms.FileField(max_length=LONGEST_NAME, allow_empty_file=True)


@require_POST
def add(request: ActorRequest, model: str, subject_id: int) -> HttpResponse:
    """Attach a file; a refusal is said on the record's page."""
    place = queries.place_load(model)
    subject = queries.subject_load(request.actor.scope, place, subject_id, place.record)
    form = AttachForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, _("请先选择文件，再点上传。"))
        return _back(subject)
    try:
        with gate.passed(form.cleaned_data["file"]) as plain:
            services.attachment_add(actor=submitted(request), subject=subject, file=plain)
    except (AttachmentRefusedError, Refused) as refusal:
        log.warning("user %s: attachment refused (%s)", request.actor.user_id, type(refusal).__name__)
        messages.error(request, _("附件没有保存：%(why)s") % {"why": refusal})
    else:
        messages.success(request, _("附件已保存。"))
    return _back(subject)


@require_safe
def download(request: ActorRequest, key: uuid.UUID) -> HttpResponse:
    """Send a file as a download that no browser runs; looking at sensitive ones is audited."""
    attachment, subject = queries.attachment_load(request.actor.scope, key)
    try:
        data = store.read(attachment)
    except store.DamagedError:
        log.exception("attachment %s cannot be read", key)
        messages.error(request, _("附件的文件缺失或已损坏，无法打开。请联系系统管理员从备份恢复。"))
        return _back(subject)
    if queries.is_sensitive(subject):
        _note(request, attachment, subject)
    name = safe_filename(attachment.name.rpartition(".")[0], f".{attachment.name.rpartition('.')[2]}")
    disposition = content_disposition_header(as_attachment=True, filename=name) or "attachment"
    return HttpResponse(
        data, content_type=TYPES[attachment.kind], headers={**SAFE, "Content-Disposition": disposition}
    )


def _note(request: ActorRequest, attachment: Attachment, subject: Record) -> None:
    """Write down who looked; when that fails, nothing is sent."""
    record(
        request.actor,
        "view",
        action=queries.place_of(subject).view,
        model=subject._meta.label_lower,
        object_id=subject.pk,
        subject_id=getattr(subject, "person_id", None),
        fields=("attachment",),
        path=queries.path_of(subject),
        details={"attachment": attachment.pk},
    )


@require_POST
def remove(request: ActorRequest, key: uuid.UUID) -> HttpResponse:
    """Remove an attachment; the page has asked before."""
    attachment, subject = queries.attachment_load(request.actor.scope, key, to_write=True)
    services.attachment_remove(actor=request.actor, subject=subject, attachment=attachment)
    messages.success(request, _("附件已删除。"))
    return _back(subject)


def _back(subject: Record) -> HttpResponseRedirect:
    place = queries.place_of(subject)
    return redirect(f"{reverse(place.page, kwargs={'pk': subject.pk})}#attachments")
