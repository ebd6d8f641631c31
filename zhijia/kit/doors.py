"""What all pages that write have in common: who submits, which version was seen, and the one form page.

return form_page(
request, EntryForm(request.POST or None, scope=request.actor.scope, entry=entry),
lambda actor, values: services.entry_correct(actor=actor, entry=entry, **values),
title=_("更正收支"), back=reverse("finance:entry-detail", args=[pk]), record=entry,
)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.kernel.actor import Actor
from zhijia.kernel.crypto.columns import is_sealed
from zhijia.kernel.identity import mask_number
from zhijia.kernel.money import yuan
from zhijia.kernel.records import Record, StaleVersionError
from zhijia.kernel.verdict import Refused, StepUpRequired
from zhijia.kit.access import ActorRequest
from zhijia.kit.forms import MoneyField
from zhijia.kit.page import Crumb
from zhijia.kit.templatetags.kit import readable
from zhijia.kit.warned_forms import WarnedForm

T = TypeVar("T")
Text = str | Promise
Save = Callable[[Actor, dict[str, Any]], T]
SAVED = gettext_lazy("已保存。")
_KEY_LENGTH = 64
_VERSION_DIGITS = 9  # more do not fit into the column


def submitted(request: ActorRequest) -> Actor:
    """Return the actor with the idempotency key of the submitted form."""
    key = request.POST.get("idempotency_key", "").replace("\x00", "")  # PostgreSQL refuses it in texts
    return request.actor.keyed(key[:_KEY_LENGTH])


def version_of(request: ActorRequest) -> int:
    """Return the version that the submitted form was made from; 0, which never matches, for nonsense."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= _VERSION_DIGITS else 0


def form_page(
    request: ActorRequest,
    form: forms.Form,
    save: Save[T],
    *,
    title: Text,
    back: str,
    after: Callable[[T], str] | None = None,
    saved: Text | Callable[[T], Text] = SAVED,
    record: Record | None = None,
    crumbs: Sequence[Crumb] = (),
    template: str = "kit/form.html",
    extra: dict[str, Any] | None = None,
) -> HttpResponse:
    """Show the form; on POST save, say ``saved`` and go to ``after(result)`` (else ``back``).

    ``save`` gets the actor with the form's idempotency key and the cleaned values, with ``version`` when a
    ``record`` is edited. Refusals become errors of the form; a stale page shows field by field what someone
    else has written; the warnings of a WarnedForm want a second click. ``back`` is also where 取消 leads.
    """
    stale_rows: list[tuple[str, str, str]] = []
    version = record.version if record else None
    if request.method == "POST":
        version = version_of(request) if record else None
        if form.is_valid() and (not isinstance(form, WarnedForm) or form.settled):
            try:
                done = save(submitted(request), _values(form, version))
            except StepUpRequired:
                raise  # the proof grew old between the page and its sending: needs() leads to a fresh one
            except Refused as refusal:
                form.add_error(None, str(refusal))
            except ValidationError as error:
                form.add_error(None, error)
            except StaleVersionError as stale:
                form.add_error(None, str(stale))
                stale_rows = compare(form, stale.record)
                version = stale.record.version
            else:
                messages.success(request, str(saved(done) if callable(saved) else saved))
                return redirect(after(done) if after else back)
    context = {
        "form": form,
        "title": title,
        "cancel_url": back,
        "version": version,
        "stale_rows": stale_rows,
        "submit_label": _("已核对，仍然保存") if getattr(form, "warnings", ()) else _("保存"),
        "crumbs": (*(crumbs or (Crumb(_("返回"), back),)), Crumb(title)),
        **(extra or {}),
    }
    return render(request, template, context)


def _values(form: forms.Form, version: int | None) -> dict[str, Any]:
    """Return what the service is given."""
    values = form.values() if isinstance(form, WarnedForm) else dict(form.cleaned_data)
    return values if version is None else {**values, "version": version}


def compare(form: forms.Form, record: Record) -> list[tuple[str, str, str]]:
    """Return label, what was typed, and what is stored, of each field in which the two differ."""
    rows = []
    for name, field in form.fields.items():
        if not hasattr(record, name):
            continue
        typed = form.cleaned_data.get(name)
        stored = form.stored_value(record, name) if isinstance(form, WarnedForm) else getattr(record, name)
        if is_sealed(record, name):
            if not typed:
                continue  # a sealed value that was left blank is kept, whatever it is now
            stored = mask_number(str(stored or "")) if typed != stored else stored
        if typed != stored and (typed or stored):
            rows.append((str(field.label), _shown(field, typed), _shown(field, stored)))
    return rows


def _shown(field: forms.Field, value: Any) -> str:
    """Return a value as people read it beside its field."""
    if isinstance(field, MoneyField) and isinstance(value, int):
        return f"{yuan(value):,.2f}"
    if isinstance(field, forms.ChoiceField) and isinstance(value, str | int):
        options: Any = field.choices
        value = {str(code): label for code, label in options}.get(str(value), value)
    return readable(value)
