"""The pages of covered employers and their head-counts."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations import forms, queries, services
from zhijia.areas.organisations.filters import EmployerListFilter
from zhijia.areas.organisations.models import Employer
from zhijia.areas.organisations.pages import employer_context
from zhijia.areas.organisations.services import RECORD
from zhijia.areas.organisations.tables import EmployerTable
from zhijia.kit.access import ActorRequest, needs
from zhijia.kit.doors import form_page
from zhijia.kit.lists import EmptyState, list_page

FACTS = ("name", "sector", "covered_on", "uscc", "industry")


def _page(employer: Employer) -> str:
    return reverse("organisations:employer-detail", args=[employer.pk])


@needs(queries.VIEW)
def employer_list(request: ActorRequest) -> HttpResponse:
    """List the covered employers within reach."""
    return list_page(
        request,
        queryset=queries.employers(request.actor.scope),
        table_class=EmployerTable,
        filter_class=EmployerListFilter,
        title=_("覆盖单位"),
        export_name=_("覆盖单位"),
        empty=EmptyState(_("还没有登记覆盖单位。请在工会页面登记，或者用年度工作簿导入。")),
    )


@needs(queries.VIEW)
def employer_detail(request: ActorRequest, pk: int) -> HttpResponse:
    """Show an employer with its head-counts over time."""
    scope = request.actor.scope
    employer = queries.employer_load(scope, pk)
    context = employer_context(scope, employer, queries.head_counts(scope, employer))
    return render(request, "organisations/employer.html", context)


@needs(RECORD)
def employer_create(request: ActorRequest, pk: int) -> HttpResponse:
    """Register an employer that the union covers."""
    union = queries.union_load(request.actor.scope, pk, RECORD)
    return form_page(
        request,
        forms.EmployerForm(request.POST or None, initial={"sector": union.sector}),
        lambda actor, values: services.employer_cover(actor=actor, union=union, **values),
        title=_("登记覆盖单位"),
        back=reverse("organisations:union-detail", args=[union.pk]),
        extra={"hint": union.name},
    )


@needs(RECORD)
def employer_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct what is written about an employer."""
    employer = queries.employer_load(request.actor.scope, pk, RECORD)
    initial = {name: getattr(employer, name) for name in FACTS}
    return form_page(
        request,
        forms.EmployerForm(request.POST or None, initial=initial),
        lambda actor, values: services.employer_correct(actor=actor, employer=employer, **values),
        title=_("更正单位资料"),
        back=_page(employer),
        record=employer,
    )


@needs(RECORD)
def employer_end(request: ActorRequest, pk: int) -> HttpResponse:
    """End the coverage of an employer."""
    employer = queries.employer_load(request.actor.scope, pk, RECORD)
    return form_page(
        request,
        forms.DayForm(request.POST or None),
        lambda actor, values: services.employer_end(actor=actor, employer=employer, **values),
        title=_("终止覆盖"),
        back=_page(employer),
        extra={"hint": employer.name},
    )


@needs(RECORD)
def head_count_create(request: ActorRequest, pk: int) -> HttpResponse:
    """Record a head-count."""
    employer = queries.employer_load(request.actor.scope, pk, RECORD)
    return form_page(
        request,
        forms.HeadCountForm(request.POST or None),
        lambda actor, values: services.head_count_record(actor=actor, employer=employer, **values),
        title=_("登记职工人数"),
        back=_page(employer),
        extra={"hint": employer.name},
    )


@needs(RECORD)
def head_count_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Correct a head-count."""
    count = queries.head_count_load(request.actor.scope, pk, RECORD)
    initial = {name: getattr(count, name) for name in ("staff", "women", "migrants")}
    return form_page(
        request,
        forms.NumbersForm(request.POST or None, initial=initial),
        lambda actor, values: services.head_count_correct(actor=actor, head_count=count, **values),
        title=_("更正职工人数"),
        back=_page(count.employer),
        record=count,
        extra={"hint": f"{count.employer.name} {count.as_of.isoformat()}"},
    )
