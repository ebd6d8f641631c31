"""What an import leaves on disk and in its job: sealed files, and no whole number of a person."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from tests.cast import assemble
from zhijia.kernel import jobs
from zhijia.kernel.models import Job
from zhijia.kit import sheets
from zhijia.kit.books import failed, uploads
from zhijia.kit.books import jobs as book_jobs
from zhijia.kit.tests.toys import EVENTS, HEAD, PEOPLE, identity_number, person, sheets_of, workbook

pytestmark = pytest.mark.django_db
NUMBER, PHONE, CARD = identity_number(77), "13900000077", "6222029990000000077"
CANARIES = (NUMBER, PHONE, CARD)
ENDING = NUMBER[-4:]


@pytest.fixture(autouse=True)
def _toys() -> Iterator[None]:
    with sheets_of(PEOPLE, EVENTS):
        yield


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings: Any) -> None:
    for place in ("UPLOADS", "RESULTS", "JOB_NOTES", "SCRATCH"):
        setattr(settings, place, tmp_path / "house" / place.lower())


@pytest.fixture
def li(client: Client) -> Client:
    client.force_login(assemble().li)
    return client


def previewed(client: Client, path: Path, name: str = "") -> Job:
    """Upload, settle the columns as guessed, run the preview."""
    file = SimpleUploadedFile(name or path.name, path.read_bytes())
    sent = client.post(reverse("books:import-upload"), {"file": file, "union": "S1"})
    address = sent.headers["Location"]
    form = client.get(address).context["form"]
    client.post(address, {key: field.initial or "" for key, field in form.fields.items()})
    job = Job.objects.latest("pk")
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    return job


def wrong_rows() -> list[list[Any]]:
    """Return rows whose faults are told, with numbers of a person wherever a clerk may put them."""
    mixed = person(
        4, name=f"甲{NUMBER}", id=NUMBER[:-1], phone=f"{PHONE}0", kind=CARD, base=f"卡A{CARD}", migrant=PHONE
    )
    return [
        person(2, joined=f"昨天 {NUMBER}"),
        person(3, note=f"身份证号{NUMBER}，电话{PHONE}，卡号 6222 0299 9000 0000 077"),
        mixed,
        person(5, note="长" * 55 + NUMBER),
        person(6, id=" ".join((NUMBER[:6], NUMBER[6:14], NUMBER[14:])), joined=f"{NUMBER}"),
    ]


def tells(text: str) -> list[str]:
    """Return the canaries that stand in a text, be they written with gaps."""
    plain = re.sub(r"[\s\-]", "", text)
    return [number for number in CANARIES if number in plain]


def test_it_seals_the_upload_and_the_book_with_errors(li: Client, tmp_path: Path, settings: Any) -> None:
    job = previewed(li, workbook(tmp_path / "a.xlsx", {"会员": [HEAD, *wrong_rows()]}))
    (upload,) = uploads.folder().iterdir()
    result = Path(settings.RESULTS) / job.result_file
    for file in (upload, result):
        assert file.read_bytes().startswith(b"ZJF1")
        assert b"PK\x03\x04" not in file.read_bytes()
        assert file.stat().st_mode & 0o077 == 0
    assert failed.opened(result).startswith(b"PK")
    sent = li.get(reverse("books:import-failed", args=[job.pk]))
    assert sent.content == failed.opened(result)
    assert sent["Cache-Control"] == "no-store"
    assert list(Path(settings.SCRATCH).iterdir()) == []


def test_it_keeps_no_whole_number_in_the_job(li: Client, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"会员": [HEAD, *wrong_rows()]})
    job = previewed(li, path, f"名册{NUMBER}.xlsx")
    assert len(job.result["errors"]) > 4
    assert job.result["warnings"] or job.result["errors"]
    kept = json.dumps([job.result, job.parameters, job.title, job.message], ensure_ascii=False)
    assert tells(kept) == [], kept
    assert tells(li.get(reverse("books:import-job", args=[job.pk])).content.decode()) == []


def test_it_keeps_no_whole_number_of_a_book_without_headers(li: Client, tmp_path: Path) -> None:
    rows = [[CARD, NUMBER, PHONE], ["姓名", "身份证号", "入会日期"], ["测试甲", NUMBER, "2024-03-05"]]
    odd = workbook(tmp_path / "a.xlsx", {"会员": rows, f"表{NUMBER}": [[NUMBER, PHONE]]})
    job = previewed(li, odd)
    assert tells(json.dumps([job.result, job.parameters], ensure_ascii=False)) == []


def test_it_would_notice_a_mask_that_hides_nothing(
    li: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sheets, "_hide", lambda number: number)
    with pytest.raises(AssertionError):
        test_it_keeps_no_whole_number_in_the_job(li, tmp_path)


def test_it_would_notice_a_book_with_errors_in_the_open(
    li: Client, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(book_jobs, "seal_failed", failed.write_failed)
    with pytest.raises(AssertionError):
        test_it_seals_the_upload_and_the_book_with_errors(li, tmp_path, settings)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"ID{NUMBER}", f"ID999***{ENDING}"),
        ("长" * 55 + NUMBER, "长" * 55 + "999**…"),
        ("９９９００１１９９００１０１０７７１", "999***0771"),
        ("2024-03-05", "2024-03-05"),
        ("第12行", "第12行"),
    ],
)
def test_it_hides_numbers_before_it_shortens(text: str, shown: str) -> None:
    assert sheets.masked(text) == shown
