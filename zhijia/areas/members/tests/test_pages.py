"""The pages of members: what is shown, what is hidden, and the journeys through the forms."""

from datetime import date

import pytest
from django.apps import apps
from django.urls import reverse

from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import member_of, membership_of, person_of
from zhijia.areas.organisations.tests.factories import employer_of, seat_of, union_of
from zhijia.kernel.models import AuditEvent
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db
NUMBER = synthetic_id(700, date(1991, 2, 3), "female")


def user_of(*seats):
    """Write a log-in; by the registry of models, for accounts stand above members."""
    user = apps.get_model("accounts", "User")(username=f"user{len(seats)}-{seats}"[:100], name="李示例")
    user.save()
    for seat in seats:
        apps.get_model("accounts", "Holding")(user=user, seat=seat).save()
    return user


def officer_of(union, post="chair"):
    return user_of(seat_of(union, post))


@pytest.fixture
def county():
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


@pytest.fixture
def other(county):
    return union_of("T", parent=county, name="示例中学工会")


@pytest.fixture
def clerk(client, school):
    client.force_login(officer_of(school, "clerk"))
    return client


def text(answer):
    assert answer.status_code == 200, answer
    return answer.content.decode()


def test_the_roster_shows_open_memberships_in_reach(clerk, school, other):
    member_of(school, "赵示例")
    member_of(other, "钱示例")
    membership_of(person_of(school, "孙示例"), state="ended", ends_on=date(2023, 1, 1), end_cause="resigned")
    page = text(clerk.get(reverse("members:roster")))
    assert "赵示例" in page
    assert "钱示例" not in page
    assert "孙示例" not in page
    everything = text(clerk.get(reverse("members:roster"), {"state": "all"}))
    assert "孙示例" in everything


def test_the_roster_never_shows_a_whole_number(clerk, school):
    person = member_of(school, "赵示例", phone="13812345678").person
    page = text(clerk.get(reverse("members:roster")))
    assert person.id_number not in page
    assert "13812345678" not in page
    detail = text(clerk.get(reverse("members:person-detail", args=[person.pk])))
    assert person.id_number not in detail
    assert "13812345678" not in detail
    assert "138****5678" in detail


@pytest.mark.parametrize("typed", ["赵甲", "甲示", "zjs", "zhaojia"])
def test_the_roster_is_searched_by_name_and_pinyin(clerk, school, typed):
    member_of(school, "赵甲示")
    member_of(school, "钱乙示")
    page = text(clerk.get(reverse("members:roster"), {"q": typed}))
    assert "赵甲示" in page
    assert "钱乙示" not in page


def test_the_roster_is_searched_by_the_last_digits(clerk, school):
    person = member_of(school, "赵甲示", phone="13800001234").person
    member_of(school, "钱乙示", phone="13800005678")
    for typed in (person.id_number[-4:], "1234"):
        page = text(clerk.get(reverse("members:roster"), {"q": typed}))
        assert "赵甲示" in page
        assert "钱乙示" not in page
    for typed in ("234", person.id_number[-5:]):  # sealed numbers are found by four signs, or whole
        assert "赵甲示" not in text(clerk.get(reverse("members:roster"), {"q": typed}))


def test_the_roster_is_narrowed_by_each_filter(client, county, school, other):
    client.force_login(officer_of(county))
    employer = employer_of(school, name="示例小学")
    membership_of(
        person_of(school, "赵示例", sex="male", migrant=True), starts_on=date(2024, 3, 1), employer=employer
    )
    membership_of(person_of(other, "钱示例"), starts_on=date(2022, 3, 1), state="retained")
    for query in (
        {"union": school.pk},
        {"state": "active"},
        {"sex": "male"},
        {"migrant": "1"},
        {"employer": "小学"},
        {"since": "2024-01-01"},
        {"since": "2024年1月1日", "until": "2024-12-31"},
    ):
        page = text(client.get(reverse("members:roster"), query))
        assert "赵示例" in page, query
        assert "钱示例" not in page, query


def test_a_wrong_filter_shows_nobody(clerk, school, other):
    member_of(school, "赵示例")
    for query in ({"union": other.pk}, {"since": "昨天"}, {"state": "x"}):
        assert "赵示例" not in text(clerk.get(reverse("members:roster"), query))


def test_the_number_of_queries_of_the_roster_is_constant(clerk, school, django_assert_max_num_queries):
    for number in range(15):
        member_of(school, f"示例{number}")
    with django_assert_max_num_queries(25):
        text(clerk.get(reverse("members:roster")))


def test_an_export_is_audited_with_its_purpose(clerk, school):
    member_of(school)
    answer = ordered(clerk, reverse("members:roster"), "statistics", "年度")
    assert answer.status_code == 200
    event = AuditEvent.objects.get(verb="export")
    assert (event.rows, event.before["purpose"]) == (1, "统计分析：年度")


def test_a_stranger_and_an_absent_person_look_the_same(clerk, school, other):
    hidden = member_of(other)
    for name, keys in (
        ("person-detail", (hidden.person_id, 10**6)),
        ("person-correct", (hidden.person_id, 10**6)),
        ("membership-correct", (hidden.pk, 10**6)),
    ):
        for key in keys:
            assert clerk.get(reverse(f"members:{name}", args=[key])).status_code == 404
    for word in ("end", "retain", "transfer_start"):
        assert clerk.get(reverse("members:step", args=[hidden.pk, word])).status_code == 404
    assert clerk.get(reverse("members:transfer", args=[hidden.pk, "accept"])).status_code == 404
    assert (
        hidden.person.name not in clerk.get(reverse("members:person-options"), {"q": "示例"}).content.decode()
    )


def test_someone_without_seats_has_no_page(client):
    client.force_login(user_of())
    assert client.get(reverse("members:roster")).status_code == 403


def test_an_audit_member_looks_but_does_not_record(client, school):
    member = member_of(school, "赵示例")
    client.force_login(officer_of(school, "audit"))
    page = text(client.get(reverse("members:person-detail", args=[member.person_id])))
    assert "赵示例" in page
    assert "终止会籍" not in page
    assert client.get(reverse("members:member-enrol")).status_code == 403
    assert client.get(reverse("members:step", args=[member.pk, "end"])).status_code == 403


def joining(school, **more):
    typed = {"name": "李 示例", "id_type": "resident", "id_number": NUMBER, "union": school.pk}
    return {**typed, "on": "2024年5月6日", "cause": "joined", "dues_base": "5,000", **more}


def test_a_member_is_recorded_through_the_form(clerk, school):
    assert "登记入会" in text(clerk.get(reverse("members:member-enrol")))
    answer = clerk.post(reverse("members:member-enrol"), joining(school, idempotency_key="a"))
    person = Person._base_manager.get()
    assert answer["Location"] == reverse("members:person-detail", args=[person.pk])
    assert (person.name, person.sex, person.born_on) == ("李示例", "female", date(1991, 2, 3))
    page = text(clerk.get(answer["Location"]))
    assert "25.00" in page  # the dues of 5,000 yuan
    again = clerk.post(reverse("members:member-enrol"), joining(school, idempotency_key="a"))
    assert again["Location"] == answer["Location"]
    assert Membership._base_manager.count() == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"id_number": NUMBER[:-1] + ("1" if NUMBER[-1] != "1" else "2")}, "校验码"),
        ({"sex": "male"}, "证件号码显示为“女”"),
        ({"born_on": "1991-02-04"}, "1991-02-03"),
        ({"phone": "12345"}, "11位"),
        ({"name": "李\u200b示例"}, "不可见字符"),
        ({"dues_base": "-1"}, "负数"),
        ({"on": "2999-01-01"}, "不能晚于今天"),
    ],
)
def test_the_form_says_what_is_wrong_and_saves_nothing(clerk, school, typed, words):
    page = text(clerk.post(reverse("members:member-enrol"), joining(school, **typed)))
    assert words in page
    assert not Membership._base_manager.exists()
    assert not Person._base_manager.exists()


def test_a_union_out_of_reach_cannot_be_chosen(clerk, school, other):
    text(clerk.post(reverse("members:member-enrol"), joining(other)))
    assert not Person._base_manager.exists()


def test_an_application_goes_through_the_list(clerk, school):
    clerk.post(reverse("members:member-enrol"), joining(school, waits="on"))
    applied = Membership._base_manager.get()
    assert "李示例" in text(clerk.get(reverse("members:application-list")))
    clerk.post(reverse("members:step", args=[applied.pk, "approve"]), {"on": "2024-06-01"})
    applied.refresh_from_db()
    assert (applied.state, applied.starts_on) == ("active", date(2024, 6, 1))


def test_two_officers_see_each_others_corrections(clerk, school):
    person = person_of(school, "赵示例")
    address = reverse("members:person-correct", args=[person.pk])
    typed = {"name": "赵示例", "id_type": "resident", "id_number": person.id_number, "version": "1"}
    assert clerk.post(address, {**typed, "phone": "13800000001"}).status_code == 302
    page = text(clerk.post(address, {**typed, "phone": "13800000002"}))
    assert "他人已修改" in page
    assert "138****0001" in page
    assert "13800000001" not in page
    person.refresh_from_db()
    assert person.phone == "13800000001"


def test_a_transfer_goes_from_one_officer_to_the_other(client, school, other):
    member = member_of(school, "赵示例")
    client.force_login(officer_of(school, "clerk"))
    address = reverse("members:step", args=[member.pk, "transfer_start"])
    assert "没有这个工会编码" in text(client.post(address, {"to": "XX"}))
    assert client.post(address, {"to": other.code, "reason": "调动"}).status_code == 302
    client.force_login(officer_of(other, "clerk"))
    assert "赵示例" in text(client.get(reverse("members:transfer-list")))
    accept = reverse("members:transfer", args=[member.pk, "accept"])
    assert "示例小学工会" not in text(client.get(accept))
    answer = client.post(accept, {"on": "2024-06-01", "post": "教师"})
    assert answer["Location"] == reverse("members:person-detail", args=[member.person_id])
    page = text(client.get(answer["Location"]))
    assert "其他工会" in page  # the sender is out of reach
    assert "示例小学工会" not in page
    client.force_login(officer_of(school, "chair"))
    assert client.get(answer["Location"]).status_code == 404


@pytest.mark.parametrize(
    ("word", "typed", "state"),
    [
        ("retain", {"on": "2024-06-01"}, "retained"),
        ("end", {"on": "2024-06-01", "cause": "resigned"}, "ended"),
    ],
)
def test_a_step_is_taken_through_its_page(clerk, school, word, typed, state):
    member = member_of(school, "赵示例")
    address = reverse("members:step", args=[member.pk, word])
    assert "赵示例" in text(clerk.get(address))
    assert clerk.post(address, typed).status_code == 302
    last = Membership._base_manager.order_by("-pk").first()
    assert last.state == state


def test_a_refused_step_says_why(clerk, school):
    member = member_of(school)
    page = text(
        clerk.post(reverse("members:step", args=[member.pk, "end"]), {"on": "2024-06-01", "cause": "lapsed"})
    )
    assert "决定" in page
    assert clerk.get(reverse("members:step", args=[member.pk, "fly"])).status_code == 404


def test_the_place_is_corrected_through_its_page(clerk, school, other):
    member = member_of(school)
    address = reverse("members:membership-correct", args=[member.pk])
    employer, foreign = employer_of(school), employer_of(other)
    text(clerk.post(address, {"employer": foreign.pk}))
    typed = {"employer": employer.pk, "post": "教师", "version": 1}
    assert clerk.post(address, typed).status_code == 302
    member.refresh_from_db()
    assert (member.employer_id, member.post) == (employer.pk, "教师")


def test_the_person_field_answers_in_the_kits_form(clerk, school):
    person = member_of(school, "赵示例").person
    answer = clerk.get(reverse("members:person-options"), {"q": "zsl"}).json()
    assert answer == {
        "results": [{"id": person.pk, "text": f"赵示例 · 示例小学工会 · 尾号{person.id_number[-4:]}"}]
    }


def test_odd_queries_are_no_server_errors(clerk, school):
    person = member_of(school).person
    for query in ({"tab": "99"}, {"tab": "-1"}, {"tab": "x"}, {"tab": "³"}):
        text(clerk.get(reverse("members:person-detail", args=[person.pk]), query))
    for typed in ("%", "_", "'", "²³⁴⁵", "x" * 500, "\x00"):
        text(clerk.get(reverse("members:person-options"), {"q": typed}))
        text(clerk.get(reverse("members:roster"), {"q": typed}))


def test_the_choice_of_columns_has_their_headings(clerk, school):
    member_of(school, "赵示例")
    choices = clerk.get(reverse("members:roster")).context["column_choices"]
    assert "入会日期" in {str(choice["label"]) for choice in choices}
    assert not any(str(choice["label"]).isascii() for choice in choices)
