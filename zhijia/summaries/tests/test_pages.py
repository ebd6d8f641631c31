"""The pages: order, preview, progress, text, download - and who sees what."""

import pytest
from django.urls import reverse

from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.tests.factories import seat_of
from zhijia.kernel.actor import system
from zhijia.kernel.jobs import run_job
from zhijia.kernel.models import Job
from zhijia.kernel.period import Period
from zhijia.summaries.models import Summary
from zhijia.summaries.services import summary_make
from zhijia.summaries.tests.worlds import county

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def results(settings, tmp_path):
    settings.RESULTS, settings.JOB_NOTES = tmp_path / "results", tmp_path / "notes"


@pytest.fixture
def top():
    return county()


def school(number=1):
    return Union.objects.everywhere("test").get(code=f"XJ{number}")


def log_in(client, union, post="clerk"):
    user = User.objects.create_user(username=f"u{union.pk}{post}", password="x" * 12, name="示例")
    Holding.objects.create(user=user, seat=seat_of(union, post, holder="示例"))
    client.force_login(user)
    return user


def made(union, period="2025"):
    return summary_make(actor=system("test"), union=union, period=Period.parse(period))


def order(union, **more):
    return {"union": union.pk, "period": "2025", "plan": "", "number": ""} | more


def test_it_lists_only_the_summaries_in_reach(client, top):
    above, below = made(top), made(school())
    log_in(client, school())
    page = client.get(reverse("summaries:summary-list")).content.decode()

    assert below.title in page
    assert above.title not in page


def test_an_empty_list_tells_the_next_step(client, top):
    log_in(client, top)
    page = client.get(reverse("summaries:summary-list")).content.decode()

    assert "还没有工作总结" in page
    assert reverse("summaries:summary-new") in page


def test_every_number_of_the_text_leads_to_its_rows(client, top):
    summary = made(top)
    log_in(client, top)
    page = client.get(reverse("summaries:summary-detail", args=[summary.pk])).content.decode()

    assert f'href="{reverse("figures:rows", args=["aid.hardship"])}?union=XJ&amp;period=2025"' in page
    assert ">24人次</a>" in page
    assert "数据来源" in page
    assert "本期无“女职工工作和健康服务”记录" in page


@pytest.mark.parametrize("name", ["summary-detail", "summary-download"])
def test_a_summary_out_of_reach_is_absent(client, top, name):
    summary = made(top)
    log_in(client, school())

    assert client.get(reverse(f"summaries:{name}", args=[summary.pk])).status_code == 404
    assert client.get(reverse(f"summaries:{name}", args=[summary.pk + 999])).status_code == 404


def test_it_sends_the_word_file_under_its_title(client, top):
    summary = made(top)
    log_in(client, top)
    response = client.get(reverse("summaries:summary-download", args=[summary.pk]))

    assert response.content[:2] == b"PK"
    assert response["Content-Type"].endswith("wordprocessingml.document")
    assert "filename*=utf-8''" in response["Content-Disposition"]


def test_a_preview_keeps_nothing(client, top):
    log_in(client, top)
    page = client.get(reverse("summaries:summary-preview"), order(top)).content.decode()

    assert "示范县教育工会2025年工作总结" in page
    assert Summary.objects.everywhere("test").count() == 0


def test_it_makes_a_summary_in_a_job_and_leads_to_it(client, top, django_capture_on_commit_callbacks):
    log_in(client, top)
    with django_capture_on_commit_callbacks():
        answer = client.post(reverse("summaries:summary-new"), order(top, number="5"))
    job = Job.objects.get()
    run_job.func(job.pk)
    done = client.get(answer["Location"])
    summary = Summary.objects.everywhere("test").get()

    assert Job.objects.get().state == Job.State.DONE
    assert done["Location"] == reverse("summaries:summary-detail", args=[summary.pk])
    assert summary.number.endswith("〕5号")


def test_a_job_in_progress_can_be_watched_and_cancelled(client, top, django_capture_on_commit_callbacks):
    log_in(client, top)
    with django_capture_on_commit_callbacks():
        answer = client.post(reverse("summaries:summary-new"), order(top))
    job = Job.objects.get()

    assert "取消任务" in client.get(answer["Location"]).content.decode()
    assert 'id="progress"' in client.get(reverse("summaries:job-progress", args=[job.pk])).content.decode()
    client.post(reverse("summaries:job-cancel", args=[job.pk]))
    assert Job.objects.get().state == Job.State.CANCELLED


def test_the_job_of_someone_else_is_absent(client, top, django_capture_on_commit_callbacks):
    log_in(client, top)
    with django_capture_on_commit_callbacks():
        client.post(reverse("summaries:summary-new"), order(top))
    log_in(client, school())

    assert client.get(reverse("summaries:job", args=[Job.objects.get().pk])).status_code == 404


def test_a_union_out_of_reach_cannot_be_chosen(client, top):
    log_in(client, school())
    for answer in (
        client.post(reverse("summaries:summary-new"), order(top)),
        client.get(reverse("summaries:summary-preview"), order(top)),
    ):
        assert "没有这个工会" in answer.content.decode()
    assert Job.objects.count() == 0


def test_an_auditor_reads_but_makes_none(client, top):
    made(top)
    log_in(client, top, "audit")

    assert (
        reverse("summaries:summary-new") not in client.get(reverse("summaries:summary-list")).content.decode()
    )
    assert client.get(reverse("summaries:summary-new")).status_code == 403
    assert client.post(reverse("summaries:summary-new"), order(top)).status_code == 403


def test_the_number_of_silent_unions_opens_to_their_list(client, top):
    log_in(client, top)
    url = reverse("summaries:silent")
    page = client.get(url, {"union": "XJ", "period": "2025"}).content.decode()

    assert "示范县第四小学工会" in page
    assert "示范县第一小学工会" not in page
    assert client.get(url, {"union": "XJ", "period": "never"}).status_code == 404
    assert client.get(url, {"union": "NONE", "period": "2025"}).status_code == 404


def test_the_form_explains_a_missing_issuer_code(client, top):
    log_in(client, top)
    page = client.post(reverse("summaries:summary-new"), order(school(), number="5")).content.decode()

    assert "没有登记机关代字" in page
    assert Job.objects.count() == 0
