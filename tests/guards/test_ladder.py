"""The ladder of DESIGN.md §2, checked by import-linter on the real import graph."""

import tomllib
from pathlib import Path

import grimp

PROJECT = Path(__file__).resolve().parents[2] / "pyproject.toml"
CONTRACT = tomllib.loads(PROJECT.read_text(encoding="utf-8"))["tool"]["importlinter"]["contracts"][0]
LAYERS = [[name.strip().removeprefix("zhijia.") for name in step.split("|")] for step in CONTRACT["layers"]]


def illegal(graph):
    """Return the imports that climb the ladder or cross between siblings."""
    place = {name: step for step, names in enumerate(LAYERS) for name in names}

    def home(module):
        short = module.removeprefix("zhijia.")
        return next((name for name in place if short == name or short.startswith(f"{name}.")), None)

    found = []
    for module in sorted(graph.modules):
        importer = home(module)
        if importer is None or ".tests" in module:
            continue
        for imported in graph.find_modules_directly_imported_by(module):
            target = home(imported)
            if target is None or target == importer:
                continue
            if place[target] <= place[importer]:
                found.append(f"{module} imports {imported}")
    return found


def test_it_imports_downward_only():
    assert illegal(grimp.build_graph("zhijia", cache_dir=None)) == []


def test_it_would_notice_a_climbing_import():
    graph = grimp.build_graph("zhijia", cache_dir=None)
    graph.add_import(importer="zhijia.kernel.scope", imported="zhijia.areas.members.models")
    graph.add_import(importer="zhijia.areas.aid.services", imported="zhijia.areas.honours.models")
    assert len(illegal(graph)) == 2
