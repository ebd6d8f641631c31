"""The answer to one figure for one union in one period."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.utils.translation import gettext as _

from zhijia.figures.definition import Definition
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity

PERCENT_SCALE = 10_000


@dataclass(frozen=True)
class Cell:
    """A computed figure.

    ``value`` is an integer: a count, money in fen, a percentage in hundredths of a percent; None means that
    the ledgers hold nothing to compute it from. ``rows`` is the number of rows (or of different things)
    behind it, ``missing`` how many of them lack the measure.
    """

    figure: Definition
    union_id: int
    period: Period
    value: int | None
    rows: int = 0
    missing: int = 0
    qualifier: Qualifier = Qualifier.EXACT
    numerator: int | None = None
    denominator: int | None = None

    @property
    def shown(self) -> str:
        """Return the value as people read it: 61人次, 2.5万元, 83.33%, 30余篇; 无数据 when there is none."""
        if self.value is None:
            return _("无数据")
        if self.figure.unit is CountUnit.PERCENT:
            about = _("约") if self.qualifier is Qualifier.ABOUT else ""
            return f"{about}{(Decimal(self.value) / 100).normalize():f}%"
        return str(Quantity(self.value, self.figure.unit, self.qualifier))

    @property
    def has_data(self) -> bool:
        """Say whether there is anything to show."""
        return self.value is not None


def divide(numerator: int | None, denominator: int | None, unit: CountUnit) -> int | None:
    """Divide once, in Decimal, half up: hundredths of a percent for PERCENT, else the plain quotient."""
    if numerator is None or not denominator:
        return None
    scale = PERCENT_SCALE if unit is CountUnit.PERCENT else 1
    quotient = Decimal(numerator) * scale / Decimal(denominator)
    return int(quotient.quantize(Decimal(1), ROUND_HALF_UP))


def qualifier_of(at_least: int, almost: int, about: int, missing: int) -> Qualifier:
    """Return the qualifier of a sum from how many of its parts carry which qualifier."""
    if about or (almost and (at_least or missing)):
        return Qualifier.ABOUT
    if almost:
        return Qualifier.ALMOST
    return Qualifier.AT_LEAST if at_least or missing else Qualifier.EXACT
