"""What the personal information protection law (个人信息保护法) allows and wants, with its clauses."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.rulebook import rule
from zhijia.kernel.verdict import Verdict, passed, refused
from zhijia.kit.subjects import Use

PIPL = "个人信息保护法"
HOUSE = "house:privacy"


def months_after(day: date, months: int) -> date:
    """Return the same day so many months later, the last of the month where it has no such day."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def months_before(day: date, months: int) -> date:
    """Return the same day so many months earlier."""
    return months_after(day, -months)


def answer_due(received_on: date) -> date:
    """Return by when a request is to be answered (art. 50: 及时; the number of days is the house's own)."""
    days = rule("privacy.answer_days", on=received_on).value
    return received_on + timedelta(days=int(days))


@dataclass(frozen=True)
class Standing:
    """Whether the house still needs to know who a person is.

    ``ongoing`` says what is still going on; else the last of the terms of keeping ends on ``until``, that of
    records of ``model``. ``until`` None: nothing with a term is known of the person.
    """

    ongoing: str | Promise = ""
    until: date | None = None
    model: str = ""

    def is_over(self, today: date) -> bool:
        """Say whether nothing needs the person any more on a day; on the last day of the term it is over."""
        return not self.ongoing and (self.until is None or self.until <= today)


def standing(uses: Iterable[Use], months: Mapping[str, int | None]) -> Standing:
    """Fold the uses of one person: what goes on decides, else the latest end of a term.

    ``months`` by model; a model without a term of its own goes with the file. KeyError for an unlisted model:
    nothing is erased that the register does not know.
    """
    latest, model = None, ""
    for use in uses:
        if use.last_on is None:
            return Standing(use.why)
        term = months[use.model]
        if term is None:
            continue
        end = months_after(use.last_on, term)
        if latest is None or end > latest:
            latest, model = end, use.model
    return Standing("", latest, model)


def may_erase(found: Standing, today: date, *, label: str | Promise = "", is_done: bool = False) -> Verdict:
    """Say whether what leads to a person may be taken away (art. 47); ``label`` names the records that wait.

    While a legal term runs the data are kept and only stored (art. 47, last paragraph).
    """
    if is_done:
        return refused(_("此人的信息已经匿名化。"), HOUSE)
    if found.ongoing:
        return refused(_("还不能匿名化：{why}。").format(why=found.ongoing), f"{PIPL}第47条")
    if found.until is not None and not found.is_over(today):
        text = _("还不能匿名化：{label}的保存期限到{day}届满，此前只保存、不作其他使用。")
        return refused(text.format(label=label, day=found.until.isoformat()), f"{PIPL}第47条第2款")
    return passed()


def may_answer(*, is_answered: bool, received_on: date, on: date, today: date) -> Verdict:
    """Say whether a request may be answered on a day: once, not before it came, not in the future."""
    if is_answered:
        return refused(_("这项请求已经答复。"), HOUSE)
    if not received_on <= on <= today:
        return refused(_("答复日期应在收到日期和今天之间。"), HOUSE)
    return passed()


def answer_explained(outcome: str, answer: str) -> Verdict:
    """Say whether a refusal, whole or in part, gives its reasons (art. 50)."""
    if outcome != "done" and not answer.strip():
        return refused(_("不予办理或者部分办理的，应当说明理由。"), f"{PIPL}第50条")
    return passed()


def day_passed(day: date, today: date) -> Verdict:
    """Say whether something may be recorded as having happened on a day."""
    return refused(_("日期不能在今天以后。"), HOUSE) if day > today else passed()


def consent_may_end(*, given_on: date, is_withdrawn: bool, on: date, today: date) -> Verdict:
    """Say whether a consent may be withdrawn on a day (art. 15)."""
    if is_withdrawn:
        return refused(_("这项同意已经撤回。"), HOUSE)
    if not given_on <= on <= today:
        return refused(_("撤回日期应在同意日期和今天之间。"), HOUSE)
    return passed()


def consent_once(*, has_standing: bool) -> Verdict:
    """Say whether another consent to the same purpose may be recorded: only one stands at a time."""
    return refused(_("此人对该用途的同意已登记，且没有撤回。"), HOUSE) if has_standing else passed()


def has_reason(reason: str) -> Verdict:
    """Say whether a reason is given; it goes into the audit and the person concerned can read it."""
    return passed() if reason.strip() else refused(_("请填写事由。"), HOUSE)


def may_propose(*, is_waiting: bool) -> Verdict:
    """Say whether a person may be proposed: not while an earlier proposal waits."""
    return refused(_("此人已有一项匿名化待审批。"), HOUSE) if is_waiting else passed()


def may_decide(*, is_waiting: bool) -> Verdict:
    """Say whether a proposal may still be decided."""
    return passed() if is_waiting else refused(_("这项匿名化已经办结。"), HOUSE)
