"""Figures about relief and condolence payments."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.figures.definition import Count, Definition, Distinct, Flow, Ratio, Rows, Total
from zhijia.kernel.quantity import CountUnit

RELIEF = "aid.relief"
SPLITS = ("occasion", "fund", "beneficiary_kind")
TIMES = Total("people", "people_q")
IN_NEED = ["warmth", "hardship", "emergency", "education", "injury"]
FESTIVE = ["festival", "women", "children", "teachers"]
LIFE = ["birthday", "marriage", "birth", "illness", "bereavement", "retirement"]


def _of(*codes: str) -> Any:
    return lambda row: row.occasion.isin(list(codes))


def _people(row: Any) -> Any:
    return row.beneficiary_kind == "person"


def _paid_heads(row: Any) -> Any:
    return _people(row) & (row.money > 0) & row.people.notnull()


def _goods(row: Any) -> Any:
    return row.goods_money.isnull() | (row.goods_money > 0)


def _times(key: str, label: Any, definition: Any, *codes: str) -> Count:
    def where(row: Any) -> Any:
        return _people(row) & row.occasion.isin(list(codes)) if codes else _people(row)

    return Count(f"aid.{key}", label, definition, CountUnit.PERSON_TIME, RELIEF, TIMES, Flow(), where, SPLITS)


def _money(key: str, label: Any, definition: Any, where: Any = None, column: str = "money") -> Count:
    return Count(f"aid.{key}", label, definition, CountUnit.FEN, RELIEF, Total(column), Flow(), where, SPLITS)


FIGURES: tuple[Definition, ...] = (
    Count(
        "aid.payments",
        _("慰问救助笔数"),
        _("本期登记的慰问救助。"),
        CountUnit.ITEM,
        RELIEF,
        Rows(),
        Flow(),
        None,
        SPLITS,
    ),
    _times("person_times", _("慰问救助人次"), _("对个人的慰问救助人次之和。")),
    Count(
        "aid.persons",
        _("受助人数"),
        _("本期实名登记的受助者，每人只计一次。"),
        CountUnit.PERSON,
        RELIEF,
        Distinct("person_key"),
        Flow(),
        lambda row: row.person_key > 0,
        SPLITS,
    ),
    Count(
        "aid.households",
        _("慰问户数"),
        _("以家庭为对象的慰问救助户数之和。"),
        CountUnit.HOUSEHOLD,
        RELIEF,
        Total("households", "households_q"),
        Flow(),
        lambda row: row.beneficiary_kind == "household",
        SPLITS,
    ),
    Count(
        "aid.units",
        _("慰问单位次数"),
        _("以单位为对象的慰问次数。"),
        CountUnit.OCCURRENCE,
        RELIEF,
        Rows(),
        Flow(),
        lambda row: row.beneficiary_kind == "unit",
        SPLITS,
    ),
    _money("amount", _("慰问救助金额"), _("本期发放的慰问金和救助金之和，不含慰问品。")),
    _money("goods", _("慰问品价值"), _("本期发放的慰问品登记的价值之和。"), _goods, "goods_money"),
    _money("person_amount", _("对个人的慰问救助金额"), _("对个人发放的慰问金和救助金之和。"), _people),
    _money(
        "amount_headed",
        _("人次已登记的对个人慰问救助金额"),
        _("对个人发放、登记了人次的慰问金和救助金之和。"),
        _paid_heads,
    ),
    Count(
        "aid.people_paid",
        _("领取慰问救助金的人次"),
        _("对个人发放慰问金和救助金的人次之和，不含只发慰问品的。"),
        CountUnit.PERSON_TIME,
        RELIEF,
        TIMES,
        Flow(),
        _paid_heads,
        SPLITS,
    ),
    Ratio(
        "aid.per_head",
        _("人均慰问救助金额"),
        _("对个人发放、登记了人次的慰问救助金额除以领取的人次。"),
        CountUnit.FEN,
        "aid.amount_headed",
        "aid.people_paid",
    ),
    _times("warmth", _("送温暖慰问人次"), _("元旦春节送温暖慰问个人的人次之和。"), "warmth"),
    _money("warmth_amount", _("送温暖慰问金额"), _("元旦春节送温暖发放的金额。"), _of("warmth")),
    _times(
        "hardship", _("困难帮扶人次"), _("送温暖、困难帮扶、临时救助、助学和工伤慰问的人次之和。"), *IN_NEED
    ),
    _money(
        "hardship_amount",
        _("困难帮扶金额"),
        _("送温暖、困难帮扶、临时救助、助学和工伤慰问的金额之和。"),
        _of(*IN_NEED),
    ),
    _times("education", _("金秋助学人次"), _("金秋助学的人次之和。"), "education"),
    _money("education_amount", _("金秋助学金额"), _("金秋助学发放的金额。"), _of("education")),
    _times("emergency", _("临时救助人次"), _("临时救助的人次之和。"), "emergency"),
    _money("emergency_amount", _("临时救助金额"), _("临时救助发放的金额。"), _of("emergency")),
    _times("illness", _("生病住院慰问人次"), _("生病住院慰问的人次之和。"), "illness"),
    _times(
        "life", _("生日婚育病丧退休慰问人次"), _("生日、结婚、生育、生病、丧事和退休慰问的人次之和。"), *LIFE
    ),
    _times("festive", _("节日慰问人次"), _("节日、三八、六一和教师节慰问的人次之和。"), *FESTIVE),
    _money("festive_amount", _("节日慰问金额"), _("节日、三八、六一和教师节慰问的金额之和。"), _of(*FESTIVE)),
    _times("cooling", _("送清凉人次"), _("送清凉慰问的人次之和。"), "cooling"),
    _money(
        "union_funds",
        _("工会经费列支的慰问金额"),
        _("以会费、拨缴经费留成和上级补助列支的慰问救助金额。"),
        lambda row: row.fund.isin(["dues", "retained", "higher"]),
    ),
    _money(
        "other_funds",
        _("其他资金列支的慰问金额"),
        _("以行政补助、财政资金、社会捐款和互助基金列支的慰问救助金额。"),
        lambda row: row.fund.isin(["employer", "fiscal", "donation", "mutual"]),
    ),
)
