"""The doors of seats and rights: who gets a seat, whose file a log-in is, the matrix, and why (not)."""

from __future__ import annotations

from typing import cast

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from zhijia.areas.accounts import pages as table
from zhijia.areas.accounts import queries, services
from zhijia.areas.accounts.filters import SeatFilter
from zhijia.areas.accounts.forms_roles import HolderForm, MemberForm, PersonForm, SeatGrantForm, WhyForm
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.tables import SeatTable
from zhijia.areas.members import queries as members
from zhijia.areas.organisations.queries import union_options as options_of_unions
from zhijia.kernel.chinese import normalise
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Refused
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page, submitted
from zhijia.kit.exports import ExportColumn, export_response, watermark_text
from zhijia.kit.lists import Action, EmptyState, list_page
from zhijia.kit.page import Crumb

MANAGE, GRANT, MATRIX = queries.MANAGE, queries.GRANT, queries.MATRIX
FILES = members.VIEW  # where a field of a person finds somebody
Text = str | Promise
MOST_OPTIONS = 20


def _register() -> Crumb:
    return Crumb(_("谁有什么权限"), reverse("accounts:seat-register"))


@needs(MATRIX)
def matrix(request: ActorRequest) -> HttpResponse:
    """Show which post grants which action; the same as a workbook with ``?export=xlsx``."""
    groups = table.groups()
    if request.GET.get("export") == "xlsx":
        return _matrix_file(request, groups)
    context = {"title": _("权限矩阵"), "posts": table.heads(), "groups": groups}
    return render(request, "accounts/roles_matrix.html", context)


def _matrix_file(request: ActorRequest, groups: list[table.Group]) -> HttpResponse:
    """Return the matrix as a workbook and note who took it out."""
    purpose = request.GET.get("purpose", "").strip()[:60]
    rows = table.lines(groups)
    services.matrix_export(actor=request.actor, rows=len(rows), purpose=purpose)
    columns = [
        ExportColumn(label, width=24 if place == 1 else 12) for place, label in enumerate(table.titles())
    ]
    watermark = watermark_text(who=request.actor.name, purpose=purpose)
    response = export_response(title=str(_("权限矩阵")), columns=columns, rows=rows, watermark=watermark)
    return cast("HttpResponse", response)  # a stream; views are annotated with the plain kind


@needs(MATRIX)
def seat_register(request: ActorRequest) -> HttpResponse:
    """Show all seats in reach, who logs in for them, and whether they give anything today."""
    return list_page(
        request,
        queryset=queries.seat_register(request.actor.scope),
        table_class=SeatTable,
        filter_class=SeatFilter,
        title=_("谁有什么权限"),
        actions=(
            Action(_("权限矩阵"), reverse("accounts:matrix"), "grid-dots"),
            Action(_("为什么能或不能"), reverse("accounts:why"), "help-circle"),
        ),
        export_name=_("岗位和账号"),
        empty=EmptyState(_("职责范围内还没有登记任职。请先在“工会”的任职页面登记。")),
    )


@needs(MATRIX)
def seat_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """Show a seat: its term, what it grants, and the log-ins that hold it."""
    seat = queries.seat_load(request.actor.scope, pk)
    path = seat.union.path or queries.NOWHERE
    may_grant = request.actor.scope.may(GRANT, path).ok
    verdict = queries.seat_standing(seat)
    grant = Action(_("授予账号"), reverse("accounts:seat-grant", args=[pk]), "plus", primary=True)
    context = {
        "title": _("%(post)s：%(holder)s") % {"post": seat.get_post_display(), "holder": seat.holder},
        "seat": seat,
        "status": _("在任期内") if verdict else verdict.reason,
        "status_colour": "green" if verdict else "red",
        "hands": queries.hands([seat])[seat.pk],
        "labels": queries.labels_of(seat.post),
        "may_grant": may_grant,
        "actions": (grant,) if may_grant and verdict else (),
        "crumbs": (_register(), Crumb(seat.holder)),
    }
    return render(request, "accounts/roles_seat.html", context)


@needs(GRANT, fresh=True)
def seat_grant(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose the log-in that holds a seat."""
    seat = queries.seat_load(request.actor.scope, pk)
    return form_page(
        request,
        HolderForm(request.POST or None, actor=request.actor, seat=seat),
        lambda actor, values: services.holding_grant(actor=actor, seat=seat, **values),
        title=_("授予账号：%(seat)s") % {"seat": queries.seat_text(seat)},
        back=reverse("accounts:seat-detail", args=[pk]),
        saved=_("岗位已授予。"),
    )


@needs(GRANT, fresh=True)
def holding_new(request: ActorRequest, pk: int) -> HttpResponse:
    """Let a log-in hold one more seat."""
    user = queries.user_load(request.actor.scope, pk, MANAGE, GRANT)
    return form_page(
        request,
        SeatGrantForm(request.POST or None, actor=request.actor, user=user),
        lambda actor, values: services.holding_grant(actor=actor, user=user, **values),
        title=_("授予岗位：%(name)s") % {"name": user.name},
        back=reverse("accounts:user-detail", args=[pk]),
        saved=_("岗位已授予。"),
    )


@require_POST
@needs(GRANT)
def holding_end(request: ActorRequest, pk: int) -> HttpResponse:
    """Take a seat from a log-in."""
    holding = queries.holding_load(request.actor.scope, pk)
    try:
        services.holding_revoke(actor=submitted(request), holding=holding)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(_("岗位已收回。")))
    if request.POST.get("from") == "seat":
        return redirect("accounts:seat-detail", holding.seat_id)
    if not queries.users(request.actor.scope).filter(pk=holding.user_id).exists():
        return redirect("accounts:user-list")  # it was the last that lay in reach
    return redirect("accounts:user-detail", holding.user_id)


def sees_files(scope: Scope) -> bool:
    """Say whether someone can find a person at all: administrators see no business data."""
    return bool(scope.may(FILES))


def _no_files(request: ActorRequest, title: Text, back: str) -> HttpResponse:
    """Say who does what wants a person's file, instead of a search that can find nobody."""
    hint = _("选择会员档案须能查看会员名册，管理员岗位看不到业务数据。请由该会员所属工会的主席或干事办理。")
    context = {"title": title, "hint": hint, "crumbs": (Crumb(_("返回"), back), Crumb(title))}
    return render(request, "kit/detail.html", context)


@needs(MANAGE, fresh=True)
def member_new(request: ActorRequest) -> HttpResponse:
    """Make a log-in for a member without a post: it sees the own file only."""
    title, back = _("新建会员账号"), reverse("accounts:user-list")
    if not sees_files(request.actor.scope):
        return _no_files(request, title, back)
    return form_page(
        request,
        MemberForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.user_create(actor=actor, name=values["person"].name, **values),
        title=title,
        back=back,
        after=lambda user: reverse("accounts:user-detail", args=[user.pk]),
        saved=_("账号已建立。"),
    )


def role_steps(scope: Scope, user: User) -> tuple[Action, ...]:
    """Return what an officer can do about the seats and the file of a log-in."""
    steps = []
    if scope.may(GRANT):
        steps.append(
            Action(_("授予岗位"), reverse("accounts:holding-grant", args=[user.pk]), "plus", primary=True)
        )
    if user.person_id is None:
        if sees_files(scope):
            steps.append(Action(_("关联本人档案"), reverse("accounts:person-link", args=[user.pk]), "link"))
    else:
        end = reverse("accounts:person-unlink", args=[user.pk])
        text = _("确定解除账号和本人档案的关联吗？")
        steps.append(Action(_("解除档案关联"), end, "link", post=True, confirm=text))
    return tuple(steps)


@needs(MANAGE)
def person_link(request: ActorRequest, pk: int) -> HttpResponse:
    """Tie a log-in to the file of its owner."""
    user = queries.user_load(request.actor.scope, pk)
    title, back = (
        _("关联本人档案：%(name)s") % {"name": user.name},
        reverse("accounts:user-detail", args=[pk]),
    )
    if not sees_files(request.actor.scope):
        return _no_files(request, title, back)
    return form_page(
        request,
        PersonForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.person_link(actor=actor, user=user, **values),
        title=title,
        back=back,
        saved=_("已关联本人档案。"),
    )


@require_POST
@needs(MANAGE)
def person_unlink(request: ActorRequest, pk: int) -> HttpResponse:
    """Untie a log-in from a file."""
    user = queries.user_load(request.actor.scope, pk)
    try:
        services.person_unlink(actor=submitted(request), user=user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, str(_("已解除关联。")))
    return redirect("accounts:user-detail", pk)


@needs(MATRIX)
def why(request: ActorRequest) -> HttpResponse:
    """Explain why a log-in may or may not do a thing in a union."""
    asked = {"user", "right", "union"} & set(request.GET)
    form = WhyForm(request.GET if asked else None, scope=request.actor.scope)
    context = {"title": _("为什么能或不能"), "form": form, "today": timezone.localdate()}
    if asked and form.is_valid():
        user, right, union = (form.cleaned_data[name] for name in ("user", "right", "union"))
        context["user_text"] = queries.user_text(user)
        context["union"] = union
        context["label"] = queries.label_of(right)
        context["answer"] = queries.explain(request.actor.scope, user, right, union)
    return render(request, "accounts/roles_why.html", context)


@needs(MATRIX)
def user_options(request: ActorRequest) -> HttpResponse:
    """Answer the search in the field of a log-in."""
    text = normalise(request.GET.get("q", "")[:50])
    found = queries.user_options(request.actor.scope, text)[:MOST_OPTIONS]
    return JsonResponse({"results": [{"id": one.pk, "text": queries.user_text(one)} for one in found]})


@needs(MATRIX)
def union_options(request: ActorRequest) -> HttpResponse:
    """Answer the search in the field of a union, for those who may see the matrix but no unions."""
    found = options_of_unions(request.actor.scope, request.GET.get("q", "")[:50], MATRIX)
    return JsonResponse({"results": [{"id": one.pk, "text": f"{one.name}（{one.code}）"} for one in found]})
