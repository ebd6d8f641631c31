"""Loads the sheet 活动: many rows with few queries; the same file again changes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.activities import rules
from zhijia.areas.activities.models import Activity, HostLevel, Participation
from zhijia.areas.activities.outputs import read_output
from zhijia.areas.activities.queries.records import RECORD
from zhijia.areas.activities.sheets.rosters import Roster, roster_of
from zhijia.areas.activities.values import activity_columns
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.sheets import rows_placed
from zhijia.kernel.records import BATCH, change_many, create_many, remove
from zhijia.kit.sheets import BookContext, Outcome, Row, corrected, occurrence, overwrite, row_key

COPIED = ("name", "held_on", "ended_on", "people", "audience", "cost")
TEXTS = ("host", "venue", "note")
FIELDS = (
    "name",
    "name_key",
    "held_on",
    "ended_on",
    "kind_id",
    "host_level",
    "host",
    "venue",
    "people",
    "people_qualifier",
    "audience",
    "audience_qualifier",
    "output",
    "output_qualifier",
    "output_unit",
    "cost",
    "note",
    "source_key",
)
COLUMNS = {
    "name_key": "name",
    "kind_id": "kind",
    "people_qualifier": "people",
    "audience_qualifier": "audience",
    "output_qualifier": "output",
    "output_unit": "output",
}


@dataclass
class Line:
    """One good row on its way into the table."""

    row: Row
    union: Union
    columns: dict[str, Any]
    persons: set[int] | None = None  # None: the row says nothing about names
    key: str = ""
    activity: Activity = field(default_factory=Activity)
    state: str = "unchanged"


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Create and correct activities and their named people; see ``kit.sheets``."""
    outcome = Outcome()
    placed = list(rows_placed(book, rows, outcome, RECORD))
    roster = roster_of(book, [row.values["persons"] for row, _union in placed])
    lines = [line for row, union in placed if (line := _line(row, union, roster, outcome)) is not None]
    keys = occurrence(f"{line.union.pk}:{_natural(line)}" for line in lines)
    for line, key in zip(lines, keys, strict=True):
        line.key = key.partition(":")[2]
    _match(lines)
    kept = corrected(line.activity for line in lines if line.state != "created")
    _compare(lines, outcome, kept)
    _write(lines)
    _write_persons(lines, outcome, kept)
    outcome.created = sum(line.state == "created" for line in lines)
    outcome.updated = sum(line.state == "updated" for line in lines)
    outcome.unchanged = len(lines) - outcome.created - outcome.updated
    return outcome


def _line(row: Row, union: Union, roster: Roster, outcome: Outcome) -> Line | None:
    """Check one row; None with the error noted when it cannot be taken."""
    values: dict[str, Any] = {name: row.values[name] for name in COPIED}
    values |= {name: row.values[name] or "" for name in TEXTS}
    values["host_level"] = row.values["host_level"] or HostLevel.UNIT.value
    try:
        values["output"] = read_output(row.values["output"], row.values["output_unit"])
    except ValueError as error:
        outcome.error(row, "output", str(error))
        return None
    verdict = rules.activity_recordable(values, timezone.localdate())
    if not verdict:
        outcome.error(row, _blamed(values), verdict.reason)
        return None
    persons = None
    if row.values["persons"]:
        persons, advice = roster.find(row.values["persons"], union)
        if persons is None:
            if advice:
                outcome.error(row, "persons", advice)
            return None
        held = rules.already_held(values["held_on"], timezone.localdate())
        if not held:
            outcome.error(row, "held_on", held.reason)
            return None
    return Line(row, union, {**activity_columns(values), "kind_id": row.values["kind"]}, persons)


def _blamed(values: dict[str, Any]) -> str:
    """The column at fault where the rules on a whole activity refuse."""
    if not rules.days_in_order(values["held_on"], values["ended_on"]):
        return "ended_on"
    wrong = [name for name in ("people", "audience", "output") if not rules.count_plausible(values[name])]
    return "cost" if not rules.cost_allowed(values["cost"]) else next(iter(wrong), "held_on")


def _natural(line: Line) -> str:
    return row_key(line.columns["held_on"].isoformat(), line.columns["name"])


def _stored(
    lines: Sequence[Line],
) -> tuple[dict[tuple[int, str], Activity], dict[tuple[int, date, str], list[Activity]]]:
    """The activities that the lines can mean: by union and key, and those without a key by day and name."""
    by_key: dict[tuple[int, str], Activity] = {}
    by_hand: dict[tuple[int, date, str], dict[int, Activity]] = defaultdict(dict)
    rows = Activity.objects.everywhere("the unions of the rows are within the importer's reach")
    for at in range(0, len(lines), BATCH):
        part = lines[at : at + BATCH]
        unions = {line.union.pk for line in part}
        for activity in rows.filter(source_key__in=[line.key for line in part]):
            by_key[activity.union_id, activity.source_key] = activity
        named = {line.columns["name"] for line in part}
        for activity in rows.filter(union_id__in=unions, source_key="", name__in=named):
            by_hand[activity.union_id, activity.held_on, activity.name][activity.pk] = activity
    return by_key, {key: list(found.values()) for key, found in by_hand.items()}


def _match(lines: Sequence[Line]) -> None:
    """Find the stored activity of each line: by key, else one entered by hand with the same day and name."""
    stored, by_hand = _stored(lines)
    for line in lines:
        found = stored.get((line.union.pk, line.key))
        if found is None:
            waiting = by_hand.get((line.union.pk, line.columns["held_on"], line.columns["name"]))
            found = waiting.pop(0) if waiting else None
        if found is None:
            columns = {**line.columns, "source_key": line.key}
            line.activity, line.state = Activity(union=line.union, **columns), "created"
        else:
            line.activity = found


def _compare(lines: Sequence[Line], outcome: Outcome, kept: Collection[int]) -> None:
    """Bring the stored activities up to date, except for what was corrected on pages."""
    for line in lines:
        columns = {**line.columns, "source_key": line.key}
        if line.state != "created" and overwrite(
            line.activity, columns, line.row, outcome, columns=COLUMNS, kept=kept
        ):
            line.state = "updated"


def _write(lines: Sequence[Line]) -> None:
    create_many(Activity, [line.activity for line in lines if line.state == "created"])
    fields = [name.removesuffix("_id") for name in FIELDS]
    change_many(Activity, [line.activity for line in lines if line.state == "updated"], fields)


def _write_persons(lines: Sequence[Line], outcome: Outcome, kept: Collection[int]) -> None:
    """Make the names of each row the people of its activity; a row without names leaves them alone."""
    named = [line for line in lines if line.persons is not None]
    before: dict[int, dict[int, Participation]] = defaultdict(dict)
    rows = Participation.objects.everywhere("the activities are those of the rows")
    for at in range(0, len(named), BATCH):
        for one in rows.filter(activity__in=[line.activity.pk for line in named[at : at + BATCH]]):
            before[one.activity_id][one.person_id] = one
    new: list[Participation] = []
    for line in named:
        had, wanted = before[line.activity.pk], line.persons or set()
        if had.keys() != wanted and line.activity.pk in kept:
            outcome.warn(line.row, "persons", _("系统中已更正，未用文件覆盖。"))
            continue
        new += [
            Participation(activity=line.activity, person_id=person) for person in sorted(wanted - had.keys())
        ]
        for person in sorted(had.keys() - wanted):
            remove(had[person])
        if had.keys() != wanted and line.state == "unchanged":
            line.state = "updated"
    create_many(Participation, new)
