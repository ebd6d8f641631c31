"""What the panel of attachments on a record's page shows; the page itself knows nothing of it."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest

from zhijia.kernel.actor import Actor
from zhijia.kernel.registry import AttachTo
from zhijia.kit.attachments import gate, queries
from zhijia.kit.attachments.models import Attachment
from zhijia.kit.attachments.refusal import MAX_FILE, MOST_FILES


@dataclass(frozen=True)
class Panel:
    """The files of one record, and what this actor may do with them."""

    model: str
    subject_id: int
    files: tuple[Attachment, ...]
    may_record: bool
    accept: str = ",".join(gate.SUFFIXES)
    most_megabytes: int = MAX_FILE >> 20
    most_files: int = MOST_FILES

    @property
    def is_full(self) -> bool:
        """Say whether there is no room for another file."""
        return len(self.files) >= self.most_files


def panel_of(request: HttpRequest) -> Panel | None:
    """Return the panel of the page that answers this request; None where no files may be attached.

    The page has loaded its record within the scope before it was rendered.
    """
    match, actor = request.resolver_match, getattr(request, "actor", None)
    if match is None or actor is None:
        return None
    place = next((one for one in queries.places().values() if one.page == match.view_name), None)
    if place is None:
        return None
    key = match.kwargs["pk"]
    return Panel(place.model, key, tuple(queries.attachments_of(place, key)), _may(actor, place, key))


def _may(actor: Actor, place: AttachTo, key: int) -> bool:
    """Say whether the actor may write at this very record."""
    if not actor.scope.may(place.record):
        return False
    try:
        queries.subject_load(actor.scope, place, key, place.record)
    except Http404:
        return False
    return True
