"""What the areas above hear from this one: ids only, delivered after the commit."""

from dataclasses import dataclass
from typing import ClassVar

from zhijia.kernel.outbox import Event


@dataclass(frozen=True)
class UnionClosed(Event):
    """A union was deregistered, dissolved or transferred out."""

    name: ClassVar[str] = "organisations.UnionClosed"
    union_id: int
