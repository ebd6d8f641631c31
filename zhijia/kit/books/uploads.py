"""Uploaded ledgers on disk: sealed, under random names, away from everything served, gone after a day."""

from __future__ import annotations

import re
import time
import unicodedata
import uuid
from contextlib import AbstractContextManager
from pathlib import Path
from typing import BinaryIO, cast

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from zhijia.kernel.crypto.files import plain_copy, seal_file
from zhijia.kit.books.gate import SUFFIXES

KEPT_SECONDS = 24 * 3600
LONGEST_NAME = 80
TOKEN = re.compile(r"[0-9a-f]{32}\.[a-z]{2,4}")


def folder() -> Path:
    """Return the place of uploaded ledgers, made when it is not there."""
    place = Path(settings.UPLOADS) / "books"
    place.mkdir(parents=True, exist_ok=True, mode=0o700)
    return place


def shown_name(name: str) -> str:
    """Return the user's file name as it may be shown: no folders, nothing invisible, not too long."""
    last = re.split(r"[/\\]", name)[-1]
    clean = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C").strip()
    stem, dot, suffix = clean.rpartition(".")
    return f"{stem[:LONGEST_NAME]}{dot}{suffix[:8]}" if dot else clean[:LONGEST_NAME]


def save(file: UploadedFile[bytes]) -> str:
    """Keep an uploaded file sealed and return its token; its ending is kept only when it is one of ours."""
    sweep()
    suffix = Path(shown_name(file.name or "")).suffix.lower()
    token = f"{uuid.uuid4().hex}{suffix if suffix in SUFFIXES else '.bin'}"
    file.seek(0)
    seal_file(cast("BinaryIO", file.file), folder() / token, name=_bound_to(token))
    return token


def _bound_to(token: str) -> str:
    return f"upload:{token}"


def opened(path: Path) -> AbstractContextManager[Path]:
    """Give the plain file of a found one to a reader that wants a path; it is gone afterwards."""
    return plain_copy(path, name=_bound_to(path.name))


def find(token: str) -> Path | None:
    """Return the sealed file of a token; None when it is gone or the token is not one."""
    path = folder() / token
    return path if TOKEN.fullmatch(token) and path.is_file() else None


def forget(token: str) -> None:
    """Delete the file of a token."""
    path = find(token)
    if path is not None:
        path.unlink(missing_ok=True)


def sweep() -> None:
    """Delete uploads older than a day."""
    oldest = time.time() - KEPT_SECONDS
    for path in folder().iterdir():
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
