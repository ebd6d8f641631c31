"""Doors to the register, the ledgers, the copies that people are given, and the erasures."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhijia.areas.privacy import pages, queries, services
from zhijia.areas.privacy.forms import (
    AnswerForm,
    ConsentForm,
    ExportForm,
    KindForm,
    ProposeForm,
    RejectForm,
    RequestForm,
    WithdrawForm,
)
from zhijia.areas.privacy.register import lines
from zhijia.areas.privacy.tables import ConsentTable, ErasureTable, OverdueTable, RequestTable
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState

VIEW, SERVE, ERASE, OWN = queries.VIEW, queries.SERVE, queries.ERASE, queries.OWN
WRITES = require_http_methods(["GET", "POST"])


@needs(VIEW)
@require_safe
def register(request: ActorRequest) -> HttpResponse:
    """The register of processing, read from the cards."""
    context = {"title": _("个人信息处理活动登记表"), "lines": lines(), "label": _("个人信息处理活动登记表")}
    return render(request, "privacy/register.html", context)


@needs(OWN)
@WRITES
def own(request: ActorRequest) -> HttpResponse:
    """Hand the own data to the person."""
    form = KindForm(request.POST or None)
    return pages.download_page(
        request,
        form,
        lambda actor, typed: services.own_file_export(actor=actor, **typed),
        title=_("我的个人信息"),
        hint=_(
            "您可以查阅、复制系统中与您有关的全部信息（个人信息保护法第45条）。文件含完整号码，请妥善保管。"
        ),
        back=reverse("web:home"),
    )


@needs(SERVE, fresh=True)
@WRITES
def export(request: ActorRequest) -> HttpResponse:
    """Hand out the data of a person in reach."""
    form = ExportForm(request.POST or None, scope=request.actor.scope, initial=pages.asked_for(request))
    return pages.download_page(
        request,
        form,
        lambda actor, typed: services.file_export(actor=actor, **typed),
        title=_("导出个人信息副本"),
        hint=_("交给本人或其代理人（个人信息保护法第45条）。职责范围以外的工会保存的记录不在其中。"),
        back=reverse("privacy:request-list"),
    )


@needs(SERVE)
@require_safe
def request_list(request: ActorRequest) -> HttpResponse:
    """The requests, those that wait first."""
    new = Action(_("登记请求"), reverse("privacy:request-new"), "plus", primary=True)
    copy = Action(_("导出个人信息副本"), reverse("privacy:export"), "download")
    return list_page(
        request,
        queryset=queries.requests(request.actor.scope),
        table_class=RequestTable,
        title=_("个人信息请求"),
        actions=(new, copy),
        export_name=_("个人信息请求"),
        empty=EmptyState(_("还没有人提出请求。收到查阅、更正、删除等请求后在这里登记。"), new),
    )


@needs(SERVE)
@WRITES
def request_new(request: ActorRequest) -> HttpResponse:
    """Record a request."""
    return form_page(
        request,
        RequestForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.request_record(actor=actor, **values),
        title=_("登记请求"),
        back=reverse("privacy:request-list"),
        after=lambda made: reverse("privacy:request-detail", args=[made.pk]),
        crumbs=pages.request_crumbs(),
    )


@needs(SERVE)
@require_safe
def request_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One request."""
    found = queries.request_load(request.actor.scope, pk)
    return render(request, "kit/detail.html", pages.request_context(found))


@needs(SERVE)
@WRITES
def request_answer(request: ActorRequest, pk: int) -> HttpResponse:
    """Answer a request."""
    found = queries.request_load(request.actor.scope, pk)
    return form_page(
        request,
        AnswerForm(request.POST or None),
        lambda actor, values: services.request_answer(actor=actor, request=found, **values),
        title=_("答复请求"),
        back=reverse("privacy:request-detail", args=[pk]),
        record=found,
        crumbs=pages.request_crumbs(),
    )


@needs(SERVE)
@require_safe
def consent_list(request: ActorRequest) -> HttpResponse:
    """The consents."""
    new = Action(_("登记同意"), reverse("privacy:consent-new"), "plus", primary=True)
    return list_page(
        request,
        queryset=queries.consents(request.actor.scope),
        table_class=ConsentTable,
        title=_("个人信息同意"),
        actions=(new,),
        export_name=_("个人信息同意"),
        empty=EmptyState(_("还没有登记同意。处理健康、家庭困难等敏感信息前，应取得单独同意。"), new),
    )


@needs(SERVE)
@WRITES
def consent_new(request: ActorRequest) -> HttpResponse:
    """Record a consent."""
    return form_page(
        request,
        ConsentForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.consent_record(actor=actor, **values),
        title=_("登记同意"),
        back=reverse("privacy:consent-list"),
    )


@needs(SERVE)
@WRITES
def consent_withdraw(request: ActorRequest, pk: int) -> HttpResponse:
    """Record that a consent was withdrawn."""
    found = queries.consent_load(request.actor.scope, pk)
    return form_page(
        request,
        WithdrawForm(request.POST or None),
        lambda actor, values: services.consent_withdraw(actor=actor, consent=found, **values),
        title=_("撤回同意：%(what)s") % {"what": found.get_purpose_display()},
        back=reverse("privacy:consent-list"),
        record=found,
    )


@needs(ERASE)
@require_safe
def erasure_list(request: ActorRequest) -> HttpResponse:
    """The proposals to anonymise."""
    new = Action(_("提请匿名化"), reverse("privacy:erasure-new"), "plus", primary=True)
    return list_page(
        request,
        queryset=queries.erasures(request.actor.scope),
        table_class=ErasureTable,
        title=_("匿名化"),
        actions=(new,),
        empty=EmptyState(_("还没有提请匿名化。一人提请、另一人审批后，姓名和号码从全部记录中去除。"), new),
    )


@needs(ERASE)
@WRITES
def erasure_new(request: ActorRequest) -> HttpResponse:
    """Propose to anonymise a person."""
    form = ProposeForm(request.POST or None, scope=request.actor.scope, initial=pages.asked_for(request))
    return form_page(
        request,
        form,
        lambda actor, values: services.erasure_propose(actor=actor, **values),
        title=_("提请匿名化"),
        back=reverse("privacy:erasure-list"),
        after=lambda made: reverse("privacy:erasure-detail", args=[made.pk]),
        crumbs=pages.erasure_crumbs(),
    )


@needs(ERASE)
@require_safe
def erasure_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One proposal, and what the rules say about it now."""
    found = queries.erasure_load(request.actor.scope, pk)
    return render(request, "privacy/erasure_detail.html", pages.erasure_context(request.actor, found))


@needs(ERASE, fresh=True)
@WRITES
def erasure_approve(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask once more, then anonymise."""
    found = queries.erasure_load(request.actor.scope, pk)
    extra: dict[str, Any] = {
        "hint": _("姓名、证件号码、电话、说明和附件将从全部记录中去除，账号停用，不能恢复。统计数字不变。")
    }
    return form_page(
        request,
        pages.ConfirmForm(request.POST or None),
        lambda actor, values: services.erasure_approve(actor=actor, erasure=found, **pages.version(values)),
        title=_("同意匿名化"),
        back=reverse("privacy:erasure-detail", args=[pk]),
        saved=_("已匿名化。"),
        record=found,
        crumbs=pages.erasure_crumbs(),
        extra=extra,
    )


@needs(ERASE)
@WRITES
def erasure_reject(request: ActorRequest, pk: int) -> HttpResponse:
    """Turn a proposal down."""
    found = queries.erasure_load(request.actor.scope, pk)
    return form_page(
        request,
        RejectForm(request.POST or None),
        lambda actor, values: services.erasure_reject(actor=actor, erasure=found, **values),
        title=_("不同意匿名化"),
        back=reverse("privacy:erasure-detail", args=[pk]),
        record=found,
        crumbs=(*pages.erasure_crumbs(), Crumb(_("不同意"))),
    )


@needs(ERASE)
@require_safe
def overdue_list(request: ActorRequest) -> HttpResponse:
    """The persons past keeping, as the daily run found them."""
    return list_page(
        request,
        queryset=queries.overdue(request.actor.scope),
        table_class=OverdueTable,
        title=_("保存期限已满"),
        empty=EmptyState(_("没有保存期限已满的人员。系统每天检查一次。")),
    )
