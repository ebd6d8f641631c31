"""Figures about unions, covered employers and committees."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.figures.definition import Count, Definition, Distinct, Flow, Ratio, Rows, Stock, Total
from zhijia.kernel.quantity import CountUnit

UNIONS, CHANGES = "organisations.union", "organisations.change"
EMPLOYERS, HEADS = "organisations.employer", "organisations.headcount"
COMMITTEES = "organisations.committee"
BY_KIND = ("level", "sector")
EACH = Distinct("union_id")


def _level(code: str) -> Any:
    return lambda row: row.level == code


def _change(code: str) -> Any:
    return lambda row: row.kind == code


def _unions(key: str, label: Any, definition: Any, where: Any = None) -> Count:
    return Count(
        f"organisations.{key}", label, definition, CountUnit.UNION, UNIONS, Rows(), Stock(), where, BY_KIND
    )


def _changes(
    key: str, label: Any, definition: Any, where: Any, measure: Rows | Distinct | None = None
) -> Count:
    return Count(
        f"organisations.{key}",
        label,
        definition,
        CountUnit.UNION,
        CHANGES,
        measure or Rows(),
        Flow(),
        where,
        ("kind", "level"),
    )


def _heads(key: str, label: Any, definition: Any, column: str, where: Any = None) -> Count:
    measure = Total(column)
    return Count(f"organisations.{key}", label, definition, CountUnit.PERSON, HEADS, measure, Stock(), where)


FIGURES: tuple[Definition, ...] = (
    _unions("unions", _("工会总数"), _("期末存续的各级工会。")),
    _unions("general", _("总工会数"), _("期末存续的总工会。"), _level("general")),
    _unions("federations", _("工会联合会数"), _("期末存续的工会联合会。"), _level("federation")),
    _unions("joint", _("联合工会数"), _("期末存续的联合工会。"), _level("joint")),
    _unions("grassroots", _("基层工会数"), _("期末存续的基层工会。"), _level("grassroots")),
    _unions("groups", _("工会小组数"), _("期末存续的工会小组。"), _level("group")),
    _unions(
        "legal_persons",
        _("已登记法人资格的工会"),
        _("期末存续并且已办理工会法人资格登记的工会。"),
        lambda row: row.legal_person <= row.last_day,
    ),
    _unions(
        "accounts",
        _("已开设工会账户的工会"),
        _("期末存续并且已开设独立工会账户的工会。"),
        lambda row: row.account_opened <= row.last_day,
    ),
    _changes("founded", _("新建工会"), _("本期新建的工会。"), _change("founded")),
    _changes("renamed", _("更名工会"), _("本期更名的工会，每个只计一次。"), _change("renamed"), EACH),
    _changes("upgraded", _("升格工会"), _("本期升格的工会，每个只计一次。"), _change("upgraded"), EACH),
    _changes("moved", _("调整隶属工会"), _("本期调整隶属关系的工会，每个只计一次。"), _change("moved"), EACH),
    _changes("transferred", _("转出工会"), _("本期转出的工会。"), _change("transferred")),
    _changes("deregistered", _("注销工会"), _("本期注销的工会。"), _change("deregistered")),
    _changes("dissolved", _("撤销工会"), _("本期撤销的工会。"), _change("dissolved")),
    Count(
        "organisations.net",
        _("工会净增"),
        _("本期新建减去转出、注销和撤销。"),
        CountUnit.UNION,
        CHANGES,
        Total("net"),
        Flow(),
        lambda row: row.net != 0,
        ("level",),
    ),
    Count(
        "organisations.terms_due",
        _("本期届满的委员会"),
        _("届满日期在本期之内的委员会届次。"),
        CountUnit.ITEM,
        COMMITTEES,
        Rows(),
        Flow("expires"),
        None,
        ("kind",),
    ),
    Count(
        "organisations.terms_overdue",
        _("逾期未换届的委员会"),
        _("届满日期在期末之前（届满当日不算逾期）而仍未换届的委员会。"),
        CountUnit.ITEM,
        COMMITTEES,
        Rows(),
        Stock(),
        lambda row: row.expires < row.last_day,
        ("kind",),
    ),
    Count(
        "organisations.elections",
        _("完成换届的委员会"),
        _("本期选举产生的委员会。"),
        CountUnit.ITEM,
        COMMITTEES,
        Rows(),
        Flow("starts"),
        None,
        ("kind",),
    ),
    Count(
        "organisations.employers",
        _("覆盖单位数"),
        _("期末由工会覆盖的单位。"),
        CountUnit.ENTERPRISE,
        EMPLOYERS,
        Rows(),
        Stock(),
        None,
        ("sector",),
    ),
    Count(
        "organisations.employers_added",
        _("新覆盖单位"),
        _("本期新覆盖的单位。"),
        CountUnit.ENTERPRISE,
        EMPLOYERS,
        Rows(),
        Flow("starts"),
        None,
        ("sector",),
    ),
    _heads("staff", _("职工人数"), _("期末有效的覆盖单位职工人数之和。"), "staff"),
    _heads("women_staff", _("女职工人数"), _("期末有效的覆盖单位女职工人数之和。"), "women"),
    _heads("migrant_staff", _("农民工人数"), _("期末有效的覆盖单位农民工人数之和。"), "migrants"),
    _heads(
        "staff_women_known",
        _("已上报女职工人数的单位的职工人数"),
        _("期末有效的人数中同时上报了女职工人数的，其职工人数之和。"),
        "staff",
        lambda row: row.women.notnull(),
    ),
    _heads(
        "staff_migrants_known",
        _("已上报农民工人数的单位的职工人数"),
        _("期末有效的人数中同时上报了农民工人数的，其职工人数之和。"),
        "staff",
        lambda row: row.migrants.notnull(),
    ),
    Ratio(
        "organisations.women_share",
        _("女职工比例"),
        _("女职工人数除以已上报女职工人数的单位的职工人数。"),
        CountUnit.PERCENT,
        "organisations.women_staff",
        "organisations.staff_women_known",
    ),
    Ratio(
        "organisations.migrant_share",
        _("农民工比例"),
        _("农民工人数除以已上报农民工人数的单位的职工人数。"),
        CountUnit.PERCENT,
        "organisations.migrant_staff",
        "organisations.staff_migrants_known",
    ),
    Ratio(
        "organisations.account_share",
        _("工会账户开设率"),
        _("已开设工会账户的工会除以工会总数。"),
        CountUnit.PERCENT,
        "organisations.accounts",
        "organisations.unions",
    ),
)
