"""Every figure is proven by SQL that was written by hand (tests/figures/cases)."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from tests.figures.casebook import cases, expected
from zhijia.figures import engine
from zhijia.figures.catalogue import catalogue
from zhijia.figures.definition import Ratio
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import CountUnit

PERIODS = [
    Period.parse(code) for code in ("2025", "2024", "2025H1", "2025Q3", "2025-06", "2025-02-10..2025-07-01")
]
pytestmark = pytest.mark.django_db


def half_up(number: Fraction) -> int:
    """Round to the nearest whole number, halves away from zero."""
    whole = int(abs(number) + Fraction(1, 2))
    return whole if number >= 0 else -whole


def differences(world, keys) -> list[str]:
    """Compare figures with their cases for some unions and all periods."""
    found = []
    unions = [
        world.top,
        *world.unions[1:4],
        *world.unions[-4:],
        *[one for one in world.unions if one.closed_on],
    ]
    for period in PERIODS:
        for union in unions:
            answers = engine.compute(keys, union.pk, [period])
            for key in keys:
                cell = answers[key, engine.Spot(union.pk, period)]
                wanted = expected(key, world.path_at(union, period.last), period)
                if isinstance(cell.figure, Ratio):
                    same = (cell.numerator, cell.denominator) == wanted
                    same = same and (cell.value is None) == (wanted[0] is None or not wanted[1])
                    scale = 10_000 if cell.figure.unit is CountUnit.PERCENT else 1
                    if cell.value is not None:
                        same = same and cell.value == half_up(Fraction(wanted[0] * scale, wanted[1]))
                else:
                    same = (cell.value,) == wanted
                if not same:
                    found.append(
                        f"{key} {union.code} {period.code}: {cell.value} {cell.numerator} != {wanted}"
                    )
    return found


def test_it_has_a_case_for_every_figure_and_no_case_too_many():
    assert set(cases()) == set(catalogue())


@pytest.mark.parametrize("area", sorted({key.split(".")[0] for key in cases()}))
def test_it_agrees_with_the_sql_written_by_hand(world, area):
    keys = [key for key in catalogue() if key.startswith(f"{area}.")]
    assert differences(world, keys) == []


def test_it_says_something_for_every_figure_of_the_rich_world(world):
    """A case over nothing proves nothing: each figure has data for the top union in the year."""
    answers = engine.compute(catalogue(), world.top.pk, [PERIODS[0]])
    silent = [key for (key, _spot), cell in answers.items() if not cell.value]
    assert silent == []


@pytest.mark.parametrize(
    ("key", "change"),
    [
        ("aid.person_times", {"where": None}),
        ("finance.dues", {"where": lambda row: row.kind == "subsidy"}),
        ("members.members", {"where": lambda row: row.standing == "active"}),
        ("honours.honours", {"basis": engine.catalogue()["organisations.unions"].basis}),
    ],
)
def test_it_notices_a_wrong_definition(world, monkeypatch, key, change):
    wrong = replace(catalogue()[key], **change)
    if "basis" in change:
        wrong = replace(wrong, basis=replace(wrong.basis, starts="date", ends="level"))
    monkeypatch.setattr(engine, "catalogue", lambda: {**catalogue(), key: wrong})
    engine.compiled_measures.cache_clear()
    try:
        assert differences(world, [key])
    finally:
        engine.compiled_measures.cache_clear()
