"""The only reader of summaries, scope first."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone, translation

from zhijia.areas.organisations.models import Union
from zhijia.kernel.period import Period
from zhijia.kernel.scope import Scope
from zhijia.summaries.answers import gather
from zhijia.summaries.compose import Composed, compose
from zhijia.summaries.models import Summary
from zhijia.summaries.plan import Plan
from zhijia.summaries.rules import number_of

VIEW = "summaries.view"
LANGUAGE = "zh-hans"  # a summary is an official document: Chinese, whatever the language of the page


def summaries(scope: Scope) -> QuerySet[Summary]:
    """Return the summaries in reach without their texts, newest first."""
    return (
        Summary.objects.within(scope, VIEW)
        .select_related("union")
        .defer("content")
        .order_by("-computed_at", "-pk")
    )


def summary_load(scope: Scope, key: int) -> Summary:
    """Return one summary; Http404 for absent and for out of reach alike."""
    found = Summary.objects.within(scope, VIEW).select_related("union").filter(pk=key).first()
    if found is None:
        raise Http404
    return found


def draft(scope: Scope, union: Union, period: Period, plan: Plan, number: str = "") -> Composed:
    """Compose without keeping anything; raises SummaryError for a number that cannot be completed."""
    with translation.override(LANGUAGE):
        full = number_of(union, number, timezone.localdate()) if number.strip() else ""
        answers = gather(plan, scope, union, period)
        return compose(plan, answers, number=full, issuer=f"{union.name}文件" if full else "")
