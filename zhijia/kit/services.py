"""What the kit itself does on someone's behalf: nothing but to note which lists were taken out."""

from __future__ import annotations

from zhijia.kernel.actor import Actor
from zhijia.kernel.command import Change, command, current

EXPORT = "books.export"


@command(EXPORT, at=None, fresh=True)
def export_log(*, actor: Actor, name: str, rows: int, purpose: str) -> int:  # noqa: ARG001 - read by @command
    """Note in the audit that ``rows`` rows of the list ``name`` were taken out, and what for.

    Refused to posts without the right to export.
    """
    current().reason = purpose
    current().note(Change("export", None, "export", {"name": name, "purpose": purpose}, rows))
    return rows
