"""The sheet 荣誉 of the year workbook: its columns and its loader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from zhijia.areas.honours import rules
from zhijia.areas.honours.models import Honour
from zhijia.areas.honours.queries import RECORD
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.sheets import rows_placed
from zhijia.kernel.chinese import normalise
from zhijia.kernel.records import BATCH, change_many, create_many
from zhijia.kit.sheets import (
    BookContext,
    Column,
    Kind,
    Outcome,
    Row,
    Sheet,
    corrected,
    occurrence,
    overwrite,
    row_key,
)

HERE = "zhijia.areas.honours"
IMPORT = "books.import"
REACH = "the unions of the rows are within the importer's reach"
FIELDS = (
    "name",
    "category",
    "level",
    "awarded_on",
    "awarder",
    "winner_kind",
    "winner",
    "person_id",
    "document",
    "source_key",
)
TIED = {"person_id": "winner"}

HONOURS = Sheet(
    key="honours",
    title="荣誉",
    load=f"{HERE}.sheets.load",
    note="每项荣誉一行。授予日期须写明年、月、日；只知道年份时请查证表彰文件的落款日期。",
    aliases=("荣誉台账", "表彰", "获得荣誉"),
    columns=(
        Column("union", "所属工会", required=True, aliases=("工会", "工会名称"), example="E01", width=24),
        Column(
            "name",
            "荣誉名称",
            required=True,
            aliases=("荣誉", "称号"),
            example="先进基层工会",
            width=28,
            max_length=100,
        ),
        Column(
            "category",
            "荣誉类别",
            Kind.CHOICE,
            aliases=("类别",),
            choices=tuple(Honour.Category.choices),
            note="留空按其他荣誉",
        ),
        Column(
            "level",
            "荣誉层级",
            Kind.CHOICE,
            required=True,
            aliases=("层级", "级别"),
            choices=tuple(Honour.Level.choices),
            example="县级",
        ),
        Column(
            "awarded_on",
            "授予日期",
            Kind.DATE,
            required=True,
            aliases=("获奖日期", "表彰日期", "日期"),
            note="须写明年、月、日，以表彰文件的落款日期为准",
            example="2025-04-28",
        ),
        Column("awarder", "授予单位", aliases=("颁发单位", "表彰单位"), max_length=100, width=20),
        Column(
            "winner_kind",
            "对象类别",
            Kind.CHOICE,
            required=True,
            aliases=("集体/个人", "集体或个人"),
            choices=tuple(Honour.Winner.choices),
            example="集体",
        ),
        Column(
            "winner",
            "获得者",
            required=True,
            aliases=("获奖者", "获得单位", "获奖单位"),
            example="示例县第一小学工会",
            width=24,
            max_length=100,
        ),
        Column("document", "文号", aliases=("表彰文号",), max_length=60, width=20),
    ),
)


@dataclass
class Line:
    """One good row on its way into the table."""

    row: Row
    union: Union
    columns: dict[str, Any]


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Create and correct honours; see ``kit.sheets``."""
    outcome = Outcome()
    lines = list(_lines(book, rows, outcome))
    _tie_persons(book, lines)
    keys = [
        key.partition(":")[2]
        for key in occurrence(f"{line.union.pk}:{_natural(Honour(**line.columns))}" for line in lines)
    ]
    stored = _stored(lines, keys)
    kept = corrected(stored.values())
    new: list[Honour] = []
    changed: list[Honour] = []
    for line, key in zip(lines, keys, strict=True):
        old = stored.get((line.union.pk, key))
        if old is None:
            new.append(Honour(union=line.union, source_key=key, **line.columns))
        elif overwrite(old, {**line.columns, "source_key": key}, line.row, outcome, columns=TIED, kept=kept):
            changed.append(old)
        else:
            outcome.unchanged += 1
    create_many(Honour, new)
    change_many(Honour, changed, [name.removesuffix("_id") for name in FIELDS])
    outcome.created, outcome.updated = len(new), len(changed)
    return outcome


def _lines(book: BookContext, rows: Iterable[Row], outcome: Outcome) -> Iterable[Line]:
    """Give each good row its union and its columns."""
    today = timezone.localdate()
    for row, union in rows_placed(book, rows, outcome, RECORD):
        columns = _columns(row)
        kind = columns["winner_kind"]
        wrong = [
            (column, verdict)
            for column, verdict in (
                ("awarded_on", rules.conferred(columns["awarded_on"], today)),
                ("winner_kind", rules.category_fits(columns["category"], kind)),
            )
            if not verdict
        ]
        for column, verdict in wrong:
            outcome.error(row, column, verdict.reason)
        if not wrong:
            yield Line(row, union, columns)


def _columns(row: Row) -> dict[str, Any]:
    columns = {name: row.values[name] for name in ("level", "awarded_on", "winner_kind")}
    columns |= {name: normalise(row.values[name] or "") for name in ("name", "awarder", "winner", "document")}
    columns["category"] = row.values["category"] or Honour.Category.OTHER.value
    return columns | {"person_id": None}


def _tie_persons(book: BookContext, lines: Sequence[Line]) -> None:
    """Tie an individual honour to the person of that name in the union; of several namesakes to none."""
    single = [line for line in lines if line.columns["winner_kind"] == Honour.Winner.PERSON]
    for at in range(0, len(single), BATCH):
        part = single[at : at + BATCH]
        found: dict[tuple[int, str], set[int]] = {}
        persons = Person.objects.within(book.actor.scope, IMPORT).filter(
            union_id__in={line.union.pk for line in part}, name__in={line.columns["winner"] for line in part}
        )
        for union, name, key in persons.values_list("union_id", "name", "pk"):
            found.setdefault((union, name), set()).add(key)
        for line in part:
            named = found.get((line.union.pk, line.columns["winner"]), set())
            line.columns["person_id"] = next(iter(named)) if len(named) == 1 else None


def _natural(honour: Honour) -> str:
    """What makes an honour the same honour."""
    return row_key(honour.name, honour.awarded_on.isoformat(), honour.winner_kind, honour.winner)


def _stored(lines: Sequence[Line], keys: Sequence[str]) -> dict[tuple[int, str], Honour]:
    """The honours that the lines mean by union and key; one entered by hand has the key that it would get."""
    found: dict[tuple[int, str], Honour] = {}
    rows = Honour.objects.everywhere(REACH)
    for at in range(0, len(keys), BATCH):
        part = lines[at : at + BATCH]
        by_hand = rows.filter(
            source_key="",
            union_id__in={line.union.pk for line in part},
            name__in={line.columns["name"] for line in part},
        )
        for honour in by_hand.order_by("-pk"):
            found[honour.union_id, _natural(honour)] = honour
    for at in range(0, len(keys), BATCH):
        for honour in rows.filter(source_key__in=keys[at : at + BATCH]):
            found[honour.union_id, honour.source_key] = honour
    return found
