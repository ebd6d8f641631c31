"""``manage figures``: the figures of a union in a period, as a table or as JSON."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from django.utils.translation import gettext as _

from zhijia.areas.organisations.models import Union
from zhijia.figures import ask
from zhijia.figures.catalogue import catalogue
from zhijia.figures.cell import Cell
from zhijia.kernel.period import Period
from zhijia.kernel.scope import EVERYWHERE

WRONG_INPUT = 2


def stop(text: str) -> CommandError:
    """Return the error that ends the command with code 2 and a message on stderr."""
    return CommandError(text, returncode=WRONG_INPUT)


def numbers(cell: Cell) -> dict[str, Any]:
    """Return a cell as JSON values: money in fen, rates in hundredths of a percent, null for no data."""
    return {
        "value": cell.value,
        "numerator": cell.numerator,
        "denominator": cell.denominator,
        "shown": cell.shown,
        "rows": cell.rows,
        "qualifier": cell.qualifier.value,
    }


def brief(cell: Cell) -> dict[str, Any]:
    """Return what a line of ``by`` says about its cell."""
    return {"value": cell.value, "shown": cell.shown, "rows": cell.rows}


class Command(BaseCommand):
    """Print figures; an unknown union, period or key is said on stderr, with exit code 2."""

    help = "Figures of a union in a period."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Declare the options."""
        parser.add_argument("--union", required=True, help=_("工会编码"))
        parser.add_argument(
            "--period", required=True, help="2025, 2025H1, 2025Q2, 2025-03, 2025-01-01..2025-06-30"
        )
        parser.add_argument("--by", choices=["union", "month"])
        parser.add_argument("--key", nargs="+", action="extend", default=[], help=_("指标代码,可写多个"))
        parser.add_argument("--json", action="store_true")

    def handle(self, *_args: object, **options: Any) -> None:
        """Compute and print."""
        union, period, keys = self._asked(options)
        compared = ask.figure_cells(EVERYWHERE, keys, union, period)
        parts = _by(options["by"], keys, union, period)
        figures = [_figure(key, compared[key], parts.get(key)) for key in keys]
        if options["json"]:
            answer = {
                "union": {"code": union.code, "name": union.name},
                "period": {
                    "code": period.code,
                    "from": period.first.isoformat(),
                    "to": period.last.isoformat(),
                },
                "figures": figures,
            }
            self.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1))
            return
        self.stdout.write(f"{union.name} ({union.code})  {period.label}")
        for line in figures:
            self._print(line)

    def _asked(self, options: dict[str, Any]) -> tuple[Union, Period, list[str]]:
        try:
            union = ask.union_by_code(EVERYWHERE, options["union"])
        except Http404:
            raise stop(_("没有编码为“%(code)s”的工会。") % {"code": options["union"]}) from None
        try:
            period = Period.parse(options["period"])
        except ValueError as error:
            raise stop(str(error)) from None
        unknown = [key for key in options["key"] if key not in catalogue()]
        if unknown:
            raise stop(_("没有这些指标:%(keys)s") % {"keys": ", ".join(unknown)})
        return union, period, list(dict.fromkeys(options["key"])) or list(catalogue())

    def _print(self, line: dict[str, Any]) -> None:
        last = line["last_year"]
        growth = line["growth_shown"] or line["change_shown"]
        before = f"{_('上年同期')} {last['shown']} {growth}".rstrip()
        self.stdout.write(f"{line['key']:<40} {line['label']}: {line['shown']}  ({before})")
        for part in line.get("by", ()):
            name = part.get("union", {}).get("name") or part.get("month")
            self.stdout.write(f"    {name}: {part['shown']}")


def _by(by: str | None, keys: list[str], union: Union, period: Period) -> dict[str, list[dict[str, Any]]]:
    if by == "union":
        ranked = ask.rankings(EVERYWHERE, keys, union, period)
        return {
            key: [
                {
                    "union": {"code": one.union.code, "name": one.union.name},
                    "rank": one.rank,
                    **brief(one.cell),
                }
                for one in lines
            ]
            for key, lines in ranked.items()
        }
    if by == "month":
        months = ask.by_month(EVERYWHERE, keys, union, period)
        return {
            key: [{"month": f"{cell.period.first:%Y-%m}", **brief(cell)} for cell in cells]
            for key, cells in months.items()
        }
    return {}


def _figure(key: str, compared: ask.Compared, parts: list[dict[str, Any]] | None) -> dict[str, Any]:
    figure = catalogue()[key]
    last_year = compared.last_year
    line = {
        "key": key,
        "label": str(figure.label),
        "unit": figure.unit.value,
        "kind": ask.kind_of(figure),
        **numbers(compared.cell),
        "last_year": numbers(last_year) if last_year else None,
        "change": compared.change,
        "change_shown": compared.change_shown,
        "growth": compared.growth,
        "growth_shown": compared.growth_shown,
    }
    if parts is not None:
        line["by"] = parts
    return line
