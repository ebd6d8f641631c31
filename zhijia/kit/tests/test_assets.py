import hashlib
import re
from pathlib import Path

STATIC = Path(__file__).resolve().parents[2] / "static"
VENDOR = STATIC / "vendor"


def listed() -> dict[str, str]:
    lines = (VENDOR / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split("  ", 1) for line in lines)}


def test_it_ships_exactly_the_vendored_files_that_are_listed():
    there = {
        path.relative_to(VENDOR).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file() and path.name != "SHA256SUMS"
    }
    assert there == listed()


def test_it_has_a_licence_beside_each_vendored_work():
    works = [path for path in VENDOR.iterdir() if path.is_dir()]
    assert works
    assert [work.name for work in works if not (work / "LICENSE").is_file()] == []


def test_it_loads_nothing_from_outside():
    loads = re.compile(r"@import|url\(\s*['\"]?(?:https?:)?//|importScripts\(|sourceMappingURL=")
    sheets = [*STATIC.rglob("*.css"), *STATIC.rglob("*.js")]
    assert sheets
    assert [path.name for path in sheets if loads.search(path.read_text(encoding="utf-8"))] == []


def test_it_uses_only_colours_that_chromium_100_knows():
    newer = re.compile(r"oklch\(|oklab|light-dark\(|:has\(\s*>|@container|@layer")
    sheets = [VENDOR / "tabler" / "tabler.min.css", STATIC / "zhijia" / "app.css"]
    # app.css names them once, in the comment that says why they are absent
    texts = [re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL) for path in sheets]
    assert [bool(newer.search(text) or "color-mix(" in text) for text in texts] == [False, False]
