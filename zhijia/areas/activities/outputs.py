"""Reads the output of an event as ledgers write it: 30余篇, 100余份, or a bare number beside its unit."""

from __future__ import annotations

from django.utils.translation import gettext as _

from zhijia.areas.activities.sheets import OUTPUT_UNITS
from zhijia.kernel.quantity import CountUnit, Quantity


def read_output(text: str | None, unit: str | None) -> Quantity | None:
    """Return the output; ValueError, with a text for the user, when it is not understood or has no unit.

    ``unit`` is the code of the column 成果单位; None lets the counting word in ``text`` decide.
    """
    if not text:
        if unit:
            raise ValueError(_("填写了成果单位，请同时填写成果数量。"))
        return None
    if unit:
        return Quantity.parse(text, CountUnit(unit))
    read = [found for found in (_parsed(text, one) for one in OUTPUT_UNITS) if found is not None]
    if not read:
        return Quantity.parse(text, CountUnit.ITEM)  # raises the reason
    if len(read) > 1:  # a bare number fits every unit
        raise ValueError(_("请在数量后面写明单位，例如 30余篇，或者填写成果单位。"))
    return read[0]


def _parsed(text: str, unit: CountUnit) -> Quantity | None:
    try:
        return Quantity.parse(text, unit)
    except ValueError:
        return None
