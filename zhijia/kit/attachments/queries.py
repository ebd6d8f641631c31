"""What is attached to which record: the area's own loader decides who reaches it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.http import Http404
from django.utils.module_loading import import_string

from zhijia.kernel.records import Record
from zhijia.kernel.registry import AttachTo, registry
from zhijia.kernel.scope import Scope
from zhijia.kit.attachments.models import Attachment

WHY = "its record was loaded within the scope"


def places() -> dict[str, AttachTo]:
    """Return where files may be attached, by the label of the model."""
    return {place.model: place for card in registry().cards for place in card.attachments}


def place_of(subject: Record) -> AttachTo:
    """Return the declaration for a record; KeyError where no files may be attached."""
    return places()[subject._meta.label]


def subject_load(scope: Scope, place: AttachTo, subject_id: int, action: str) -> Record:
    """Return a record through its area's loader; Http404 when it is absent or out of reach."""
    load: Callable[[Scope, int, str], Record] = import_string(place.load)
    return load(scope, subject_id, action)


def place_load(model: str) -> AttachTo:
    """Return the declaration for a model's label from an address; Http404 for others."""
    place = places().get(model)
    if place is None:
        raise Http404
    return place


def attachment_load(scope: Scope, key: uuid.UUID, *, to_write: bool = False) -> tuple[Attachment, Record]:
    """Return an attachment with its record; Http404 when absent or out of reach (``to_write``: to change)."""
    found = Attachment.objects.everywhere(WHY).filter(key=key).first()
    if found is None:
        raise Http404
    place = place_load(found.model)
    return found, subject_load(scope, place, found.subject_id, place.record if to_write else place.view)


def attachments_of(place: AttachTo, subject_id: int) -> list[Attachment]:
    """Return the files of a record that the caller has loaded within a scope, oldest first."""
    rows = Attachment.objects.everywhere(WHY).filter(model=place.model, subject_id=subject_id)
    return list(rows.order_by("pk"))


def is_sensitive(subject: Record) -> bool:
    """Say whether the privacy register calls the data of this record sensitive."""
    area, model = subject._meta.label.split(".")
    return any(
        (card.name, line.model, line.level) == (area, model, "sensitive")
        for card in registry().cards
        for line in card.privacy
    )


def path_of(subject: Any) -> str:
    """Return the path of the union that a record belongs to."""
    return subject.union.path or ""
