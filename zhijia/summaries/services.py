"""Making a summary: the only writer of this package."""

from __future__ import annotations

from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, require
from zhijia.kernel.period import Period
from zhijia.kernel.records import create
from zhijia.kernel.verdict import Refused, refused
from zhijia.summaries.content import digest_of, to_content
from zhijia.summaries.files import file_path
from zhijia.summaries.models import Summary
from zhijia.summaries.queries import draft
from zhijia.summaries.rules import SummaryError, period_reached, plan_for

STEPS = 4
Tell = Callable[[int, int, str], None]


def _silent(_done: int, _total: int, _message: str) -> None:
    """Say nothing."""


@command("summaries.make", at="union")
def summary_make(
    *,
    actor: Actor,
    union: Union,
    period: Period,
    plan: str = "",
    number: str = "",
    progress: Tell = _silent,
) -> Summary:
    """Make a summary and its Word file; the same records give the summary that is there already.

    Raises Refused for a plan, a period or a number that cannot be.
    """
    require(period_reached(period, timezone.localdate()))
    try:
        chosen = plan_for(union, period, plan)
        progress(1, STEPS, _("正在计算指标"))
        composed = draft(actor.scope, union, period, chosen, number)
    except SummaryError as error:
        raise Refused(refused(str(error))) from error
    progress(2, STEPS, _("正在撰写"))
    content = to_content(composed.document)
    digest = digest_of(content)
    summary = (
        Summary.objects.within(actor.scope, "summaries.make")
        .filter(union=union, plan=chosen.name, period_code=period.code, digest=digest)
        .first()
    )
    if summary is None:
        summary = create(
            Summary(
                union=union,
                plan=chosen.name,
                period_code=period.code,
                title=composed.document.title,
                number=composed.document.number,
                digest=digest,
                content=content,
                notes=list(composed.notes),
                computed_at=timezone.now(),
                file=f"summary-{digest[:32]}-{union.pk}.docx",
                made_by=actor.name,
            )
        )
    progress(3, STEPS, _("正在排版"))
    file_path(summary)
    progress(STEPS, STEPS, _("已完成"))
    return summary
