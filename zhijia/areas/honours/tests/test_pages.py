"""The pages of honours, as a clerk and as a stranger."""

from datetime import date

import pytest
from django.urls import reverse

from zhijia.areas.accounts.tests.factories import enter
from zhijia.areas.honours.models import Honour
from zhijia.areas.honours.tests.factories import honour_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of

pytestmark = pytest.mark.django_db


def form(union, **kw):
    values = {
        "union": union.pk,
        "name": "先进基层工会",
        "category": "union",
        "level": "county",
        "awarded_on": "2025-04-28",
        "winner_kind": "unit",
        "winner": "示例小学工会",
        "idempotency_key": "key-1",
    }
    return values | kw


def test_it_records_an_honour_once_however_often_it_is_sent(client):
    union = union_of("E01")
    enter(client, union)
    answer = client.post(reverse("honours:honour-new"), form(union))
    page = client.get(answer.url).content.decode()
    for text in ("先进基层工会", "示例小学工会", "县级", "2025年4月28日", "未登记", "变更记录"):
        assert text in page
    second = client.post(reverse("honours:honour-new"), form(union))
    assert "再次点击保存" in second.content.decode()
    seen = second.context["form"].data["seen"]
    assert client.post(reverse("honours:honour-new"), form(union, seen=seen)).url == answer.url
    assert Honour.objects.everywhere("test").count() == 1


def test_a_wrong_form_says_what_to_do_and_saves_nothing(client):
    union, other = union_of("E01"), union_of("E02")
    enter(client, union)
    page = client.post(reverse("honours:honour-new"), form(union, winner_kind="person")).content.decode()
    assert "授予集体" in page
    page = client.post(reverse("honours:honour-new"), form(other)).content.decode()
    assert "没有这个工会" in page
    assert Honour.objects.everywhere("test").count() == 0


def test_a_second_clerk_sees_what_the_first_has_changed(client):
    union = union_of("E01")
    honour = honour_of(union, category="union", winner="示例小学工会")
    enter(client, union)
    edit = reverse("honours:honour-edit", args=[honour.pk])
    assert 'value="先进基层工会"' in client.get(edit).content.decode()
    assert client.post(edit, form(union, awarder="县总工会", version=1)).status_code == 302
    late = client.post(edit, form(union, awarder="市总工会", version=1, idempotency_key="key-2"))
    assert "他人已修改" in late.content.decode()
    assert Honour.objects.everywhere("test").get().awarder == "县总工会"


def test_the_list_filters_by_level_category_year_and_holder(client):
    top = union_of("C00", level="general")
    school = union_of("E01", top)
    honour_of(school, "甲荣誉", "county", category="union", document="县工发〔2025〕3号")
    honour_of(top, "乙荣誉", "city", date(2024, 5, 1), "person", winner="王示例", category="medal")
    enter(client, top)

    def shown(**query):
        page = client.get(reverse("honours:honour-list"), query).content.decode()
        return {name for name in ("甲荣誉", "乙荣誉") if name in page}

    assert shown() == {"甲荣誉", "乙荣誉"}
    assert shown(level="city") == {"乙荣誉"}
    assert shown(category="union") == {"甲荣誉"}
    assert shown(period="2024") == {"乙荣誉"}
    assert shown(winner_kind="person") == {"乙荣誉"}
    assert shown(union=school.pk) == {"甲荣誉"}
    assert shown(text="2025〕3号") == {"甲荣誉"}


def test_the_number_of_queries_does_not_grow_with_the_list(client, django_assert_max_num_queries):
    union = union_of("E01")
    for number in range(15):
        honour_of(union, f"荣誉{number}")
    enter(client, union)
    client.get(reverse("honours:honour-list"))
    with django_assert_max_num_queries(14):
        client.get(reverse("honours:honour-list"))


def test_a_stranger_gets_404_and_a_reader_no_forms(client):
    mine, other = union_of("E01"), union_of("E02")
    honour = honour_of(mine)
    enter(client, other)
    for name in ("honours:honour-detail", "honours:honour-edit"):
        assert client.get(reverse(name, args=[honour.pk])).status_code == 404
        assert client.get(reverse(name, args=[10**9])).status_code == 404
    client.logout()
    enter(client, mine, "audit")
    assert client.get(reverse("honours:honour-detail", args=[honour.pk])).status_code == 200
    assert client.get(reverse("honours:honour-edit", args=[honour.pk])).status_code == 403
    client.logout()
    assert client.get(reverse("honours:honour-list")).status_code == 302


def test_it_is_searched_by_the_initials_and_last_digits_of_its_holder(client):
    union = union_of("E01")
    wang = person_of(union, "王示例")
    honour_of(union, "优秀教师", winner_kind="person", winner="王示例", person=wang)
    honour_of(union, "先进集体")
    enter(client, union)
    for typed in ("wsl", wang.id_number[-4:], "王示"):
        page = client.get(reverse("honours:honour-list"), {"text": typed}).content.decode()
        assert "优秀教师" in page, typed
        assert "先进集体" not in page, typed
