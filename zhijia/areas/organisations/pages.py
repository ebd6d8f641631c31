"""One way to show a form and hand what it says to a service; used by every form page of this area."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import FieldDoesNotExist
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.kernel.actor import Actor
from zhijia.kernel.records import Record, StaleVersionError
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import ActorRequest
from zhijia.kit.page import Crumb

Save = Callable[[Actor, dict[str, Any]], Record]


def _shown(record: Record, name: str) -> str:
    """Return a field's value as people read it."""
    display = getattr(record, f"get_{name}_display", None)
    value = display() if display else getattr(record, name)
    return value.isoformat() if isinstance(value, date) else str(value if value is not None else "")


def _compare(form: forms.Form, stored: Record) -> None:
    """Name the fields in which the stored record differs from what was typed."""
    for name in form.cleaned_data:
        try:
            label = str(getattr(stored._meta.get_field(name), "verbose_name", name))
        except FieldDoesNotExist:
            continue
        if getattr(stored, name) != form.cleaned_data[name]:
            words = {"label": label, "value": _shown(stored, name) or _("空")}
            form.add_error(None, _("%(label)s：系统中现为“%(value)s”。") % words)


def form_page(
    request: ActorRequest,
    form: forms.Form,
    save: Save,
    *,
    title: str | Promise,
    back: str,
    record: Record | None = None,
    hint: str | Promise = "",
) -> HttpResponse:
    """Show the form; on POST save and go to ``back``, in which ``{pk}`` stands for the saved record.

    ``save`` gets the actor with the form's idempotency key, and the cleaned values - with ``version`` when a
    ``record`` is edited, so that a stale page shows what someone else has written.
    """
    version = record.version if record else None
    if request.method == "POST" and form.is_valid():
        values = dict(form.cleaned_data)
        if record is not None:
            typed = request.POST.get("version", "")
            values["version"] = int(typed) if typed.isdecimal() else 0
        actor = request.actor.keyed(request.POST.get("idempotency_key", "")[:64])
        try:
            saved = save(actor, values)
        except Refused as refusal:
            form.add_error(None, str(refusal))
        except StaleVersionError as stale:
            form.add_error(None, str(stale))
            _compare(form, stale.record)
            version = stale.record.version
        else:
            messages.success(request, _("已保存。"))
            return redirect(back.replace("{pk}", str(saved.pk)))
    cancel = "../" if "{pk}" in back else back
    context = {
        "form": form,
        "title": title,
        "cancel_url": cancel,
        "version": version,
        "hint": hint,
        "crumbs": (Crumb(_("返回"), cancel), Crumb(title)),
    }
    return render(request, "kit/form.html", context)
