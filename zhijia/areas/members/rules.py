"""What the statutes say about membership and dues. Pure: facts and dated rules in, Verdict or fen out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.members.models import FullExport, Membership
from zhijia.areas.members.states import WAYS, Step, may_step
from zhijia.kernel.rulebook import Rule, rule
from zhijia.kernel.verdict import Verdict, passed, refused

STATUTES = "中国工会章程（2023）"
MEMBERSHIP_RULES = "工会会员会籍管理办法（2016）"
BASIS_POINTS = 10_000

TRANSFER_IN_REACH = gettext_lazy("已是“%(union)s”会员，请先办理转会。")
TRANSFER_ELSEWHERE = gettext_lazy("该证件号码已在其他工会登记，需办理转会，请联系上级工会。")


def _rule(code: str, on: date) -> Rule:
    return rule(f"members.{code}", on=on, jurisdiction=settings.JURISDICTION)


def dues(base_fen: int, on: date) -> int:
    """Return the monthly dues in fen on a monthly wage in fen (R5.1): floor(base / 10 yuan) × 10 yuan × 0.5%.

    Always a multiple of 5 fen while the unit is 10 yuan, so nothing is rounded. ValueError below zero.
    """
    if base_fen < 0:
        raise ValueError(_("会费基数不能是负数。"))
    value = _rule("dues", on).value
    unit = value["tail_unit_fen"]
    return int(base_fen // unit * unit * value["rate_bp"] // BASIS_POINTS)


def pays_dues(state: str, on: date) -> Verdict:
    """Say whether someone with this state of membership pays dues (R4.1)."""
    if state in (Membership.State.ACTIVE, Membership.State.TRANSFERRING):
        return passed()
    if state == Membership.State.RETAINED:
        retained = _rule("retained", on)
        if not retained.value["pays_dues"]:
            return refused(_("保留会籍期间不交纳会费。"), retained.source)
        return passed()
    return refused(_("不是在籍会员，不交纳会费。"), STATUTES)


def may_take(state: str, step: Step) -> Verdict:
    """Say whether a membership in this state can take the step."""
    if may_step(state, step):
        return passed()
    wanted = "、".join(str(Membership.State(one).label) for one in sorted(WAYS[step].sources))
    return refused(
        _("会籍状态是“%(state)s”，不能办理；须为：%(wanted)s。")
        % {"state": Membership.State(state).label, "wanted": wanted},
        MEMBERSHIP_RULES,
    )


def may_lapse(decision: str) -> Verdict:
    """Automatic resignation rests on a decision of people that is recorded, never on a date alone (R4.2)."""
    if decision.strip():
        return passed()
    return refused(
        _("自动退会须经工会讨论决定，请在说明中填写决定（会议、日期、经劝说教育的情况）。"), MEMBERSHIP_RULES
    )


def day_fits(on: date, not_before: date | None, today: date) -> Verdict:
    """Say whether a step may have happened on a day: not in the future, not before the span began."""
    if on > today:
        return refused(_("日期不能晚于今天。"), "house:members")
    if not_before is not None and on < not_before:
        return refused(_("日期不能早于入会日期。"), "house:members")
    return passed()


def may_join(*, has_open: bool, in_reach: bool, union_name: str) -> Verdict:
    """One active membership per person (R4.1); a union out of reach is never named."""
    if not has_open:
        return passed()
    if in_reach:
        return refused(TRANSFER_IN_REACH % {"union": union_name}, STATUTES)
    return refused(TRANSFER_ELSEWHERE, STATUTES)


FULL_EXPORT_OPEN = timedelta(days=1)
HOUSE = "个人信息保护法第六条、第五十一条"


def has_reason(reason: str) -> Verdict:
    """Say whether a reason was given: sealed numbers are opened for a stated purpose only."""
    return passed() if reason.strip() else refused(_("请写明事由。"), HOUSE)


def may_answer_export(state: str) -> Verdict:
    """Say whether a wish to take out whole numbers still waits for its answer."""
    if state == FullExport.State.ASKED:
        return passed()
    return refused(_("该申请已经审批过。"), HOUSE)


def may_take_export(state: str, answered_at: datetime | None, now: datetime) -> Verdict:
    """Say whether an export may be taken: allowed, and less than a day ago."""
    if state != FullExport.State.APPROVED or answered_at is None:
        return refused(_("该申请尚未获得同意。"), HOUSE)
    if now - answered_at >= FULL_EXPORT_OPEN:
        return refused(_("已超过同意后的24小时，请重新申请。"), HOUSE)
    return passed()
