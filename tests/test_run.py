"""The one door, run for real in a folder of its own."""

import importlib.machinery
import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

RUN = Path(__file__).resolve().parents[1] / "run"


@pytest.fixture
def house(tmp_path):
    """A house with the door and pins, without anything installed."""
    shutil.copy(RUN, tmp_path / "run")
    (tmp_path / "requirements").mkdir()
    for kind in ("base", "dev"):
        (tmp_path / "requirements" / f"{kind}.txt").write_text(f"# {kind}\n")
    return tmp_path


@pytest.fixture
def door(house):
    """The door as a module, so that its steps can be asked one by one."""
    loader = importlib.machinery.SourceFileLoader("zhijia_run", str(house / "run"))
    spec = importlib.util.spec_from_loader("zhijia_run", loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    return module


def call(house, *words):
    return subprocess.run(
        [sys.executable, house / "run", *words], capture_output=True, text=True, check=False, timeout=60
    )


def stamp(door, kind):
    door.PYTHON.parent.mkdir(parents=True, exist_ok=True)
    door.PYTHON.touch()
    (door.VENV / f"installed-{kind}").write_text(door.digest_of(kind))


def test_it_tells_what_it_can_do_and_sets_nothing_up(house):
    answer = call(house)
    assert answer.returncode == 0
    for word in ("demo", "test", "serve", "manage", "lint", "map", "area", "messages"):
        assert f"./run {word}" in answer.stdout
    assert not (house / ".venv").exists()


def test_it_refuses_an_unknown_word_with_code_2(house):
    answer = call(house, "dance")
    assert answer.returncode == 2
    assert "unknown word: dance" in answer.stderr
    assert "./run demo" in answer.stdout


def test_it_sets_up_only_when_pins_change(door):
    assert not door.is_installed("base")
    stamp(door, "base")
    assert door.is_installed("base")
    (door.HOME / "requirements" / "base.txt").write_text("# other\n")
    assert not door.is_installed("base")


def test_what_tests_need_is_enough_to_serve_but_not_the_other_way(door):
    stamp(door, "dev")
    assert door.is_installed("base")
    (door.VENV / "installed-dev").unlink()
    stamp(door, "base")
    assert not door.is_installed("dev")


def test_a_stamp_without_an_interpreter_counts_for_nothing(door):
    stamp(door, "dev")
    door.PYTHON.unlink()
    assert not door.is_installed("dev")


def test_an_environment_of_another_python_is_made_again(door):
    stamp(door, "dev")
    settings = door.VENV / "pyvenv.cfg"
    settings.write_text(f"version = {sys.version_info[0]}.{sys.version_info[1]}.0\n")
    assert not door.is_foreign()
    settings.write_text("version = 3.4.0\n")
    assert door.is_foreign()


def test_it_says_which_package_to_install_when_there_is_no_installer(door, monkeypatch, capsys):
    monkeypatch.setattr(door.shutil, "which", lambda _name: None)
    monkeypatch.setattr(door.importlib.util, "find_spec", lambda _name: None)
    with pytest.raises(SystemExit) as stopped:
        door.install("base")
    assert stopped.value.code == 2
    assert "python3-venv" in capsys.readouterr().err


def test_it_waits_for_what_it_started_when_it_is_told_to_end(door):
    """A server that is told to end must have stopped its own processes before the door closes."""
    sign = door.HOME / "ended"
    program = (
        "import signal, sys, pathlib\n"
        "def end(*_):\n"
        f"    pathlib.Path({str(sign)!r}).touch(); sys.exit(7)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        f"pathlib.Path({str(sign)!r} + '-ready').touch()\n"
        "signal.pause()\n"
    )
    script = (
        "import importlib.machinery, importlib.util, sys\n"
        f"loader = importlib.machinery.SourceFileLoader('door', {str(door.HOME / 'run')!r})\n"
        "module = importlib.util.module_from_spec(importlib.util.spec_from_loader('door', loader))\n"
        "loader.exec_module(module)\n"
        f"sys.exit(module.call(sys.executable, '-c', {program!r}))\n"
    )
    process = subprocess.Popen([sys.executable, "-c", script])
    ready = Path(f"{sign}-ready")
    while not ready.exists():
        assert process.poll() is None
    process.terminate()
    assert process.wait(timeout=30) == 7
    assert sign.exists()
