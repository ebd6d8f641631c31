"""The pages of whole numbers: reveal, find by the exact number, export with a second person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from zhijia.areas.members import queries, services
from zhijia.areas.members.models import FullExport, Membership
from zhijia.areas.members.rules import FULL_EXPORT_OPEN
from zhijia.areas.members.tables import FullExportTable
from zhijia.areas.organisations.forms import UnionField
from zhijia.kernel.actor import Actor
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Refused, StepUpRequired
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page, submitted
from zhijia.kit.exports import CellKind, ExportColumn, export_response, watermark_text
from zhijia.kit.lists import EmptyState, list_page
from zhijia.kit.page import Action, Crumb, Field
from zhijia.kit.reveal import RevealForm, reveal_page
from zhijia.kit.templatetags.kit import chinese_time

SHORTEST = 6  # signs of the shortest document
NUMBER_LENGTH = 40
REVEAL, ASK, APPROVE = "members.reveal", "members.export_full", "members.approve_full"
COLUMNS = (
    ExportColumn(gettext_lazy("姓名")),
    ExportColumn(gettext_lazy("证件类型")),
    ExportColumn(gettext_lazy("证件号码"), CellKind.TEXT, 22),
    ExportColumn(gettext_lazy("移动电话"), CellKind.TEXT),
    ExportColumn(gettext_lazy("所属工会"), width=30),
    ExportColumn(gettext_lazy("工作单位"), width=30),
    ExportColumn(gettext_lazy("入会日期")),
)


class FindForm(RevealForm):
    """A whole number, and why someone looks for it. It is posted, so that no address ever holds it."""

    number = forms.CharField(
        label=gettext_lazy("完整的证件号码或移动电话"),
        max_length=NUMBER_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    field_order = ("number", "purpose", "note")

    def clean_number(self) -> str:
        """Refuse what cannot be a whole number."""
        number: str = self.cleaned_data["number"]
        if len("".join(number.split())) < SHORTEST:
            raise forms.ValidationError(_("号码不完整。只知道后4位的，请在会员名册里查找。"))
        return number


class AskForm(forms.Form):
    """Whose roster, and what for."""

    purpose = forms.CharField(
        label=gettext_lazy("用途"),
        max_length=200,
        help_text=gettext_lazy("写明用途和接收单位；每位会员本人都能看到这次导出。"),
    )

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["union"] = UnionField(scope=scope, action=ASK, label=_("工会（含下级）"))
        self.order_fields(["union", "purpose"])


class RefuseForm(forms.Form):
    """Why it is not allowed."""

    reason = forms.CharField(label=gettext_lazy("未同意的原因"), max_length=200)


@needs(REVEAL, fresh=True)
def person_reveal(request: ActorRequest, pk: int) -> HttpResponse:
    """Show the whole numbers of a person for a minute."""
    person = queries.person_load(request.actor.scope, pk, REVEAL)
    back = reverse("members:person-detail", args=[pk])

    def read(actor: Actor, reason: str) -> list[Field]:
        found = services.person_reveal(actor=actor, person=person, reason=reason)
        return [(_("姓名"), person.name), (_("证件号码"), found.id_number), (_("移动电话"), found.phone)]

    return reveal_page(request, read, title=_("查看完整号码"), back=back, crumbs=(Crumb(person.name, back),))


@needs(queries.VIEW)
def person_find(request: ActorRequest) -> HttpResponse:
    """Find a person in reach by the exact number; one that the search hands over still lacks a reason."""
    asked = request.method == "POST" and "purpose" in request.POST
    handed = {"number": request.POST.get("number", "")[:NUMBER_LENGTH]}
    form = FindForm(request.POST) if asked else FindForm(initial=handed)
    context = {"title": _("按完整号码查找"), "form": form, "submit_label": _("查找")}
    context |= {
        "cancel_url": reverse("members:roster"),
        "hint": _("只有完全一致才能找到；每次查找都会记录。"),
    }
    if asked and form.is_valid():
        number = form.cleaned_data["number"]
        found = services.person_find(actor=request.actor, number=number, reason=form.reason())
        if found is not None:
            return redirect("members:person-detail", found.pk)
        form.add_error("number", _("您的职责范围内没有这个号码。"))
    return render(request, "kit/form.html", context)


def _load(request: ActorRequest, pk: int) -> FullExport:
    found = queries.full_exports(request.actor.scope).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@needs(ASK)
def export_list(request: ActorRequest) -> HttpResponse:
    """Show who asked for whole numbers, and what was answered."""
    new = Action(_("申请导出完整号码"), reverse("members:full-export-ask"), "file-export", primary=True)
    rows: QuerySet[FullExport] = queries.full_exports(request.actor.scope)
    return list_page(
        request,
        queryset=rows,
        table_class=FullExportTable,
        title=_("完整号码导出申请"),
        actions=(new,),
        empty=EmptyState(_("还没有申请。一般导出（号码已遮盖）在会员名册里直接办理。"), new),
    )


@needs(ASK)
def export_ask(request: ActorRequest) -> HttpResponse:
    """Ask for a roster with whole numbers."""
    return form_page(
        request,
        AskForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.full_export_ask(actor=actor, **values),
        title=_("申请导出完整号码"),
        back=reverse("members:full-export-list"),
        after=lambda asked: reverse("members:full-export-detail", args=[asked.pk]),
        saved=_("申请已提交，由另一位负责人审批。"),
        extra={"submit_label": _("提交申请")},
    )


@needs(ASK)
def export_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """Show one wish with the steps at hand."""
    asked = _load(request, pk)
    context = {
        "title": _("完整号码导出申请"),
        "fields": [
            (_("工会（含下级）"), asked.union.name),
            (_("用途"), asked.purpose),
            (_("会员人数"), queries.full_export_size(request.actor.scope, asked)),
            (_("申请人"), asked.asked_name),
            (_("申请时间"), chinese_time(asked.created_at)),
            (_("状态"), asked.get_state_display()),
            (_("审批人"), asked.answered_name),
            (_("未同意的原因"), asked.reason),
            (_("可导出至"), _until(asked)),
            (_("已导出次数"), asked.taken),
        ],
        "actions": _steps(request.actor, asked),
        "crumbs": (Crumb(_("完整号码导出申请"), reverse("members:full-export-list")), Crumb(f"#{pk}")),
        "history": [],
    }
    return render(request, "kit/detail.html", context)


def _until(asked: FullExport) -> str:
    """Return until when an allowed export can be taken."""
    if asked.state != FullExport.State.APPROVED or asked.answered_at is None:
        return ""
    return chinese_time(asked.answered_at + FULL_EXPORT_OPEN)


def _steps(actor: Actor, asked: FullExport) -> list[Action]:
    is_own = actor.user_id == asked.asked_by
    steps = []
    if asked.state == FullExport.State.ASKED and not is_own and actor.scope.may(APPROVE, asked.union.path):
        steps.append(
            Action(
                _("同意"), reverse("members:full-export-approve", args=[asked.pk]), "check",
                primary=True, post=True, confirm=_("同意后申请人24小时内可以导出，确定吗？"),
            )
        )  # fmt: skip
        steps.append(Action(_("不同意"), reverse("members:full-export-refuse", args=[asked.pk]), "x"))
    if asked.state == FullExport.State.APPROVED and is_own:
        steps.append(
            Action(
                _("导出"), reverse("members:full-export-take", args=[asked.pk]), "download",
                primary=True, post=True,
            )
        )  # fmt: skip
    return steps


@require_POST
@needs(APPROVE, fresh=True)
def export_approve(request: ActorRequest, pk: int) -> HttpResponse:
    """Allow an export that another person asked for."""
    try:
        services.full_export_approve(actor=submitted(request), asked=_load(request, pk))
        messages.success(request, _("已同意。"))
    except StepUpRequired:
        raise
    except (Refused, StaleVersionError) as refusal:
        messages.error(request, str(refusal))
    return redirect("members:full-export-detail", pk)


@needs(APPROVE)
def export_refuse(request: ActorRequest, pk: int) -> HttpResponse:
    """Refuse an export that another person asked for."""
    asked = _load(request, pk)
    return form_page(
        request,
        RefuseForm(request.POST or None),
        lambda actor, values: services.full_export_refuse(actor=actor, asked=asked, **values),
        title=_("不同意导出"),
        back=reverse("members:full-export-detail", args=[pk]),
        saved=_("已回复申请人。"),
    )


def _cells(rows: Iterable[Membership]) -> Iterator[tuple[Any, ...]]:
    for row in rows:
        person = row.person
        employer = row.employer.name if row.employer else ""
        kind = person.get_id_type_display()
        yield (person.name, kind, person.id_number, person.phone, row.union.name, employer, row.starts_on)


@require_POST
@needs(ASK, fresh=True)
def export_take(request: ActorRequest, pk: int) -> HttpResponse:
    """Hand out the roster with whole numbers to the one who asked."""
    asked = _load(request, pk)
    try:
        rows = services.full_export_take(actor=request.actor, asked=asked)
    except StepUpRequired:
        raise
    except (Refused, StaleVersionError) as refusal:
        messages.error(request, str(refusal))
        return redirect("members:full-export-detail", pk)
    answer = export_response(
        title=_("会员名册（完整号码）"),
        columns=COLUMNS,
        rows=_cells(rows),
        watermark=watermark_text(who=request.actor.name, purpose=asked.purpose),
    )
    return cast("HttpResponse", answer)  # a download streams, which the type of views leaves out
