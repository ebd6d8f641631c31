"""A composed document as plain JSON values and back; what a made summary keeps of its text."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from django.conf import settings
from django.utils import timezone

from zhijia.summaries.docx.model import (
    Block,
    Document,
    FigureRun,
    Heading,
    ListItems,
    Paragraph,
    Run,
    Source,
    Table,
)


def _run_out(run: Run) -> Any:
    return run if isinstance(run, str) else [run.text, run.key, run.row]


def _run_in(given: Any) -> Run:
    return given if isinstance(given, str) else FigureRun(*given)


def _runs_in(given: list[Any]) -> tuple[Run, ...]:
    return tuple(_run_in(run) for run in given)


def _block_out(block: Block) -> dict[str, Any]:
    if isinstance(block, Heading):
        return {"kind": "heading", "level": block.level, "text": block.text}
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "runs": [_run_out(run) for run in block.runs], "marked": block.marked}
    if isinstance(block, ListItems):
        return {"kind": "list", "items": [[_run_out(run) for run in item] for item in block.items]}
    rows = [[_run_out(run) for run in row] for row in block.rows]
    return {
        "kind": "table",
        "title": block.title,
        "header": list(block.header),
        "rows": rows,
        "note": block.note,
    }


def _block_in(given: Mapping[str, Any]) -> Block:
    match given["kind"]:
        case "heading":
            return Heading(given["level"], given["text"])
        case "paragraph":
            return Paragraph(_runs_in(given["runs"]), given["marked"])
        case "list":
            return ListItems(tuple(_runs_in(item) for item in given["items"]))
        case _:
            rows = tuple(_runs_in(row) for row in given["rows"])
            return Table(given["title"], tuple(given["header"]), rows, given["note"])


def to_content(document: Document) -> dict[str, Any]:
    """The document without its time, as JSON values."""
    return {
        "issuer": document.issuer,
        "number": document.number,
        "title": document.title,
        "addressee": document.addressee,
        "blocks": [_block_out(block) for block in document.blocks],
        "sources": [asdict(source) for source in document.sources],
        "signed_by": document.signed_by,
    }


def digest_of(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the composed text: the same records give the same digest."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_document(content: Mapping[str, Any], computed_at: dt.datetime) -> Document:
    """The document as it was made, dated, with absolute links for the Word file."""
    local = timezone.localtime(computed_at)
    computed = f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
    sources = tuple(
        replace(
            Source(**source),
            computed=computed,
            url=f"{settings.BASE_URL}{source['url']}" if source["url"] else "",
        )
        for source in content["sources"]
    )
    return Document(
        issuer=content["issuer"],
        number=content["number"],
        title=content["title"],
        addressee=content["addressee"],
        blocks=tuple(_block_in(block) for block in content["blocks"]),
        sources=sources,
        signed_by=content["signed_by"],
        dated=local.date(),
    )
