"""The same definitions give the same integers on DuckDB, and compile for Spark."""

from __future__ import annotations

import duckdb
import pytest
from django.db import connection

from zhijia.facts.table import problems
from zhijia.figures import compiler, engine, statement
from zhijia.figures.catalogue import catalogue, fact_tables
from zhijia.figures.definition import Count
from zhijia.kernel.period import Period

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2025")
TYPES = {"int": "BIGINT", "text": "VARCHAR"}
COUNTS = [figure for figure in catalogue().values() if isinstance(figure, Count)]
TABLES = sorted({figure.table for figure in COUNTS})


def figures_of(name):
    return [figure for figure in COUNTS if figure.table == name]


def rows_of(table):
    """Read the live rows of a fact table as they are."""
    sql, values = table.sql()
    names = ", ".join(f'"{column.name}"' for column in table.columns)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {names} FROM ({sql}) AS live", values)
        return cursor.fetchall()


@pytest.fixture(scope="module")
def duck(world, django_db_blocker):
    """Copy every fact table of the world into DuckDB."""
    house = duckdb.connect()
    with django_db_blocker.unblock():
        for name, table in fact_tables().items():
            columns = ", ".join(f'"{column.name}" {TYPES[column.kind]}' for column in table.columns)
            house.execute(f'CREATE TABLE "{name}" ({columns})')
            marks = ", ".join("?" * len(table.columns))
            found = [list(row) for row in rows_of(table)]
            if found:
                house.executemany(f'INSERT INTO "{name}" VALUES ({marks})', found)
    yield house
    house.close()


def on_duck(duck, name, target, slices, mode):
    """Run a statement as engine.run does, with DuckDB's tables in place of the live ones."""
    body, names = compiler.sql(
        statement.measures(fact_tables()[name], figures_of(name), mode, None), "duckdb"
    )
    slice_sql, days = engine.slice_sql(slices)
    values = engine.bound(target, slices)
    text = (
        f'WITH placed AS (SELECT * FROM "organisations.placement"), slice AS ({slice_sql}), '
        f'fact AS (SELECT * FROM "{name}") SELECT * FROM ({body}) AS answer'
    )
    cursor = duck.execute(
        text.replace("%s", "?").replace("%%", "%"), [*days, *(values[key] for key in names)]
    )
    columns = [column[0] for column in cursor.description]
    return [dict(zip(columns, row, strict=True)) for row in cursor.fetchall()]


@pytest.mark.parametrize("mode", statement.MODES)
@pytest.mark.parametrize("name", TABLES)
def test_it_gives_the_same_integers_on_duckdb(world, duck, name, mode):
    figures, slices = figures_of(name), [YEAR, *YEAR.months()] if mode == "self" else [YEAR]
    rows = on_duck(duck, name, world.top.pk, slices, mode)
    keys = tuple(figure.key for figure in figures)
    compiled = engine.compiled_measures(name, keys, mode, None, engine.dialect())
    live = engine.run(fact_tables()[name], compiled, world.top.pk, slices)
    there = engine.cells_of(figures, rows, slices, None)
    assert there == engine.cells_of(figures, live, slices, None)
    assert there


@pytest.mark.parametrize("name", TABLES)
def test_it_compiles_for_spark(name):
    sql, names = compiler.sql(
        statement.measures(fact_tables()[name], figures_of(name), "children", None), "spark"
    )
    assert "GROUP BY" in sql
    assert set(names) == {"target", "as_of"}


@pytest.mark.parametrize("name", sorted(fact_tables()))
def test_it_declares_facts_as_integers_and_texts_without_nulls(world, name):
    table = fact_tables()[name]
    assert problems(table) == []
    kinds = {"int": int, "text": str}
    for row in rows_of(table):
        for column, value in zip(table.columns, row, strict=True):
            assert isinstance(value, kinds[column.kind]) or (value is None and column.nullable), column.name


def test_it_compiles_once_for_one_slice_and_for_twelve(world):
    engine.compiled_measures.cache_clear()
    engine.compute(["aid.payments"], world.top.pk, [YEAR])
    engine.compute(["aid.payments"], world.top.pk, YEAR.months())
    assert engine.compiled_measures.cache_info().misses == 1


def test_it_asks_each_fact_table_once(world, django_assert_num_queries):
    engine.compute(catalogue(), world.top.pk, [YEAR])
    bands = 4  # the unions of the bands by themselves: three fact tables, and the tree
    with django_assert_num_queries(len(TABLES) + bands):
        engine.compute(catalogue(), world.top.pk, YEAR.months())
