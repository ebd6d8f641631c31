"""The Word files of made summaries: written once, made again from the kept text when one is gone."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.utils import translation

from zhijia.summaries.content import to_document
from zhijia.summaries.docx.build import build
from zhijia.summaries.models import Summary


def file_bytes(summary: Summary) -> bytes:
    """The Word file of a summary, the same bytes every time."""
    with translation.override("zh-hans"):
        return build(to_document(summary.content, summary.computed_at))


def file_path(summary: Summary) -> Path:
    """Where the file of a summary lies; it is written when it is not there."""
    path = Path(settings.RESULTS) / Path(summary.file).name
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_suffix(".part")
        fresh.write_bytes(file_bytes(summary))
        fresh.replace(path)
    return path
