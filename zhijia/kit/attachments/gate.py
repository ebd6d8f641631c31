"""The gate for attachments: size, true type, and by type what must not come in; pictures are made anew.

    with passed(file) as plain:
        ...  # plain.path is gone afterwards

Nothing of the file's own name is used but to be shown.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from zhijia.kit.attachments import child, pdf
from zhijia.kit.attachments.refusal import MAX_FILE, AttachmentRefusedError
from zhijia.kit.books import gate as books
from zhijia.kit.books.refusal import BookRefusedError
from zhijia.kit.books.uploads import shown_name


class FileKind(StrEnum):
    """What may be attached."""

    JPEG = "jpeg"
    PNG = "png"
    PDF = "pdf"
    XLSX = "xlsx"
    DOCX = "docx"


SUFFIXES = {
    ".jpg": FileKind.JPEG,
    ".jpeg": FileKind.JPEG,
    ".png": FileKind.PNG,
    ".pdf": FileKind.PDF,
    ".xlsx": FileKind.XLSX,
    ".docx": FileKind.DOCX,
}
HEADS = ((b"\xff\xd8\xff", FileKind.JPEG), (b"\x89PNG\r\n\x1a\n", FileKind.PNG), (pdf.HEAD, FileKind.PDF))
PICTURES = {FileKind.JPEG: "JPEG", FileKind.PNG: "PNG"}
SECONDS = 30
# What an Office file may carry besides text and pictures: programs, controls, other files.
_CARGO = re.compile(
    r"vbaProject|activeX/|embeddings/|\.(?:bin|exe|dll|zip|rar|7z|xlsm|docm|htm|html|svg)$", re.IGNORECASE
)
_LINK = re.compile(rb"<[^<>]*\bTargetMode\s*=\s*[\"']External[\"'][^<>]*>", re.IGNORECASE)
_HYPERLINK = re.compile(rb"\bType\s*=\s*[\"'][^\"'<>]*/hyperlink[\"']")
SCAN_SECONDS = 60
_LARGEST_RELS = 4 * 2**20
_HARMLESS = re.compile(r"(?:^|/)printerSettings\d*\.bin$")


@dataclass(frozen=True)
class Passed:
    """A file that may be kept: the name to show, and the plain bytes as they will be stored."""

    path: Path
    name: str
    kind: FileKind
    size: int
    sha256: str


@contextmanager
def passed(file: UploadedFile[bytes]) -> Iterator[Passed]:
    """Give the checked file, or raise AttachmentRefusedError; all plain copies are gone afterwards."""
    settings.SCRATCH.mkdir(mode=0o700, parents=True, exist_ok=True)
    stem = Path(settings.SCRATCH) / uuid.uuid4().hex
    copy, clean = stem.with_suffix(".in"), stem.with_suffix(".out")
    try:
        name = shown_name(file.name or "")
        _check_size(file.size or 0)
        with copy.open("xb") as target:
            target.writelines(file.chunks())
        kind = check(copy, name)
        _scan(copy)
        if kind in PICTURES:
            _made_anew(copy, clean, PICTURES[kind])
        kept = clean if kind in PICTURES else copy
        with kept.open("rb") as plain:
            digest = hashlib.file_digest(plain, "sha256").hexdigest()
        yield Passed(kept, name, kind, kept.stat().st_size, digest)
    finally:
        copy.unlink(missing_ok=True)
        clean.unlink(missing_ok=True)


def _scan(path: Path) -> None:
    """Ask the virus scanner of the installation, where one is set; without its clear word nothing is kept."""
    if not settings.SCANNER:
        return
    try:
        words = [*settings.SCANNER, str(path)]
        done = subprocess.run(words, capture_output=True, timeout=SCAN_SECONDS, check=False)
        clean = done.returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        clean = False
    if not clean:
        raise AttachmentRefusedError(
            _("病毒扫描没有通过，或者扫描程序没有响应。请检查文件，或联系系统管理员。")
        )


def _check_size(size: int) -> None:
    if not size:
        raise AttachmentRefusedError(_("文件是空的。请重新选择文件。"))
    if size > MAX_FILE:
        raise AttachmentRefusedError(
            _("文件超过 %(limit)s MB。请压缩图片，或拆成几个文件后上传。") % {"limit": MAX_FILE >> 20}
        )


def check(path: Path, name: str) -> FileKind:
    """Look at the bytes of a file and return what it is; nothing is decoded here."""
    said = SUFFIXES.get(Path(name).suffix.lower())
    if said is None:
        raise AttachmentRefusedError(
            _("仅支持 JPG、PNG、PDF、xlsx、docx 文件。请先转换为其中一种（例如截图，或打印为 PDF）。")
        )
    data = path.read_bytes()
    found = next((kind for head, kind in HEADS if data.startswith(head)), None)
    if data.startswith(books.ZIP):
        found = _office_kind(path)
    if found is not said:
        raise AttachmentRefusedError(
            _("文件内容与扩展名 %(said)s 不符。请用原来的程序打开，另存为该格式后上传。")
            % {"said": Path(name).suffix.lower()}
        )
    if found is FileKind.PDF:
        pdf.check(data)
    return said


def _office_kind(path: Path) -> FileKind:
    """Pass an Office file through the gate of the books, and look for what it carries."""
    try:
        with books.opened(path) as package:
            names = set(package.namelist())
        books.check_zip(path)
    except BookRefusedError as refusal:
        raise AttachmentRefusedError(str(refusal)) from refusal
    if any(_CARGO.search(name) and not _HARMLESS.search(name) for name in names):
        raise AttachmentRefusedError(
            _("文件中嵌有宏、控件或其他文件，不能保存。请删除后另存，或打印为 PDF 上传。")
        )
    _check_links(path)
    if "word/document.xml" in names:
        return FileKind.DOCX
    if "xl/workbook.xml" in names:
        return FileKind.XLSX
    raise AttachmentRefusedError(_("压缩包不能作为附件。请解压后逐个上传其中的文件。"))


def _check_links(path: Path) -> None:
    """Refuse templates, pictures and objects that a program would fetch; plain links may stay."""
    with zipfile.ZipFile(path) as package:
        for part in package.namelist():
            if not part.lower().endswith(".rels"):
                continue
            if package.getinfo(part).file_size > _LARGEST_RELS:
                raise AttachmentRefusedError(_("文件结构过于复杂，无法检查。请打印为 PDF 后上传。"))
            for link in _LINK.finditer(package.read(part)):
                if not _HYPERLINK.search(link[0]):
                    raise AttachmentRefusedError(
                        _("文件含不允许的内容：从别处取用的模板、图片或对象。请断开链接后另存，再重新上传。")
                    )


def _made_anew(source: Path, target: Path, kind: str) -> None:
    """Decode and encode a picture in a child process."""
    command = [sys.executable, "-m", child.__name__, str(source), str(target), kind]
    try:
        code = subprocess.run(
            command, capture_output=True, timeout=SECONDS, check=False, cwd=settings.HOME
        ).returncode
    except subprocess.TimeoutExpired:
        code = child.TOO_LARGE
    if code == child.TOO_LARGE:
        raise AttachmentRefusedError(
            _("图片过大（超过 %(most)s 万像素）。请缩小尺寸或截取需要的部分后上传。")
            % {"most": child.MOST_PIXELS // 10_000}
        )
    if code != child.DONE:
        raise AttachmentRefusedError(_("图片已损坏，无法读取。请用看图软件打开，另存为 JPG 或 PNG 后上传。"))
    _check_size(target.stat().st_size)
