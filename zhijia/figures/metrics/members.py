"""Figures about members."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.figures.definition import Count, Definition, Distinct, Flow, Ratio, Stock, Total
from zhijia.kernel.quantity import CountUnit

SPANS, MOVES = "members.membership", "members.move"
SPLITS = ("standing", "sex")


def _members(key: str, label: Any, definition: Any, where: Any = None) -> Count:
    return Count(
        f"members.{key}",
        label,
        definition,
        CountUnit.PERSON,
        SPANS,
        Distinct("person_id"),
        Stock(),
        where,
        SPLITS,
    )


def _moves(key: str, label: Any, definition: Any, *causes: str) -> Count:
    return Count(
        f"members.{key}",
        label,
        definition,
        CountUnit.PERSON,
        MOVES,
        Distinct("person_id"),
        Flow(),
        lambda row: row.cause.isin(list(causes)),
        ("cause",),
    )


FIGURES: tuple[Definition, ...] = (
    _members("members", _("会员总数"), _("期末在籍和保留会籍的会员。")),
    _members(
        "active", _("在籍会员"), _("期末在籍的会员（不含保留会籍）。"), lambda row: row.standing == "active"
    ),
    _members(
        "retained", _("保留会籍会员"), _("期末保留会籍的会员。"), lambda row: row.standing == "retained"
    ),
    _members("women", _("女会员"), _("期末会员中的女性。"), lambda row: row.sex == "female"),
    _members("migrants", _("农民工会员"), _("期末会员中的农民工。"), lambda row: row.migrant == 1),
    _members(
        "new_form", _("新就业形态会员"), _("期末会员中的新就业形态劳动者。"), lambda row: row.new_form == 1
    ),
    _members(
        "counted",
        _("可比单位的在籍会员"),
        _("期末在籍、并且所在单位已上报职工人数的会员。"),
        lambda row: (
            (row.standing == "active") & (row.counted_from <= row.last_day) & (row.counted_to > row.last_day)
        ),
    ),
    Ratio(
        "members.joining_rate",
        _("入会率"),
        _("可比单位的在籍会员除以同一日期同一批单位的职工人数。"),
        CountUnit.PERCENT,
        "members.counted",
        "organisations.staff",
    ),
    Ratio(
        "members.women_share",
        _("女会员比例"),
        _("女会员除以会员总数。"),
        CountUnit.PERCENT,
        "members.women",
        "members.members",
    ),
    Ratio(
        "members.migrant_share",
        _("农民工会员比例"),
        _("农民工会员除以会员总数。"),
        CountUnit.PERCENT,
        "members.migrants",
        "members.members",
    ),
    _moves("joined", _("新入会会员"), _("本期新入会的会员，每人只计一次。"), "joined"),
    _moves(
        "transferred_in",
        _("转入会员"),
        _("本期从其他工会转入的会员，每人只计一次；本级以下工会之间的转移也计入。"),
        "transferred_in",
    ),
    _moves(
        "transferred_out",
        _("转出会员"),
        _("本期转往其他工会的会员，每人只计一次；本级以下工会之间的转移也计入。"),
        "transferred_out",
    ),
    _moves("resigned", _("退会会员"), _("本期退会或自动退会的会员。"), "resigned", "lapsed"),
    _moves("expelled", _("除名会员"), _("本期被除名的会员。"), "expelled"),
    _moves("deceased", _("去世会员"), _("本期去世的会员。"), "deceased"),
    Count(
        "members.net",
        _("会员净增"),
        _("本期入会和转入减去转出、退会、除名和去世。"),
        CountUnit.PERSON,
        MOVES,
        Total("net"),
        Flow(),
        lambda row: row.net != 0,
        ("cause",),
    ),
)
