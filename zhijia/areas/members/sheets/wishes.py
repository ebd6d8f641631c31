"""What the rows of the sheet 会员 ask for: each row one person and one or two spans of membership."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.members.document import Document, birth_conflict, read_document, sex_conflict
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.queries import RECORD
from zhijia.areas.members.sheets import FAILED, number_of
from zhijia.areas.organisations.models import Employer, Union
from zhijia.areas.organisations.sheets import book_employers, book_unions
from zhijia.kit.sheets import BookContext, Outcome, Row

State, Start, End = Membership.State, Membership.Start, Membership.End
PERSON_FIELDS = ("phone", "ethnicity", "education", "politics", "migrant", "new_form")
PLACE_FIELDS = ("card_no", "post", "dues_base")


@dataclass
class Wish:
    """One span that a row asks for; ``ends_on`` None means that it goes on."""

    starts_on: date
    start_cause: str
    state: str
    ends_on: date | None = None
    end_cause: str = ""

    @property
    def standing(self) -> str:
        """Tell retained spans from others that begin on the same day."""
        return "retained" if self.start_cause == Start.RETAINED else "active"


@dataclass
class Entry:
    """One good row: the person's document and values, the union, the employer, and the spans."""

    row: Row
    union: Union
    document: Document
    person: dict[str, Any]
    place: dict[str, Any]
    wishes: list[Wish] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The document's number."""
        return self.document.number


class RowError_(Exception):  # noqa: N801, N818 - never leaves this module: a row's column and advice
    """What is wrong with a row; an empty advice keeps silent, because another row has said it."""

    def __init__(self, column: str, advice: str) -> None:
        super().__init__(advice)
        self.column, self.advice = column, advice


def entries(book: BookContext, rows: list[Row], outcome: Outcome) -> list[Entry]:
    """Return the good rows; each bad one is told in ``outcome`` and remembered for later sheets."""
    reading, good = _Reading(book), []
    for at, row in enumerate(rows, start=1):
        try:
            entry = reading.entry(row)
        except RowError_ as error:
            if error.advice:
                outcome.error(row, error.column, error.advice)
            remember_failure(book, row)
            continue
        if entry.document.converted:
            outcome.warn(row, "id_number", _("15位证件号码已换算为18位，请核对。"))
        good.append(entry)
        if at % 1000 == 0:
            book.progress(at, len(rows) * 2, "")
    return good


def remember_failure(book: BookContext, row: Row) -> None:
    """Let later sheets keep silent about this person."""
    book.failed[FAILED] |= {row.values["name"], number_of(row.values["id_number"])}


class _Reading:
    """Reads rows; holds the finders and what is the same for all rows."""

    def __init__(self, book: BookContext) -> None:
        self.book = book
        self.unions = book_unions(book)
        self.employers = book_employers(book)
        self.today = timezone.localdate()
        self.only: dict[int, Employer | None] = {}
        for (union_id, _name), employer in self.employers.by_union.items():
            if employer.ended_on is None:
                self.only[union_id] = None if union_id in self.only else employer

    def entry(self, row: Row) -> Entry:
        values = row.values
        union = self.unions.find(values["union"])
        if union is None:
            raise RowError_("union", self.unions.advice(values["union"]) or "")
        if advice := self.unions.refusal(RECORD, union.path or ""):
            raise RowError_("union", advice)
        try:
            document = read_document(values["id_type"] or Person.IdType.RESIDENT, values["id_number"])
        except ValueError as error:
            raise RowError_("id_number", str(error)) from None
        if conflict := sex_conflict(document, values["sex"] or ""):
            raise RowError_("sex", conflict)
        if conflict := birth_conflict(document, values["born_on"]):
            raise RowError_("born_on", conflict)
        wishes = self._wishes(row, union)
        person = {key: values[key] for key in PERSON_FIELDS if values[key] is not None}
        person |= {"name": values["name"], "id_type": document.id_type, "id_number": document.number}
        if sex := document.sex or values["sex"]:
            person["sex"] = sex
        if born_on := document.born_on or values["born_on"]:
            person["born_on"] = born_on
        place = {key: values[key] for key in PLACE_FIELDS if values[key] is not None}
        if employer := self._employer(values["employer"], union):
            place["employer"] = employer
        return Entry(row, union, document, person, place, wishes)

    def _employer(self, name: str | None, union: Union) -> Employer | None:
        if not name:
            return self.only.get(union.pk)
        found = self.employers.find(name, union)
        if found is None and name in self.book.failed["employer"]:
            raise RowError_("employer", "")
        if found is None:
            advice = _("该工会没有登记单位“%(name)s”，请先在“单位”表登记，或者留空。")
            raise RowError_("employer", advice % {"name": name})
        return found

    def _wishes(self, row: Row, union: Union) -> list[Wish]:
        """Turn join date, state and day of change into spans; Retained makes two of them."""
        starts_on, changed_on = row.values["starts_on"], row.values["changed_on"]
        cause, state = row.values["start_cause"] or Start.JOINED, row.values["state"] or "active"
        if starts_on > self.today:
            raise RowError_("starts_on", _("入会日期不能晚于今天。"))
        if state == "active":
            if union.closed_on:
                raise RowError_("union", _("该工会已终止，不能有在籍会员；请填写变动情况。"))
            return [Wish(starts_on, cause, State.ACTIVE)]
        if changed_on is None:
            raise RowError_("changed_on", _("会籍状态不是“在籍”时，请填写变动日期。"))
        if changed_on < starts_on:
            raise RowError_("changed_on", _("变动日期早于入会日期，请核对。"))
        if changed_on > self.today:
            raise RowError_("changed_on", _("变动日期不能晚于今天。"))
        if state != "retained":
            return [Wish(starts_on, cause, State.ENDED, changed_on, state)]
        return [
            Wish(starts_on, cause, State.ENDED, changed_on, End.RETAINED),
            Wish(changed_on, Start.RETAINED, State.RETAINED),
        ]


Days = tuple[date, date | None]


def overlap(one: Days, other: Days) -> bool:
    """Say whether two spans share a day; the day of change belongs to the new span, None goes on for ever."""
    (start, end), (start_2, end_2) = one, other
    return (end_2 is None or start < end_2) and (end is None or start_2 < end)


def twice(group: list[Entry]) -> dict[int, set[int]]:
    """Return, by row number, the rows of one person whose spans overlap within the file."""
    found: dict[int, set[int]] = {}
    for one, other in combinations(group, 2):
        if any(overlap(_days(a), _days(b)) or _same_start(a, b) for a in one.wishes for b in other.wishes):
            for entry in (one, other):
                found.setdefault(entry.row.number, set()).update((one.row.number, other.row.number))
    return found


def _same_start(one: Wish, other: Wish) -> bool:
    return (one.starts_on, one.standing) == (other.starts_on, other.standing)


def _days(wish: Wish) -> Days:
    return wish.starts_on, wish.ends_on
