"""Reading identity documents : what a number says, and whether what was written agrees."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from django.utils.translation import gettext as _

from zhijia.areas.members.models import Person
from zhijia.kernel.chinese import initials, normalise, pinyin_key
from zhijia.kernel.identity import check_id_number

_OTHER_PAPER = re.compile(r"[A-Z0-9]{5,30}")
_KEY, _INITIALS = 200, 20  # the lengths of the columns


@dataclass(frozen=True)
class Document:
    """A checked number. Sex and birth are blank when it does not tell; ``converted``: from 15 digits."""

    id_type: str
    number: str = field(repr=False)
    sex: str = ""
    born_on: date | None = None
    converted: bool = False


def read_document(id_type: str, text: str) -> Document:
    """Check a document's number; ValueError says what is wrong without repeating it (R13.3)."""
    if id_type == Person.IdType.RESIDENT:
        found = check_id_number(text)
        return Document(id_type, found.number, found.sex, found.birth, found.converted)
    plain = normalise(text).replace(" ", "").replace("-", "").upper()
    if not _OTHER_PAPER.fullmatch(plain):
        raise ValueError(_("证件号码应为5至30位字母或数字。"))
    return Document(id_type, plain)


def sex_conflict(document: Document, sex: str) -> str:
    """Return the sentence that names both sides when the written sex is not the document's; else empty."""
    if not (document.sex and sex and document.sex != sex):
        return ""
    return _("性别填写为“%(written)s”，证件号码显示为“%(told)s”，请核对其中一项。") % {
        "written": Person.Sex(sex).label,
        "told": Person.Sex(document.sex).label,
    }


def birth_conflict(document: Document, born_on: date | None) -> str:
    """Return the sentence that names both sides when the written birth is not the document's; else empty."""
    if not (document.born_on and born_on and document.born_on != born_on):
        return ""
    return _("出生日期填写为%(written)s，证件号码显示为%(told)s，请核对其中一项。") % {
        "written": born_on.isoformat(),
        "told": document.born_on.isoformat(),
    }


def name_keys(name: str) -> dict[str, str]:
    """Return the search columns of a name."""
    key, letters = _readings(name)
    return {"name_key": key, "initials": letters}


@lru_cache(maxsize=20_000)
def _readings(name: str) -> tuple[str, str]:
    """Return pinyin and initials; names repeat a lot in a roster, and reading one is slow."""
    return pinyin_key(name)[:_KEY], initials(name)[:_INITIALS]
