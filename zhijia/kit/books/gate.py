"""The gate for table files from outside: size, true type, unzipped sum, forbidden parts, extent.

Nothing is parsed here; bytes are only looked at. What passes is read in a child process (``reader``).
Macros of an .xlsm are never run, because only values are read; such a file passes.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from django.utils.translation import gettext as _

from zhijia.kit.books import extent
from zhijia.kit.books.refusal import MAX_FILE, MAX_RATIO, MAX_UNZIPPED, BookRefusedError


class FileType(StrEnum):
    """What a file really is, whatever its name says."""

    XLSX = "xlsx"
    XLS = "xls"
    ODS = "ods"
    CSV = "csv"


@dataclass(frozen=True)
class Passed:
    """What the gate learned: the type, and what the reader cannot see (by sheet name)."""

    type: FileType
    notes: dict[str, extent.SheetNotes] = field(default_factory=dict)


# .xlsm is .xlsx with macros, .et is what WPS calls its .xls.
SUFFIXES = {
    ".xlsx": FileType.XLSX,
    ".xlsm": FileType.XLSX,
    ".xls": FileType.XLS,
    ".et": FileType.XLS,
    ".ods": FileType.ODS,
    ".csv": FileType.CSV,
    ".txt": FileType.CSV,
}
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Below this size even a perfect bomb is harmless, and small sheets of equal rows do compress a lot.
RATIO_MATTERS = 10 * 2**20
MAX_PARTS = 5_000
CHUNK = 1 << 20
ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
DECLARATION = 1200
# How an XML part may begin: a mark of UTF-8, blanks, then "<"; a declaration that names no other coding.
BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<(?!\?xml\s)|<\?xml\s([^<>]{0,1000}?)\?>)")
CODING = re.compile(rb"""encoding\s*=\s*["']([^"']*)""")
PLAIN = frozenset({b"utf-8", b"utf8", b"us-ascii", b"ascii"})
HTML = re.compile(rb"\s*<(?:!doctype|html|head|meta|table|body|\?xml|!--)", re.IGNORECASE)


def check(path: Path, name: str = "") -> Passed:
    """Let a file pass or raise BookRefusedError; ``name`` is what the user called it (for its ending)."""
    size = path.stat().st_size
    if not size:
        raise BookRefusedError(_("文件是空的，没有数据行。请填写后重新上传。"))
    if size > MAX_FILE:
        raise BookRefusedError(_("文件超过 %(limit)s MB，请拆分后分次导入。") % {"limit": MAX_FILE >> 20})
    said = SUFFIXES.get(Path(name or path.name).suffix.lower())
    if said is None:
        raise BookRefusedError(_("只能导入 .xlsx、.xls、.ods 或 .csv 文件。请另存为其中一种。"))
    found = _sniff(path)
    if found is not said:
        raise BookRefusedError(
            _("文件内容不是 %(said)s，而是 %(found)s。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。")
            % {"said": said.value, "found": found.value}
        )
    if found is FileType.XLSX:
        return Passed(found, check_zip(path))
    if found is FileType.ODS:
        check_zip(path)
    return Passed(found)


def _sniff(path: Path) -> FileType:
    with path.open("rb") as file:
        head = file.read(4096)
    if head.startswith(ZIP):
        return _zip_type(path)
    if head.startswith(OLE):
        return _ole_type(path)
    if HTML.match(head.removeprefix(b"\xef\xbb\xbf")):
        raise BookRefusedError(
            _("文件内容不是 Excel 表格，而是网页（HTML/XML）。请用 Excel 打开，另存为 .xlsx。")
        )
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise BookRefusedError(_("文件内容不是 xlsx、xls、ods 或 csv 表格。请用 Excel 或 WPS 另存为 .xlsx。"))
    return FileType.CSV


def _ole_type(path: Path) -> FileType:
    """Tell an old .xls from an encrypted .xlsx by the names in the container's directory."""
    data = path.read_bytes()
    if "EncryptedPackage".encode("utf-16-le") in data or "EncryptionInfo".encode("utf-16-le") in data:
        raise BookRefusedError(_("文件已加密。请先在 Excel 或 WPS 中取消密码，再重新上传。"))
    if "Workbook".encode("utf-16-le") in data or "Book".encode("utf-16-le") in data:
        return FileType.XLS
    raise BookRefusedError(_("文件内容不是 Excel 表格（可能是 Word 或其他文件）。请选择台账文件。"))


def _zip_type(path: Path) -> FileType:
    with opened(path) as book:
        names = set(book.namelist())
        if "xl/workbook.xml" in names:
            return FileType.XLSX
        if "mimetype" in names and book.getinfo("mimetype").file_size < CHUNK:
            kind = book.read("mimetype")
            if kind.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
                return FileType.ODS
    raise BookRefusedError(_("文件内容不是 Excel 表格（可能是压缩包、Word 或 .xlsb）。请另存为 .xlsx。"))


def opened(path: Path) -> zipfile.ZipFile:
    """Open a zip; raises BookRefusedError for a broken one."""
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise _broken() from error


def _broken() -> BookRefusedError:
    return BookRefusedError(_("文件已损坏，无法打开。请用 Excel 或 WPS 打开，另存为 .xlsx 后重新上传。"))


def check_zip(path: Path) -> dict[str, extent.SheetNotes]:
    """Refuse bombs, entities and links in an Office file; return what the sheets' XML tells."""
    with opened(path) as book:
        parts = book.infolist()
        _check_sums(parts, path.stat().st_size)
        links = [part.filename for part in parts if "externalLinks/" in part.filename]
        if links:
            raise BookRefusedError(
                _("文件含不允许的内容：链接到其他文件。请在“数据→编辑链接”中断开，或粘贴为数值后重新上传。")
            )
        scans: dict[str, extent.Scan] = {}
        try:
            for part in parts:
                if not part.is_dir() and part.filename.lower().endswith((".xml", ".rels", ".vml")):
                    scan = _scan_part(book, part)
                    if scan is not None:
                        scans[part.filename] = scan
            return extent.by_sheet(book, scans)
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
        ) as error:
            raise _broken() from error


def _check_sums(parts: list[zipfile.ZipInfo], packed: int) -> None:
    if any(part.flag_bits & 0x1 for part in parts):
        raise BookRefusedError(_("文件已加密。请先在 Excel 或 WPS 中取消密码，再重新上传。"))
    names = [part.filename.lower() for part in parts]
    if len(parts) > MAX_PARTS or len(set(names)) != len(names):
        raise _broken()
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNZIPPED or (unpacked > RATIO_MATTERS and unpacked > packed * MAX_RATIO):
        raise BookRefusedError(
            _("文件解压后过大（%(size)s MB），已拒绝。请删除多余的空白行列和图片后重新上传。")
            % {"size": unpacked >> 20}
        )


def _chunks(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """Yield a part in pieces that end at a tag, so that no tag is cut in two."""
    with book.open(part) as stream:
        rest = b""
        while data := stream.read(CHUNK):
            data = rest + data
            cut = data.rfind(b"<")
            if cut <= 0 and len(data) < 4 * CHUNK:
                rest = data
                continue
            rest, data = (data[cut:], data[:cut]) if cut > 0 else (b"", data)
            yield data
        if rest:
            yield rest


def _is_utf8(head: bytes) -> bool:
    """Say whether an XML part begins like UTF-8: entities cannot be seen, nor every part read, in others."""
    begun = BEGINNING.match(head)
    if begun is None or b"\0" in head:
        return not head.strip()
    said = CODING.search(begun[1] or b"")
    return said is None or said[1].strip().lower() in PLAIN


def _scan_part(book: zipfile.ZipFile, part: zipfile.ZipInfo) -> extent.Scan | None:
    """Search one XML part for entities; scan it when it is a worksheet."""
    scan: extent.Scan | None = None
    for number, data in enumerate(_chunks(book, part)):
        if number == 0:
            if not _is_utf8(data[:DECLARATION]):
                raise BookRefusedError(
                    _("文件含不允许的内容：XML 编码不是 UTF-8。请另存为 .xlsx 后重新上传。")
                )
            if extent.is_worksheet(data):
                scan = extent.Scan()
        if ENTITY.search(data):
            raise BookRefusedError(
                _("文件含不允许的内容：XML 实体。请用 Excel 或 WPS 另存为 .xlsx 后重新上传。")
            )
        if scan is not None:
            scan.feed(data)
    return scan
