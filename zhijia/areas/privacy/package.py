"""What is handed to a person: all that is held, as a workbook with a sheet for each area, or as JSON."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter
from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.kit import exports

if TYPE_CHECKING:
    from zhijia.areas.privacy.queries import SubjectFile

XLSX, JSON = "xlsx", "json"
KINDS = (XLSX, JSON)
_LONGEST_TITLE = 31  # signs that a sheet's name may have
_NOT_IN_TITLES = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


@dataclass(frozen=True)
class Package:
    """A file to be sent; its name tells nothing of the person."""

    name: str
    content_type: str
    content: bytes = field(repr=False)


def packed(held: SubjectFile, kind: str, *, who: str, reason: str) -> Package:
    """Write the file; ValueError for an unknown kind."""
    stem = f"personal-information-{held.person.pk}-{timezone.localdate():%Y%m%d}"
    mark = exports.watermark_text(who=who, purpose=reason)
    if kind == XLSX:
        return Package(f"{stem}.xlsx", exports.XLSX, _workbook(held, mark))
    if kind == JSON:
        return Package(f"{stem}.json", "application/json", _json(held, mark))
    raise ValueError(f"unknown kind {kind!r}")


def _note(held: SubjectFile) -> str:
    """Say what is not in the file."""
    if not held.withheld:
        return ""
    return _("另有%(count)d条记录由职责范围以外的工会保存，请向该工会查阅。") % {"count": held.withheld}


def _json(held: SubjectFile, mark: str) -> bytes:
    told = {
        "person": held.person.pk,
        "note": "；".join(text for text in (mark, _note(held)) if text),
        "parts": [
            {
                "area": part.area,
                "label": part.label,
                "tables": [
                    {
                        "title": table.title,
                        "columns": table.columns,
                        "rows": [[_plain(value) for value in row] for row in table.rows],
                    }
                    for table in part.tables
                ],
            }
            for part in held.parts
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _plain(value: Any) -> Any:
    """Return a value as JSON and cells hold it."""
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | str) else str(value)


def _workbook(held: SubjectFile, mark: str) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": _("个人信息副本")})
    styles = {
        "head": book.add_format({"bold": True, "bg_color": "#f0f0f0", "border": 1}),
        "title": book.add_format({"bold": True, "font_size": 12}),
        "text": book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"}),
        "note": book.add_format({"font_color": "#8c8c8c", "font_size": 9}),
    }
    for part in held.parts:
        sheet = book.add_worksheet(part.label.translate(_NOT_IN_TITLES)[:_LONGEST_TITLE])
        sheet.set_column(0, 11, 18)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_footer("&L{}&R&P / &N".format(mark.replace("&", "&&")[:200]))
        sheet.write_string(0, 0, "；".join(text for text in (mark, _note(held)) if text), styles["note"])
        at = 2
        for table in part.tables:
            at = _table(sheet, at, table, styles) + 2
    book.close()
    return target.getvalue()


def _table(sheet: Any, at: int, table: Any, styles: dict[str, Any]) -> int:
    """Write one table from row ``at`` on and return the row behind it; every cell is a text."""
    sheet.write_string(at, 0, table.title, styles["title"])
    for place, label in enumerate(table.columns):
        sheet.write_string(at + 1, place, label, styles["head"])
    row = at + 2
    for values in table.rows:
        for place, value in enumerate(values):
            sheet.write_string(row, place, str(_plain(value)), styles["text"])
        row += 1
    if not table.rows:
        sheet.write_string(row, 0, _("没有记录"), styles["note"])
        row += 1
    return row
