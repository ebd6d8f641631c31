"""Loads the sheet 活动成绩; each row finds its activity by union, name and, where needed, day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.activities import rules
from zhijia.areas.activities.models import Activity, HostLevel, Result
from zhijia.areas.activities.queries.records import RECORD
from zhijia.areas.activities.sheets.rosters import Roster, roster_of
from zhijia.areas.activities.values import names, result_columns
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.sheets import rows_placed
from zhijia.kernel.chinese import normalise
from zhijia.kernel.records import BATCH, change_many, create_many
from zhijia.kit.sheets import BookContext, Outcome, Row, corrected, occurrence, overwrite, row_key

REACH = "the unions of the rows are within the importer's reach"
FIELDS = (
    "winner_kind",
    "winner",
    "person_id",
    "item",
    "rank",
    "level",
    "people",
    "people_qualifier",
    "awarded_on",
)
COLUMNS = {"person_id": "winner", "people_qualifier": "people"}


@dataclass
class Line:
    """One good row on its way into the table."""

    row: Row
    union: Union
    activity: Activity
    columns: dict[str, Any]


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Create and correct results; see ``kit.sheets``."""
    outcome = Outcome()
    placed = list(rows_placed(book, rows, outcome, RECORD))
    held = _held(placed)
    roster = roster_of(book, [row.values["winner"] for row, _union in placed])
    lines: list[Line] = []
    for row, union in placed:
        activity = _activity(row, held.get((union.pk, normalise(row.values["activity"])), []), outcome)
        line = activity and _line(row, union, activity, roster, outcome)
        if line:
            lines.append(line)
    _write(lines, outcome)
    return outcome


def _held(placed: Sequence[tuple[Row, Union]]) -> dict[tuple[int, str], list[Activity]]:
    """The activities of the rows' unions by union and name."""
    found: dict[tuple[int, str], dict[int, Activity]] = defaultdict(dict)
    for at in range(0, len(placed), BATCH):
        part = placed[at : at + BATCH]
        rows = Activity.objects.everywhere(REACH).filter(
            union_id__in={union.pk for _row, union in part},
            name__in={normalise(row.values["activity"]) for row, _union in part},
        )
        for activity in rows.select_related("union").order_by("held_on", "pk"):
            found[activity.union_id, activity.name][activity.pk] = activity
    return {key: list(held.values()) for key, held in found.items()}


def _activity(row: Row, held: list[Activity], outcome: Outcome) -> Activity | None:
    """The one activity that a row means; None with the error noted."""
    day = row.values["held_on"]
    fitting = [activity for activity in held if day is None or activity.held_on == day]
    if len(fitting) == 1:
        return fitting[0]
    if not held:
        outcome.error(row, "activity", _("该工会没有这项活动，请先在“活动”表登记，名称须一致。"))
    elif not fitting:
        days = "、".join(activity.held_on.isoformat() for activity in held[:5])
        outcome.error(row, "held_on", _("该活动不在这一天，已登记的日期：%(days)s。") % {"days": days})
    else:
        outcome.error(row, "held_on", _("该工会有几次同名活动，请填写活动日期。"))
    return None


def _line(row: Row, union: Union, activity: Activity, roster: Roster, outcome: Outcome) -> Line | None:
    """Check one row; None with the error noted."""
    values: dict[str, Any] = {name: row.values[name] for name in ("winner_kind", "winner", "rank", "people")}
    values["item"] = row.values["item"] or ""
    values["level"] = row.values["level"] or HostLevel.UNIT.value
    values["awarded_on"] = row.values["awarded_on"] or activity.held_on
    today = timezone.localdate()
    for column, verdict in (
        ("winner", rules.winner_named(values["winner_kind"], values["winner"], has_person=False)),
        ("awarded_on", rules.awarded_in_time(values["awarded_on"], activity.held_on, today)),
        ("people", rules.count_plausible(values["people"])),
    ):
        if not verdict:
            outcome.error(row, column, verdict.reason)
            return None
    columns = result_columns(values) | {"person_id": None}
    if values["winner_kind"] == Result.Winner.PERSON and len(names(values["winner"])) == 1:
        known, _unknown = roster.find(values["winner"], union)
        columns["person_id"] = next(iter(known or ()), None)
    return Line(row, union, activity, columns)


def _write(lines: Sequence[Line], outcome: Outcome) -> None:
    """Compare with what is stored and write the difference."""
    keys = occurrence(f"{line.union.pk}:{_natural(line)}" for line in lines)
    stored: dict[tuple[int, str], Result] = {}
    plain_keys = [key.partition(":")[2] for key in keys]
    for at in range(0, len(plain_keys), BATCH):
        for result in Result.objects.everywhere(REACH).filter(source_key__in=plain_keys[at : at + BATCH]):
            stored[result.union_id, result.source_key] = result
    kept = corrected(stored.values())
    new: list[Result] = []
    changed: list[Result] = []
    for line, key in zip(lines, plain_keys, strict=True):
        old = stored.get((line.union.pk, key))
        if old is None:
            new.append(Result(union=line.union, activity=line.activity, source_key=key, **line.columns))
        elif overwrite(
            old,
            {**line.columns, "activity_id": line.activity.pk},
            line.row,
            outcome,
            columns=COLUMNS,
            kept=kept,
        ):
            changed.append(old)
        else:
            outcome.unchanged += 1
    create_many(Result, new)
    change_many(Result, changed, ["activity", *(name.removesuffix("_id") for name in FIELDS)])
    outcome.created, outcome.updated = len(new), len(changed)


def _natural(line: Line) -> str:
    """What makes a prize the same prize; its rank may be corrected."""
    return row_key(
        line.activity.name,
        line.activity.held_on.isoformat(),
        line.columns["winner_kind"],
        line.columns["winner"],
        line.columns["item"],
    )
