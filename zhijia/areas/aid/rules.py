"""Who may be given what from which fund: pure functions of the rulebook and a payment (R6.2-R6.5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from zhijia.areas.aid.models import Relief
from zhijia.kernel.money import shown
from zhijia.kernel.quantity import CountUnit, Quantity
from zhijia.kernel.rulebook import Rule, RuleMissing, rule
from zhijia.kernel.verdict import Verdict, passed, refused, warned

Occasion, Kind, Fund = Relief.Occasion, Relief.Beneficiary, Relief.Fund
UNION_FUNDS = frozenset({Fund.DUES, Fund.RETAINED, Fund.HIGHER})
CAPPED_FUNDS = UNION_FUNDS | {Fund.EMPLOYER}
"""What an employer adds to the union's account is spent by the union's rules too (R7.1, 405)."""

FESTIVALS, WARNED_FESTIVALS, EMPLOYER_ITEMS = "aid.festivals", "aid.festivals_warned", "aid.employer_items"
CAPS = {
    Occasion.BIRTHDAY: "aid.cap.birthday",
    Occasion.MARRIAGE: "aid.cap.marriage",
    Occasion.BIRTH: "aid.cap.birth",
    Occasion.RETIREMENT: "aid.cap.retirement",
}
HOSPITAL, SURGERY = "aid.cap.hospital", "aid.cap.surgery"
MEMBER_DEATH, RELATIVE_DEATH = "aid.cap.member_death", "aid.cap.relative_death"
FESTIVAL_YEAR, FESTIVAL_SPRING, FESTIVAL_EACH = (
    "aid.cap.festival_year",
    "aid.cap.festival_spring",
    "aid.cap.festival_each",
)
OFF_LIST = {
    Occasion.CHILDREN: "childrens_day",
    Occasion.WOMEN: "womens_day",
    Occasion.TEACHERS: "teachers_day",
}
RELATIVE_WORDS = ("配偶", "父亲", "母亲", "父母", "子女", "儿子", "女儿", "丈夫", "妻子", "亲属", "家属")
VOUCHERS = ("现金", "购物卡", "购物券", "代金券", "消费卡", "储值卡", "礼品卡", "有价证券")


@dataclass(frozen=True)
class Giving:
    """What the rules look at: one relief payment before it is written. Money in fen, None for none.

    ``festival_before`` is what the same person got as festival goods earlier in the year; None: not known.
    """

    occasion: str
    given_on: date
    fund: str
    kind: str = Kind.PERSON
    beneficiary: str = ""
    people: int | None = None
    households: int | None = None
    amount: int | None = None
    goods: str = ""
    goods_value: int | None = None
    basis: str = ""
    note: str = ""
    festival_before: int | None = None

    @property
    def total(self) -> int:
        """Money and goods together."""
        return (self.amount or 0) + (self.goods_value or 0)

    @property
    def heads(self) -> int | None:
        """Among how many the total is shared; None when it is not known or goes to a unit."""
        if self.kind == Kind.UNIT:
            return self.people
        return self.people or self.households or 1


@dataclass(frozen=True)
class Finding:
    """One rule's answer, the field it speaks of, and the dated rule it rests on when there is one."""

    field: str
    verdict: Verdict
    rule: Rule | None = None
    label: str | Promise = ""

    @property
    def limit(self) -> int | None:
        """The cap in fen, for the page."""
        return self.rule.value if self.rule is not None and isinstance(self.rule.value, int) else None

    @property
    def to_verify(self) -> bool:
        """Whether the value still has to be checked against the original text (R18)."""
        return self.rule is not None and self.rule.status == "to_verify"


def counted(
    kind: str, people: Quantity | None, households: Quantity | None
) -> tuple[Quantity | None, Quantity | None]:
    """Say how many were reached where nothing was said: one person, or one household; a unit stays open."""
    if people is None and households is None:
        if kind == Kind.PERSON:
            return Quantity(1, CountUnit.PERSON_TIME), None
        if kind == Kind.HOUSEHOLD:
            return None, Quantity(1, CountUnit.HOUSEHOLD)
    return people, households


def check(giving: Giving, *, today: date, jurisdiction: str = "cn") -> list[Finding]:
    """Return each rule's answer that is not a plain yes, and each cap that applies even when it is kept."""
    findings = (
        Finding("amount", gives_something(giving)),
        Finding("given_on", not_in_future(giving.given_on, today)),
        Finding("beneficiary", beneficiary_named(giving)),
        employer_item(giving, jurisdiction),
        no_vouchers(giving, jurisdiction),
        festival_listed(giving, jurisdiction),
        *caps(giving, jurisdiction),
    )
    return [finding for finding in findings if finding.rule is not None or finding.verdict.level != "pass"]


def gives_something(giving: Giving) -> Verdict:
    """Money, goods, or both - and never a zero or negative sum."""
    sums = [value for value in (giving.amount, giving.goods_value) if value is not None]
    if any(value <= 0 for value in sums):
        return refused(_("金额应为0.01元以上，没有发生请留空。"))
    if not sums and not giving.goods:
        return refused(_("请填写金额或慰问品。"))
    return passed()


def not_in_future(day: date, today: date) -> Verdict:
    """A ledger keeps what has happened."""
    return passed() if day <= today else refused(_("日期不能晚于今天。"))


def beneficiary_named(giving: Giving) -> Verdict:
    """A person, household or unit is named, or described when many were reached."""
    if giving.beneficiary.strip():
        return passed()
    return refused(_("请填写慰问对象；多人慰问可写“一线职工”等，并填写人次。"))


def _look_up(code: str, giving: Giving, jurisdiction: str) -> Rule | None:
    try:
        return rule(code, on=giving.given_on, jurisdiction=jurisdiction)
    except RuleMissing:
        return None


def employer_item(giving: Giving, jurisdiction: str) -> Finding:
    """Items that the employer owes, and cooling or heating paid as cash, need a basis (R6.5)."""
    nothing = Finding("fund", passed())
    items = _look_up(EMPLOYER_ITEMS, giving, jurisdiction)
    if giving.fund not in UNION_FUNDS or giving.basis.strip() or items is None:
        return nothing
    text = f"{giving.goods} {giving.note} {giving.beneficiary}"
    found = next((item for item in items.value.values() if item in text), "")
    if not found and giving.occasion == Occasion.COOLING and giving.amount:
        found = str(_("以现金发放的清凉补贴"))
    if not found:
        return nothing
    reason = _("“%(item)s”应由单位行政承担，不能从工会经费列支；有文件依据的请填“依据”。") % {"item": found}
    return Finding("fund", refused(reason, items.source), items, _("行政承担项目"))


def no_vouchers(giving: Giving, jurisdiction: str) -> Finding:
    """Festival gifts are goods: no cash, cards or vouchers from union funds; cake tickets pass (R6.2)."""
    festivals = _look_up(FESTIVALS, giving, jurisdiction)
    nothing = Finding("goods", passed())
    if giving.occasion != Occasion.FESTIVAL or giving.fund not in UNION_FUNDS or festivals is None:
        return nothing
    found = next((word for word in VOUCHERS if word in giving.goods), "")
    if found and not giving.basis.strip():
        reason = _("节日慰问应发放实物，不得发放“%(item)s”；当地另有规定的请填写“依据”。") % {"item": found}
        return Finding("goods", refused(reason, festivals.source), festivals, _("节日慰问品"))
    if giving.amount and not giving.goods:
        cash = _("节日慰问应发放实物，不得发放现金；如果这是采购金额，请填写“慰问品”。")
        return Finding("goods", warned(cash, festivals.source), festivals, _("节日慰问品"))
    return nothing


def festival_listed(giving: Giving, jurisdiction: str) -> Finding:
    """Gifts on 六一, 三八 and 教师节 are not on the national list: warn (R6.2)."""
    key = OFF_LIST.get(Occasion(giving.occasion))
    listed = _look_up(WARNED_FESTIVALS, giving, jurisdiction) if key else None
    if key is None or listed is None or giving.fund not in CAPPED_FUNDS:
        return Finding("occasion", passed())
    reason = _("“%(day)s”不在可以发放节日慰问品的法定节日之内，请确认当地规定。") % {"day": listed.value[key]}
    return Finding("occasion", warned(reason, listed.source), listed, _("节日范围"))


def caps(giving: Giving, jurisdiction: str) -> list[Finding]:
    """Compare what each head gets with the local caps; they warn, because provinces change them (R6.3)."""
    if giving.fund not in CAPPED_FUNDS or giving.heads is None:
        return []
    if giving.occasion == Occasion.FESTIVAL:
        return _festival_caps(giving, jurisdiction)
    for code in _cap_codes(giving):
        cap = _look_up(code, giving, jurisdiction)
        if cap is not None:
            return [_compared(giving, cap, giving.total, _("每人上限"))]
    return []


def _cap_codes(giving: Giving) -> tuple[str, ...]:
    """The codes of caps for an occasion, the nearest first."""
    if giving.occasion == Occasion.ILLNESS:
        return (SURGERY, HOSPITAL) if "手术" in giving.note + giving.goods else (HOSPITAL,)
    if giving.occasion == Occasion.BEREAVEMENT:
        relative = any(word in f"{giving.beneficiary}{giving.note}" for word in RELATIVE_WORDS)
        return (RELATIVE_DEATH,) if relative else (MEMBER_DEATH,)
    code = CAPS.get(Occasion(giving.occasion))
    return (code,) if code else ()


def _festival_caps(giving: Giving, jurisdiction: str) -> list[Finding]:
    """Some provinces cap the year, with what was given before; others each festival."""
    found = []
    year = _look_up(FESTIVAL_YEAR, giving, jurisdiction)
    if year is not None:
        total = giving.total + (giving.festival_before or 0) * (giving.heads or 1)
        found.append(_compared(giving, year, total, _("节日慰问每人全年上限")))
    spring = "春节" in f"{giving.note}{giving.goods}{giving.basis}"
    each = _look_up(FESTIVAL_SPRING if spring else FESTIVAL_EACH, giving, jurisdiction)
    if each is not None:
        found.append(_compared(giving, each, giving.total, _("节日慰问每人每次上限")))
    return found


def _compared(giving: Giving, cap: Rule, total: int, label: str | Promise) -> Finding:
    heads = giving.heads or 1
    if total <= cap.value * heads:
        return Finding("amount", passed(), cap, label)
    reason = _("%(label)s为%(cap)s，这里人均%(each)s，超过上限。") % {
        "label": label,
        "cap": shown(cap.value),
        "each": shown(-(-total // heads)),
    }
    return Finding("amount", warned(reason, f"{cap.source}（{cap.starts.isoformat()}起）"), cap, label)
