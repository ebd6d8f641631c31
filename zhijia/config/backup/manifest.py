"""``manifest.json``: what a backup holds, so that anything missing, added or changed is found out."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

FORMAT = 1
NAME = "manifest.json"
ATTACHMENTS = "attachments"
DATABASES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}
PIECE = 1 << 20


class BackupError(Exception):
    """The backup cannot be taken, read or put back; the text says why, in the user's language."""


@dataclass(frozen=True)
class File:
    """One file of a backup, by its name below the folder."""

    size: int
    sha256: str


@dataclass(frozen=True)
class Content:
    """What a database holds: rows of each table, sums of its numbers, migrations, and the audit's end."""

    counts: dict[str, int]
    sums: dict[str, int]
    migrations: list[str]
    audit_seq: int = 0
    audit_hash: str = ""


@dataclass(frozen=True)
class Manifest:
    """All about one backup. ``keys`` gives the digest of each key that is needed to read it, by its name."""

    created_at: str
    engine: str
    versions: dict[str, str]
    files: dict[str, File]
    content: Content
    fingerprint: str = ""
    keys: dict[str, str] = field(default_factory=dict)
    format: int = FORMAT

    @property
    def database(self) -> str:
        """Return the name of the database's file."""
        return DATABASES[self.engine]

    @property
    def attachments(self) -> dict[str, File]:
        """Return the attachments by their name below the folder of attachments."""
        head = f"{ATTACHMENTS}/"
        return {name.removeprefix(head): file for name, file in self.files.items() if name.startswith(head)}


def digest(path: Path) -> File:
    """Return size and SHA-256 of a file."""
    mark, size = hashlib.sha256(), 0
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            mark.update(piece)
            size += len(piece)
    return File(size, mark.hexdigest())


def below(folder: Path) -> Iterator[str]:
    """Yield the files below a folder by name, without those that are being written (``.name``)."""
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            yield name.as_posix()


def private(folder: Path) -> Path:
    """Make a folder, and those above it that are missing, for the owner's eyes only."""
    for path in reversed([folder, *folder.parents]):
        if not path.exists():
            path.mkdir(mode=0o700, exist_ok=True)
    return folder


def settle(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def store(folder: Path, manifest: Manifest) -> None:
    """Write the manifest, last of all files."""
    path = folder / NAME
    path.write_text(json.dumps(asdict(manifest), ensure_ascii=False, indent=1), encoding="utf-8")
    path.chmod(0o600)
    settle(path)


def load(folder: Path) -> Manifest:
    """Read the manifest of a backup; BackupError when the folder is none, or of a newer kind."""
    try:
        body: dict[str, Any] = json.loads((folder / NAME).read_text(encoding="utf-8"))
        if body["format"] != FORMAT:
            raise BackupError(_("这个备份由更新的版本生成，请先升级职家。"))
        files = {name: File(**about) for name, about in body.pop("files").items()}
        return Manifest(**body | {"files": files, "content": Content(**body["content"])})
    except FileNotFoundError as error:
        raise BackupError(
            _("%(place)s 不是完整的备份（没有 manifest.json）。") % {"place": folder}
        ) from error
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise BackupError(_("备份的 manifest.json 已损坏。")) from error


def damages(folder: Path, manifest: Manifest) -> list[str]:
    """Name each file of a backup that is missing, changed, or not in the manifest."""
    found = set(below(folder)) - {NAME}
    wrong = [_("多出文件 %(name)s") % {"name": name} for name in sorted(found - set(manifest.files))]
    for name, expected in manifest.files.items():
        if name not in found:
            wrong.append(_("缺少文件 %(name)s") % {"name": name})
        elif digest(folder / name) != expected:
            wrong.append(_("文件 %(name)s 已损坏") % {"name": name})
    return wrong
