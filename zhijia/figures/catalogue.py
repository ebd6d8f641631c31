"""All figures by key, and all fact tables by name; both are read once and closed."""

from __future__ import annotations

import functools
import importlib
import importlib.util
from collections.abc import Mapping
from types import MappingProxyType

from django.conf import settings

from zhijia.facts.table import FactTable
from zhijia.figures.definition import Definition
from zhijia.kernel.registry import registry


@functools.cache
def fact_tables() -> Mapping[str, FactTable]:
    """Return the fact tables that the cards name."""
    tables: dict[str, FactTable] = {}
    for table in registry().objects("facts"):
        if table.name in tables:
            raise ValueError(f"fact table {table.name} is declared twice")
        tables[table.name] = table
    return MappingProxyType(tables)


@functools.cache
def catalogue() -> Mapping[str, Definition]:
    """Return the figures of ``figures/metrics/<area>.py`` in the order of the areas."""
    figures: dict[str, Definition] = {}
    for area in settings.AREAS:
        name = f"zhijia.figures.metrics.{area}"
        if importlib.util.find_spec(name) is None:
            continue
        for figure in importlib.import_module(name).FIGURES:
            if figure.key in figures:
                raise ValueError(f"figure {figure.key} is declared twice")
            if figure.key.split(".")[0] != area:
                raise ValueError(f"figure {figure.key} belongs to another area than {area}")
            figures[figure.key] = figure
    return MappingProxyType(figures)
