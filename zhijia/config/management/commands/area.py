"""``./run area NAME --label 中文``: a new area from small templates, registered and with passing tests."""

from __future__ import annotations

import keyword
import re
import subprocess
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from zhijia.config.areas import AREAS

TEMPLATES = Path(__file__).resolve().parents[2] / "scaffold"
NAME = re.compile(r"[a-z][a-z]{2,19}")
# file → what stands there before the change, and after it
LADDER = r"zhijia\.areas\.honours \|"
REGISTRATIONS = (
    ("zhijia/config/areas.py", r'(AREAS = \([^)]*")(,?\s*\))', r'\1, "{area}"\2'),
    ("pyproject.toml", LADDER, "zhijia.areas.honours | zhijia.areas.{area} |"),
    ("zhijia/areas/accounts/roles.py", r"(_VIEW = \(\n)", r'\1    "{area}.view",\n'),
    ("zhijia/areas/accounts/roles.py", r"(_RECORD = \(\n)", r'\1    "{area}.record",\n'),
)


class Command(BaseCommand):
    """Writes the files, registers the area, makes its first migration and formats what it wrote."""

    help = "scaffold an area: zhijia/areas/NAME (see docs/ADD-AN-AREA.md)"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("name", help="plural, lower case, e.g. hearings")
        parser.add_argument("--label", default="", help="what people call it, e.g. 听证")
        parser.add_argument(
            "--record", default="", help="one of them, e.g. hearing (default: NAME without s)"
        )
        parser.add_argument("--icon", default="folder", help="a Tabler icon")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Refuse a name that cannot be; else write."""
        name, home = options["name"], Path(settings.HOME)
        record = options["record"] or name.removesuffix("s")
        for word in (name, record):
            if not NAME.fullmatch(word) or keyword.iskeyword(word):
                raise CommandError(f"{word!r} is no name of an area: 3 to 20 letters a-z", returncode=2)
        folder = home / "zhijia" / "areas" / name
        if name in AREAS or folder.exists():
            raise CommandError(f"{name} exists already", returncode=2)
        if record == name:
            raise CommandError("say with --record what one of them is called", returncode=2)
        self._register(home, name)
        self._write(folder, name, record, options["label"] or name, options["icon"])
        self._finish(home, name)
        self.stdout.write(f"zhijia/areas/{name} is there. Next: docs/ADD-AN-AREA.md, step 3.")

    def _register(self, home: Path, name: str) -> None:
        """Add the area to the list of areas, to the ladder and to the grants of the chair."""
        for file, before, after in REGISTRATIONS:
            path = home / file
            text, count = re.subn(before, after.format(area=name), path.read_text(encoding="utf-8"), count=1)
            if not count:
                raise CommandError(f"{file}: no place for {name}; add it by hand", returncode=2)
            path.write_text(text, encoding="utf-8")

    def _write(self, folder: Path, name: str, record: str, label: str, icon: str) -> None:
        words = {
            "@area@": name,
            "@Area@": name.capitalize(),
            "@record@": record,
            "@Record@": record.capitalize(),
            "@RECORD@": record.upper(),
            "@label@": label,
            "@icon@": icon,
        }
        for template in sorted(TEMPLATES.rglob("*.txt")):
            place = str(template.relative_to(TEMPLATES)).removesuffix(".txt")
            place = place.replace("templates/", f"templates/{name}/{record}_")
            target = folder / _filled(place, words)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(_filled(template.read_text(encoding="utf-8"), words), encoding="utf-8")
        (folder / "migrations").mkdir()
        (folder / "migrations" / "__init__.py").touch()

    def _finish(self, home: Path, name: str) -> None:
        """Run what needs the new area to be installed, in a process that sees it."""
        here = f"zhijia/areas/{name}"
        for command in (
            ("-m", "django", "makemigrations", name, "-n", "initial", "-v", "0"),
            ("-m", "ruff", "check", "--select", "I", "--fix", "--quiet", here, "zhijia/config/areas.py"),
            (
                "-m",
                "ruff",
                "format",
                "--quiet",
                here,
                "zhijia/config/areas.py",
                "zhijia/areas/accounts/roles.py",
            ),
            ("-m", "django", "map"),
        ):
            if subprocess.call([sys.executable, *command], cwd=home):
                raise CommandError(f"failed: {' '.join(command)}")


def _filled(text: str, words: dict[str, str]) -> str:
    for mark, word in words.items():
        text = text.replace(mark, word)
    return text
