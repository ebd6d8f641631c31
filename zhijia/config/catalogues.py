"""The catalogues of texts: collected with gettext, drafted in traditional characters, compiled without it."""

from __future__ import annotations

import contextlib
import functools
import importlib
import re
import shutil
import tempfile
import tomllib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.test.utils import override_settings

LOCALES = ("en", "zh_Hant")
IGNORED = ("zhijia/locale", "tests", "bench", "docs", "var", "**/tests", "**/migrations")
# Texts that the code translates though they stand in data: (file, list, key).
IN_DATA = (("zhijia/areas/activities/kinds.toml", "kind", "name"),)
# What OpenCC's Taiwan phrases get wrong in a union's office, or what reads better here.
GLOSSARY = {
    "权限": "權限",
    "干事": "幹事",
    "干部": "幹部",
    "台账": "台帳",
    "账号": "帳號",
    "账户": "帳戶",
    "批准文件": "批准文件",
    "变动文件": "變動文件",
    "终止文件": "終止文件",
    "文件依据": "文件依據",
    "公文": "公文",
    "文号": "文號",
    "代码": "代碼",
    "文件名": "文件名",
    "登录": "登入",
    "后勤": "後勤",
    "合同": "合同",
    "项目": "項目",
    "质量": "質量",
    "信息报送": "信息報送",
    "网络": "網絡",
    "资金": "資金",
    "发放": "發放",
    "身份证": "身份證",
    "程序": "程序",
    "对象": "對象",
    "支持": "支持",
    "组织": "組織",
    "工会": "工會",
    "总工会": "總工會",
}
_TERMS = re.compile("|".join(sorted(map(re.escape, GLOSSARY), key=len, reverse=True)))
Key = tuple[str, str]


def folder() -> Path:
    """Return where the catalogues are kept."""
    return Path(settings.LOCALE_PATHS[0])


def is_ready() -> bool:
    """Say whether gettext's tools are installed."""
    return all(shutil.which(tool) for tool in ("xgettext", "msgmerge", "msguniq", "msgattrib"))


@functools.cache
def _converter() -> Callable[[str], str]:
    """Return OpenCC's conversion; loading its dictionaries takes a while, so it is done once."""
    from opencc import OpenCC  # a tool of development only

    convert: Callable[[str], str] = OpenCC("s2twp").convert
    return convert


def traditional(text: str) -> str:
    """Draft a text in traditional characters: OpenCC, with the terms of the glossary kept as they are."""
    convert = _converter()
    out, at = [], 0
    for match in _TERMS.finditer(text):
        out += [convert(text[at : match.start()]), GLOSSARY[match.group()]]
        at = match.end()
    return "".join([*out, convert(text[at:])])


def renew(place: Path | None = None) -> None:
    """Collect all texts into the catalogues of a folder (the kept one by default) and draft zh_Hant."""
    target = place or folder()
    before = {locale: _kept(target, locale) for locale in LOCALES}
    _collect(target)
    for locale in LOCALES:
        book = _open(target, locale)
        _add_data(book)
        for entry in book:
            # What a changed text was before is of no use here, and half of it breaks the next msgmerge.
            entry.previous_msgctxt = entry.previous_msgid = entry.previous_msgid_plural = None
            _fill(entry, before[locale], locale)
        book.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
        book.metadata = {
            "Content-Type": "text/plain; charset=UTF-8",
            "Content-Transfer-Encoding": "8bit",
            "Language": locale,
            "Plural-Forms": "nplurals=1; plural=0;"
            if locale == "zh_Hant"
            else "nplurals=2; plural=(n != 1);",
        }
        book.metadata_is_fuzzy = False
        book.header = (
            "Texts of Zhijia. The sources are Chinese; written by ./run messages, translated by people."
        )
        book.save(str(_file(target, locale)))
        book.save_as_mofile(str(_file(target, locale).with_suffix(".mo")))


def problems() -> list[str]:
    """List what is missing: texts that a catalogue lacks or has not translated, stale compiled files."""
    with _copied() as target:
        renew(target)
        found = []
        for locale in LOCALES:
            kept, wanted = _kept(folder(), locale), _open(target, locale)
            found += [f"{locale}: missing: {e.msgid[:80]}" for e in wanted if _key(e) not in kept]
            found += [f"{locale}: not translated: {k[1][:80]}" for k, text in kept.items() if not text]
            compiled = folder() / locale / "LC_MESSAGES" / "django.mo"
            if not compiled.exists() or compiled.read_bytes() != _compiled(folder(), locale):
                found.append(f"{locale}: django.mo is out of date")
    return found


@contextmanager
def _copied() -> Iterator[Path]:
    """Give a copy of the catalogues in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="zhijia-locale-") as name:
        target = Path(name) / "locale"
        shutil.copytree(folder(), target)
        yield target


def _collect(target: Path) -> None:
    """Run makemessages into a folder; it always works from the project's folder."""
    for locale in LOCALES:
        (target / locale / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    with override_settings(LOCALE_PATHS=[target]), _inside(Path(settings.HOME)):
        call_command(
            "makemessages", locale=list(LOCALES), extensions=["py", "html"], ignore_patterns=list(IGNORED),
            add_location="file", no_wrap=True, no_obsolete=True, verbosity=0,
        )  # fmt: skip


@contextmanager
def _inside(place: Path) -> Iterator[None]:
    with contextlib.chdir(place):
        yield


def _file(target: Path, locale: str) -> Path:
    return target / locale / "LC_MESSAGES" / "django.po"


def _polib() -> Any:
    """Return the library of catalogues: a tool of development, absent where Zhijia only runs."""
    return importlib.import_module("polib")


def _open(target: Path, locale: str) -> Any:
    return _polib().pofile(str(_file(target, locale)), wrapwidth=0)


def _compiled(target: Path, locale: str) -> bytes:
    return bytes(_open(target, locale).to_binary())


def _key(entry: Any) -> Key:
    return entry.msgctxt or "", entry.msgid


def _text(entry: Any) -> str:
    """Return the translation; empty while it is missing, guessed (fuzzy), or lacks a plural form."""
    if "fuzzy" in entry.flags:
        return ""
    if entry.msgid_plural:
        forms = list(entry.msgstr_plural.values())
        return forms[0] if forms and all(forms) else ""
    return str(entry.msgstr)


def _kept(target: Path, locale: str) -> dict[Key, str]:
    """Return the translations of a catalogue; empty when there is none."""
    if not _file(target, locale).exists():
        return {}
    return {_key(entry): _text(entry) for entry in _open(target, locale) if not entry.obsolete}


def _add_data(book: Any) -> None:
    """Add the texts that stand in data files."""
    known = {_key(entry) for entry in book}
    for file, table, name in IN_DATA:
        rows = tomllib.loads((Path(settings.HOME) / file).read_text(encoding="utf-8"))[table]
        for text in dict.fromkeys(row[name] for row in rows):
            if ("", text) not in known:
                book.append(_polib().POEntry(msgid=text, occurrences=[(file, "")]))


def _fill(entry: Any, before: dict[Key, str], locale: str) -> None:
    """Keep what was translated; what gettext only guessed is dropped, and zh_Hant gets a draft."""
    if "fuzzy" in entry.flags:
        entry.flags.remove("fuzzy")
        entry.msgstr, entry.previous_msgid = "", None
        entry.msgstr_plural = dict.fromkeys(entry.msgstr_plural, "")
    if entry.msgid_plural:
        if locale == "zh_Hant":
            entry.msgstr_plural = {0: entry.msgstr_plural.get(0) or traditional(entry.msgid_plural)}
        return
    text = entry.msgstr or before.get(_key(entry), "")
    entry.msgstr = text or (traditional(entry.msgid) if locale == "zh_Hant" else "")
