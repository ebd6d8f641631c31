"""The import pages: upload → columns → preview → import, by their owner only."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from tests.cast import Cast, assemble
from zhijia.kernel.jobs import run_job
from zhijia.kernel.models import AuditEvent, Job
from zhijia.kit.books import uploads
from zhijia.kit.books.reader import read_raw
from zhijia.kit.tests.toys import EVENTS, HEAD, PEOPLE, identity_number, person, sheets_of, workbook

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _toys() -> Iterator[None]:
    with sheets_of(PEOPLE, EVENTS):
        yield


@pytest.fixture(autouse=True)
def _folders(tmp_path: Path, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick, for tests
    settings.UPLOADS, settings.RESULTS = tmp_path / "uploads", tmp_path / "results"
    settings.JOB_NOTES = tmp_path / "notes"


@pytest.fixture
def cast() -> Cast:
    return assemble()


@pytest.fixture
def li(cast: Cast) -> Client:
    return logged_in(cast.li)


def logged_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sent(client: Client, path: Path, name: str = "") -> HttpResponse:
    file = SimpleUploadedFile("x", path.read_bytes())
    file._name = name or path.name  # the page must clean names itself
    return client.post(reverse("books:import-upload"), {"file": file, "union": "S1"})


def settled(client: Client, address: str) -> dict[str, str]:
    """Return the mapping form as the page pre-fills it."""
    form = client.get(address).context["form"]
    return {name: field.initial or "" for name, field in form.fields.items()}


def preview(client: Client, path: Path) -> Job:
    address = sent(client, path).headers["Location"]
    assert client.post(address, settled(client, address)).status_code == 302
    job = Job.objects.latest("pk")
    run_job.func(job.pk)
    job.refresh_from_db()
    return job


def page(client: Client, job: Job, name: str = "import-job") -> HttpResponse:
    return client.get(reverse(f"books:{name}", args=[job.pk]))


def test_it_leads_from_the_file_to_the_import(li: Client, tmp_path: Path) -> None:
    job = preview(li, workbook(tmp_path / "名册.xlsx", {"会员": [HEAD, person(1), person(2)]}))
    assert (job.kind, job.state, job.result["ok"]) == ("books.preview", Job.State.DONE, True)
    assert job.parameters["union"] == "S1"
    shown = page(li, job).content.decode()
    assert "确认导入" in shown
    assert not AuditEvent.objects.filter(action="books.import").exists()
    li.post(reverse("books:import-confirm", args=[job.pk]))
    imported = Job.objects.latest("pk")
    assert page(li, imported).status_code == 200
    run_job.func(imported.pk)
    assert AuditEvent.objects.get(action="books.import").rows == 2
    assert "全部已保存" in page(li, imported).content.decode()
    assert not list(uploads.folder().iterdir())


def test_it_shows_errors_by_row_and_column_and_gives_all_rows_back(li: Client, tmp_path: Path) -> None:
    wrong = identity_number(2)[:-1] + ("0" if identity_number(2)[-1] != "0" else "1")
    rows = [HEAD, person(1), person(2, id=wrong), person(3, joined="昨天")]
    job = preview(li, workbook(tmp_path / "a.xlsx", {"会员": rows}))
    shown = page(li, job).content.decode()
    assert "确认导入" not in shown
    assert "昨天" in shown
    assert "校验码" in shown
    assert wrong not in shown
    assert wrong not in str(job.result)
    answer = page(li, job, "import-failed")
    assert "attachment" in answer.headers["Content-Disposition"]
    (tmp_path / "f.xlsx").write_bytes(answer.content)
    assert [row[1] for row in read_raw(tmp_path / "f.xlsx")[0].rows[1:]] == [
        identity_number(1),
        wrong,
        identity_number(3),
    ]
    assert "改正后整份重新导入" in shown
    assert li.post(reverse("books:import-confirm", args=[job.pk])).status_code == 404


def test_it_lets_columns_be_chosen(li: Client, tmp_path: Path) -> None:
    rows = [["人", "号", "哪天"], ["测试甲", identity_number(), "2024-01-02"]]
    address = sent(li, workbook(tmp_path / "a.xlsx", {"杂": rows})).headers["Location"]
    data = {**settled(li, address), "s0": "toys.people"}
    again = li.post(address, data)
    assert again.status_code == 200
    assert "身份证号*" in again.content.decode()
    data |= {"k0": "toys.people", "s0c0": "name", "s0c1": "id_number", "s0c2": "joined"}
    assert li.post(address, data).status_code == 302
    job = Job.objects.latest("pk")
    run_job.func(job.pk)
    job.refresh_from_db()
    assert job.result["sheets"][0]["created"] == 1


def test_it_refuses_a_bad_file_at_the_door_and_keeps_nothing(li: Client, tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_text("<html><table>", encoding="utf-8")
    answer = sent(li, tmp_path / "a.xlsx")
    assert answer.status_code == 200
    assert "网页" in answer.content.decode()
    assert not list(uploads.folder().iterdir())


@pytest.mark.parametrize(
    "name", ["../../etc/x.xlsx", "C:\\台账\\会\u202e员.xlsx", "长" * 300 + ".xlsx", "CON.xlsx", "a.XLSX"]
)
def test_it_takes_strange_file_names(li: Client, tmp_path: Path, name: str) -> None:
    answer = sent(li, workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person()]}), name)
    assert answer.status_code == 302
    (kept,) = uploads.folder().iterdir()
    assert uploads.find(kept.name) == kept
    shown = li.get(answer.headers["Location"]).context["title"]
    assert "/" not in shown
    assert "\u202e" not in shown
    assert len(shown) < 120


def test_it_hides_uploads_and_jobs_from_everyone_else(li: Client, cast: Cast, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person(1, joined="昨天")]})
    address = sent(li, path).headers["Location"]
    job = preview(li, path)
    chen = logged_in(cast.chen)
    assert chen.get(address).status_code == 404
    for name in ("import-job", "import-progress", "import-failed"):
        assert page(chen, job, name).status_code == 404
        assert page(li, job, name).status_code == 200
    for name in ("import-confirm", "import-cancel"):
        assert chen.post(reverse(f"books:{name}", args=[job.pk])).status_code == 404


def test_it_moves_on_when_the_job_is_done_and_can_cancel_before(li: Client, tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person()]})
    done = preview(li, path)
    assert page(li, done, "import-progress").headers["HX-Redirect"] == reverse(
        "books:import-job", args=[done.pk]
    )
    address = sent(li, path).headers["Location"]
    li.post(address, settled(li, address))
    waiting = Job.objects.latest("pk")
    assert "progress" in page(li, waiting, "import-progress").content.decode()
    li.post(reverse("books:import-cancel", args=[waiting.pk]))
    waiting.refresh_from_db()
    assert waiting.state == Job.State.CANCELLED
    assert page(li, waiting).status_code == 200


def test_it_says_when_the_file_is_gone(li: Client, tmp_path: Path) -> None:
    job = preview(li, workbook(tmp_path / "a.xlsx", {"会员": [HEAD, person()]}))
    uploads.forget(job.parameters["file"])
    assert "确认导入" not in page(li, job).content.decode()
    li.post(reverse("books:import-confirm", args=[job.pk]))
    late = Job.objects.latest("pk")
    run_job.func(late.pk)
    assert "已过期" in page(li, late).content.decode()


def test_it_sends_the_template(li: Client, tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(li.get(reverse("books:import-template")).content)
    assert [raw.name for raw in read_raw(tmp_path / "t.xlsx")] == ["填写说明", "会员", "活动"]
