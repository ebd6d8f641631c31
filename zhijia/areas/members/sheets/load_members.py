"""Loading the sheet 会员: everything is compared in memory and written in a few statements.

Natural key: document number, union and join date. A blank cell never erases.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext as _

from zhijia.areas.members.document import name_keys
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.rules import TRANSFER_ELSEWHERE, TRANSFER_IN_REACH
from zhijia.areas.members.sheets import CACHE, IMPORT
from zhijia.areas.members.sheets.wishes import (
    Entry,
    Wish,
    entries,
    overlap,
    remember_failure,
    twice,
)
from zhijia.areas.members.states import LIVED, OPEN
from zhijia.areas.organisations.models import Union
from zhijia.kernel.chinese import normalise
from zhijia.kernel.records import change_many, create_many
from zhijia.kit.sheets import BookContext, Outcome, Row

State = Membership.State
CHUNK = 500
T = TypeVar("T", str, int)
FOREIGN = ("union", "employer", "transfer_to")
WHY = "an identity number is unique across all unions; what is out of reach is not shown"


def load(book: BookContext, rows: list[Row]) -> Outcome:
    """Load the sheet 会员; see the head of this module."""
    outcome = Outcome()
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries(book, rows, outcome):
        groups[entry.number].append(entry)
    loading = _Loading(book, outcome, groups)
    for at, group in enumerate(groups.values(), start=1):
        loading.person(group)
        if at % 1000 == 0:
            book.progress((len(rows) + at) // 2, len(rows), "")
    loading.write()
    book.cache.pop(CACHE, None)
    return outcome


def _chunks(keys: Iterable[T]) -> Iterator[list[T]]:
    listed = list(keys)
    return (listed[at : at + CHUNK] for at in range(0, len(listed), CHUNK))


class _RowRefusal(Exception):  # noqa: N818 - turned into a row's error at once
    """A row that the records contradict."""

    def __init__(self, entry: Entry, column: str, advice: str) -> None:
        super().__init__(advice)
        self.entry, self.column, self.advice = entry, column, advice


class _Loading:
    """Compares groups of rows with what is recorded, and gathers what must be written."""

    def __init__(self, book: BookContext, outcome: Outcome, numbers: Iterable[str]) -> None:
        self.book, self.outcome = book, outcome
        self.persons: dict[str, Person] = {}
        self.spans: dict[int, list[Membership]] = defaultdict(list)
        persons = Person.objects.everywhere(WHY)
        for chunk in _chunks(numbers):
            self.persons.update((row.id_number or "", row) for row in persons.filter(id_index__in=chunk))
        spans = Membership.objects.everywhere(WHY).filter(state__in=LIVED)
        for keys in _chunks(row.pk for row in self.persons.values()):
            for span in spans.filter(person_id__in=keys).order_by("starts_on", "pk"):
                self.spans[span.person_id].append(span)
        self.unions = self._unions()
        self.new_persons: list[Person] = []
        self.changed_persons: dict[int, Person] = {}
        self.person_columns: set[str] = set()
        self.span_columns: set[str] = set()
        self.new_spans: list[Membership] = []
        self.changed_spans: dict[int, Membership] = {}

    def _unions(self) -> dict[int, Union]:
        """Return the unions of all persons and spans by id; there are far fewer of them than of people."""
        keys = {row.union_id for row in self.persons.values()}
        keys |= {span.union_id for spans in self.spans.values() for span in spans}
        found: dict[int, Union] = {}
        for chunk in _chunks(keys):
            found |= Union.objects.everywhere(WHY).in_bulk(chunk)
        return found

    def person(self, group: list[Entry]) -> None:
        """Take in all rows of one person, or none of them."""
        if not self._consistent(group):
            return
        known = self.persons.get(group[0].number)
        spans = self.spans[known.pk] if known else []
        try:
            matches = [self._match(entry, known, spans) for entry in group]
            self._check_overlaps(group, spans, matches)
        except _RowRefusal as refusal:
            self._refuse(refusal.entry, group, refusal.column, refusal.advice)
            return
        is_changed = self._person(group, known)
        person = known or self.new_persons[-1]
        for entry, found in zip(group, matches, strict=True):
            self._count(self._spans(entry, person, found), is_changed=is_changed, is_new=known is None)

    def _refuse(self, entry: Entry, group: list[Entry], column: str, advice: str) -> None:
        self.outcome.error(entry.row, column, advice)
        for one in group:
            remember_failure(self.book, one.row)

    def _consistent(self, group: list[Entry]) -> bool:
        """Refuse one number under two names, and the same span twice; every row concerned is named."""
        if len(group) == 1:
            return True
        names = {entry.row.values["name"] for entry in group}
        clashes = twice(group)
        if len(names) > 1:
            clashes = {entry.row.number: {one.row.number for one in group} for entry in group}
        for entry in group:
            if rows := clashes.get(entry.row.number):
                told = "、".join(str(number) for number in sorted(rows))
                advice = _("第%(rows)s行证件号码重复，请删除或更正。") % {"rows": told}
                self.outcome.error(entry.row, "id_number", advice)
        if clashes:
            for entry in group:
                remember_failure(self.book, entry.row)
        return not clashes

    def _match(
        self, entry: Entry, known: Person | None, spans: Sequence[Membership]
    ) -> list[Membership | None]:
        """Return the recorded span for each span of the row, None where there is none yet."""
        if known is None:
            return [None] * len(entry.wishes)
        if normalise(known.name) != entry.person["name"]:
            name = f"({known.name})" if self._in_reach(self.unions[known.union_id]) else ""
            advice = _("该证件号码登记的姓名%(name)s与文件不一致；确已改名的，请先在会员档案中更正。")
            raise _RowRefusal(entry, "name", advice % {"name": name})
        own = [span for span in spans if span.union_id == entry.union.pk]
        return [self._match_one(entry, wish, own) for wish in entry.wishes]

    def _match_one(self, entry: Entry, wish: Wish, own: Sequence[Membership]) -> Membership | None:
        keyed = [span for span in own if (span.starts_on, _standing(span)) == (wish.starts_on, wish.standing)]
        if not keyed:
            return None
        span = keyed[-1]
        if wish.ends_on is None and span.state == State.ENDED:
            wanted = (State.RETAINED,) if wish.standing == "retained" else (State.ACTIVE, State.TRANSFERRING)
            later = next((one for one in own if one.state in wanted), None)
            if later is None:
                advice = _("系统中这段会籍已于%(day)s终止（%(cause)s），文件仍为在籍或保留；请核对会籍状态。")
                told = {"day": span.ends_on, "cause": span.get_end_cause_display()}
                raise _RowRefusal(entry, "state", advice % told)
            return later
        return span

    def _check_overlaps(
        self, group: list[Entry], spans: Sequence[Membership], matches: Sequence[Sequence[Membership | None]]
    ) -> None:
        matched = {span.pk for found in matches for span in found if span}
        for entry, found in zip(group, matches, strict=True):
            chained = {
                span.union_id
                for wish, span in zip(entry.wishes, found, strict=True)
                if span and span.starts_on != wish.starts_on
            }
            for span in spans:
                if span.pk in matched or span.union_id in chained or span.starts_on is None:
                    continue
                if any(
                    overlap((w.starts_on, w.ends_on), (span.starts_on, span.ends_on)) for w in entry.wishes
                ):
                    raise self._clash(entry, span)

    def _clash(self, entry: Entry, span: Membership) -> _RowRefusal:
        """Say why a span stands against a recorded one; unions out of reach are never named."""
        union = self.unions[span.union_id]
        if not self._in_reach(union):
            return _RowRefusal(entry, "id_number", str(TRANSFER_ELSEWHERE))
        if union.pk == entry.union.pk:
            advice = _("该会员在本工会的会籍已登记为%(start)s起，与文件的入会日期不一致，请核对。")
            return _RowRefusal(entry, "starts_on", advice % {"start": span.starts_on})
        if span.state in OPEN:
            return _RowRefusal(entry, "id_number", TRANSFER_IN_REACH % {"union": union.name})
        advice = _("与在“%(union)s”的会籍（%(start)s至%(end)s）时间重叠，请核对日期。")
        told = {"union": union.name, "start": span.starts_on, "end": span.ends_on}
        return _RowRefusal(entry, "starts_on", advice % told)

    def _in_reach(self, union: Union) -> bool:
        return bool(union.path is not None and self.book.actor.scope.may(IMPORT, union.path))

    def _person(self, group: list[Entry], known: Person | None) -> bool:
        """Make or update the person from all rows, the latest last; say whether a known one changed."""
        ordered = sorted(group, key=_order)
        values = {key: value for entry in ordered for key, value in entry.person.items()}
        last = ordered[-1]
        if known is None:
            self.new_persons.append(Person(union=last.union, **values, **name_keys(values["name"])))
            return False
        if any(wish.ends_on is None for wish in last.wishes):
            values["union"] = last.union
        elif not self._in_reach(self.unions[known.union_id]):
            return False  # the file stays elsewhere: what is written in it is not the importer's
        changed = _assign(known, values)
        if changed:
            self.changed_persons[known.pk] = known
            self.person_columns |= changed
        return bool(changed)

    def _spans(self, entry: Entry, person: Person, found: Sequence[Membership | None]) -> tuple[int, int]:
        """Gather the spans of a row; return how many are new and how many change."""
        new = changed = 0
        for wish, span in zip(entry.wishes, found, strict=True):
            if span is None:
                self.new_spans.append(_made(entry, wish, person))
                new += 1
            elif columns := _assign(span, _wanted(entry, wish, span)):
                self.changed_spans[span.pk] = span
                self.span_columns |= columns
                changed += 1
        return new, changed

    def _count(self, spans: tuple[int, int], *, is_changed: bool, is_new: bool) -> None:
        new, changed = spans
        if is_new or (new and not changed):
            self.outcome.created += 1
        elif new or changed or is_changed:
            self.outcome.updated += 1
        else:
            self.outcome.unchanged += 1

    def write(self) -> None:
        """Write what was gathered; spans end before others begin, for only one may be open."""
        create_many(Person, self.new_persons)
        change_many(Person, self.changed_persons.values(), sorted(self.person_columns))
        changed, columns = list(self.changed_spans.values()), sorted(self.span_columns)
        change_many(Membership, [span for span in changed if span.state == State.ENDED], columns)
        change_many(Membership, [span for span in changed if span.state != State.ENDED], columns)
        create_many(Membership, self.new_spans)


def _order(entry: Entry) -> tuple[date, int]:
    return entry.wishes[-1].starts_on, entry.row.number


def _standing(span: Membership) -> str:
    return "retained" if span.start_cause == Membership.Start.RETAINED else "active"


def _made(entry: Entry, wish: Wish, person: Person) -> Membership:
    return Membership(
        person=person,
        union=entry.union,
        state=wish.state,
        starts_on=wish.starts_on,
        start_cause=wish.start_cause,
        ends_on=wish.ends_on,
        end_cause=wish.end_cause,
        **entry.place,
    )


def _wanted(entry: Entry, wish: Wish, span: Membership) -> dict[str, object]:
    """Return the values that a recorded span should have; a waiting transfer keeps waiting."""
    values: dict[str, object] = dict(entry.place)
    if entry.row.values["start_cause"] and span.starts_on == wish.starts_on:
        values["start_cause"] = wish.start_cause
    if wish.ends_on is not None:
        values |= {"state": State.ENDED, "ends_on": wish.ends_on, "end_cause": wish.end_cause}
        values["transfer_to"] = None
    return values


def _assign(record: Person | Membership, values: dict[str, object]) -> set[str]:
    """Set the values on a record and return the names of those that were another."""
    changed = set()
    for key, value in values.items():
        # A foreign key is compared by its id: reading the other record would cost a query for each row.
        kept = getattr(record, f"{key}_id" if key in FOREIGN else key)
        if kept != (getattr(value, "pk", None) if key in FOREIGN else value):
            setattr(record, key, value)
            changed.add(key)
    return changed
