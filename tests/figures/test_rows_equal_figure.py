"""The list opened from a figure has exactly as many rows - or exactly the sum - as the figure says."""

from __future__ import annotations

import os

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.figures.world import Size, build
from zhijia.figures import engine, lineage
from zhijia.figures.catalogue import catalogue
from zhijia.figures.definition import Band, Count, Distinct, Flow, Ratio
from zhijia.kernel.period import Period
from zhijia.kernel.scope import EVERYWHERE

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2025")
COUNTS = {key: figure for key, figure in catalogue().items() if isinstance(figure, Count)}
ADDITIVE = {key: figure for key, figure in COUNTS.items() if not isinstance(figure.measure, Distinct)}
SIZES = st.builds(
    Size,
    unions=st.integers(6, 18),
    persons=st.integers(0, 40),
    activities=st.integers(0, 30),
    reliefs=st.integers(0, 40),
    entries=st.integers(0, 40),
    honours=st.integers(0, 10),
    moves=st.integers(0, 4),
    closures=st.integers(0, 4),
)
PERIODS = st.sampled_from(["2025", "2024", "2025H1", "2025-06", "2025-03-15..2025-09-20"]).map(Period.parse)


def in_random_worlds(examples):
    """Give a property many worlds, each undone afterwards."""

    def wrap(check):
        @settings(
            max_examples=examples,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],  # shrinking a world takes minutes and tells little
            database=None,
            derandomize=not os.environ.get("ZHIJIA_LONG"),  # a long proof looks for new worlds
            suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
        )
        @given(seed=st.integers(0, 2**32), size=SIZES, period=PERIODS)
        def run(db, seed, size, period):
            with transaction.atomic():
                check(build(seed, size, "X"), period)
                transaction.set_rollback(True)

        run.__name__, run.__doc__ = check.__name__, check.__doc__
        return run

    return wrap


def values(answers) -> dict:
    """Return the values by key and spot, no data as 0."""
    return {at: cell.value or 0 for at, cell in answers.items()}


def listed(one) -> int | None:
    """Return what a list says: its sum or its length; None where not one of its rows knows its measure."""
    if not one.is_sum:
        return one.number
    return None if one.lines and all(line.amount is None for line in one.lines) else one.total


@in_random_worlds(15)
def test_it_lists_as_many_rows_or_the_sum_of_every_figure(world, period):
    union = world.dice.choice(world.unions[:3])
    answers = engine.compute(catalogue(), union.pk, [period])
    for key in world.dice.sample(sorted(catalogue()), 16):
        cell = answers[key, engine.Spot(union.pk, period)]
        lists = lineage.rows(EVERYWHERE, key, union, period, 1, 10_000)
        ratio = isinstance(cell.figure, Ratio)
        for one, value in zip(
            lists, (cell.numerator, cell.denominator) if ratio else (cell.value,), strict=True
        ):
            # A list cannot tell a ledger that nobody kept from an empty one: both have no row.
            assert value == listed(one) or (value is None and one.number == 0), key
        assert ratio or cell.rows == lists[0].number, key


@in_random_worlds(15)
def test_it_adds_the_children_and_the_own_facts_up_to_the_parent(world, period):
    top = world.top.pk
    whole = values(engine.compute(ADDITIVE, top, [period]))
    below = values(engine.compute(ADDITIVE, top, [period], mode="children"))
    own = values(engine.compute(ADDITIVE, top, [period], mode="own"))
    for key in ADDITIVE:
        parts = sum(value for (name, _spot), value in below.items() if name == key)
        assert whole[key, engine.Spot(top, period)] == parts + own.get((key, engine.Spot(top, period)), 0), (
            key
        )
        every = sum(value for (name, _spot), value in own.items() if name == key)
        assert whole[key, engine.Spot(top, period)] == every, key


@in_random_worlds(15)
def test_it_adds_the_months_of_a_flow_up_to_the_period(world, period):
    flows = [key for key, figure in ADDITIVE.items() if isinstance(figure.basis, Flow)]
    top, months = world.top.pk, period.months()
    whole = values(engine.compute(flows, top, [period]))
    parts = values(engine.compute(flows, top, months))
    for key in flows:
        by_month = sum(parts[key, engine.Spot(top, month)] for month in months)
        assert whole[key, engine.Spot(top, period)] == by_month, key


@in_random_worlds(15)
def test_it_adds_the_parts_of_a_split_up_to_the_whole(world, period):
    top = world.top.pk
    whole = values(engine.compute(ADDITIVE, top, [period]))
    for column in sorted({name for figure in ADDITIVE.values() for name in figure.splits}):
        keys = [key for key, figure in ADDITIVE.items() if column in figure.splits]
        parts = values(engine.compute(keys, top, [period], split=column))
        for key in keys:
            together = sum(value for (name, _spot), value in parts.items() if name == key)
            assert whole[key, engine.Spot(top, period)] == together, (key, column)


def test_it_takes_a_stock_at_the_end_of_each_month(world):
    stocks = [key for key, figure in COUNTS.items() if not isinstance(figure.basis, Flow)]
    months = YEAR.months()
    together = engine.compute(stocks, world.top.pk, months)
    last = engine.compute(stocks, world.top.pk, [YEAR])
    for key in stocks:
        december = together[key, engine.Spot(world.top.pk, months[-1])]
        assert december.value == last[key, engine.Spot(world.top.pk, YEAR)].value


def test_it_counts_a_person_once_in_a_period_and_in_each_month(world):
    """Distinct counts are computed for each slice: months may add up to more than the year, never to less."""
    months = YEAR.months()
    key, top = "activities.persons", world.top.pk
    year = engine.compute([key], top, [YEAR])[key, engine.Spot(top, YEAR)].value
    parts = [cell.value or 0 for cell in engine.compute([key], top, months).values()]
    assert max(parts) <= year < sum(parts)


@pytest.mark.parametrize("code", ["2025", "2025Q2"])
def test_it_shows_every_row_of_every_figure_as_a_line(world, code):
    period = Period.parse(code)
    union = world.unions[1]
    answers = engine.compute(catalogue(), union.pk, [period])
    for key, figure in catalogue().items():
        cell = answers[key, engine.Spot(union.pk, period)]
        lists = lineage.rows(EVERYWHERE, key, union, period, 1, 10_000)
        for one in lists:
            assert len(one.lines) == one.number, key
            assert one.total == sum(line.amount or 0 for line in one.lines), key
            assert all(line.card.title and "查看范围" not in line.card.title for line in one.lines), key
        if isinstance(figure, Ratio):
            wanted = (cell.numerator or 0, cell.denominator or 0)
            assert tuple(one.total if one.is_sum else one.number for one in lists) == wanted, key
        elif isinstance(figure, Band) or not lists[0].is_sum:
            assert lists[0].number == (cell.value or 0), key
        else:
            assert lists[0].total == (cell.value or 0), key


def test_it_pages_through_all_rows_without_gap_or_repeat(world):
    key, union = "aid.payments", world.top
    whole = lineage.rows(EVERYWHERE, key, union, YEAR, 1, 10_000)[0]
    pages = [
        lineage.rows(EVERYWHERE, key, union, YEAR, page, 20)[0]
        for page in range(1, -(-whole.number // 20) + 1)
    ]
    assert [line.card.record_id for one in pages for line in one.lines] == [
        line.card.record_id for line in whole.lines
    ]
    assert pages[0].pages == len(pages) > 2


def test_it_works_in_a_world_without_any_ledger():
    nothing = Size(3, persons=0, activities=0, reliefs=0, entries=0, honours=0, moves=0, closures=0)
    world = build(1, nothing, "X")
    answers = engine.compute(catalogue(), world.top.pk, [YEAR])
    assert {cell.value for (key, _spot), cell in answers.items() if key.startswith("aid.")} == {None}
