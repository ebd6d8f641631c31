"""The Excel sheet of the money ledger and its loader."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.finance import queries, rules, states
from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.sheets import rows_placed
from zhijia.kernel import records
from zhijia.kit.sheets import (
    BookContext,
    Column,
    Kind,
    Outcome,
    Row,
    Sheet,
    Text,
    corrected,
    occurrence,
    overwrite,
    row_key,
)

IMPORT = "books.import"
KINDS: tuple[tuple[str, Text], ...] = (
    *Entry.Kind.choices,
    ("contribution", gettext_lazy("拨缴经费")),
    ("dues", gettext_lazy("会费")),
    ("subsidy", gettext_lazy("上级补助")),
    ("refund", gettext_lazy("返还")),
    ("booked", gettext_lazy("行政列支")),
    ("transfer", gettext_lazy("划拨")),
    ("spending", gettext_lazy("支出")),
)
FIELDS = ("category", "formalities", "employer", "wage_base")
"""What a workbook may change in an entry it brought before; the rest is its natural key."""

ENTRIES = Sheet(
    key="entries",
    title="经费",
    load="zhijia.areas.finance.sheets.load",
    note="每笔经费收支一行；金额以元为单位。",
    aliases=("经费台账", "经费收支"),
    columns=(
        Column(
            "union", "所属工会", required=True, aliases=("工会", "工会名称"), width=24, example="示例小学工会"
        ),
        Column(
            "kind",
            "类别",
            Kind.CHOICE,
            required=True,
            aliases=("收支类别",),
            choices=KINDS,
            example="经费支出",
        ),
        Column("happened_on", "日期", Kind.DATE, required=True, aliases=("发生日期",), example="2025-03-05"),
        Column(
            "amount", "金额(元)", Kind.MONEY, required=True, aliases=("金额", "金额（元）"), example="1200.00"
        ),
        Column(
            "category",
            "支出科目",
            Kind.CHOICE,
            aliases=("科目",),
            choices=tuple(Entry.Category.choices),
            note="类别为“经费支出”时必填。",
            example="文体活动",
        ),
        Column(
            "formalities",
            "返还手续",
            Kind.CHOICE,
            choices=tuple(Entry.Formalities.choices),
            note="只用于税务代收的拨缴经费。",
        ),
        Column(
            "employer", "单位名称", aliases=("缴费单位",), width=24, max_length=100, note="已登记的覆盖单位。"
        ),
        Column("counterparty", "对方单位", aliases=("往来单位",), width=24, max_length=100),
        Column("wage_base", "工资总额(元)", Kind.MONEY, aliases=("工资总额", "工资总额（元）")),
        Column("note", "摘要", aliases=("说明", "用途"), width=30),
    ),
)


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Write the rows of the sheet: new ones are created, known ones brought up to date."""
    outcome = Outcome()
    placed = list(rows_placed(book, rows, outcome, queries.RECORD))
    keys = occurrence(_key(union, row) for row, union in placed)
    known = queries.entries_by_key(book.actor.scope, IMPORT, keys)
    employers = queries.employers_by_name(book.actor.scope, IMPORT, (union.pk for _row, union in placed))
    kept = corrected(known.values())
    new: list[Entry] = []
    changed: list[Entry] = []
    for (row, union), key in zip(placed, keys, strict=True):
        entry = _entry(row, union, key)
        _name_payer(entry, row, employers.get((union.pk, row.values["employer"] or "")), outcome)
        old = known.get((union.pk, key))
        if not _allowed(row, entry, outcome):
            continue
        if old is None:
            new.append(entry)
        elif _updated(old, entry, row, outcome, kept):
            changed.append(old)
        else:
            outcome.unchanged += 1
    records.create_many(Entry, new)
    records.change_many(Entry, changed, FIELDS)
    outcome.created, outcome.updated = len(new), len(changed)
    return outcome


def _key(union: Union, row: Row) -> str:
    value = row.values
    parts = ("happened_on", "kind", "amount", "note", "counterparty")
    return row_key(union.code, *(value[name] for name in parts))


def _entry(row: Row, union: Union, key: str) -> Entry:
    value = row.values
    texts: dict[str, Any] = {
        name: value[name] or "" for name in ("category", "formalities", "counterparty", "note")
    }
    return Entry(
        union=union,
        source_key=key,
        kind=value["kind"],
        happened_on=value["happened_on"],
        amount=value["amount"],
        wage_base=value["wage_base"],
        **texts,
    )


def _name_payer(entry: Entry, row: Row, employer: Any, outcome: Outcome) -> None:
    """Tie the entry to the covered employer; a name that is not registered is kept as the counterparty."""
    name = row.values["employer"] or ""
    entry.employer = employer
    if not name or employer is not None:
        return
    if not entry.counterparty:
        entry.counterparty = name
    outcome.warn(
        row, "employer", _("该工会的覆盖单位中没有这个名称，已记为对方单位。如需关联请先登记覆盖单位。")
    )


def _allowed(row: Row, entry: Entry, outcome: Outcome) -> bool:
    movement = rules.Movement(
        entry.kind,
        entry.happened_on,
        entry.amount,
        entry.category,
        entry.formalities,
        entry.wage_base,
        entry.note,
    )
    good = True
    for finding in rules.check(movement, today=timezone.localdate(), jurisdiction=settings.JURISDICTION):
        if finding.verdict.ok:
            outcome.warn(row, finding.field, finding.verdict.reason)
        else:
            outcome.error(row, finding.field, finding.verdict.reason)
            good = False
    return good


def _updated(old: Entry, new: Entry, row: Row, outcome: Outcome, kept: Collection[int]) -> bool:
    """Bring a known entry up to date; say whether anything changed. Formalities never go back (R5.5)."""
    values = {name: getattr(new, name) for name in ("category", "formalities", "wage_base")}
    values["employer_id"] = new.employer_id
    if old.formalities and states.is_back(old.formalities, new.formalities):
        if new.formalities:
            label = Entry.Formalities(old.formalities).label
            outcome.warn(row, "formalities", _("返还手续不能退回，保留“%(state)s”。") % {"state": label})
        del values["formalities"]
    return overwrite(old, values, row, outcome, columns={"employer_id": "employer"}, kept=kept)
