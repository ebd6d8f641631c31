"""``./run area`` in a copy of the tree: what it writes is clean and its tests pass right away."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

HOME = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(
    bool(os.environ.get("DATABASE_URL")), reason="knows no database: proven in the run on SQLite"
)
LEFT_OUT = shutil.ignore_patterns(".git", ".venv", "var", "__pycache__", ".*_cache", ".hypothesis")


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the tree with one area more."""
    copy = tmp_path_factory.mktemp("tree") / "zhijia"
    shutil.copytree(HOME, copy, ignore=LEFT_OUT)
    answer = call(copy, "-m", "django", "area", "hearings", "--label", "听证")
    assert answer.returncode == 0, answer.stderr
    return copy


def call(tree, *words):
    # a mypy cache of its own: the tree that is being tested stays as it is
    known = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "DATABASE"))}
    environ = known | {
        "PYTHONPATH": str(tree),
        "ZHIJIA_VAR": str(tree / "var"),
        "DJANGO_SETTINGS_MODULE": "zhijia.config.settings",
    }
    return subprocess.run(
        [sys.executable, *words], cwd=tree, env=environ, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize(
    "check",
    [
        ("-m", "ruff", "check", "zhijia/areas/hearings", "zhijia/config", "zhijia/areas/accounts"),
        (
            "-m",
            "ruff",
            "format",
            "--check",
            "zhijia/areas/hearings",
            "zhijia/config",
            "zhijia/areas/accounts",
        ),
        ("-m", "mypy", "zhijia/areas/hearings"),
        ("-c", "from importlinter.cli import lint_imports_command as c; c()"),
        ("-m", "django", "check"),
        ("-m", "django", "makemigrations", "--check", "--dry-run"),
        ("-m", "django", "map", "--check"),
        ("-m", "pytest", "-q", "-p", "no:cacheprovider", "zhijia/areas/hearings"),
    ],
    ids=lambda check: " ".join(check)[:40],
)
def test_a_new_area_is_clean_at_once(tree, check):
    answer = call(tree, *check)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_a_new_area_has_every_file_of_the_house(tree):
    folder = tree / "zhijia" / "areas" / "hearings"
    for name in ("README.md", "area.py", "models.py", "rules.py", "services.py", "queries.py", "facts.py",
                 "sheets.py", "forms.py", "views.py", "urls.py", "tests/factories.py"):  # fmt: skip
        assert (folder / name).exists(), name
    assert "@" not in "".join(
        path.read_text().replace("@command", "").replace("@needs", "").replace("@require", "")
        for path in folder.glob("*.py")
    )


@pytest.mark.parametrize("name", ["aid", "Hearings", "no", "class", "sheep"])
def test_it_refuses_a_name_that_cannot_be(name):
    with pytest.raises(CommandError) as refused:
        call_command("area", name)
    assert refused.value.returncode == 2
