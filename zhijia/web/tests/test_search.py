"""Search finds people and unions within the scope, and keeps full ID numbers out of addresses."""

import pytest
from django.urls import reverse

from zhijia.areas.accounts.tests.factories import enter
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import BORN, member_of
from zhijia.areas.organisations.tests.factories import union_of

pytestmark = pytest.mark.django_db
NUMBER = synthetic_id(4321, BORN, "female")


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


def test_it_refuses_a_full_number_without_repeating_it(school, client):
    answer = client.get(reverse("web:search"), {"q": NUMBER})
    assert answer.status_code == 400
    assert NUMBER not in answer.content.decode()


def test_it_says_so_when_nothing_is_found(school, client):
    assert "没有找到" in client.get(reverse("web:search"), {"q": "查无此人"}).content.decode()
