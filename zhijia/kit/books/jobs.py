"""The two jobs of an import: a preview that keeps nothing, and the import itself."""

from __future__ import annotations

import logging
from typing import Any

from django.utils.translation import gettext as _

from zhijia.kernel.actor import Actor
from zhijia.kernel.jobs import Progress, result_path
from zhijia.kit.books import headers, uploads
from zhijia.kit.books.failed import seal_failed
from zhijia.kit.books.importing import BookOutcome, book_import, read_book, refused
from zhijia.kit.books.refusal import BookRefusedError

log = logging.getLogger(__name__)
SHOWN_REMARKS = 300  # a page shows so many; the error workbook has all


def run_preview(progress: Progress, owner: Actor, **parameters: Any) -> dict[str, Any]:
    """Say what an import would do; nothing is kept."""
    return _run(progress, owner, dry_run=True, **parameters)


def run_import(progress: Progress, owner: Actor, **parameters: Any) -> dict[str, Any]:
    """Import a file that was shown in a preview; an error found now still undoes everything."""
    result = _run(progress, owner, dry_run=False, **parameters)
    if result["ok"]:
        uploads.forget(parameters["file"])
    return result


def _run(
    progress: Progress,
    owner: Actor,
    *,
    file: str,
    name: str,
    mapping: headers.Mapping_,
    union: str,
    dry_run: bool,
) -> dict[str, Any]:
    path = uploads.find(file)
    if path is None:
        return _result(refused(_("上传的文件已过期，请重新上传。"), dry_run=dry_run))
    progress(0, 0, _("正在读取文件"))
    try:
        with uploads.opened(path) as plain:
            book = read_book(plain, mapping, name=name)
    except BookRefusedError as refusal:
        log.warning("user %s: book refused", owner.user_id)
        return _result(refused(str(refusal), dry_run=dry_run))
    outcome = book_import(actor=owner, book=book, root=union or None, dry_run=dry_run, progress=progress)
    result = _result(outcome)
    if not outcome.ok:
        target = result_path(".xlsx")
        result["failed_rows"] = seal_failed(target, book, outcome.errors)
        result["file"] = target.name if result["failed_rows"] else ""
    return result


def _result(outcome: BookOutcome) -> dict[str, Any]:
    result = outcome.as_json()
    for key in ("errors", "warnings"):
        result[f"{key[:-1]}_count"] = len(result[key])
        result[key] = result[key][:SHOWN_REMARKS]
    return {**result, "file": ""}
