"""Showing what is masked everywhere else: POST, reason, fresh proof of identity, and gone after a minute."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.actor import Actor
from zhijia.kernel.audit import count_since
from zhijia.kernel.command import require
from zhijia.kernel.verdict import Refused, StepUpRequired, Verdict, passed, refused
from zhijia.kit.access import ActorRequest
from zhijia.kit.page import Crumb, Field

Text = str | Promise
Read = Callable[[Actor, str], Sequence[Field]]
SECONDS = 60
MOST_A_DAY = 200  # four times what raises an alert
OTHER = "other"
PURPOSES = (
    ("membership", _("办理会籍手续")),
    ("aid", _("办理慰问救助")),
    ("payment", _("核对收款信息")),
    ("check", _("上级检查核对")),
    ("own", _("本人要求")),
    (OTHER, _("其他（请写明）")),
)


class RevealForm(forms.Form):
    """Why someone wants to see; the words go into the audit and are shown to the person concerned."""

    purpose = forms.ChoiceField(label=_("查看事由"), choices=[("", "—"), *PURPOSES])
    note = forms.CharField(
        label=_("说明"),
        max_length=100,
        required=False,
        help_text=_("本人可以看到谁在什么时候、为什么查看了资料。请勿在此填写证件号码。"),
    )

    def clean(self) -> dict[str, str]:
        """Want words where the purpose has none."""
        typed = super().clean() or self.cleaned_data
        if typed.get("purpose") == OTHER and not typed.get("note", "").strip():
            self.add_error("note", _("请写明事由。"))
        return typed

    def reason(self) -> str:
        """Return purpose and note as one sentence."""
        label = str(dict(PURPOSES)[self.cleaned_data["purpose"]])
        note = self.cleaned_data["note"].strip()
        return f"{label}：{note}" if note else label


def may_reveal(done: int) -> Verdict:
    """Say whether someone who has revealed ``done`` values today may go on: nobody needs hundreds by hand."""
    if done < MOST_A_DAY:
        return passed()
    return refused(_("今天查看完整号码的次数已达上限，请明天再办，或申请导出完整号码。"), "house:reveal")


def reveal_page(
    request: ActorRequest,
    read: Read,
    *,
    title: Text,
    back: str,
    crumbs: Sequence[Crumb] = (),
    purpose: str = "",
    hint: Text = "",
    back_label: Text = "",
) -> HttpResponse:
    """Ask why; then show what ``read(actor, reason)`` returns - it is the command that writes the audit.

    The page leaves by itself after 60 seconds, is never stored, and never comes back by the Back button.
    ``purpose`` is chosen beforehand where there is one usual; ``hint`` says beside the question what it is
    about; ``back_label`` names the step that goes on at ``back``.
    """
    form = RevealForm(request.POST or None, initial={"purpose": purpose})
    context: dict[str, Any] = {"title": title, "form": form, "cancel_url": back, "submit_label": _("查看")}
    context |= {"hint": hint, "back_label": back_label or _("看完了，返回")}
    context["crumbs"] = (*(crumbs or (Crumb(_("返回"), back),)), Crumb(title))
    if request.method == "POST" and form.is_valid():
        today = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
        try:
            require(may_reveal(count_since(request.actor, "reveal", today)))
            context["fields"] = read(request.actor, form.reason())
        except StepUpRequired:
            raise
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            shown = render(request, "kit/revealed.html", {**context, "seconds": SECONDS})
            shown["Refresh"] = f"{SECONDS}; url={back}"
            shown["Cache-Control"] = "no-store"
            return shown
    return render(request, "kit/form.html", context)
