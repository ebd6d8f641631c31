"""Doors to activities, the people who took part, and the prizes won."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from zhijia.areas.activities import queries, services
from zhijia.areas.activities.filters import ActivityFilter, ResultFilter
from zhijia.areas.activities.forms import ActivityForm, ParticipantsForm, ResultForm
from zhijia.areas.activities.models import Activity
from zhijia.areas.activities.tables import (
    ActivityTable,
    ResultTable,
    activity_fields,
    person_links,
    result_fields,
)
from zhijia.kernel.period import Period
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.kit.history import history
from zhijia.kit.lists import list_page
from zhijia.kit.page import Action, Crumb, EmptyState


@needs(queries.VIEW)
@require_safe
def activity_list(request: ActorRequest) -> HttpResponse:
    """The activities with filters."""
    new = Action(_("登记活动"), reverse("activities:activity-new"), "plus", primary=True)
    month = Action(_("月历"), reverse("activities:calendar"), "calendar")
    may = request.actor.scope.may(queries.RECORD)
    return list_page(
        request,
        queryset=queries.activities(request.actor.scope),
        table_class=ActivityTable,
        filter_class=ActivityFilter,
        title=_("活动台账"),
        actions=(new, month) if may else (month,),
        export_name=_("活动台账"),
        empty=EmptyState(_("还没有活动。可以逐项登记，或用年度工作簿导入。"), new if may else None),
    )


@needs(queries.VIEW)
@require_safe
def calendar(request: ActorRequest) -> HttpResponse:
    """The activities of one month; ``?month=2025-03``, this month without it or with nonsense."""
    shown = _month(request.GET.get("month", ""))
    context = {
        "title": _("活动月历"),
        "crumbs": _crumbs(Crumb(_("活动月历"))),
        "month": shown,
        "previous": shown.previous().code,
        "following": shown.next().code,
        "weekdays": (_("周一"), _("周二"), _("周三"), _("周四"), _("周五"), _("周六"), _("周日")),
        "weeks": queries.calendar_weeks(request.actor.scope, shown.first),
    }
    return render(request, "activities/calendar.html", context)


def _month(text: str) -> Period:
    today = timezone.localdate()
    now = Period.month(today.year, today.month)
    try:
        found = Period.parse(text) if text else now
    except ValueError:
        return now
    near = queries.CALENDAR_FIRST <= found.first.year <= queries.CALENDAR_LAST
    return found if found.kind == "month" and near else now


@needs(queries.VIEW)
@require_safe
def activity_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One activity with people, results and history."""
    page = queries.activity_page(request.actor.scope, pk)
    context = {
        "title": page.activity.name,
        "crumbs": _crumbs(Crumb(page.activity.name)),
        "fields": activity_fields(page),
        "page": page,
        "names": person_links(request.actor.scope, page.persons),
        "unnamed": page.named - len(page.persons),
        "actions": _actions(page),
        "history": history(page.activity, labels={"participations": _("参加人员"), "kind": _("种类")}),
    }
    return render(request, "activities/activity_detail.html", context)


def _actions(page: queries.ActivityPage) -> list[Action]:
    """The buttons of an activity for this actor."""
    if not page.may_record:
        return []
    key = [page.activity.pk]
    return [
        Action(_("登记成绩"), reverse("activities:result-new", args=key), "trophy", primary=True),
        Action(_("参加人员"), reverse("activities:participants", args=key), "users"),
        Action(_("更正"), reverse("activities:activity-edit", args=key), "pencil"),
    ]


@needs(queries.RECORD)
@require_http_methods(["GET", "POST"])
def activity_new(request: ActorRequest) -> HttpResponse:
    """Record an event."""
    return form_page(
        request,
        ActivityForm(request.POST or None, scope=request.actor.scope),
        lambda actor, values: services.activity_record(actor=actor, **values),
        title=_("登记活动"),
        back=reverse("activities:activity-list"),
        after=_address,
        saved=_("已登记。"),
        crumbs=_crumbs(),
    )


@needs(queries.RECORD)
@require_http_methods(["GET", "POST"])
def activity_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct an event."""
    activity = queries.activity_load(request.actor.scope, pk, queries.RECORD)
    return form_page(
        request,
        ActivityForm(request.POST or None, scope=request.actor.scope, activity=activity),
        lambda actor, values: services.activity_correct(actor=actor, activity=activity, **values),
        title=_("更正活动"),
        back=_address(activity),
        saved=_("已更正。"),
        record=activity,
        crumbs=_crumbs(),
    )


@needs(queries.RECORD)
@require_http_methods(["GET", "POST"])
def participants(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose who took part."""
    activity = queries.activity_load(request.actor.scope, pk, queries.RECORD)
    form = ParticipantsForm(request.POST or None, scope=request.actor.scope, activity=activity)
    return form_page(
        request,
        form,
        lambda actor, values: services.participation_set(actor=actor, activity=activity, **values),
        title=_("参加人员"),
        back=_address(activity),
        saved=lambda _activity: (
            _("参加人员已保存，共 %(count)d 人。") % {"count": len(form.cleaned_data["persons"])}
        ),
        record=activity,
        crumbs=_crumbs(),
    )


@needs(queries.VIEW)
@require_safe
def result_list(request: ActorRequest) -> HttpResponse:
    """The ranks and prizes with filters."""
    return list_page(
        request,
        queryset=queries.results(request.actor.scope),
        table_class=ResultTable,
        filter_class=ResultFilter,
        title=_("活动成绩"),
        export_name=_("活动成绩"),
        empty=EmptyState(_("还没有成绩。请打开一项活动，点击“登记成绩”。")),
    )


@needs(queries.VIEW)
@require_safe
def result_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """One result with its history."""
    result = queries.result_load(request.actor.scope, pk)
    edit = Action(_("更正"), reverse("activities:result-edit", args=[pk]), "pencil")
    context = {
        "title": str(result),
        "crumbs": _crumbs(Crumb(result.activity.name, _address(result.activity)), Crumb(str(result))),
        "fields": result_fields(request.actor.scope, result),
        "actions": [edit] if request.actor.scope.may(queries.RECORD, result.union.path or "") else [],
        "history": history(result, labels={"person": _("会员")}),
    }
    return render(request, "kit/detail.html", context)


@needs(queries.RECORD)
@require_http_methods(["GET", "POST"])
def result_new(request: ActorRequest, pk: int) -> HttpResponse:
    """Record a rank or prize won at an event."""
    activity = queries.activity_load(request.actor.scope, pk, queries.RECORD)
    return form_page(
        request,
        ResultForm(request.POST or None, scope=request.actor.scope, activity=activity),
        lambda actor, values: services.result_record(actor=actor, activity=activity, **values),
        title=_("登记成绩"),
        back=_address(activity),
        saved=_("已登记。"),
        crumbs=_crumbs(),
    )


@needs(queries.RECORD)
@require_http_methods(["GET", "POST"])
def result_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct a result."""
    result = queries.result_load(request.actor.scope, pk, queries.RECORD)
    activity, scope = result.activity, request.actor.scope
    return form_page(
        request,
        ResultForm(request.POST or None, scope=scope, activity=activity, result=result),
        lambda actor, values: services.result_correct(actor=actor, result=result, **values),
        title=_("更正成绩"),
        back=reverse("activities:result-detail", args=[pk]),
        saved=_("已更正。"),
        record=result,
        crumbs=_crumbs(),
    )


def _address(activity: Activity) -> str:
    return reverse("activities:activity-detail", args=[activity.pk])


def _crumbs(*last: Crumb) -> tuple[Crumb, ...]:
    return (Crumb(_("活动台账"), reverse("activities:activity-list")), *last)
