"""The pages: what officers see, what strangers do not."""

from datetime import date

import pytest
from django.apps import apps
from django.contrib.auth import get_user_model
from django.test import Client
from django.urls import reverse

from zhijia.areas.organisations.models import Employer, HeadCount, Seat, Union
from zhijia.areas.organisations.tests.factories import (
    committee_of,
    employer_of,
    head_count_of,
    seat_of,
    union_of,
)

pytestmark = pytest.mark.django_db


def client_of(seat: Seat) -> Client:
    """Log someone in who holds this seat."""
    user = get_user_model()(username=f"u{seat.pk}", name=seat.holder)
    user.save()
    apps.get_model("accounts", "Holding")(user=user, seat=seat).save()
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def county():
    root = union_of("R", level="general", name="示例县总工会")
    own = union_of("A", root, name="示例一小工会")
    other = union_of("B", root, name="示例二小工会")
    for union in (own, other):
        committee_of(union, date(2021, 1, 1), date(2025, 12, 31))
        employer = employer_of(union)
        head_count_of(employer, date(2024, 12, 31), 50, women=30)
        head_count_of(employer, date(2025, 12, 31), 52)
    return {"root": root, "own": own, "other": other}


@pytest.fixture
def chair(county):
    return client_of(seat_of(county["own"]))


def page(client: Client, name: str, *args: int, query: str = "") -> tuple[int, str]:
    answer = client.get(reverse(f"organisations:{name}", args=args) + query)
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize("name", ["union-list", "tree", "employer-list", "term-list"])
def test_it_lists_only_what_is_within_reach(county, chair, name):
    status, text = page(chair, name)
    assert status == 200
    assert "示例一小工会" in text
    assert "示例二小工会" not in text


def test_it_shows_a_union_with_everything_of_it(county, chair):
    status, text = page(chair, "union-detail", county["own"].pk)
    assert status == 200
    for word in ("示例一小工会", "张示例", "示例单位A", "第1届", "52", "登记换届"):
        assert word in text
    assert "未登记" in text  # no region: said to be missing


def test_it_shows_an_employer_with_its_head_counts(county, chair):
    employer = Employer.objects.everywhere("test").get(union=county["own"])
    status, text = page(chair, "employer-detail", employer.pk)
    assert status == 200
    assert "2024年12月31日" in text
    assert "—" in text  # women were not counted in 2025


def test_it_answers_404_to_strangers_and_for_absent_ids_alike(county, chair):
    other = county["other"]
    employer = Employer.objects.everywhere("test").get(union=other)
    count = HeadCount.objects.everywhere("test").filter(employer=employer).first()
    names = ["detail", "edit", "rename", "upgrade", "move", "close"]
    places = [(f"union-{name}", other.pk) for name in names]
    places += [(f"{name}-create", other.pk) for name in ("committee", "seat", "employer")]
    places += [(f"employer-{name}", employer.pk) for name in ("detail", "edit", "end")]
    places += [("head-count-edit", count.pk), ("tree-children", other.pk)]
    for name, key in places:
        assert page(chair, name, key)[0] == 404, name
        assert page(chair, name, 999_999)[0] == 404, name


def test_it_sends_visitors_to_the_door(county):
    assert Client().get(reverse("organisations:union-list")).status_code == 302


def test_it_lets_a_cashier_look_but_not_change(county):
    cashier = client_of(seat_of(county["own"], post="cashier", holder="李示例"))
    status, text = page(cashier, "union-detail", county["own"].pk)
    assert status == 200
    assert "登记换届" not in text
    assert page(cashier, "union-edit", county["own"].pk)[0] == 403


@pytest.mark.parametrize(
    "name",
    [
        "union-edit",
        "union-rename",
        "union-upgrade",
        "union-move",
        "union-close",
        "committee-create",
        "seat-create",
        "employer-create",
    ],
)
def test_it_shows_the_form_of_every_step(county, chair, name):
    status, text = page(chair, name, county["own"].pk)
    assert status == 200
    assert "<form" in text


def test_it_makes_a_union_below_the_own_one_once_per_key(county, chair):
    data = {
        "parent": county["own"].pk,
        "code": "A1",
        "name": "示例一小一组",
        "level": "group",
        "sector": "education",
        "idempotency_key": "k1",
    }
    answers = [chair.post(reverse("organisations:union-create"), data) for _ in range(2)]
    made = Union.objects.everywhere("test").get(code="A1")
    for answer in answers:
        assert answer.status_code == 302
        assert answer["Location"] == reverse("organisations:union-detail", args=[made.pk])


def test_it_shows_the_reason_of_a_refusal_in_the_form(county, chair):
    data = {"parent": county["other"].pk, "code": "N", "name": "新", "level": "group", "sector": "other"}
    answer = chair.post(reverse("organisations:union-create"), data)
    assert "不在您的职责范围内" in answer.content.decode()
    data |= {"parent": county["own"].pk, "code": "B"}
    answer = chair.post(reverse("organisations:union-create"), data)
    assert "已被使用" in answer.content.decode()


def test_it_shows_what_someone_else_has_written_meanwhile(county, chair):
    own = county["own"]
    Union.objects.everywhere("test").filter(pk=own.pk).update(region="新区", version=own.version + 1)
    data = {"sector": "education", "region": "旧区", "founded_on": "2020-01-01", "version": own.version}
    answer = chair.post(reverse("organisations:union-edit", args=[own.pk]), data)
    text = answer.content.decode()
    assert "他人已修改" in text
    assert "新区" in text
    data["version"] = own.version + 1
    assert chair.post(reverse("organisations:union-edit", args=[own.pk]), data).status_code == 302
    own.refresh_from_db()
    assert own.region == "旧区"


def test_it_records_a_head_count_from_the_form(county, chair):
    employer = Employer.objects.everywhere("test").get(union=county["own"])
    url = reverse("organisations:head-count-create", args=[employer.pk])
    data = {"as_of": "2026年1月31日", "staff": "60", "women": "61"}
    assert "女职工人数不能超过职工人数" in chair.post(url, data).content.decode()
    assert chair.post(url, data | {"women": ""}).status_code == 302
    made = HeadCount.objects.everywhere("test").get(staff=60)
    assert (made.as_of, made.women) == (date(2026, 1, 31), None)


def test_it_offers_the_unions_within_reach_to_a_searchable_select(county, chair):
    answer = chair.get(reverse("organisations:union-options"), {"q": "sl"}).json()
    assert [row["text"] for row in answer["results"]] == ["示例一小工会（A）"]
    nothing = chair.get(reverse("organisations:union-options"), {"q": "", "action": "nobody.may"}).json()
    assert nothing == {"results": []}


def test_it_opens_the_children_of_a_node_alone_for_htmx(county):
    officer = client_of(seat_of(county["root"]))
    url = reverse("organisations:tree-children", args=[county["root"].pk])
    part = officer.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "示例二小工会" in part
    assert "<html" not in part
    assert "<html" in officer.get(url).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("?level=general", {"R"}),
        ("?q=sldx", set()),
        ("?q=slyx", {"A"}),
        ("?state=closed", set()),
        ("?missing=employers", set()),
        ("?founded_from=2020-01-01&founded_to=2020-01-01", {"R", "A", "B"}),
        ("?founded_from=2020-01-02", set()),
    ],
)
def test_it_filters_the_list(county, query, found):
    officer = client_of(seat_of(county["root"]))
    answer = officer.get(reverse("organisations:union-list") + query)
    assert {row.record.code for row in answer.context["table"].rows} == found


def test_it_filters_by_the_union_above(county):
    officer = client_of(seat_of(county["root"]))
    answer = officer.get(reverse("organisations:union-list") + f"?under={county['own'].pk}")
    assert [row.record.code for row in answer.context["table"].rows] == ["A"]


def test_it_needs_the_same_number_of_queries_for_many_unions(county, django_assert_max_num_queries):
    officer = client_of(seat_of(county["root"]))
    for number in range(40):
        union_of(f"X{number}", county["own"], level="group")
    with django_assert_max_num_queries(16):
        assert page(officer, "union-list")[0] == 200


@pytest.mark.parametrize("typed", ["abc", "9" * 30, "-1", "²", ""])
def test_it_shows_nonsense_in_place_of_a_union_as_an_error(county, chair, typed):
    url = reverse("organisations:union-create")
    assert chair.get(url, {"parent": typed}).status_code == 200
    answer = chair.post(
        url, {"parent": typed, "code": "N", "name": "新", "level": "group", "sector": "other"}
    )
    assert answer.status_code == 200
    assert answer.context["form"].errors["parent"]
    assert chair.get(reverse("organisations:union-list"), {"under": typed}).status_code == 200
    assert chair.get(f"/organisations/{'9' * 30}/").status_code == 404


def test_it_moves_a_union_from_the_form(county):
    officer = client_of(seat_of(county["root"]))
    west = union_of("W", county["root"], level="federation")
    url = reverse("organisations:union-move", args=[county["own"].pk])
    answer = officer.post(url, {"new_parent": west.pk, "on": "2025-03-01", "document": "示例〔2025〕1号"})
    assert answer.status_code == 302
    text = page(officer, "union-detail", county["own"].pk)[1]
    assert "历次隶属" in text
    assert "示例〔2025〕1号" in text
