"""Files sealed at rest: each with a key of its own, wrapped by the newest key of the domain ``files``.

The head is one line of JSON (which key wraps, the wrapped key); then come pieces of 1 MiB, each sealed and
bound to the name of the file, its place in it, and whether it is the last: cut, swapped or foreign pieces are
found out.
"""

from __future__ import annotations

import io
import json
import os
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from zhijia.kernel.crypto.cipher import NONCE, TAG, TamperedError, new_key, open_bytes, seal_bytes
from zhijia.kernel.crypto.keyring import sync_folder
from zhijia.kernel.crypto.values import ring

DOMAIN = "files"
MAGIC = b"ZJF1"
PIECE = 1 << 20
_HEAD_LIMIT = 4096


def attachment_name(uuid_text: str) -> str:
    """Return the name to which an attachment is bound; its file is called by its uuid alone."""
    return f"attachment:{uuid_text}"


def _bound(name: str, number: int, *, is_last: bool) -> bytes:
    return f"file|{name}|{number}|{int(is_last)}".encode()


def _pieces(source: BinaryIO) -> Iterator[tuple[bytes, bool]]:
    """Yield the pieces, and whether each is the last; an empty file is one empty piece."""
    piece = source.read(PIECE)
    while True:
        following = source.read(PIECE) if len(piece) == PIECE else b""
        yield piece, not following
        if not following:
            return
        piece = following


def seal_file(source: BinaryIO | bytes, target: Path, *, name: str) -> int:
    """Write ``source`` sealed to ``target``, whole or not at all; return the plain size in bytes."""
    stream = io.BytesIO(source) if isinstance(source, bytes) else source
    keys = ring()
    outer = keys.active(DOMAIN)
    key = new_key(outer.cipher)
    wrapped = seal_bytes(outer.cipher, keys.plain(outer.kid), key, f"filekey|{name}".encode())
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = target.with_name(f".{target.name}.{uuid.uuid4().hex}")
    size = 0
    try:
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + json.dumps({"kid": outer.kid, "key": wrapped.hex()}).encode() + b"\n")
            for number, (piece, is_last) in enumerate(_pieces(stream)):
                file.write(seal_bytes(outer.cipher, key, piece, _bound(name, number, is_last=is_last)))
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
        sync_folder(target.parent)
    finally:
        fresh.unlink(missing_ok=True)
    return size


def _head(path: Path, line: bytes) -> tuple[str, bytes]:
    """Return the name of the wrapping key and the wrapped key; TamperedError for another kind of file."""
    try:
        about = json.loads(line.removeprefix(MAGIC))
        return about["kid"], bytes.fromhex(about["key"])
    except (ValueError, KeyError, TypeError) as error:
        raise TamperedError(f"{path.name} is not a sealed file") from error


def kid_of_file(path: Path) -> str:
    """Return the name of the key that wraps the key of a sealed file."""
    with path.open("rb") as file:
        return _head(path, file.readline(_HEAD_LIMIT))[0]


def open_sealed(path: Path, *, name: str) -> Iterator[bytes]:
    """Yield the plain pieces of a sealed file; TamperedError when it was changed, cut or is another's."""
    with path.open("rb") as file:
        kid, wrapped = _head(path, file.readline(_HEAD_LIMIT))
        keys = ring()
        outer = keys.key(kid)
        key = open_bytes(outer.cipher, keys.plain(kid), wrapped, f"filekey|{name}".encode())
        sealed, number = file.read(PIECE + NONCE + TAG), 0
        while True:
            following = file.read(PIECE + NONCE + TAG)
            yield open_bytes(outer.cipher, key, sealed, _bound(name, number, is_last=not following))
            if not following:
                return
            sealed, number = following, number + 1


@contextmanager
def plain_copy(path: Path, *, name: str) -> Iterator[Path]:
    """Give the plain file to a program that wants a path; it is gone afterwards."""
    settings.SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle, copy = tempfile.mkstemp(suffix=path.suffix, dir=settings.SCRATCH)
    try:
        with os.fdopen(handle, "wb") as file:
            file.writelines(open_sealed(path, name=name))
        yield Path(copy)
    finally:
        Path(copy).unlink(missing_ok=True)
