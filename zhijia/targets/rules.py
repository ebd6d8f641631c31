"""When a target is met, and when it is behind: less done than time has passed (时间过半任务未过半)."""

from datetime import date

from zhijia.kernel.period import Period


def elapsed_days(period: Period, today: date) -> int:
    """Return how many days of the period have passed at the end of ``today``, never more than it has."""
    return max(0, min((today - period.first).days + 1, period.days))


def is_met(value: int | None, goal: int) -> bool:
    """Say whether the goal is reached."""
    return value is not None and value >= goal


def is_behind(value: int | None, goal: int, period: Period, today: date) -> bool:
    """Say whether the share done is smaller than the share of time that has passed."""
    return not is_met(value, goal) and (value or 0) * period.days < goal * elapsed_days(period, today)
