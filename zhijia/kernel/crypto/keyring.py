"""The keys of an installation: files outside the database and outside its backups.

``kek`` holds the key that wraps all others (mode 0400; put it on a medium of its own, or keep it with the
chair in a sealed envelope). ``keyring.json`` holds the data keys, wrapped. One key per domain seals; older
keys of the domain still open. The keys of ``MARKS`` never seal: they make blind indexes and the audit chain.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import time
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from zhijia.kernel.crypto.cipher import AES, TamperedError, WrongKeyError, new_key, open_bytes, seal_bytes

DOMAINS = ("identity", "hardship", "medical", "bank", "files")
MARKS = ("index", "audit")
KEK, KEK_COMING, RING = "kek", "kek.coming", "keyring.json"
PATIENCE = 5.0  # seconds that a second process waits while the first one makes the keys
PAUSE = 0.02


@dataclass(frozen=True)
class Key:
    """One wrapped key; ``kid`` is its name in every sealed value (``identity-1``)."""

    kid: str
    domain: str
    cipher: str
    wrapped: str
    made_on: str


class Keyring:
    """All keys, unwrapped in memory."""

    def __init__(self, kek: bytes, keys: tuple[Key, ...]) -> None:
        """Unwrap the keys; WrongKeyError when ``kek`` is not the one that wrapped them."""
        self.keys = keys
        self._active = {key.domain: key for key in keys}  # the last one of a domain stays
        try:
            self._plain = {key.kid: unwrap(kek, key) for key in keys}
        except TamperedError as error:
            raise WrongKeyError(_("主密钥与密钥环不匹配，请放回正确的主密钥文件。")) from error

    def active(self, domain: str) -> Key:
        """Return the key that seals now: the newest of its domain."""
        return self._active[domain]

    def key(self, kid: str) -> Key:
        """Return a key by its name; WrongKeyError when the ring has none of that name."""
        for key in self.keys:
            if key.kid == kid:
                return key
        raise WrongKeyError(_("密钥环里没有密钥 %(kid)s。") % {"kid": kid})

    def plain(self, kid: str) -> bytes:
        """Return the bytes of a key."""
        if kid not in self._plain:
            self.key(kid)  # says which one is missing
        return self._plain[kid]

    def fingerprint(self) -> str:
        """Return 16 signs that tell two rings apart and give nothing away; rewrapping keeps them."""
        whole = b"".join(hashlib.sha256(self._plain[key.kid]).digest() for key in self.keys)
        return hashlib.sha256(whole).hexdigest()[:16]


def wrap(kek: bytes, kid: str, plain: bytes) -> str:
    """Return a key wrapped by the key of keys."""
    return seal_bytes(AES, kek, plain, f"key|{kid}".encode()).hex()


def unwrap(kek: bytes, key: Key) -> bytes:
    """Return the bytes of a wrapped key; raises TamperedError."""
    return open_bytes(AES, kek, bytes.fromhex(key.wrapped), f"key|{key.kid}".encode())


def made(kek: bytes, domain: str, number: int) -> Key:
    """Return a fresh key of a domain, with the cipher of the settings."""
    kid, cipher = f"{domain}-{number}", settings.CIPHER
    return Key(kid, domain, cipher, wrap(kek, kid, new_key(cipher)), time.strftime("%Y-%m-%d"))


def place() -> Path:
    """Return the folder of the keys."""
    return Path(settings.KEYS)


def exists() -> bool:
    """Say whether this installation has keys."""
    return (place() / RING).exists()


def sync_folder(folder: Path) -> None:
    """Let a new name in a folder survive a power cut, where the system can do that."""
    with contextlib.suppress(OSError):  # Windows opens no folders
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _write(path: Path, data: bytes, mode: int) -> None:
    """Write a file so that it is there whole or not at all, also after a power cut."""
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    fresh.chmod(mode)
    fresh.replace(path)
    sync_folder(path.parent)


def _hex(path: Path) -> bytes:
    return bytes.fromhex(path.read_text().strip())


_stored = [0]


def generation() -> int:
    """Return how often this process has written keys: who holds them in memory looks again."""
    return _stored[0]


def store(kek: bytes, keys: tuple[Key, ...]) -> None:
    """Write the ring, and its key of keys when it is new.

    A new key of keys lies beside the old one until the ring is wrapped by it: whenever this is cut short, one
    of the two opens the ring.
    """
    kept, coming = place() / KEK, place() / KEK_COMING
    is_new = not kept.exists() or _hex(kept) != kek
    if is_new:
        _write(coming, kek.hex().encode(), 0o400)
    body = {"format": 1, "keys": [asdict(key) for key in keys]}
    _write(place() / RING, json.dumps(body, indent=1).encode(), 0o600)
    if is_new:
        coming.replace(kept)
        sync_folder(place())
    _stored[0] += 1


def create() -> bool:
    """Make the keys of a new installation; False when there are some (or another process was faster)."""
    place().mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(place() / KEK, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    except FileExistsError:
        return False
    kek = new_key(AES)
    with os.fdopen(handle, "w") as file:
        file.write(kek.hex())
        file.flush()
        os.fsync(file.fileno())
    store(kek, tuple(made(kek, domain, 1) for domain in (*DOMAINS, *MARKS)))
    return True


def read() -> tuple[bytes, tuple[Key, ...]]:
    """Return the key of keys and the wrapped keys; WrongKeyError says which file is missing or broken."""
    until = time.monotonic() + PATIENCE
    while (place() / KEK).exists() and not exists() and time.monotonic() < until:
        time.sleep(PAUSE)  # another process is making them
    try:
        kek, body = _hex(place() / KEK), json.loads((place() / RING).read_text())
        keys = tuple(Key(**key) for key in body["keys"])
        return _finished(kek, keys), keys
    except FileNotFoundError as error:
        file = Path(error.filename).name
        raise WrongKeyError(
            _("找不到密钥文件 %(file)s（在 %(place)s）。请放回密钥，或设置 ZHIJIA_KEYS。")
            % {"file": file, "place": place()}
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise WrongKeyError(_("密钥文件已损坏，请从密钥备份恢复。")) from error


def _finished(kek: bytes, keys: tuple[Key, ...]) -> bytes:
    """Return the key of keys that opens the ring; a change of it that was cut short is brought to its end."""
    coming = place() / KEK_COMING
    if not coming.exists() or not _opens(fresh := _hex(coming), keys):
        return kek
    coming.replace(place() / KEK)
    return fresh


def _opens(kek: bytes, keys: tuple[Key, ...]) -> bool:
    try:
        unwrap(kek, keys[0])
    except TamperedError:
        return False
    return True


def rewrapped(old: bytes, new: bytes, keys: tuple[Key, ...]) -> tuple[Key, ...]:
    """Return the same keys wrapped by another key of keys."""
    return tuple(replace(key, wrapped=wrap(new, key.kid, unwrap(old, key))) for key in keys)
