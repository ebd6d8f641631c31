"""The pages of activities, as a clerk and as a stranger."""

from datetime import date

import pytest
from django.urls import reverse

from zhijia.areas.accounts.tests.factories import enter
from zhijia.areas.activities.models import Activity, Participation, Result
from zhijia.areas.activities.tests.factories import activity_of, kind_of, result_of, somebody
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db


def form(union, **kw):
    kind_of("culture.essay")
    values = {
        "union": union.pk,
        "name": "师德征文",
        "kind": "culture.essay",
        "held_on": "2025-05-12",
        "host_level": "unit",
        "people": "近300",
        "output": "30余篇",
        "cost": "1,200.50",
        "idempotency_key": "key-1",
    }
    return values | kw


def test_it_records_an_event_once_however_often_it_is_sent(client):
    union = union_of("E01")
    enter(client, union)
    for _time in range(2):
        answer = client.post(reverse("activities:activity-new"), form(union))
        activity = Activity.objects.everywhere("test").get()
        assert answer.url == reverse("activities:activity-detail", args=[activity.pk])
    page = client.get(answer.url).content.decode()
    for text in ("师德征文", "征文", "近300人次", "30余篇", "1,200.50", "2025年5月12日", "未登记"):
        assert text in page


def test_a_wrong_form_says_what_to_do_and_saves_nothing(client):
    union, other = union_of("E01"), union_of("E02")
    enter(client, union)
    wrong = form(union, output="30余", people="300余人", ended_on="2025-05-01")
    page = client.post(reverse("activities:activity-new"), wrong).content.decode()
    assert "请在数量后面写明单位" in page
    assert "人次" in page
    page = client.post(reverse("activities:activity-new"), form(other)).content.decode()
    assert "没有这个工会" in page
    assert Activity.objects.everywhere("test").count() == 0


def test_a_second_clerk_sees_what_the_first_has_changed(client):
    union = union_of("E01")
    activity = activity_of(union, "culture.essay", name="师德征文", venue="礼堂")
    enter(client, union)
    edit = reverse("activities:activity-edit", args=[activity.pk])
    assert 'value="师德征文"' in client.get(edit).content.decode()
    changed = form(union, venue="操场", version=1)
    assert client.post(edit, changed).status_code == 302
    page = client.post(edit, changed | {"venue": "体育馆", "idempotency_key": "key-2"}).content.decode()
    assert "他人已修改" in page
    assert "操场" in page
    assert Activity.objects.everywhere("test").get().venue == "操场"


def test_it_chooses_participants_and_shows_them(client):
    union = union_of("E01")
    wang, stranger = somebody(union, "王示例"), somebody(union_of("E02"), "赵示例")
    activity = activity_of(union, people="300余")
    enter(client, union)
    address = reverse("activities:participants", args=[activity.pk])
    assert "赵示例" not in client.get(address).content.decode()
    page = client.post(address, {"persons": [stranger.pk], "version": 1}).content.decode()
    assert "没有这个人员" in page
    for nonsense in ("abc", "9" * 30):
        assert "没有这个人员" in client.post(address, {"persons": [nonsense], "version": 1}).content.decode()
    client.post(address, {"persons": [wang.pk], "version": 1, "idempotency_key": "a"})
    assert Participation.objects.everywhere("test").get().person_id == wang.pk
    page = client.get(reverse("activities:activity-detail", args=[activity.pk])).content.decode()
    assert "王示例" in page
    assert "300余人次" in page
    assert "王示例" in client.get(address).content.decode()


def test_it_records_and_corrects_a_result(client):
    union = union_of("E01")
    activity = activity_of(union, name="乒乓球赛")
    enter(client, union)
    new = reverse("activities:result-new", args=[activity.pk])
    assert 'value="2025-03-05"' in client.get(new).content.decode()
    values = {
        "union": union.pk,
        "winner_kind": "team",
        "winner": "女队",
        "rank": "第一名",
        "level": "county",
        "awarded_on": "2025-03-05",
        "idempotency_key": "a",
    }
    client.post(new, values)
    result = Result.objects.everywhere("test").get()
    edit = reverse("activities:result-edit", args=[result.pk])
    client.post(edit, values | {"rank": "第二名", "version": 1, "idempotency_key": "b"})
    page = client.get(reverse("activities:result-detail", args=[result.pk])).content.decode()
    assert "第二名" in page
    assert "变更记录" in page
    assert "女队" in client.get(reverse("activities:result-list"), {"level": "county"}).content.decode()
    assert "女队" not in client.get(reverse("activities:result-list"), {"level": "city"}).content.decode()


def test_too_many_prizes_are_shown_before_saving_and_on_the_page(client, settings):
    settings.JURISDICTION = "cn-34"
    union = union_of("E01")
    activity = activity_of(union, people="3")
    enter(client, union)
    values = {
        "union": union.pk,
        "winner_kind": "person",
        "winner": "王示例、李示例",
        "rank": "一等奖",
        "level": "unit",
        "awarded_on": "2025-03-05",
    }
    new = reverse("activities:result-new", args=[activity.pk])
    first = client.post(new, values)
    assert "1/3" in first.content.decode()
    assert Result.objects.everywhere("test").count() == 0
    seen = first.context["form"].data["seen"]
    assert client.post(new, values | {"seen": seen}).status_code == 302
    assert "1/3" in client.get(reverse("activities:activity-detail", args=[activity.pk])).content.decode()


def test_the_list_filters_by_kind_name_period_branch_and_gap(client):
    top = union_of("C00", level="general")
    school = union_of("E01", top)
    activity_of(school, "culture.sport.meet", name="趣味运动会", people="2000余")
    activity_of(top, "volunteer.blood", date(2025, 6, 14), name="献血进校园")
    enter(client, top)

    def shown(**query):
        page = client.get(reverse("activities:activity-list"), query).content.decode()
        return {name for name in ("趣味运动会", "献血进校园") if name in page}

    assert shown() == {"趣味运动会", "献血进校园"}
    assert shown(kind="culture") == {"趣味运动会"}
    assert shown(text="jinxiaoyuan") == {"献血进校园"}
    assert shown(period="2025Q2") == {"献血进校园"}
    assert shown(union=school.pk) == {"趣味运动会"}
    assert shown(missing="people") == {"献血进校园"}
    assert "2,000余人次" in client.get(reverse("activities:activity-list")).content.decode()


def test_the_number_of_queries_does_not_grow_with_the_list(client, django_assert_max_num_queries):
    union = union_of("E01")
    for number in range(15):
        activity = activity_of(union, name=f"活动{number}", persons=[somebody(union, f"示例{number}")])
        result_of(activity)
    enter(client, union)
    client.get(reverse("activities:activity-list"))
    for name in ("activities:activity-list", "activities:result-list"):
        with django_assert_max_num_queries(16):
            client.get(reverse(name))


def test_the_list_is_exported_as_it_is_shown(client):
    union = union_of("E01")
    activity_of(union, people="300余")
    answer = ordered(enter(client, union), reverse("activities:activity-list"))
    assert answer.status_code == 200
    assert b"".join(answer.streaming_content).startswith(b"PK")


def test_the_calendar_shows_the_month_asked_for(client):
    union = union_of("E01")
    activity_of(union, held_on=date(2025, 5, 12), name="趣味运动会")
    enter(client, union)
    page = client.get(reverse("activities:calendar"), {"month": "2025-05"}).content.decode()
    assert "2025年5月" in page
    assert "趣味运动会" in page
    assert (
        "趣味运动会" not in client.get(reverse("activities:calendar"), {"month": "2025-07"}).content.decode()
    )
    assert client.get(reverse("activities:calendar"), {"month": "nonsense"}).status_code == 200
    assert client.get(reverse("activities:calendar"), {"month": "2199-12"}).status_code == 200


def test_a_stranger_gets_404_and_a_reader_no_forms(client):
    mine, other = union_of("E01"), union_of("E02")
    activity = activity_of(mine)
    result = result_of(activity)
    enter(client, other)
    for name, key in (
        ("activities:activity-detail", activity.pk),
        ("activities:activity-edit", activity.pk),
        ("activities:participants", activity.pk),
        ("activities:result-new", activity.pk),
        ("activities:result-detail", result.pk),
        ("activities:result-edit", result.pk),
        ("activities:activity-detail", 10**9),
    ):
        assert client.get(reverse(name, args=[key])).status_code == 404
        assert client.post(reverse(name, args=[key]), {}).status_code in (404, 405)
    client.logout()
    enter(client, mine, "audit")
    assert client.get(reverse("activities:activity-detail", args=[activity.pk])).status_code == 200
    assert client.get(reverse("activities:activity-edit", args=[activity.pk])).status_code == 403
    client.logout()
    assert client.get(reverse("activities:activity-list")).status_code == 302


def test_results_are_searched_by_winner_activity_initials_and_last_digits(client):
    union = union_of("E01")
    wang = somebody(union, "王示例")
    match = activity_of(union, "culture.sport", name="乒乓球赛")
    result_of(match, winner_kind="person", winner="王示例", person=wang)
    result_of(activity_of(union, "culture.essay", name="师德征文"), winner="女队")
    enter(client, union)
    for typed in ("王示", "乒乓", "ppqs", "wsl", wang.id_number[-4:]):
        page = client.get(reverse("activities:result-list"), {"text": typed}).content.decode()
        assert "王示例" in page, typed
        assert "女队" not in page, typed
