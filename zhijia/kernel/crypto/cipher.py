"""The two ciphers that the house may seal with: AES-256-GCM, or SM4-GCM where national standards are asked.

Both are authenticated: whoever changes a sign of the sealed text, or moves it elsewhere, is found out.
"""

from __future__ import annotations

import functools
import os
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE, TAG = 12, 16  # bytes; 96-bit nonces are what GCM is made for
AES, SM4 = "aes-256-gcm", "sm4-gcm"
KEY_BYTES = {AES: 32, SM4: 16}


class WrongKeyError(Exception):
    """The keys of this installation are not those that the data was sealed with."""


class TamperedError(Exception):
    """A sealed value was changed, or stands in another row, column or file than it was made for."""


class Suite(Protocol):
    """One cipher with one key."""

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return the sealed bytes with their tag."""

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return the plain bytes; raises InvalidTag."""


class Sm4Gcm:
    """SM4 (GB/T 32907-2016) in GCM, with the interface of AESGCM."""

    def __init__(self, key: bytes) -> None:
        self._algorithm = algorithms.SM4(key)

    def encrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return the sealed bytes with their tag."""
        engine = Cipher(self._algorithm, modes.GCM(nonce)).encryptor()
        engine.authenticate_additional_data(associated_data or b"")
        return engine.update(data) + engine.finalize() + engine.tag

    def decrypt(self, nonce: bytes, data: bytes, associated_data: bytes | None) -> bytes:
        """Return the plain bytes; raises InvalidTag."""
        body, tag = data[:-TAG], data[-TAG:]
        engine = Cipher(self._algorithm, modes.GCM(nonce, tag)).decryptor()
        engine.authenticate_additional_data(associated_data or b"")
        return engine.update(body) + engine.finalize()


@functools.lru_cache(maxsize=64)
def suite(cipher: str, key: bytes) -> Suite:
    """Return the cipher with its key; ValueError for a name that is not known."""
    if cipher == AES:
        return AESGCM(key)
    if cipher == SM4:
        return Sm4Gcm(key)
    raise ValueError(f"unknown cipher {cipher!r}: {AES} or {SM4}")


def new_key(cipher: str) -> bytes:
    """Return a random key of the length that the cipher takes."""
    return os.urandom(KEY_BYTES[cipher])


def seal_bytes(cipher: str, key: bytes, plain: bytes, bound_to: bytes) -> bytes:
    """Return nonce and sealed bytes; ``bound_to`` has to be the same when they are opened."""
    nonce = os.urandom(NONCE)
    return nonce + suite(cipher, key).encrypt(nonce, plain, bound_to)


def open_bytes(cipher: str, key: bytes, sealed: bytes, bound_to: bytes) -> bytes:
    """Return the plain bytes; raises TamperedError."""
    try:
        return suite(cipher, key).decrypt(sealed[:NONCE], sealed[NONCE:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise TamperedError("the sealed bytes do not belong here, or were changed") from error
