"""The only writer of the money ledger."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.conf import settings
from django.utils import timezone

from zhijia.areas.finance import rules, states
from zhijia.areas.finance.models import Entry
from zhijia.areas.organisations.models import Employer, Union
from zhijia.kernel import records
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, require
from zhijia.kernel.verdict import worst

CORRECTABLE = (
    "kind",
    "happened_on",
    "amount",
    "category",
    "formalities",
    "employer",
    "counterparty",
    "wage_base",
    "note",
)


@command("finance.record", at="union")
def entry_record(
    *,
    actor: Actor,  # noqa: ARG001 - read by @command
    union: Union,
    kind: str,
    happened_on: date,
    amount: int,
    category: str = "",
    formalities: str = "",
    employer: Employer | None = None,
    counterparty: str = "",
    wage_base: int | None = None,
    note: str = "",
) -> Entry:
    """Write one movement; ``amount`` and ``wage_base`` in fen. Raises Refused when a rule blocks."""
    entry = Entry(
        union=union,
        kind=kind,
        happened_on=happened_on,
        amount=amount,
        category=category,
        formalities=formalities,
        employer=employer,
        counterparty=counterparty,
        wage_base=wage_base,
        note=note,
    )
    _judge(entry)
    return records.create(entry)


@command("finance.record", at="entry.union")
def entry_correct(*, actor: Actor, entry: Entry, version: int, **values: Any) -> Entry:  # noqa: ARG001 - read by @command
    """Change named fields of an entry; the union stays, and the formalities never go back (R5.5).

    Raises StaleVersionError when someone else was faster, Refused when a rule blocks.
    """
    unknown = set(values) - set(CORRECTABLE)
    if unknown:
        raise ValueError(f"not correctable: {sorted(unknown)}")
    wanted = Entry(union=entry.union, **{name: getattr(entry, name) for name in CORRECTABLE} | values)
    _judge(wanted)
    if entry.formalities and states.is_back(entry.formalities, wanted.formalities):
        require(states.may_move(entry.formalities, wanted.formalities))
    return records.change(entry, version=version, **values)


@command("finance.record", at="entry.union")
def formalities_set(*, actor: Actor, entry: Entry, state: str, version: int | None = None) -> Entry:  # noqa: ARG001 - read by @command
    """Move the refund formalities of a contribution one step on: pending → ready → refunded (R5.5)."""
    require(rules.formalities_fit(entry.kind, state))
    require(states.may_move(entry.formalities, state))
    return records.change(entry, version=version, formalities=state)


def _judge(entry: Entry) -> None:
    movement = rules.Movement(
        entry.kind,
        entry.happened_on,
        entry.amount,
        entry.category,
        entry.formalities,
        entry.wage_base,
        entry.note,
    )
    findings = rules.check(movement, today=timezone.localdate(), jurisdiction=settings.JURISDICTION)
    require(worst(finding.verdict for finding in findings))
