"""What looks unusual in the audit, by log-in and day; each alert opens to its lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import ExtractHour, TruncDate
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.audit.queries import ALERTS, folded, lines, midnight
from zhijia.areas.audit.rules import Limits, Tally, alerts_of, limits
from zhijia.kernel.actor import Actor
from zhijia.kernel.audit import READS
from zhijia.kernel.scope import Scope
from zhijia.kit.rows import ToDo

SHOWN_DAYS = 30
KINDS: Mapping[str, str | Promise] = {
    "reveals": gettext_lazy("一天内多次显示完整号码"),
    "night": gettext_lazy("夜间查阅个人信息"),
    "searches": gettext_lazy("多次按证件号码查找而很少打开档案"),
    "refusals": gettext_lazy("多次越权被拒绝"),
    "exports": gettext_lazy("大批量导出"),
}


@dataclass(frozen=True)
class Alert:
    """One unusual day of one log-in."""

    kind: str
    user_id: int
    who: str
    day: date
    number: int

    @property
    def label(self) -> str | Promise:
        """Return what is unusual, in words."""
        return KINDS[self.kind]

    @property
    def url(self) -> str:
        """Return the page with its lines."""
        return reverse("audit:alert-lines", args=[self.kind, self.user_id, self.day.isoformat()])


def _limits(day: date) -> Limits:
    return limits(day, settings.JURISDICTION)


def _of(kind: str, limit: Limits) -> Q:
    """Return which lines an alert of this kind is made of."""
    return {
        "reveals": Q(verb="reveal"),
        "night": Q(verb__in=READS, subject_id__isnull=False, hour__in=limit.night)
        | Q(verb__in=("search", "reveal", "export"), hour__in=limit.night),
        "searches": Q(verb="search") | Q(verb__in=("view", "reveal"), subject_id__isnull=False),
        "refusals": Q(verb="deny"),
        "exports": Q(verb="export"),
    }[kind]


def _dated(scope: Scope) -> QuerySet[Any]:
    # what is folded under a line is counted by it
    return (
        folded(lines(scope, ALERTS))
        .filter(actor_id__isnull=False)
        .annotate(day=TruncDate("at"), hour=ExtractHour("at"))
    )


def alerts(scope: Scope, today: date, days: int = SHOWN_DAYS) -> list[Alert]:
    """Return the alerts of the last days, newest first."""
    limit = _limits(today)
    opened = Q(verb__in=("view", "reveal"), subject_id__isnull=False)
    rows = (
        _dated(scope)
        .filter(at__gte=midnight(today - timedelta(days=days - 1)), verb__in=(*READS, "deny"))
        .order_by()
        .values("actor_id", "actor_name", "day")
        .annotate(
            reveals=Count("pk", filter=_of("reveals", limit)),
            night_reads=Count("pk", filter=_of("night", limit)),
            searches=Count("pk", filter=Q(verb="search")),
            opened=Count("pk", filter=opened),
            refusals=Count("pk", filter=_of("refusals", limit)),
            exported_rows=Sum("rows", filter=_of("exports", limit), default=0),
        )
    )
    found = []
    for row in rows:
        user, who, day = row.pop("actor_id"), row.pop("actor_name"), row.pop("day")
        found += [Alert(kind, user, who, day, n) for kind, n in alerts_of(Tally(**row), limit).items()]
    return sorted(found, key=lambda one: (one.day, one.number), reverse=True)


def alert_lines(scope: Scope, kind: str, user_id: int, day: date) -> QuerySet[Any]:
    """Return the lines behind an alert, newest first; KeyError for an unknown kind."""
    wanted = _of(kind, _limits(day))
    start, end = midnight(day), midnight(day + timedelta(days=1))
    return _dated(scope).filter(wanted, actor_id=user_id, at__gte=start, at__lt=end)


def todos(actor: Actor, today: date) -> list[ToDo]:
    """Return the alerts of today and yesterday as one thing to do."""
    scope = actor.scope
    if not scope.may(ALERTS):
        return []
    count = len(alerts(scope, today, days=2))
    url = reverse("audit:alert-list")
    return [ToDo(_("%(count)d 项异常提醒待核查") % {"count": count}, count, url, "warning")] if count else []


def rules_text(today: date) -> str:
    """Say what is watched for, with the limits in force: an empty list means no more than that."""
    found = limits(today, settings.JURISDICTION)
    return _(
        "列出最近30天同一账号一天之内：查看完整号码超过%(reveals)d次、夜间（%(night_from)d点至%(night_to)d点）查看、"
        "只查找不办理超过%(searches)d次、被拒绝超过%(refusals)d次、导出超过%(exported_rows)d条。"
        "异常不等于违规，请打开核对后再作判断。"
    ) % vars(found)
