"""Entries and payments written straight into the tables, for the tests of this and other areas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.tests.factories import user_of
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.organisations.models import Union


def entry_of(
    union: Union,
    kind: str = "spending",
    amount: int = 100_00,
    happened_on: date = date(2025, 3, 5),
    **kw: Any,
) -> Entry:
    """Write one entry; ``amount`` in fen. Spending without a category counts as culture and sports."""
    if kind == "spending":
        kw.setdefault("category", "culture")
    entry = Entry(union=union, kind=kind, amount=amount, happened_on=happened_on, **kw)
    entry.save()
    return entry


def payment_of(union: Union, state: str = "requested", *, by: Sequence[User] = (), **kw: Any) -> Payment:
    """Write one payment in a state, with all that the state stands on; ``amount`` in fen.

    ``by`` names who took the steps, in their order: requester, checker, approver, cashier; who is missing is
    made. A paid one has its entry.
    """
    people = list(by) + [user_of() for _number in range(4 - len(by))]
    now = kw.pop("requested_at", timezone.now())
    taken = {
        "requested": 1,
        "returned": 1,
        "withdrawn": 1,
        "checked": 2,
        "refused": 2,
        "approved": 3,
        "paid": 4,
    }
    values: dict[str, Any] = {
        "title": "购置春季运动会器材",
        "category": "culture",
        "amount": 100_00,
        "payee_kind": "unit",
        "payee": "示例体育用品店",
        "year": timezone.localdate(now).year,
        "number": Payment._base_manager.filter(union=union).count() + 1,
    } | kw
    for name, user in zip(("requested", "checked", "approved", "paid")[: taken[state]], people, strict=False):
        values |= {f"{name}_by": user, f"{name}_at": now}
    if state in ("returned", "withdrawn", "refused"):
        stopper = people[0] if state == "withdrawn" else people[3]
        values |= {"stopped_by": stopper, "stopped_at": now, "reason": values.get("reason", "票据不全")}
    if state == "paid":
        values.setdefault("paid_on", timezone.localdate(now))
        if "entry" not in values:
            day, told = values["paid_on"], {"category": values["category"], "note": values["title"]}
            values["entry"] = entry_of(union, "spending", values["amount"], day, **told)
    payment = Payment(union=union, state=state, **values)
    payment.save()
    return payment
