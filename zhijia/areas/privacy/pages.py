"""What the pages of privacy show: their contexts, and the page that answers a form with a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.privacy import queries, rules
from zhijia.areas.privacy.models import Erasure, SubjectRequest
from zhijia.areas.privacy.package import Package
from zhijia.areas.privacy.tables import person_link
from zhijia.kernel.actor import Actor
from zhijia.kernel.separation import another, not_own
from zhijia.kernel.verdict import Refused, StepUpRequired, Verdict, worst
from zhijia.kit.access import ActorRequest
from zhijia.kit.history import history
from zhijia.kit.page import Action, Crumb
from zhijia.kit.templatetags.kit import chinese_date
from zhijia.kit.titles import title_of

KEY_DIGITS = 18  # more do not fit into the database's integer


class ConfirmForm(forms.Form):
    """A tick that says: I have checked."""

    sure = forms.BooleanField(label=gettext_lazy("已核对，确认匿名化此人"))


def version(values: dict[str, Any]) -> dict[str, Any]:
    """Return the version that was seen, without the tick."""
    return {"version": values["version"]}


def asked_for(request: ActorRequest) -> dict[str, Any]:
    """Return the person whom the address names, as the form's first value; the field checks the reach."""
    key = request.GET.get("person", "")
    return {"person": key} if key.isascii() and key.isdecimal() and len(key) <= KEY_DIGITS else {}


def download_page(
    request: ActorRequest,
    form: forms.Form,
    make: Callable[[Actor, dict[str, Any]], Package],
    *,
    title: str,
    hint: str,
    back: str,
) -> HttpResponse:
    """Show the form; on POST send what ``make`` returns, which nobody keeps on the way."""
    if request.method == "POST" and form.is_valid():
        try:
            made = make(request.actor, dict(form.cleaned_data))
        except StepUpRequired:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            headers = {
                "Content-Disposition": f'attachment; filename="{made.name}"',
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
            }
            return HttpResponse(made.content, content_type=made.content_type, headers=headers)
    context = {"title": title, "form": form, "hint": hint, "cancel_url": back, "submit_label": _("导出")}
    context["crumbs"] = (Crumb(_("返回"), back), Crumb(title))
    return render(request, "kit/form.html", context)


def request_crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    """Return the way to the requests."""
    return (Crumb(_("个人信息请求"), reverse("privacy:request-list")), *last)


def erasure_crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    """Return the way to the proposals."""
    return (Crumb(_("匿名化"), reverse("privacy:erasure-list")), *last)


def request_context(found: SubjectRequest) -> dict[str, Any]:
    """Return what the page of a request shows."""
    answer = Action(_("答复"), reverse("privacy:request-answer", args=[found.pk]), "check", primary=True)
    address = f"{reverse('privacy:export')}?person={found.person_id}"
    copy = Action(_("导出个人信息副本"), address, "download")
    is_late = found.answered_on is None and found.due_on < timezone.localdate()
    status = found.get_outcome_display() if found.outcome else _("待答复")
    return {
        "title": _("%(kind)s请求") % {"kind": found.get_kind_display()},
        "status": _("超过期限") if is_late else status,
        "status_colour": "red" if is_late else "green" if found.outcome else "blue",
        "fields": [
            (_("本人"), person_link(found)),
            (_("工会"), found.union.name),
            (_("请求"), found.get_kind_display()),
            (_("方式"), found.get_channel_display()),
            (_("收到日期"), chinese_date(found.received_on)),
            (_("答复期限"), chinese_date(found.due_on)),
            (_("请求内容"), found.detail),
            (_("答复日期"), chinese_date(found.answered_on) if found.answered_on else None),
            (_("办理结果"), found.get_outcome_display() if found.outcome else None),
            (_("答复内容和理由"), found.answer),
        ],
        "actions": () if found.answered_on else (answer, copy),
        "crumbs": request_crumbs(Crumb(str(found))),
        "history": history(found),
    }


def _verdict(actor: Actor, found: Erasure) -> Verdict:
    """Say whether this actor may approve a proposal now, and why not."""
    standing = queries.standing_of(found.person)
    is_done = queries.is_anonymised(found.person)
    return worst(
        (
            another(actor, [found.proposed_by_id]),
            not_own(actor, person_id=found.person_id),
            rules.may_erase(standing, timezone.localdate(), label=title_of(standing.model), is_done=is_done),
        )
    )


def erasure_context(actor: Actor, found: Erasure) -> dict[str, Any]:
    """Return what the page of a proposal shows; the buttons only while it waits and may be decided."""
    waits = found.state == Erasure.State.PROPOSED
    verdict = _verdict(actor, found) if waits else None
    approve = Action(
        _("同意匿名化"), reverse("privacy:erasure-approve", args=[found.pk]), "check", danger=True
    )
    reject = Action(_("不同意"), reverse("privacy:erasure-reject", args=[found.pk]), "x")
    return {
        "title": _("匿名化：%(name)s") % {"name": found.person.name},
        "status": found.get_state_display(),
        "status_colour": "blue" if waits else "green" if found.state == Erasure.State.DONE else "secondary",
        "refusal": verdict.reason if verdict is not None and not verdict else "",
        "fields": [
            (_("本人"), person_link(found)),
            (_("工会"), found.union.name),
            (_("理由"), found.get_ground_display()),
            (_("说明"), found.note),
            (_("提请人"), found.proposed_by),
            (_("提请日期"), chinese_date(found.proposed_on)),
            (_("审批人"), found.decided_by),
            (_("审批日期"), chinese_date(found.decided_on) if found.decided_on else None),
            (_("处理的记录"), found.records),
        ],
        "actions": _buttons(actor, found, verdict, approve, reject),
        "crumbs": erasure_crumbs(Crumb(str(found))),
        "history": history(found),
    }


def _buttons(
    actor: Actor, found: Erasure, verdict: Verdict | None, approve: Action, reject: Action
) -> tuple[Action, ...]:
    if verdict is None:
        return ()
    if verdict:
        return (approve, reject)
    return (reject,) if another(actor, [found.proposed_by_id]) else ()
