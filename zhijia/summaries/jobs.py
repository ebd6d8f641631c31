"""The job that makes a summary in the background."""

from __future__ import annotations

from typing import Any

from zhijia.areas.organisations.queries import union_load
from zhijia.kernel.actor import Actor
from zhijia.kernel.jobs import Progress
from zhijia.kernel.period import Period
from zhijia.summaries.services import summary_make


def run_make(
    progress: Progress, owner: Actor, *, union: int, period: str, plan: str, number: str
) -> dict[str, Any]:
    """Make a summary with the scope that its owner has now."""
    made = summary_make(
        actor=owner,
        union=union_load(owner.scope, union, "summaries.make"),
        period=Period.parse(period),
        plan=plan,
        number=number,
        progress=progress,
    )
    return {"summary": made.pk, "notes": len(made.notes)}
