"""What happens to attachments; the action that is asked for is the one that the area's card names."""

from __future__ import annotations

import uuid
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from zhijia.kernel import records
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import command, require
from zhijia.kernel.crypto import keys_fit
from zhijia.kernel.verdict import Refused, refused
from zhijia.kit.attachments import store
from zhijia.kit.attachments.gate import Passed
from zhijia.kit.attachments.models import Attachment
from zhijia.kit.attachments.queries import WHY, path_of, place_of, subject_load
from zhijia.kit.attachments.refusal import MOST_FILES

SPACE = uuid.UUID("6f0f4f0e-6a3e-5c44-9a53-0d2c61b9a7d4")


def attachment_add(*, actor: Actor, subject: Any, file: Passed) -> Attachment:
    """Attach a file that passed the gate to a record; refused beyond ``MOST_FILES``.

    The sealed file is on disk before the row is written. One submission always writes to the same place, so
    that sending it twice leaves one file and one row. Raises Http404 when the record is closed by now.
    """
    place = place_of(subject)
    require(actor.scope.may(place.record, path_of(subject)))
    require(keys_fit())
    said = f"{actor.user_id}|{actor.key}|{place.model}|{subject.pk}|{file.sha256}|{file.name}"
    key = uuid.uuid5(SPACE, said) if actor.key else uuid.uuid4()
    store.put(file.path, key)
    values = {"name": file.name, "kind": file.kind.value, "size": file.size, "sha256": file.sha256}
    add = command(place.record, at="subject.union")(_add)
    try:
        return add(actor=actor, subject=subject, key=key, **values)
    except Attachment.DoesNotExist:  # the receipt of this submission is there, what it made was removed since
        raise Refused(refused(_("这个附件已经上传过，又被删除了。请重新打开页面再上传。"))) from None
    except (Refused, Http404):
        if not Attachment.objects.everywhere(WHY).filter(key=key).exists():
            store.drop(key)
        raise


def _add(*, actor: Actor, subject: Any, key: uuid.UUID, **values: Any) -> Attachment:
    _hold(actor, subject)  # those who add to one record wait for each other, so that the bound holds
    model = type(subject)._meta.label
    own = Attachment.objects.everywhere(WHY).filter(model=model, subject_id=subject.pk)
    if own.count() >= MOST_FILES:
        why = _("每条记录最多 %(most)d 个附件。请先删除不需要的，或合并为一个 PDF。") % {"most": MOST_FILES}
        require(refused(why, "house:attachments"))
    return records.create(
        Attachment(
            key=key,
            model=model,
            subject_id=subject.pk,
            uploaded_by_id=actor.user_id,
            uploaded_by=actor.name[:100],
            **values,
        )
    )


def _hold(actor: Actor, subject: Any) -> None:
    """Lock the row of a record and ask its area's loader again: reading a file takes seconds.

    A payment may have been checked meanwhile, by the papers that it had. Raises Http404 when the actor may
    not write to the record any more.
    """
    place = place_of(subject)
    type(subject)._base_manager.select_for_update().filter(pk=subject.pk).first()
    subject_load(actor.scope, place, subject.pk, place.record)


def attachment_remove(*, actor: Actor, subject: Any, attachment: Attachment) -> None:
    """Take an attachment away from its record; its file goes once the row is gone for good.

    Raises Http404 when the record is closed to changes by now.
    """
    command(place_of(subject).record, at="subject.union")(_remove)(
        actor=actor.keyed(""), subject=subject, attachment=attachment
    )


def _remove(*, actor: Actor, subject: Any, attachment: Attachment) -> None:
    _hold(actor, subject)
    key = attachment.key
    records.remove(attachment)
    transaction.on_commit(lambda: store.drop(key))
