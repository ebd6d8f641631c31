"""Periods of time with both ends included: a year, half, quarter, month, or any two dates."""

import calendar
import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from django.utils.translation import gettext as _

Kind = Literal["year", "half", "quarter", "month", "free"]
FIRST_YEAR, LAST_YEAR = 1900, 2199  # beyond these a date is a slip of the pen

_MONTHS_OF: dict[Kind, int] = {"year": 12, "half": 6, "quarter": 3, "month": 1}
_CODE = re.compile(r"([0-9]{4})(?:H([12])|Q([1-4])|-(0[1-9]|1[0-2]))?")
_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
_FREE = re.compile(rf"({_DAY})\.\.({_DAY})")


def _last_of_month(year: int, month: int) -> int:
    return calendar.monthrange(year, month)[1]


def _months_later(year: int, month: int, months: int) -> tuple[int, int]:
    """Shift a month; the year and month that lie ``months`` later (or earlier, if negative)."""
    years, index = divmod(month - 1 + months, 12)
    return year + years, index + 1


def _shifted(day: date, months: int) -> date:
    """Shift a day by months; a day the month does not have becomes its last (29 February → 28)."""
    year, month = _months_later(day.year, day.month, months)
    return date(year, month, min(day.day, _last_of_month(year, month)))


@dataclass(frozen=True, order=True)
class Period:
    """All days from ``first`` to ``last``, both included. Ordered by first day, then last day.

    Raises ValueError if the days are in the wrong order or outside 1900-2199. Two periods of the same days
    are equal however they were written: ``2025-01-01..2025-06-30`` is ``2025H1``.
    """

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(_("期间的开始日期不能晚于结束日期。"))
        if self.first.year < FIRST_YEAR or self.last.year > LAST_YEAR:
            raise ValueError(_("期间的年份应在1900年至2199年之间。"))

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read ``2025``, ``2025H1``, ``2025Q2``, ``2025-03`` or ``2025-01-01..2025-06-30``.

        Anything else, and dates that do not exist, raise ValueError.
        """
        plain = unicodedata.normalize("NFKC", text).strip().upper()
        if found := _FREE.fullmatch(plain):
            try:
                first, last = (date.fromisoformat(part) for part in found.groups())
            except ValueError:
                raise ValueError(_("期间“%(text)s”里有不存在的日期。") % {"text": text}) from None
            return cls(first, last)
        if not (found := _CODE.fullmatch(plain)):
            raise ValueError(
                _("看不懂期间“%(text)s”，请写成 2025、2025H1、2025Q2、2025-03 或 2025-01-01..2025-06-30。")
                % {"text": text}
            )
        year, half, quarter, month = found.groups()
        if int(year) == 0:
            raise ValueError(_("期间的年份应在1900年至2199年之间。"))
        if half:
            return cls.half(int(year), int(half))
        if quarter:
            return cls.quarter(int(year), int(quarter))
        return cls.month(int(year), int(month)) if month else cls.year(int(year))

    @classmethod
    def _of_months(cls, year: int, month: int, count: int) -> "Period":
        last_year, last_month = _months_later(year, month, count - 1)
        return cls(date(year, month, 1), date(last_year, last_month, _last_of_month(last_year, last_month)))

    @classmethod
    def year(cls, year: int) -> "Period":
        """The calendar year."""
        return cls._of_months(year, 1, 12)

    @classmethod
    def half(cls, year: int, number: int) -> "Period":
        """The first (1) or second (2) half of a year; ValueError for another number."""
        if number not in (1, 2):
            raise ValueError(_("半年只有1和2。"))
        return cls._of_months(year, 6 * number - 5, 6)

    @classmethod
    def quarter(cls, year: int, number: int) -> "Period":
        """A quarter, 1 to 4; ValueError for another number."""
        if number not in (1, 2, 3, 4):
            raise ValueError(_("季度只有1到4。"))
        return cls._of_months(year, 3 * number - 2, 3)

    @classmethod
    def month(cls, year: int, number: int) -> "Period":
        """A calendar month, 1 to 12; ValueError for another number."""
        if not 1 <= number <= 12:  # noqa: PLR2004 - the months of a year
            raise ValueError(_("月份只有1到12。"))
        return cls._of_months(year, number, 1)

    @property
    def end(self) -> date:
        """The first day after the period, for half-open date filters."""
        return self.last + timedelta(days=1)

    @property
    def days(self) -> int:
        """How many days the period has, at least one."""
        return (self.end - self.first).days

    @property
    def _whole_months(self) -> int:
        """How many whole calendar months the period is made of; 0 if it cuts one."""
        if self.first.day != 1 or self.end.day != 1:
            return 0
        return (self.end.year - self.first.year) * 12 + self.end.month - self.first.month

    @property
    def kind(self) -> Kind:
        """``year``, ``half``, ``quarter``, ``month``, or ``free`` for any other stretch of days."""
        months = self._whole_months
        for kind, length in _MONTHS_OF.items():
            if months == length and (self.first.month - 1) % length == 0:
                return kind
        return "free"

    @property
    def code(self) -> str:
        """The one way to write this period; ``Period.parse`` reads it back."""
        year, month = self.first.year, self.first.month
        match self.kind:
            case "year":
                return f"{year}"
            case "half":
                return f"{year}H{month // 6 + 1}"
            case "quarter":
                return f"{year}Q{month // 3 + 1}"
            case "month":
                return f"{year}-{month:02d}"
            case _:
                return f"{self.first.isoformat()}..{self.last.isoformat()}"

    @property
    def label(self) -> str:
        """The name people read, in the language active when it is asked for: 2025年上半年."""
        first, last = self.first, self.last
        words = {
            "year": first.year,
            "month": first.month,
            "day": first.day,
            "to_year": last.year,
            "to_month": last.month,
            "to_day": last.day,
        }
        return _label_pattern(self) % words

    def __str__(self) -> str:
        return self.label

    def _moved(self, months: int) -> "Period":
        if self._whole_months:
            year, month = _months_later(self.first.year, self.first.month, months)
            return Period._of_months(year, month, self._whole_months)
        return Period(_shifted(self.first, months), _shifted(self.last, months))

    def previous_year(self) -> "Period":
        """The same stretch one year earlier (同比); 29 February becomes 28, whole months stay whole."""
        return self._moved(-12)

    def previous(self) -> "Period":
        """The stretch of the same length just before: the same months, else the same number of days."""
        if months := self._whole_months:
            return self._moved(-months)
        return Period(self.first - timedelta(days=self.days), self.first - timedelta(days=1))

    def next(self) -> "Period":
        """The stretch of the same length just after: the same months, else the same number of days."""
        if months := self._whole_months:
            return self._moved(months)
        return Period(self.end, self.last + timedelta(days=self.days))

    def months(self) -> tuple["Period", ...]:
        """The months of the period in order, the first and last one clipped to it."""
        found = []
        start = self.first
        while start <= self.last:
            stop = date(start.year, start.month, _last_of_month(start.year, start.month))
            found.append(Period(start, min(stop, self.last)))
            start = stop + timedelta(days=1)
        return tuple(found)

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period, its two ends included."""
        return self.first <= day <= self.last

    def __contains__(self, day: date) -> bool:
        return self.contains(day)


def _label_pattern(period: Period) -> str:
    """The translated pattern of a period's name."""
    month = period.first.month
    match period.kind:
        case "year":
            pattern = _("%(year)d年")
        case "half":
            pattern = _("%(year)d年上半年") if month == 1 else _("%(year)d年下半年")
        case "quarter":
            pattern = (
                _("%(year)d年第一季度"),
                _("%(year)d年第二季度"),
                _("%(year)d年第三季度"),
                _("%(year)d年第四季度"),
            )[month // 3]
        case "month":
            pattern = _("%(year)d年%(month)d月")
        case _ if period.first == period.last:
            pattern = _("%(year)d年%(month)d月%(day)d日")
        case _ if period.first.year == period.last.year:
            pattern = _("%(year)d年%(month)d月%(day)d日至%(to_month)d月%(to_day)d日")
        case _:
            pattern = _("%(year)d年%(month)d月%(day)d日至%(to_year)d年%(to_month)d月%(to_day)d日")
    return pattern


def latest_full_year(today: date) -> Period:
    """The last calendar year that was over before ``today``: the year a work summary is written about."""
    return Period.year(today.year - 1)
