"""The only writer of targets."""

from django.utils.translation import gettext as _

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
    *,
    actor: Actor,
    union: Union,
    figure: str,
    period: Period,
    goal: int,
    note: str = "",
    version: int | None = None,
) -> Target:
    """Set the target of a union for a figure in a period, or change the one seen with ``version``.

    Raises Refused for an unknown figure and for a target that is set already when none was seen, and
    StaleVersionError when someone else was faster.
    """
    if figure not in catalogue():
        require(refused(_("没有这个指标：%(figure)s") % {"figure": figure}))
    reach = Target.objects.within(actor.scope, "targets.set")
    existing = reach.filter(union=union, figure=figure, period=period.code).first()
    if existing:
        if version is None:
            require(refused(_("该工会这一期间的目标已设定，请在目标列表中点“修改”。")))
        return records.change(existing, version=version, goal=goal, note=note)
    return records.create(Target(union=union, figure=figure, period=period.code, goal=goal, note=note))
