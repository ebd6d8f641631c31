"""Figures about contributions, refunds, transfers and spending."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.figures.definition import Band, Count, Definition, Distinct, Flow, Ratio, Rows, Total
from zhijia.kernel.money import FEN_PER_YUAN
from zhijia.kernel.quantity import CountUnit

ENTRIES = "finance.entry"
THOUSAND_YUAN = 1000 * FEN_PER_YUAN
PENDING = "pending"


def _kind(code: str) -> Any:
    return lambda row: row.kind == code


def _money(key: str, label: Any, definition: Any, where: Any) -> Count:
    return Count(
        f"finance.{key}",
        label,
        definition,
        CountUnit.FEN,
        ENTRIES,
        Total("amount"),
        Flow(),
        where,
        ("kind", "category", "formalities"),
    )


def _paid(row: Any) -> Any:
    return (row.kind == "contribution") & (row.payer != "")


def _waits(row: Any) -> Any:
    return _paid(row) & (row.formalities == PENDING)


def _payers(key: str, label: Any, definition: Any, where: Any, never: Any = None) -> Count:
    unit, measure = CountUnit.ENTERPRISE, Distinct("payer")
    return Count(f"finance.{key}", label, definition, unit, ENTRIES, measure, Flow(), where, never=never)


def _band(key: str, label: Any, definition: Any, low: int, high: int | None) -> Band:
    return Band(
        f"finance.{key}",
        label,
        definition,
        CountUnit.UNION,
        "finance.spending",
        "members.active",
        low,
        high,
        "organisations.grassroots",
    )


FIGURES: tuple[Definition, ...] = (
    _money("contributions", _("拨缴经费收入"), _("本期收到的拨缴经费。"), _kind("contribution")),
    _payers("payers", _("缴费单位数"), _("本期缴交工会经费的单位，名称相同的只计一次。"), _paid),
    _payers(
        "payers_settled",
        _("返还手续已完善的单位"),
        _("缴费单位中本期没有返还手续待办的，含不需要办理返还手续的。"),
        _paid,
        never=_waits,
    ),
    _payers("payers_pending", _("返还手续待办的单位"), _("缴费单位中本期有返还手续待办的。"), _waits),
    Ratio(
        "finance.settled_rate",
        _("返还手续完善率"),
        _("返还手续已完善的单位除以缴费单位数。"),
        CountUnit.PERCENT,
        "finance.payers_settled",
        "finance.payers",
    ),
    _money("dues", _("会费收入"), _("本期收到的会费。"), _kind("dues")),
    _money("subsidies", _("补助收入"), _("本期收到的上级和行政补助。"), _kind("subsidy")),
    _money(
        "income",
        _("各级经费收入合计"),
        _("本级和以下各级工会拨缴经费、会费和补助收入之和，含上下级之间的拨付，未抵销；不含经费返还。"),
        lambda row: row.kind.isin(["contribution", "dues", "subsidy"]),
    ),
    _money("refunds", _("经费返还"), _("本期收到的经费返还。"), _kind("refund")),
    Count(
        "finance.refunds_done",
        _("经费返还笔数"),
        _("本期完成的经费返还。"),
        CountUnit.ITEM,
        ENTRIES,
        Rows(),
        Flow(),
        _kind("refund"),
    ),
    _money(
        "refunds_pending",
        _("待返还的拨缴经费"),
        _("本期收到而返还手续仍待办的拨缴经费。"),
        lambda row: (row.kind == "contribution") & (row.formalities == PENDING),
    ),
    _money("booked", _("行政列支工会经费"), _("行政账上本期列支的工会经费。"), _kind("booked")),
    _money("transfers", _("划拨到工会账户"), _("本期划拨到工会账户的经费。"), _kind("transfer")),
    Ratio(
        "finance.transfer_rate",
        _("经费划拨率"),
        _("划拨到工会账户的经费除以行政列支的工会经费。"),
        CountUnit.PERCENT,
        "finance.transfers",
        "finance.booked",
    ),
    _money("spending", _("经费支出"), _("本期工会经费支出。"), _kind("spending")),
    Ratio(
        "finance.spending_per_head",
        _("人均支出"),
        _("经费支出除以期末在籍会员。"),
        CountUnit.FEN,
        "finance.spending",
        "members.active",
    ),
    _money(
        "activity_spending",
        _("职工活动支出"),
        _("职工教育、文体、宣传和集体福利支出。"),
        lambda row: (
            (row.kind == "spending") & row.category.isin(["education", "culture", "publicity", "welfare"])
        ),
    ),
    _money(
        "rights_spending",
        _("维权支出"),
        _("维权、困难帮扶和送温暖支出。"),
        lambda row: (row.kind == "spending") & row.category.isin(["rights", "hardship", "warmth"]),
    ),
    _money(
        "operating_spending",
        _("业务支出"),
        _("培训、会议和其他业务支出。"),
        lambda row: (row.kind == "spending") & row.category.isin(["training", "meeting", "operating"]),
    ),
    _money(
        "capital_spending",
        _("资本性支出"),
        _("资本性支出。"),
        lambda row: (row.kind == "spending") & (row.category == "capital"),
    ),
    _band(
        "band_none", _("人均支出为零的工会"), _("本期登记了经费而没有支出、期末有在籍会员的基层工会。"), 0, 1
    ),
    _band(
        "band_low",
        _("人均支出不足1000元的工会"),
        _("人均支出大于零而不足1000元的基层工会。"),
        1,
        THOUSAND_YUAN,
    ),
    _band(
        "band_high", _("人均支出1000元以上的工会"), _("人均支出达到1000元的基层工会。"), THOUSAND_YUAN, None
    ),
)
