"""Taking away what leads to a person, once the law allows it and two people have said so (PIPL art. 47)."""

from __future__ import annotations

from datetime import date

from zhijia.areas.members.document import name_keys
from zhijia.areas.members.models import Membership, Person
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command
from zhijia.kit.subjects import ANONYMOUS, anonymise


@command("privacy.erase", at="person.union", fresh=True)
def person_anonymise(*, actor: Actor, person: Person) -> int:  # noqa: ARG001 - read by the decorator
    """Take name, numbers and all else that leads to the person from file and spans; returns the records.

    Key, sex, year of birth and the marks that figures count stay.
    """
    born = date(person.born_on.year, 1, 1) if person.born_on else None
    anonymise(
        person,
        **{"name": ANONYMOUS, **name_keys(ANONYMOUS), "id_number": None, "phone": "", "born_on": born},
        **dict.fromkeys(("ethnicity", "education", "politics"), ""),
    )
    spans = list(Membership.objects.everywhere("all spans of the person").filter(person=person))
    for span in spans:
        anonymise(span, post="", card_no="", reason="", dues_base=None)
    return 1 + len(spans)
