"""Relief payments written straight into the table, for the tests of this and other areas."""

from __future__ import annotations

from datetime import date
from typing import Any

from zhijia.areas.aid.models import Relief
from zhijia.areas.organisations.models import Union


def relief_of(
    union: Union,
    occasion: str = "warmth",
    amount: int | None = 500_00,
    given_on: date = date(2025, 3, 5),
    **kw: Any,
) -> Relief:
    """Write one payment; ``amount`` in fen. One person-time from the retained share unless told otherwise."""
    values: dict[str, Any] = {"beneficiary": "张示例", "fund": "retained"} | kw
    if not {"people", "households"} & kw.keys() and values.get("beneficiary_kind", "person") == "person":
        values["people"] = 1
    relief = Relief(union=union, occasion=occasion, amount=amount, given_on=given_on, **values)
    relief.save()
    return relief
