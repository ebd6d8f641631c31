"""The only writer of relief and condolence payments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from zhijia.areas.aid import queries, rules
from zhijia.areas.aid.models import Relief
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Union
from zhijia.kernel import records
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, require
from zhijia.kernel.quantity import Quantity
from zhijia.kernel.verdict import refused, worst
from zhijia.kit.sheets import row_key
from zhijia.kit.subjects import ANONYMOUS, anonymise, drop_attachments

CORRECTABLE = (
    "occasion",
    "given_on",
    "beneficiary_kind",
    "beneficiary",
    "person",
    "amount",
    "goods",
    "goods_value",
    "fund",
    "basis",
    "note",
)
LARGEST_BATCH = 2_000


@dataclass(frozen=True)
class BatchLine:
    """One beneficiary of a condolence list; ``amount`` in fen."""

    beneficiary: str
    amount: int
    person: Person | None = None


@command("aid.record", at="union")
def relief_record(
    *,
    actor: Actor,  # noqa: ARG001 - read by @command
    union: Union,
    occasion: str,
    given_on: date,
    fund: str,
    beneficiary: str = "",
    beneficiary_kind: str = Relief.Beneficiary.PERSON,
    person: Person | None = None,
    people: Quantity | None = None,
    households: Quantity | None = None,
    **values: Any,
) -> Relief:
    """Write one payment or gift; ``values``: amount, goods_value (fen), goods, basis, note.

    Nothing said about numbers means one person or one household. Raises Refused when a rule blocks.
    """
    relief = Relief(
        union=union,
        occasion=occasion,
        given_on=given_on,
        fund=fund,
        beneficiary=beneficiary or (person.name if person else ""),
        beneficiary_kind=beneficiary_kind,
        person=person,
        **values,
    )
    _count(relief, people, households)
    _judge(relief)
    return records.create(relief)


@command("aid.record", at="relief.union")
def relief_correct(
    *,
    actor: Actor,  # noqa: ARG001 - read by @command
    relief: Relief,
    version: int,
    people: Quantity | None = None,
    households: Quantity | None = None,
    **values: Any,
) -> Relief:
    """Change a payment: ``people`` and ``households`` as a whole, other fields when named; the union stays.

    Raises StaleVersionError when someone else was faster, Refused when a rule blocks.
    """
    unknown = set(values) - set(CORRECTABLE)
    if unknown:
        raise ValueError(f"not correctable: {sorted(unknown)}")
    wanted = Relief(
        pk=relief.pk,
        union=relief.union,
        **{name: getattr(relief, name) for name in CORRECTABLE} | values,
    )
    if not wanted.beneficiary and wanted.person:
        wanted.beneficiary = values["beneficiary"] = wanted.person.name
    _count(wanted, people, households)
    _judge(wanted)
    counts = {name: getattr(wanted, name) for name in queries.COUNTS}
    return records.change(relief, version=version, **values, **counts)


@command("aid.record", at="union")
def relief_record_batch(
    *,
    actor: Actor,  # noqa: ARG001 - read by @command
    union: Union,
    common: dict[str, Any],
    lines: Sequence[BatchLine],
    key: str = "",
) -> list[Relief]:
    """Write a condolence list, all or nothing; ``common`` holds occasion, given_on, fund, goods, basis, note.

    ``key`` is the key of the submission: the same list sent twice is written once, and the rows are returned.
    """
    if not 0 < len(lines) <= LARGEST_BATCH:
        require(refused(_("一次可以登记1至%(most)d人，请分批。") % {"most": LARGEST_BATCH}))
    keys = [row_key("batch", key, number) if key else "" for number in range(len(lines))]
    done = queries.reliefs_of_batch(union, keys) if key else []
    if done:
        return done
    given = queries.festival_given(line.person.pk for line in lines if line.person)
    made = []
    for line, source in zip(lines, keys, strict=True):
        relief = Relief(
            union=union,
            source_key=source,
            beneficiary=line.beneficiary or (line.person.name if line.person else ""),
            person=line.person,
            amount=line.amount,
            **common,
        )
        _count(relief, None, None)
        _judge(relief, given)
        made.append(relief)
    return records.create_many(Relief, made)


def _count(relief: Relief, people: Quantity | None, households: Quantity | None) -> None:
    queries.set_counts(relief, *rules.counted(relief.beneficiary_kind, people, households))


def _judge(relief: Relief, given: queries.Given | None = None) -> None:
    require(worst(finding.verdict for finding in queries.findings(relief, given)))


@command("privacy.erase", at="person.union", fresh=True)
def reliefs_anonymise(*, actor: Actor, person: Person) -> int:  # noqa: ARG001 - read by @command
    """Take name, notes and files from all payments to a person; money, day and occasion stay."""
    rows = list(Relief.objects.everywhere("all payments to the person").filter(person=person))
    for relief in rows:
        words = {name: getattr(relief, name).replace(person.name, ANONYMOUS) for name in ("goods", "basis")}
        anonymise(relief, beneficiary=ANONYMOUS, note="", **words)
        drop_attachments(relief)
    return len(rows)
