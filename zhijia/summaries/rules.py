"""Which plan may be used for which union and period, and how a document number is written."""

from __future__ import annotations

import re
from datetime import date

from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.kernel.period import Period
from zhijia.kernel.verdict import Verdict, passed, refused
from zhijia.summaries.plan import KINDS, Plan, plans, suggested

_ORDINAL = re.compile(r"第?([0-9]{1,4})号?")


class SummaryError(ValueError):
    """Something in the order for a summary is wrong; the text tells the officer what to do."""


def plan_for(union: Union, period: Period, name: str = "") -> Plan:
    """The plan that was named, else the one that suits the union; raises SummaryError."""
    if period.kind not in KINDS:
        raise SummaryError(
            _("工作总结只做全年和半年，期间请写成 2025 或 2025H1，不能是“%(period)s”。")
            % {"period": period.label}
        )
    if not name:
        return suggested(union.level, union.sector, period.kind)
    plan = plans().get(name)
    if plan is None:
        raise SummaryError(
            _("没有“%(name)s”这个方案，可用：%(known)s。") % {"name": name, "known": "、".join(plans())}
        )
    if period.kind not in plan.periods:
        raise SummaryError(_("方案“%(name)s”不适用于%(period)s。") % {"name": name, "period": period.label})
    return plan


def number_of(union: Union, number: str, today: date) -> str:
    """The document number: a bare ordinal gets the union's issuer code and the year, 海工发〔2026〕1号."""
    plain = number.strip()
    ordinal = _ORDINAL.fullmatch(plain)
    if ordinal is None:
        return plain
    if not union.issuer_code:
        raise SummaryError(_("该工会没有登记机关代字，请写出完整的发文字号，例如 海工发〔2026〕1号。"))
    return f"{union.issuer_code}〔{today.year}〕{int(ordinal[1])}号"


def period_reached(period: Period, today: date) -> Verdict:
    """A summary is written about a period that has begun."""
    if period.first > today:
        return refused(_("%(period)s还没有开始，不能生成总结。") % {"period": period.label})
    return passed()
