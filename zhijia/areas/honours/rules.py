"""What may stand in an honour's record. Pure functions; each answer names its reason and its source."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.verdict import Verdict, passed, refused, warned, worst

DAY = timedelta(days=1)  # a machine's clock may be behind
TRUE_LEDGER = "records are true to the ledger"
ONCE = "R14.2"  # doubtful [M]: so it warns only
COLLECTIVE = ("certificate", "pioneer", "home", "union")  # never conferred on a person
INDIVIDUAL = ("model_worker", "medal", "officer")  # never conferred on a collective


def conferred(awarded_on: date, today: date) -> Verdict:
    """An honour is recorded once it has been conferred."""
    if awarded_on > today + DAY:
        return refused(_("授予日期还没有到，请核对。"), TRUE_LEDGER)
    return passed()


def winner_named(winner_kind: str, winner: str, *, has_person: bool) -> Verdict:
    """An honour names who holds it, and only an individual one is tied to a person."""
    if not winner.strip():
        return refused(_("请填写获得者。"), TRUE_LEDGER)
    if has_person and winner_kind != "person":
        return refused(_("集体荣誉不能对应到个人，请改为“个人”或去掉人员。"), TRUE_LEDGER)
    return passed()


def category_fits(category: str, winner_kind: str) -> Verdict:
    """Titles that by their nature go to a collective or to a person go to the right one (R14.2)."""
    if category in COLLECTIVE and winner_kind == "person":
        return refused(_("这类荣誉授予集体，请把对象类别改为“集体”。"), "R14.2")
    if category in INDIVIDUAL and winner_kind == "unit":
        return refused(_("这类荣誉授予个人，请把对象类别改为“个人”。"), "R14.2")
    return passed()


def honour_recordable(values: Mapping[str, Any], today: date) -> Verdict:
    """All that an honour must keep; ``values`` are complete."""
    kind = values["winner_kind"]
    return worst(
        (
            conferred(values["awarded_on"], today),
            winner_named(kind, values["winner"], has_person=values.get("person") is not None),
            category_fits(values.get("category", "other"), kind),
        )
    )


def conferred_once(others: int) -> Verdict:
    """Warn when the same holder has the same title of the same level in the same year already."""
    if others:
        return warned(_("同一年已登记过同一获得者的同名荣誉，请核对是否重复。"), ONCE)
    return passed()
