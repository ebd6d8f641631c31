"""The gate for attachments: what passes comes out clean, what does not is refused with a sentence."""

from __future__ import annotations

import io
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from tests.fuzz import seeds
from zhijia.kit.attachments import child, gate, pdf
from zhijia.kit.attachments.refusal import AttachmentRefusedError

BAD = seeds.bad_attachments()


@pytest.fixture(autouse=True)
def _scratch(tmp_path: Path, settings: Any) -> None:
    settings.SCRATCH = tmp_path / "scratch"


def kept(data: bytes, name: str) -> tuple[bytes, gate.Passed]:
    """Pass the gate and return the bytes that would be stored."""
    with gate.passed(named(data, name)) as plain:
        return plain.path.read_bytes(), plain


def named(data: bytes, name: str) -> SimpleUploadedFile:
    """Return an upload that carries its name unchecked, as a hostile client sends it."""
    file = SimpleUploadedFile("x", data)
    file._name = name
    return file


@pytest.mark.parametrize("name", ["a.jpg", "b.png", "c.pdf", "d.docx", "e.xlsx"])
def test_it_passes_honest_files_and_leaves_no_copy(name: str, settings: Any) -> None:
    data, plain = kept(seeds.honest()[name], name)
    assert plain.size == len(data) > 0
    assert list(Path(settings.SCRATCH).iterdir()) == []


@pytest.mark.parametrize("name", BAD)
def test_it_refuses_bombs_and_disguises_with_a_sentence(name: str, settings: Any) -> None:
    data, reason = BAD[name]
    with pytest.raises(AttachmentRefusedError) as caught:
        kept(data, name)
    assert reason in str(caught.value)
    assert str(caught.value).endswith("。")
    assert list(Path(settings.SCRATCH).iterdir()) == []


def tells(data: bytes) -> bool:
    """Say whether a picture still tells which camera took it, or where."""
    exif = Image.open(io.BytesIO(data)).getexif()
    return seeds.CAMERA.encode() in data or bool(exif) or bool(exif.get_ifd(0x8825))


@pytest.mark.parametrize(("name", "kind"), [("a.jpg", "JPEG"), ("b.png", "PNG")])
def test_it_drops_camera_and_place(name: str, kind: str) -> None:
    photograph = seeds.picture(kind)
    assert tells(photograph)
    data, _plain = kept(photograph, name)
    assert not tells(data)
    assert Image.open(io.BytesIO(data)).size == (48, 32)


def test_it_would_notice_a_gate_that_keeps_camera_and_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def copied(source: Path, target: Path, _kind: str) -> None:
        target.write_bytes(source.read_bytes())

    monkeypatch.setattr(gate, "_made_anew", copied)
    assert tells(kept(seeds.picture(), "a.jpg")[0])


@pytest.mark.parametrize("tail", [b"<script>alert(1)</script>", seeds.book(), b"\0" * 5000 + b"MZ"])
def test_it_cuts_off_what_stands_behind_a_picture(tail: bytes) -> None:
    data, _plain = kept(seeds.picture() + tail, "a.jpg")
    assert tail not in data


def test_it_turns_a_picture_as_the_camera_was_held() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    target = io.BytesIO()
    Image.new("RGB", (40, 20)).save(target, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(kept(target.getvalue(), "a.jpg")[0])).size == (20, 40)


def test_it_keeps_the_first_frame_and_what_is_clear() -> None:
    still = Image.open(io.BytesIO(kept(seeds.animation(), "a.png")[0]))
    assert getattr(still, "n_frames", 1) == 1
    assert still.convert("RGB").getpixel((1, 1)) == (255, 0, 0)
    target = io.BytesIO()
    Image.new("RGBA", (9, 9), (1, 2, 3, 0)).save(target, "PNG")
    assert Image.open(io.BytesIO(kept(target.getvalue(), "a.png")[0])).mode == "RGBA"


@pytest.mark.parametrize("name", seeds.NAMES)
def test_it_shows_strange_names_cleaned(name: str) -> None:
    _data, plain = kept(seeds.picture(), name)
    assert len(plain.name) <= 100
    assert not set("/\\\0\u202e") & set(plain.name)
    assert plain.name.endswith(".jpg")


def test_it_wants_an_ending() -> None:
    with pytest.raises(AttachmentRefusedError, match="仅支持"):
        kept(seeds.picture(), ".jpg")


def test_it_says_that_a_decoder_that_dies_means_a_damaged_picture(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(gate.sys, "executable", str(killed(tmp_path)))
    with pytest.raises(AttachmentRefusedError, match="图片已损坏"):
        kept(seeds.picture(), "a.jpg")


def killed(folder: Path) -> Path:
    """Write a program that ends as the kernel ends one without memory."""
    program = folder / "dies"
    program.write_text("#!/bin/sh\nkill -9 $$\n")
    program.chmod(0o755)
    return program


def test_it_holds_the_decoder_within_its_memory(tmp_path: Path) -> None:
    """The largest picture that is taken, turned: the decoder needs two copies of it, within the bound."""
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (8000, 5000)).save(tmp_path / "a.jpg", exif=exif)
    # A new process counts the memory of the one that started it: a small one stands between.
    asked = (
        "import os, sys; words = [sys.executable, *sys.argv[1:]];"
        "process = os.posix_spawn(sys.executable, words, os.environ);"
        "_, status, usage = os.wait4(process, 0); print(os.waitstatus_to_exitcode(status), usage.ru_maxrss)"
    )
    words = ["-m", child.__name__, str(tmp_path / "a.jpg"), str(tmp_path / "b"), "JPEG"]
    told = subprocess.run([sys.executable, "-c", asked, *words], capture_output=True, text=True, check=True)
    code, peak = map(int, told.stdout.split())
    assert code == child.DONE
    assert 64 << 20 < peak * 1024 <= child.MEMORY


SABOTAGE: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "script.pdf": lambda patch: patch.setattr(pdf, "check", lambda _data: None),
    "packed.pdf": lambda patch: patch.setattr(pdf, "_object_streams", lambda _data: []),
    "spelt.pdf": lambda patch: patch.setattr(pdf, "_spelt", lambda name: name[0]),
    "macro.docx": lambda patch: patch.setattr(gate, "_CARGO", gate.re.compile("(?!)")),
    "template.docx": lambda patch: patch.setattr(gate, "_check_links", lambda _path: None),
    "ratio.docx": lambda patch: patch.setattr(gate.books, "_check_sums", lambda *_given: None),
    "entities.docx": lambda patch: patch.setattr(gate.books, "ENTITY", gate.re.compile(b"(?!)")),
    "heavy.pdf": lambda patch: patch.setattr(gate, "_check_size", lambda _size: None),
}


@pytest.mark.parametrize("name", SABOTAGE)
def test_it_would_notice_a_gate_without_this_check(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    SABOTAGE[name](monkeypatch)
    with pytest.raises(pytest.fail.Exception):
        refuses(name)


def refuses(name: str) -> None:
    """Fail when the gate lets a bad file pass."""
    with pytest.raises(AttachmentRefusedError):
        kept(BAD[name][0], name)
