"""Search finds people and unions within the scope, and keeps full ID numbers out of addresses."""

import re

import pytest
from django.urls import reverse

from zhijia.areas.accounts.tests.factories import enter
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import BORN, member_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.models import AuditEvent

pytestmark = pytest.mark.django_db
NUMBER = synthetic_id(4321, BORN, "female")
PHONE = "13900004321"
SAID = "/search/?whole=1"


@pytest.fixture
def school(client):
    union = union_of("S1", name="甲县第一小学工会")
    member_of(union, "单雄信", id_number=NUMBER)
    member_of(union_of("X1", name="乙县小学工会"), "单雄信")
    enter(client, union, "chair")
    return union


@pytest.mark.parametrize("text", ["单雄信", "sxx", NUMBER[-4:]])
def test_it_finds_a_person_by_name_initials_or_last_digits(school, client, text):
    page = client.get(reverse("web:search"), {"q": text}).content.decode()
    assert "单雄信" in page
    assert "甲县第一小学工会" in page
    assert "乙县小学工会" not in page


WHOLE = (
    NUMBER,
    f" {NUMBER[:6]} {NUMBER[6:14]}-{NUMBER[14:]}",
    f"单雄信{NUMBER}",
    "999001850307001",
    PHONE,
    "139-0000-4321",
    "+86 139 0000 4321",
    f"单雄信 {PHONE} 2025",
    "１３９００００４３２１",
    "139.0000.4321",
    "139–0000–4321",
    "139\u200b00004321",
)


@pytest.mark.parametrize("text", WHOLE)
def test_it_drops_a_whole_number_from_the_address_and_leads_to_where_it_is_posted(
    school, client, text, caplog, monkeypatch
):
    monkeypatch.setattr("zhijia.web.views._found", lambda _scope, text: text and pytest.fail("it searched"))
    before = AuditEvent.objects.count()
    answer = client.get(reverse("web:search"), {"q": text}, follow=True)
    assert answer.redirect_chain == [(SAID, 302)]
    page = answer.content.decode()
    assert text.strip() not in page
    assert "请只输入后4位" in page
    assert reverse("members:person-find") in page
    assert AuditEvent.objects.count() == before
    assert text.strip() not in caplog.text


@pytest.mark.parametrize(
    "text",
    [
        "单雄信",
        NUMBER[-4:],
        "1390000432",
        "139000043210",
        "2026-0003",
        "23900004321",
        "2026-0003 2026-0004",
        "2025-01-01 2025-12-31",
    ],
)
def test_it_searches_for_what_is_no_whole_number(school, client, text):
    assert client.get(reverse("web:search"), {"q": text}).status_code == 200


def test_a_posted_number_waits_for_its_reason_and_is_found_with_it(school, client):
    answer = client.post(reverse("web:search"), {"number": NUMBER})
    assert (answer.status_code, answer["Location"]) == (307, reverse("members:person-find"))
    before = AuditEvent.objects.count()
    asked = client.post(answer["Location"], {"number": NUMBER})
    page = asked.content.decode()
    assert f'value="{NUMBER}"' in page
    assert "is-invalid" not in page
    assert asked["Cache-Control"] == "no-store"
    assert AuditEvent.objects.count() == before, "nothing is looked for without a reason"
    found = client.post(answer["Location"], {"number": NUMBER, "purpose": "own"})
    assert found.status_code == 302
    assert AuditEvent.objects.filter(verb="search", reason="本人要求").count() == 1


def test_who_sees_no_files_is_told_so_without_a_way_to_them(school, client):
    enter(client, school, "accountant")
    answer = client.post(reverse("web:search"), {"number": NUMBER}, follow=True)
    assert answer.redirect_chain == [(SAID, 302)]
    page = answer.content.decode()
    assert "请只输入后4位" in page
    assert reverse("members:person-find") not in page
    assert NUMBER not in page


def test_the_script_minds_both_search_boxes(school, client):
    page = client.get(reverse("web:search")).content.decode()
    boxes = re.findall(r"<form[^>]*method=\"get\"[^>]*>", page)
    assert len(boxes) == 2
    assert all("data-whole" in box and 'action="/search/"' in box for box in boxes)


def test_it_says_so_when_nothing_is_found(school, client):
    assert "没有找到" in client.get(reverse("web:search"), {"q": "查无此人"}).content.decode()
