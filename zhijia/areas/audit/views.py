"""Doors to the audit."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhijia.areas.audit import alerts, queries, words
from zhijia.areas.audit.filters import LineFilter
from zhijia.areas.audit.forms import VerifyForm
from zhijia.areas.audit.tables import AlertTable, LineTable, OwnTable
from zhijia.kernel import chain
from zhijia.kernel.audit import record
from zhijia.kernel.models import AuditEvent
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState
from zhijia.kit.taking_out import order_of


@needs(queries.VIEW)
@require_safe
def line_list(request: ActorRequest) -> HttpResponse:
    """Every line in reach, with filters; names of fields only, never values. See ``_opened``."""
    rows, whole = _opened(request, queries.lines(request.actor.scope), queries.VIEW)
    return list_page(
        request,
        queryset=rows,
        table_class=LineTable,
        filter_class=LineFilter,
        title=words.verb(whole) if whole else _("审计记录"),
        actions=(
            Action(_("核验"), reverse("audit:verify"), "shield-check", primary=True),
            Action(_("每日封印"), reverse("audit:daily-head"), "rubber-stamp"),
        ),
        export_name=_("审计记录"),
        empty=EmptyState(_("还没有审计记录。")),
        extra={"crumbs": _crumbs(_number(whole))} if whole else None,
    )


@needs(queries.VIEW)
@require_http_methods(["GET", "POST"])
def verify(request: ActorRequest) -> HttpResponse:
    """Run through the chain, compared with a printed head where one is given."""
    form = VerifyForm(request.POST or None)
    context: dict[str, Any] = {"title": _("核验审计记录"), "form": form, "crumbs": _crumbs(_("核验"))}
    if request.method == "POST" and form.is_valid():
        done = chain.verify(printed=form.cleaned_data["head"])
        details = {"lines": done.lines, "ok": done.ok}
        record(request.actor, "view", action=queries.VIEW, model="kernel.auditevent", details=details)
        fault = done.fault.text if done.fault else ""
        context |= {"done": done, "fault": fault, "groups": queries.groups(done.hash)}
    return render(request, "audit/verify.html", context)


@needs(queries.VIEW)
@require_safe
def daily_head(request: ActorRequest) -> HttpResponse:
    """The head of a day, to be printed, signed and kept by the audit committee."""
    today = timezone.localdate()
    day = min(_day(request.GET.get("day") or (today - timedelta(days=1)).isoformat()), today)
    context = {
        "title": _("审计记录每日封印"),
        "head": queries.daily_head(day),
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1) if day < today else None,
        "crumbs": _crumbs(_("每日封印")),
        "printed_at": timezone.now(),
    }
    return render(request, "audit/daily_head.html", context)


@needs(queries.ALERTS)
@require_safe
def alert_list(request: ActorRequest) -> HttpResponse:
    """What looked unusual in the last weeks."""
    return list_page(
        request,
        queryset=alerts.alerts(request.actor.scope, timezone.localdate()),
        table_class=AlertTable,
        title=_("异常提醒"),
        empty=EmptyState(_("最近30天没有异常情形。")),
        extra={"hint": alerts.rules_text(timezone.localdate())},
    )


@needs(queries.ALERTS)
@require_safe
def alert_lines(request: ActorRequest, kind: str, user: int, day: str) -> HttpResponse:
    """The lines behind an alert. See ``_opened``."""
    if kind not in alerts.KINDS:
        raise Http404
    found = alerts.alert_lines(request.actor.scope, kind, user, _day(day))
    rows, whole = _opened(request, found, queries.ALERTS)
    crumbs = [Crumb(_("异常提醒"), reverse("audit:alert-list")), Crumb(alerts.KINDS[kind], request.path)]
    return list_page(
        request,
        queryset=rows,
        table_class=LineTable,
        title=words.verb(whole) if whole else alerts.KINDS[kind],
        extra={"crumbs": (*crumbs, Crumb(_number(whole))) if whole else crumbs},
    )


@needs(queries.OWN)
@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """Who looked at or changed the file of the one who asks: who, when, what and why."""
    if request.actor.person_id is None:
        raise Http404
    return list_page(
        request,
        queryset=queries.about(request.actor.person_id),
        table_class=OwnTable,
        title=_("谁看过我的资料"),
        empty=EmptyState(_("还没有人查看或更正过您的资料。")),
        extra={
            "hint": _(
                "列出谁查看过您的完整号码、困难说明和附件，谁导出、打印或更正过您的资料。如有疑问，请向工会提出。"
            )
        },
    )


def _opened(
    request: ActorRequest, found: QuerySet[AuditEvent], action: str
) -> tuple[QuerySet[AuditEvent], AuditEvent | None]:
    """Return the lines to list, parts folded; with ``?of=`` the parts of that line, and the line itself.

    A workbook that is taken out holds every line.
    """
    asked = request.GET.get("of")
    if asked is None:
        return found if order_of(request) else queries.folded(found), None
    try:
        whole = queries.whole(found, int(asked))
    except ValueError as error:
        raise Http404 from error
    if whole is None:
        raise Http404
    return queries.parts(queries.lines(request.actor.scope, action), whole), whole


def _number(line: AuditEvent) -> str:
    return _("序号 %(seq)d") % {"seq": line.seq}


def _day(text: str) -> date:
    """Read a day of an address; Http404 when it is none."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Http404 from error


def _crumbs(last: str) -> tuple[Crumb, ...]:
    return (Crumb(_("审计记录"), reverse("audit:line-list")), Crumb(last))
