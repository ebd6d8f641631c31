"""The only writer of targets."""

from zhijia.areas.organisations.models import Union
from zhijia.figures.catalogue import catalogue
from zhijia.kernel import records
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, require
from zhijia.kernel.period import Period
from zhijia.kernel.verdict import refused
from zhijia.targets.models import Target


@command("targets.set", at="union")
def target_set(
    *, actor: Actor, union: Union, figure: str, period: Period, goal: int, note: str = ""
) -> Target:
    """Set or change the target of a union for a figure in a period; raises Refused for an unknown figure."""
    if figure not in catalogue():
        require(refused(f"没有这个指标：{figure}"))
    reach = Target.objects.within(actor.scope, "targets.set")
    existing = reach.filter(union=union, figure=figure, period=period.code).first()
    if existing:
        return records.change(existing, goal=goal, note=note)
    return records.create(Target(union=union, figure=figure, period=period.code, goal=goal, note=note))
