"""The outcome of a drill as a table and as plain values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from zhijia.config.backup.inspecting import LABELS, SHOWN, Finding


def table(found: Iterable[Finding]) -> Iterator[str]:
    """Yield one line for each test, and below a failed one what was wrong."""
    for one in found:
        yield f"  {'✓' if one.ok else '✗'} {_(LABELS[one.test])}"
        yield from (f"      {line}" for line in one.wrong[:SHOWN])
        if len(one.wrong) > SHOWN:
            yield "      " + _("……共 %(count)s 处") % {"count": len(one.wrong)}


def plain(found: Iterable[Finding]) -> list[dict[str, Any]]:
    """Return the findings for ``--json``."""
    return [{"test": one.test, "ok": one.ok, "wrong": list(one.wrong)} for one in found]
