"""The only place that touches Ibis' SQL compilers (a non-public class, pinned): expression in, SQL out.

Ibis is never connected to a database: its own PostgreSQL connection returned wrong ratios, and it could not
see Django's open transaction.
"""

from __future__ import annotations

import functools
import re
from typing import Any

PARAMETER = re.compile(r"'@(\w+)@'")


@functools.cache
def _compiler(dialect: str) -> Any:
    from ibis.backends.sql import compilers  # takes 0.2 s, so not at start-up

    names = {
        "sqlite": "SQLiteCompiler",
        "postgres": "PostgresCompiler",
        "duckdb": "DuckDBCompiler",
        "spark": "PySparkCompiler",
    }
    return getattr(compilers, names[dialect])()


def table(name: str, schema: dict[str, str]) -> Any:
    """Return an unbound Ibis table."""
    import ibis  # takes 0.2 s, so not at start-up

    return ibis.table(schema, name=name)


def literal(name: str) -> str:
    """Return the text that stands for a parameter inside an expression."""
    return f"@{name}@"


def sql(expression: Any, dialect: str) -> tuple[str, tuple[str, ...]]:
    """Compile to SQL with ``%s`` placeholders; the second part names the parameters in their order."""
    generated = _compiler(dialect).to_sqlglot(expression).sql(dialect)
    names = tuple(PARAMETER.findall(generated))
    return PARAMETER.sub("%s", generated.replace("%", "%%")), names
