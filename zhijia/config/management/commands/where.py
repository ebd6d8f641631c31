"""``./run manage where <address | term | permission | figure>``: print file:line of what is meant."""

from __future__ import annotations

import inspect
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.urls import Resolver404, resolve

from zhijia.config import atlas

MOST = 20


class Command(BaseCommand):
    """Finds a thing by any of its names."""

    help = "print file:line of an address, a term (中文 or English), a permission, a figure, a model"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """Print what is found, the exact first; exit code 1 for nothing."""
        name = options["name"].strip()
        lines = _address(name) if name.startswith("/") else _named(name)
        if not lines:
            raise CommandError(f"nothing is called {name!r}; see docs/MAP.md", returncode=1)
        self.stdout.write("\n".join(lines[:MOST]))


def _address(path: str) -> list[str]:
    """Return the view behind an address of a page."""
    try:
        view = inspect.unwrap(resolve(path).func)
    except Resolver404:
        return []
    view = getattr(view, "view_class", view)
    file = Path(inspect.getsourcefile(view) or "")
    line = inspect.getsourcelines(view)[1]
    shown = file.relative_to(atlas.home()) if file.is_relative_to(atlas.home()) else file
    return [f"{shown}:{line}  {path} → {view.__module__}.{view.__qualname__}"]


def _named(name: str) -> list[str]:
    """Return places whose key or words are the name, then those that contain it, then glossary terms."""
    wanted = name.casefold()
    exact, near = [], []
    for place in atlas.places():
        told = f"{place.file}:{place.line}  {place.what} {place.key} {place.words}"
        if wanted in (place.key.casefold(), place.words.casefold()):
            exact.append(told)
        elif wanted in place.key.casefold() or wanted in place.words.casefold():
            near.append(told)
    terms = [
        f"{where}  {zh} = {en}"
        for zh, en, where in atlas.glossary()
        if wanted in zh.casefold() or wanted in en.casefold()
    ]
    return exact + terms + near
