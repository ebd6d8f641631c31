"""What a worksheet's XML tells before it is parsed: how far it reaches, hidden rows, empty formulas.

One cell with a value in XFD1048576 makes a 5 KB file that asks the parser for terabytes; only cells with
a value count, since whole columns of formatted blanks are common in honest files.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from django.utils.translation import gettext as _

from zhijia.kit.books.refusal import MAX_COLUMNS, MAX_ROWS, BookRefusedError

HEADROOM = 20  # title and header rows above the data
MANY = 100
KEPT = 200
WORKSHEET = re.compile(rb"<(?:\w+:)?worksheet[\s>]")
# Cheap at C speed: only references beyond GR (column 199) or row 50,000 are looked at closer.
FAR_CELL = re.compile(
    rb"""<(?:\w+:)?c\b[^>]*?\br=["']"""
    rb"""(?=[A-Z]{3}\d|[A-Z]{1,2}\d{6}|[H-Z][A-Z]\d|G[S-Z]\d|[A-Z]{1,2}[5-9]\d{4}["'])"""
    rb"""([A-Z]+)(\d+)["'][^>]*?(/?)>"""
)
VALUE = re.compile(rb"<(?:\w+:)?(?:v|is)>[^<]|<(?:\w+:)?is>")
CELL_END = re.compile(rb"</(?:\w+:)?c>")
HIDDEN = re.compile(rb"""<(?:\w+:)?row\b(?=[^>]*\bhidden=["'](?:1|true)["'])[^>]*\br=["'](\d+)["']""")
# A formula without a stored result, and a result that is an error (#REF!): both read as blank cells.
DEAD = re.compile(
    rb"""<(?:\w+:)?c\b([^>]*)>(?:<(?:\w+:)?f\b[^>]*/>|<(?:\w+:)?f\b[^>]*>[^<]*</(?:\w+:)?f>)"""
    rb"""\s*(?:<(?:\w+:)?v>\s*</(?:\w+:)?v>|<(?:\w+:)?v/>)?\s*</(?:\w+:)?c>"""
    rb"""|<(?:\w+:)?c\b([^>]*\bt=["']e["'][^>]*)>"""
)
REFERENCE = re.compile(rb"""\br=["']([A-Z]+\d+)["']""")


@dataclass
class SheetNotes:
    """What only the XML of a sheet tells: hidden row numbers, and cells whose formula has no result."""

    hidden: tuple[int, ...] = ()
    dead: frozenset[str] = frozenset()


def is_worksheet(head: bytes) -> bool:
    """Say whether an XML part is a worksheet, wherever the package keeps it."""
    return WORKSHEET.search(head[:4096]) is not None


def column_number(letters: str) -> int:
    """Return 1 for A, 28 for AB."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def column_letters(number: int) -> str:
    """Return A for 1, AB for 28."""
    letters = ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


@dataclass
class Scan:
    """Gathers the notes of one worksheet, piece by piece."""

    hidden: list[int] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    far: tuple[int, int, str] | None = None
    beyond: int = 0
    rest: bytes = b""

    def feed(self, data: bytes) -> None:
        """Take the next piece; a cell that is not closed yet waits for the one after it."""
        data = self.rest + data
        cut = max(data.rfind(b"</c>"), data.rfind(b":c>"))
        cut = data.find(b">", cut) + 1 if cut >= 0 else len(data)
        data, self.rest = data[:cut], data[cut:]
        self._look(data)

    def close(self) -> None:
        """Look at what is left."""
        self._look(self.rest)
        self.rest = b""

    def _look(self, data: bytes) -> None:
        if b"hidden=" in data:
            self.hidden += [int(row) for row in HIDDEN.findall(data)[:KEPT]]
        if b"<f" in data or b":f" in data or b't="e"' in data:
            self._look_for_dead(data)
        for found in FAR_CELL.finditer(data):
            self._look_far(data, found)

    def _look_for_dead(self, data: bytes) -> None:
        for found in DEAD.finditer(data):
            reference = REFERENCE.search(found[1] or found[2] or b"")
            if reference and len(self.dead) < KEPT:
                self.dead.append(reference[1].decode())

    def _look_far(self, data: bytes, found: re.Match[bytes]) -> None:
        if found[3]:  # <c .../> has no value
            return
        end = CELL_END.search(data, found.end())
        if not VALUE.search(data, found.end(), end.start() if end else len(data)):
            return
        letters, row = found[1].decode(), int(found[2])
        if row > MAX_ROWS + HEADROOM:
            self.beyond += 1
        elif column_number(letters) <= MAX_COLUMNS:
            return
        if self.far is None or row > self.far[0]:
            self.far = (row, column_number(letters), f"{letters}{row}")

    def check(self, sheet: str) -> None:
        """Refuse a sheet that reaches too far, naming the cell."""
        if self.far is None:
            return
        if self.beyond > MANY:
            raise BookRefusedError(too_many(sheet, self.far[0]))
        raise BookRefusedError(
            _(
                "工作表“%(sheet)s”在 %(cell)s 还有内容，超出允许的范围（%(rows)s 行、%(columns)s 列）。"
                "请删除该单元格及多余的行列后重新上传。"
            )
            % {"sheet": sheet, "cell": self.far[2], "rows": MAX_ROWS, "columns": MAX_COLUMNS}
        )


def too_many(sheet: str, rows: int) -> str:
    """Say that a sheet has too many rows."""
    return _("工作表“%(sheet)s”有 %(rows)s 行，超出上限 %(limit)s 行，请拆分后分次导入。") % {
        "sheet": sheet,
        "rows": rows,
        "limit": MAX_ROWS,
    }


def by_sheet(book: zipfile.ZipFile, scans: dict[str, Scan]) -> dict[str, SheetNotes]:
    """Check every scan and return the notes by the sheet's name in the workbook."""
    names = _sheet_names(book) if "xl/workbook.xml" in book.namelist() else {}
    notes: dict[str, SheetNotes] = {}
    for part, scan in scans.items():
        scan.close()
        name = names.get(part, part)
        scan.check(name)
        notes[name] = SheetNotes(tuple(scan.hidden), frozenset(scan.dead))
    return notes


def _sheet_names(book: zipfile.ZipFile) -> dict[str, str]:
    """Map parts to sheet names by the workbook's relations (entities were refused before)."""
    try:
        relations = ET.fromstring(book.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - no DTD, see gate
        workbook = ET.fromstring(book.read("xl/workbook.xml"))  # noqa: S314 - as above
    except (KeyError, ET.ParseError):
        return {}
    targets = {item.get("Id", ""): item.get("Target", "") for item in relations}
    names: dict[str, str] = {}
    for sheet in workbook.iter():
        if sheet.tag.rpartition("}")[2] != "sheet":
            continue
        for key, value in sheet.attrib.items():
            if key.rpartition("}")[2] == "id":
                target = targets.get(value, "")
                names[target.lstrip("/") if target.startswith("/") else f"xl/{target}"] = sheet.get(
                    "name", ""
                )
    return names
