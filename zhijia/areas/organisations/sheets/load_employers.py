"""Loading the sheets 单位 and 单位人数."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.organisations import tree
from zhijia.areas.organisations.models import Employer, HeadCount, Union
from zhijia.areas.organisations.sheets import book_employers, book_unions
from zhijia.kernel.records import change_many, create_many
from zhijia.kit.sheets import BookContext, Outcome, Row, corrected, overwrite

RECORD = "organisations.record"
KEPT = ("sector", "uscc", "industry", "covered_on", "ended_on")


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Load the sheet 单位; natural key: union and name. A blank cell never erases."""
    outcome, unions, known = Outcome(), book_unions(book), book_employers(book)
    new: list[Employer] = []
    changed: list[Employer] = []
    seen: dict[tuple[int, str], int] = {}
    kept = corrected(known.by_union.values())
    for row in rows:
        name = row.values["name"]
        union = unions.find(row.values["union"])
        if union is None:
            if (advice := unions.advice(row.values["union"])) is not None:
                outcome.error(row, "union", advice)
            book.failed["employer"].add(name)
            continue
        if advice := unions.refusal(RECORD, tree.path_of(union)):
            outcome.error(row, "union", advice)
            book.failed["employer"].add(name)
            continue
        if first := seen.get((union.pk, name)):
            outcome.error(row, "name", _("单位与第%(row)d行重复，请删除一行。") % {"row": first})
            continue
        seen[union.pk, name] = row.number
        employer = known.find(name, union)
        values = _values(row, union, employer)
        if (problem := _problem(values)) is not None:
            outcome.error(row, *problem)
            book.failed["employer"].add(name)
        elif employer is None:
            made = Employer(union=union, name=name, **values)
            known.add(made)
            new.append(made)
        elif overwrite(employer, values, row, outcome, kept=kept):
            changed.append(employer)
        else:
            outcome.unchanged += 1
    create_many(Employer, new)
    change_many(Employer, changed, KEPT)
    outcome.created, outcome.updated = len(new), len(changed)
    return outcome


def _values(row: Row, union: Union, employer: Employer | None) -> dict[str, object]:
    """Return the filled-in fields of the row, with what follows from the union for a new employer."""
    values = {field: row.values[field] for field in KEPT if row.values[field] is not None}
    if employer is None:
        values.setdefault("covered_on", union.founded_on or tree.UNKNOWN_START)
        if union.closed_on:
            values.setdefault("ended_on", max(union.closed_on, values["covered_on"]))
    else:
        values.setdefault("covered_on", employer.covered_on)
        values.setdefault("ended_on", employer.ended_on)
    return values


def _problem(values: dict[str, object]) -> tuple[str, str] | None:
    """Return the column and the advice of what is wrong with the dates, if anything."""
    today = timezone.localdate().isoformat()
    covered, ended = str(values["covered_on"]), str(values.get("ended_on") or "")
    if covered > today:
        return "covered_on", _("日期不能晚于今天。")
    if ended and (ended < covered or ended > today):
        return "ended_on", _("终止日期应当在覆盖日期之后、今天之前。")
    return None


def load_counts(book: BookContext, rows: list[Row]) -> Outcome:
    """Load the sheet 单位人数; natural key: employer and day. A blank number never erases."""
    outcome = Outcome()
    found = [(row, _employer(book, row, outcome)) for row in rows]
    keys = {employer.pk for _row, employer in found if employer is not None}
    stored = {
        (count.employer_id, count.as_of): count
        for count in HeadCount.objects.everywhere("counts of employers in the importer's reach").filter(
            employer__in=keys
        )
    }
    new: list[HeadCount] = []
    changed: list[HeadCount] = []
    seen: dict[tuple[int, object], int] = {}
    for row, employer in found:
        if employer is None:
            continue
        key = (employer.pk, row.values["as_of"])
        if first := seen.get(key):
            outcome.error(row, "as_of", _("与第%(row)d行是同一单位同一天，请删除一行。") % {"row": first})
            continue
        seen[key] = row.number
        count = stored.get(key) or HeadCount(employer=employer, as_of=key[1], staff=row.values["staff"])
        before = (count.staff, count.women, count.migrants)
        after = _numbers(row, count)
        if (column := _too_many(*after)) is not None:
            outcome.error(row, column, _("人数不能超过职工人数。"))
        elif count.pk is None:
            count.staff, count.women, count.migrants = after
            new.append(count)
        elif before != after:
            count.staff, count.women, count.migrants = after
            changed.append(count)
        else:
            outcome.unchanged += 1
    create_many(HeadCount, new)
    change_many(HeadCount, changed, ["staff", "women", "migrants"])
    outcome.created, outcome.updated = len(new), len(changed)
    return outcome


def _numbers(row: Row, count: HeadCount) -> tuple[int, int | None, int | None]:
    women, migrants = row.values["women"], row.values["migrants"]
    return (
        row.values["staff"],
        count.women if women is None else women,
        count.migrants if migrants is None else migrants,
    )


def _too_many(staff: int, women: int | None, migrants: int | None) -> str | None:
    if women is not None and women > staff:
        return "women"
    if migrants is not None and migrants > staff:
        return "migrants"
    return None


def _employer(book: BookContext, row: Row, outcome: Outcome) -> Employer | None:
    """Find the employer that a row names; the row gets its error, unless the cause has one already."""
    unions, known, name = book_unions(book), book_employers(book), row.values["employer"]
    union = None
    if row.values["union"]:
        union = unions.find(row.values["union"])
        if union is None:
            if (advice := unions.advice(row.values["union"])) is not None:
                outcome.error(row, "union", advice)
            return None
    if row.values["as_of"] > timezone.localdate():
        outcome.error(row, "as_of", _("日期不能晚于今天。"))
        return None
    employer = known.find(name, union)
    if employer is None and name not in book.failed["employer"]:
        several = union is None and len(known.by_name.get(name, [])) > 1
        advice = (
            _("有几个单位都叫“%(name)s”，请填写所属工会。")
            if several
            else _("找不到单位“%(name)s”，请先在“单位”表登记。")
        )
        outcome.error(row, "employer", advice % {"name": name})
    elif employer is not None and (lacking := unions.refusal(RECORD, tree.path_of(employer.union))):
        outcome.error(row, "employer", lacking)
        return None
    return employer
