"""Figures about honours."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.figures.definition import Count, Definition, Flow, Rows
from zhijia.kernel.quantity import CountUnit


def _honours(key: str, label: Any, definition: Any, where: Any = None) -> Count:
    return Count(
        f"honours.{key}",
        label,
        definition,
        CountUnit.ITEM,
        "honours.honour",
        Rows(),
        Flow(),
        where,
        ("level", "category", "winner_kind"),
    )


def _level(code: str) -> Any:
    return lambda row: row.level == code


FIGURES: tuple[Definition, ...] = (
    _honours("honours", _("荣誉总数"), _("本期获得的各级荣誉。")),
    _honours("nation", _("国家级荣誉"), _("本期获得的国家级荣誉。"), _level("nation")),
    _honours("province", _("省级荣誉"), _("本期获得的省级荣誉。"), _level("province")),
    _honours("city", _("市级荣誉"), _("本期获得的市级荣誉。"), _level("city")),
    _honours("county", _("县级荣誉"), _("本期获得的县级荣誉。"), _level("county")),
    _honours("unit", _("校级（单位级）荣誉"), _("本期获得的校级（单位级）荣誉。"), _level("unit")),
    _honours("collective", _("集体荣誉"), _("本期获得的集体荣誉。"), lambda row: row.winner_kind == "unit"),
    _honours("individual", _("个人荣誉"), _("本期获得的个人荣誉。"), lambda row: row.winner_kind == "person"),
)
