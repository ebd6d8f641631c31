"""Finds the persons that a cell of names means, among those whom the importing officer may write about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from zhijia.areas.activities.values import names
from zhijia.areas.members.models import Person
from zhijia.areas.members.sheets import FAILED
from zhijia.areas.organisations.models import Union
from zhijia.kernel.identity import check_id_number
from zhijia.kernel.records import BATCH
from zhijia.kit.sheets import BookContext, masked

IMPORT = "books.import"
DIGITS = 15  # a part of a cell with so many digits is an identity number, not a name


@dataclass
class Roster:
    """Persons by identity number, and by name with the place of their union in the tree."""

    by_number: dict[str, tuple[str, int]] = field(default_factory=dict)
    by_name: dict[str, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))
    failed: set[str] = field(default_factory=set)

    def find(self, text: str, union: Union) -> tuple[set[int] | None, str]:
        """Return the ids of the persons named; or None and what is wrong with the first that is not found.

        A name means the one person of that name in the union itself, else the one in the unions below it.
        The advice is empty where the person's own row failed in this book: that is said already.
        """
        found: set[int] = set()
        for name in names(text):
            person, advice = self._one(name, union.path or "")
            if person is None:
                return None, "" if {name, id_number(name)} & self.failed else advice
            found.add(person)
        return found, ""

    def _one(self, name: str, path: str) -> tuple[int | None, str]:
        number = id_number(name)
        if number is not None:
            place = self.by_number.get(number)
            if place is not None and place[0].startswith(path):
                return place[1], ""
            advice = _("名册中没有身份证号“%(number)s”的人员，请先在“会员”表登记。")
            return None, advice % {"number": masked(name)}
        below = [place for place in self.by_name.get(name, ()) if place[0].startswith(path)]
        own = [place for place in below if place[0] == path] or below
        if len(own) == 1:
            return own[0][1], ""
        if own:
            advice = _("有几个人都叫“%(name)s”，请改填身份证号。")
        else:
            advice = _("名册中没有“%(name)s”，请先在“会员”表登记，或者只填参加人次。")
        return None, advice % {"name": masked(name)}


def id_number(text: str) -> str | None:
    """Return the identity number in its stored form, or None where the text is a name (or a wrong number)."""
    if sum(sign.isdigit() for sign in text) < DIGITS:
        return None
    try:
        return check_id_number(text).number
    except ValueError:
        return text


def roster_of(book: BookContext, cells: Iterable[str | None]) -> Roster:
    """Read the persons that any of the cells can mean, in few queries."""
    wanted = {name for cell in cells if cell for name in names(cell)}
    numbers = {number for name in wanted if (number := id_number(name)) is not None}
    roster = Roster(failed=book.failed[FAILED] | book.failed["membership"])
    persons = Person.objects.within(book.actor.scope, IMPORT).order_by("pk")
    for part in _parts(sorted(wanted)):
        for name, path, key in persons.filter(name__in=part).values_list("name", "union__path", "pk"):
            roster.by_name[name].append((path or "", key))
    for part in _parts(sorted(numbers)):
        for person in persons.filter(id_index__in=part).select_related("union"):
            roster.by_number[person.id_number or ""] = (person.union.path or "", person.pk)
    return roster


def _parts(items: Sequence[str]) -> Iterable[Sequence[str]]:
    return (items[at : at + BATCH] for at in range(0, len(items), BATCH))
