"""Sealing short values, and marks (blind indexes, the audit chain) that nobody makes without the keys."""

from __future__ import annotations

import base64
import binascii
import functools
import hmac
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from zhijia.kernel.crypto import keyring
from zhijia.kernel.crypto.cipher import TamperedError, WrongKeyError, open_bytes, seal_bytes
from zhijia.kernel.crypto.keyring import Keyring

VERSION = "v1"
_MARK_BYTES = 32
_lock = threading.Lock()
LOOK_EVERY = 0.5  # seconds: sealing a roster must not ask the disk for each number


@dataclass
class _Held:
    """Keys in memory, the state of their file, and when that was last looked at."""

    keys: Keyring
    stamp: tuple[int, int]
    looked: float
    generation: int


_held: dict[str, _Held] = {}


def ring() -> Keyring:
    """Return the keys, read again soon after their file has changed; made when the installation is new.

    WrongKeyError when they are missing although the database holds sealed values.
    """
    name, now = str(settings.KEYS), time.monotonic()
    held = _held.get(name)
    if held and now - held.looked < LOOK_EVERY and held.generation == keyring.generation():
        return held.keys
    path = keyring.place() / keyring.RING
    try:
        found = path.stat()
    except FileNotFoundError:
        found = None
    stamp = (found.st_mtime_ns, found.st_ino) if found else (0, 0)
    if held and found and held.stamp == stamp:
        held.looked, held.generation = now, keyring.generation()
        return held.keys
    with _lock:
        if found is None:
            _create_if_new()
            found = path.stat() if path.exists() else None
        generation, fresh = keyring.generation(), Keyring(*keyring.read())
        if found:
            _held[name] = _Held(fresh, (found.st_mtime_ns, found.st_ino), now, generation)
        _mark_key.cache_clear()
        return fresh


def _create_if_new() -> None:
    from zhijia.kernel.crypto.canary import planted  # it reads the database

    if planted():
        return  # sealed values are there: fresh keys would not open them
    keyring.create()


def seal(domain: str, plain: str, bound_to: str) -> str:
    """Return a text sealed with the newest key of the domain; it opens only with the same ``bound_to``."""
    keys = ring()
    key = keys.active(domain)
    body = seal_bytes(key.cipher, keys.plain(key.kid), plain.encode(), bound_to.encode())
    return f"{VERSION}.{key.kid}.{base64.urlsafe_b64encode(body).decode()}"


def kid_of(token: str) -> str:
    """Return the name of the key that a text was sealed with; TamperedError when it is not a sealed text."""
    parts = token.split(".")
    if len(parts) != 3 or parts[0] != VERSION:  # noqa: PLR2004 - version, key, body
        raise TamperedError("not a sealed text")
    return parts[1]


def unseal(token: str, bound_to: str) -> str:
    """Return the plain text; TamperedError when it was changed or moved, WrongKeyError without its key."""
    keys = ring()
    key = keys.key(kid_of(token))
    try:
        body = base64.urlsafe_b64decode(token.rpartition(".")[2])
    except (binascii.Error, ValueError) as error:
        raise TamperedError("not a sealed text") from error
    return open_bytes(key.cipher, keys.plain(key.kid), body, bound_to.encode()).decode()


@functools.lru_cache(maxsize=64)
def _mark_key(purpose: str, master: bytes) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=_MARK_BYTES, salt=None, info=purpose.encode()).derive(
        master
    )


def marker(purpose: str) -> Callable[[bytes], str]:
    """Return ``mac`` for one purpose, with the key looked up once: for thousands of marks in a row."""
    keys = ring()
    domain = purpose.partition(":")[0]
    if domain not in keyring.MARKS:
        raise ValueError(f"{purpose!r}: marks are made for {', '.join(keyring.MARKS)}")
    key = _mark_key(purpose, keys.plain(keys.active(domain).kid))
    return lambda data: hmac.digest(key, data, "sha256").hex()


def mac(purpose: str, data: bytes) -> str:
    """Return 64 hex signs made of ``data`` and of a key for this purpose (``index:id_number``, ``audit``).

    The part before the colon names the domain of the key: one of ``keyring.MARKS``.
    """
    return marker(purpose)(data)


__all__ = ["WrongKeyError", "kid_of", "mac", "marker", "ring", "seal", "unseal"]
