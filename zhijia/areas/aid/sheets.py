"""The Excel sheet of relief and condolence payments and its loader."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.aid import queries, rules
from zhijia.areas.aid.models import Relief
from zhijia.areas.members.document import name_keys
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.sheets import rows_placed
from zhijia.kernel import records
from zhijia.kernel.identity import IdNumber
from zhijia.kernel.quantity import CountUnit
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
NAME_LENGTH = 50  # of a person
OCCASIONS: tuple[tuple[str, Text], ...] = (
    *Relief.Occasion.choices,
    ("warmth", gettext_lazy("送温暖")),
    ("warmth", gettext_lazy("春节慰问")),
    ("warmth", gettext_lazy("元旦春节慰问")),
    ("festival", gettext_lazy("节日慰问品")),
    ("women", gettext_lazy("妇女节慰问")),
    ("children", gettext_lazy("儿童节慰问")),
    ("marriage", gettext_lazy("结婚")),
    ("birth", gettext_lazy("生育")),
    ("birthday", gettext_lazy("生日")),
    ("illness", gettext_lazy("住院慰问")),
    ("illness", gettext_lazy("生病慰问")),
    ("bereavement", gettext_lazy("丧葬慰问")),
    ("retirement", gettext_lazy("退休")),
    ("hardship", gettext_lazy("困难救助")),
    ("hardship", gettext_lazy("困难慰问")),
    ("hardship", gettext_lazy("困难职工帮扶")),
    ("emergency", gettext_lazy("应急救助")),
    ("education", gettext_lazy("助学")),
    ("education", gettext_lazy("阳光助学")),
    ("education", gettext_lazy("寒窗助学")),
    ("cooling", gettext_lazy("清凉慰问")),
    ("front_line", gettext_lazy("一线职工慰问")),
    ("other", gettext_lazy("其他")),
)
FUNDS: tuple[tuple[str, Text], ...] = (
    *Relief.Fund.choices,
    ("retained", gettext_lazy("拨缴留成")),
    ("retained", gettext_lazy("工会经费")),
    ("higher", gettext_lazy("上级拨款")),
    ("employer", gettext_lazy("行政")),
    ("employer", gettext_lazy("福利费")),
    ("fiscal", gettext_lazy("财政资金")),
    ("fiscal", gettext_lazy("财政帮扶")),
    ("donation", gettext_lazy("捐款")),
    ("donation", gettext_lazy("社会捐助")),
    ("mutual", gettext_lazy("互助")),
)
FIELDS = ("beneficiary_kind", "person", *queries.COUNTS, "goods_value", "fund", "basis", "note")
"""What a workbook may change in a payment it brought before; the rest is its natural key."""
COLUMNS = {
    "beneficiary_kind": "kind",
    "people_qualifier": "people",
    "households_qualifier": "households",
    "person_id": "id_number",
}
"""The columns of what is not called like its column."""

RELIEF = Sheet(
    key="relief",
    title="慰问救助",
    load="zhijia.areas.aid.sheets.load",
    note="每笔慰问救助一行；多人慰问写总金额并填人次，家庭填户数。",
    aliases=("慰问", "送温暖", "困难帮扶"),
    columns=(
        Column("union", "所属工会", required=True, aliases=("工会", "工会名称"), width=24, example="E01"),
        Column(
            "occasion",
            "慰问事由",
            Kind.CHOICE,
            required=True,
            aliases=("事由", "慰问类别"),
            choices=OCCASIONS,
            example="生病住院慰问",
        ),
        Column("given_on", "日期", Kind.DATE, required=True, aliases=("慰问日期",), example="2025-03-05"),
        Column(
            "kind",
            "对象类别",
            Kind.CHOICE,
            choices=tuple(Relief.Beneficiary.choices),
            note="空白按个人；只填户数按家庭。",
            example="个人",
        ),
        Column(
            "beneficiary",
            "慰问对象",
            required=True,
            aliases=("姓名", "慰问对象姓名"),
            width=20,
            max_length=100,
            example="张示例",
        ),
        Column("id_number", "证件号码", Kind.ID_NUMBER, aliases=("身份证号", "身份证号码"), width=22),
        Column("people", "人次", Kind.QUANTITY, aliases=("慰问人次",), unit=CountUnit.PERSON_TIME),
        Column("households", "户数", Kind.QUANTITY, aliases=("慰问户数",), unit=CountUnit.HOUSEHOLD),
        Column("amount", "金额(元)", Kind.MONEY, aliases=("金额", "慰问金"), example="500.00"),
        Column("goods", "慰问品", max_length=100),
        Column("goods_value", "慰问品价值(元)", Kind.MONEY, aliases=("慰问品价值", "慰问品金额")),
        Column("fund", "资金来源", Kind.CHOICE, required=True, choices=FUNDS, example="拨缴经费留成"),
        Column("basis", "依据", max_length=100, note="发文字号或制度名称。"),
        Column("note", "说明", aliases=("备注",), width=30),
    ),
)


@dataclass
class Item:
    """One row on its way: where it was written, the payment made of it, and the stored one if known."""

    row: Row
    relief: Relief
    number: IdNumber | None
    stored: Relief | None


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Write the rows of the sheet: new ones are created, known ones brought up to date."""
    outcome = Outcome()
    placed = list(rows_placed(book, rows, outcome, queries.RECORD))
    keys = occurrence(_key(union, row) for row, union in placed)
    stored = queries.reliefs_by_key(book.actor.scope, IMPORT, keys)
    items = [
        Item(row, _relief(row, union, key), row.values["id_number"], stored.get((union.pk, key)))
        for (row, union), key in zip(placed, keys, strict=True)
    ]
    known = queries.persons_by_number(item.number.number for item in items if item.number)
    _name_persons(items, known, outcome)
    items = list(_allowed(items, outcome))
    _open_files(items, known, outcome)
    new = [item.relief for item in items if item.stored is None]
    kept = corrected(item.stored for item in items if item.stored is not None)
    changed = [item.stored for item in items if item.stored is not None and _update(item, outcome, kept)]
    records.create_many(Relief, new)
    records.change_many(Relief, changed, FIELDS)
    outcome.created, outcome.updated = len(new), len(changed)
    outcome.unchanged = len(items) - len(new) - len(changed)
    return outcome


def _key(union: Union, row: Row) -> str:
    parts = ("given_on", "occasion", "beneficiary", "amount", "goods")
    return row_key(union.code, *(row.values[name] for name in parts))


def _relief(row: Row, union: Union, key: str) -> Relief:
    value = row.values
    people, households = value["people"], value["households"]
    kind = value["kind"] or (
        Relief.Beneficiary.HOUSEHOLD if households and not people else Relief.Beneficiary.PERSON
    )
    relief = Relief(
        union=union,
        source_key=key,
        occasion=value["occasion"],
        given_on=value["given_on"],
        fund=value["fund"],
        beneficiary_kind=kind,
        beneficiary=value["beneficiary"] or "",
        amount=value["amount"],
        goods=value["goods"] or "",
        goods_value=value["goods_value"],
        basis=value["basis"] or "",
        note=value["note"] or "",
    )
    queries.set_counts(relief, *rules.counted(kind, people, households))
    return relief


def person_name(relief: Relief) -> str:
    """Return the name of the person whose number stands in the row: 张示例家庭 is the home of 张示例."""
    name = relief.beneficiary
    if relief.beneficiary_kind == Relief.Beneficiary.HOUSEHOLD:
        name = name.removesuffix("家庭").removesuffix("家")
    return name[:NAME_LENGTH]


def _name_persons(items: list[Item], known: dict[str, Person], outcome: Outcome) -> None:
    """Tie payments to the persons whose numbers they give; a number with another name is not tied."""
    for item in items:
        person = known.get(item.number.number) if item.number else None
        if person is None:
            continue
        if person.name == person_name(item.relief):
            item.relief.person = person
        else:
            item.number = None
            outcome.warn(item.row, "id_number", _("证件号码与慰问对象的姓名不一致，没有关联到个人，请核对。"))


def _allowed(items: list[Item], outcome: Outcome) -> Iterator[Item]:
    """Keep what the rules allow; what they warn of is said. The year's festival goods add up in day order."""
    persons = (item.relief.person_id for item in items if item.relief.person_id)
    given = queries.festival_given(persons, (item.stored.pk for item in items if item.stored))
    ok: list[Item] = []
    for item in sorted(items, key=lambda one: (one.relief.given_on, one.row.number)):
        relief, good = item.relief, True
        for finding in queries.findings(relief, given):
            if not finding.verdict.ok:
                outcome.error(item.row, finding.field, finding.verdict.reason)
                good = False
            elif finding.verdict.level == "warn":
                outcome.warn(item.row, finding.field, finding.verdict.reason)
        if good:
            ok.append(item)
            _add_up(given, relief)
    yield from sorted(ok, key=lambda one: one.row.number)


def _add_up(given: queries.Given, relief: Relief) -> None:
    counts = relief.occasion == Relief.Occasion.FESTIVAL and relief.fund in rules.CAPPED_FUNDS
    if counts and relief.person_id:
        key = (relief.person_id, relief.given_on.year)
        given[key] = given.get(key, 0) + (relief.amount or 0) + (relief.goods_value or 0)


def _open_files(items: list[Item], known: dict[str, Person], outcome: Outcome) -> None:
    """Open a file for each number that nobody has yet: a beneficiary need not be a member."""
    made: dict[str, Person] = {}
    waiting = [
        item
        for item in items
        if item.number
        and item.number.number not in known
        and item.relief.beneficiary_kind != Relief.Beneficiary.UNIT
    ]
    for item in waiting:
        number, relief = item.number, item.relief
        if number is None:
            continue
        person = made.get(number.number)
        if person is None:
            made[number.number] = Person(
                union=relief.union,
                name=person_name(relief),
                id_number=number.number,
                sex=number.sex,
                born_on=number.birth,
                **name_keys(person_name(relief)),
            )
        elif person.name != person_name(relief):
            outcome.warn(item.row, "id_number", _("同一证件号码在本表中有不同姓名，没有关联到个人，请核对。"))
            item.number = None
    records.create_many(Person, list(made.values()))
    for item in waiting:
        if item.number:
            item.relief.person = made[item.number.number]


def _update(item: Item, outcome: Outcome, kept: Collection[int]) -> bool:
    """Bring a known payment up to date; say whether anything changed. A blank number keeps the person."""
    if item.stored is None:
        return False
    values = {name: getattr(item.relief, name) for name in (*FIELDS, "person_id") if name != "person"}
    return overwrite(item.stored, values, item.row, outcome, columns=COLUMNS, kept=kept)
