"""The pages of figures: what they show, who may see them, and that they do not grow in queries."""

from __future__ import annotations

from datetime import date
from html import unescape
from io import BytesIO

import pytest
from django.db import connection
from django.template import Context, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from python_calamine import CalamineWorkbook

from zhijia.areas.accounts.tests.factories import officer_of
from zhijia.areas.aid.models import Relief
from zhijia.areas.members.tests.factories import member_of
from zhijia.areas.organisations.models import Union
from zhijia.areas.organisations.services import union_move
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.figures import ask
from zhijia.figures.catalogue import catalogue
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.actor import system
from zhijia.kernel.period import Period, latest_full_year
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2025")
KINDS = ["aid.person_times", "aid.persons", "aid.amount", "members.joining_rate", "finance.band_low"]


def relief(union, number=1):
    for _ in range(number):
        Relief(
            union=union,
            occasion="warmth",
            given_on=date(2025, 3, 5),
            beneficiary="示例",
            people=2,
            amount=100,
            fund="dues",
        ).save()


@pytest.fixture
def house(client):
    """Return two unions side by side, with the chair of the first logged in."""
    top = union_of("TOP", level="general")
    mine, other = union_of("MINE", top, level="federation"), union_of("OTHER", top, level="federation")
    school = union_of("SCHOOL", mine)
    relief(school, 3)
    relief(other, 5)
    client.force_login(officer_of(mine))
    return {"top": top, "mine": mine, "other": other, "school": school}


def page(client, name, *arguments, **query):
    return client.get(reverse(f"figures:{name}", args=arguments), {"period": "2025", **query})


def test_it_shows_the_catalogue_of_the_highest_union_in_reach(client, house):
    answer = page(client, "catalogue")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert answer.context["union"] == house["mine"]
    assert all(str(figure.label) in unescape(text) for figure in catalogue().values())
    assert "6人次" in text


def test_it_finds_figures_by_name(client, house):
    answer = page(client, "catalogue", q="慰问救助人次")
    keys = [line.cell.figure.key for group in answer.context["groups"] for line in group.lines]
    assert "aid.person_times" in keys
    assert not [key for key in keys if key.startswith("honours.")]


@pytest.mark.parametrize("key", KINDS)
def test_it_shows_one_figure_and_its_rows(client, house, key):
    figure, rows = page(client, "figure", key), page(client, "rows", key)
    assert (figure.status_code, rows.status_code) == (200, 200)
    assert str(catalogue()[key].definition) in unescape(figure.content.decode())
    assert rows.context["cell"].figure.key == key


def test_it_lists_the_rows_with_their_exact_sum(client, house):
    answer = page(client, "rows", "aid.person_times")
    one = answer.context["lists"][0]
    assert (one.number, one.total, one.total_shown) == (3, 6, "6人次")
    assert [line.shown for line in one.lines] == ["2人次"] * 3
    assert all(line.card.url in answer.content.decode() for line in one.lines)


def test_it_goes_down_to_a_union_below(client, house):
    answer = page(client, "figure", "aid.person_times", union="SCHOOL")
    assert answer.context["page"].compared.cell.value == 6


@pytest.mark.parametrize("name", ["catalogue", "figure", "rows"])
@pytest.mark.parametrize("code", ["TOP", "OTHER", "NOBODY"])
def test_it_does_not_tell_a_union_out_of_reach_from_one_that_is_not_there(client, house, name, code):
    arguments = [] if name == "catalogue" else ["aid.person_times"]
    assert page(client, name, *arguments, union=code).status_code == 404


@pytest.mark.parametrize("at", ["x", "9" * 30, "0"])
def test_it_answers_404_for_an_id_that_is_none(client, house, at):
    assert page(client, "catalogue", at=at).status_code == 404


def test_it_answers_404_for_an_unknown_figure(client, house):
    assert page(client, "figure", "aid.nothing").status_code == 404
    assert page(client, "rows", "aid.nothing").status_code == 404


def test_it_refuses_those_without_the_right_and_sends_strangers_to_the_door(client, house):
    client.force_login(officer_of(house["school"], post="supervisor", username="plain"))
    assert page(client, "catalogue").status_code == 403
    client.logout()
    assert page(client, "catalogue").status_code == 302


def test_it_says_why_a_period_was_not_understood(client, house):
    answer = client.get(reverse("figures:catalogue"), {"period": "20255"})
    assert answer.status_code == 200
    assert "20255" in answer.content.decode()


def test_it_hides_the_content_of_rows_beyond_the_reader_but_keeps_their_number(client, house):
    client.force_login(officer_of(house["mine"], post="accountant", username="money"))
    answer = page(client, "rows", "members.joined")
    assert answer.status_code == 200
    scope = answer.wsgi_request.actor.scope
    assert not scope.may("members.view")


def test_it_shows_the_count_but_no_line_to_those_who_may_see_no_record(client, house):
    for _number in range(3):
        member_of(house["school"])
    client.force_login(officer_of(house["mine"], post="accountant", username="money"))
    answer = page(client, "rows", "members.members")
    text = answer.content.decode()
    assert "您的岗位只能查看这一数字，不能查看明细" in text
    assert "共 3 条" in text
    assert "不在您的查看范围内" not in text
    assert 'name="address"' not in text
    address = reverse("figures:rows", args=["members.members"])
    refusal = ordered(client, address, period="2025")
    assert refusal.status_code == 403
    assert "不能查看明细" in refusal.content.decode()


def test_it_opens_on_the_period_of_the_home_page(client, house):
    today = timezone.localdate()
    address = reverse("figures:catalogue")
    assert client.get(address).context["place"].period == latest_full_year(today)
    Relief(union=house["school"], occasion="warmth", given_on=today, beneficiary="示例", people=1).save()
    assert client.get(address).context["place"].period == Period.year(today.year)


def test_it_names_the_permission_that_is_missing_and_each_language_in_its_own_words(client, house):
    client.force_login(officer_of(house["mine"], post="accountant", username="money"))
    refusal = client.get(reverse("members:roster"), headers={"Accept-Language": "zh-hans"})
    text = refusal.content.decode()
    assert refusal.status_code == 403
    assert "查看会员名册和档案" in text
    assert "members.view" not in text
    assert all(f">{name}</button>" in text for name in ("简体中文", "繁體中文", "English"))


def test_it_exports_the_rows_as_a_workbook(client, house):
    address = reverse("figures:rows", args=["aid.amount"])
    answer = ordered(client, address, "other", "示例", period="2025")
    sheet = CalamineWorkbook.from_filelike(BytesIO(b"".join(answer.streaming_content))).get_sheet_by_index(0)
    rows = sheet.to_python()
    assert [row[-1] for row in rows[-3:]] == [1.0, 1.0, 1.0]
    assert "用途：示例" in rows[1][0]


@pytest.mark.parametrize(
    ("name", "arguments"), [("catalogue", []), ("figure", KINDS[:1]), ("rows", KINDS[:1])]
)
def test_it_needs_the_same_number_of_queries_for_more_unions_and_rows(client, house, name, arguments):
    page(client, name, *arguments)
    with CaptureQueriesContext(connection) as few:
        page(client, name, *arguments)
    for at in range(12):
        relief(union_of(f"MORE{at}", house["mine"]), 3)
    with CaptureQueriesContext(connection) as many:
        page(client, name, *arguments)
    assert len(many) == len(few)


def test_it_ranks_ties_alike_and_puts_those_without_data_last(house):
    for code, number in (("A", 3), ("B", 1), ("C", 0)):
        relief(union_of(code, house["mine"]), number)
    scope = ask_scope(house["mine"])
    lines = ask.ranking(scope, "aid.person_times", house["mine"], YEAR)
    assert [(line.union.code, line.rank) for line in lines] == [
        ("A", 1),
        ("SCHOOL", 1),
        ("B", 3),
        ("C", None),
    ]
    assert lines[-1].cell.shown == "无数据"


def test_it_does_not_name_a_union_that_left_the_readers_reach(client, house):
    school = Union.objects.everywhere("test").get(code="SCHOOL")
    other = Union.objects.everywhere("test").get(pk=house["other"].pk)
    union_move(actor=system("test"), union=school, new_parent=other, on=date(2026, 1, 5), document="示例文件")
    lines = ask.ranking(ask_scope(house["mine"]), "aid.person_times", house["mine"], YEAR)
    assert [(line.in_reach, line.name, line.cell.value) for line in lines] == [
        (False, "(不在您的查看范围内)", 6)
    ]
    assert school.name not in page(client, "figure", "aid.person_times").content.decode()


def test_it_splits_with_words_for_the_codes(house):
    parts = ask.split(ask_scope(house["mine"]), "aid.person_times", house["mine"], YEAR, "occasion")
    assert [(part.code, part.label, part.cell.value) for part in parts] == [("warmth", "元旦春节送温暖", 6)]


def ask_scope(union):
    from zhijia.areas.accounts.tests.factories import actor_in

    return actor_in(union).scope


def test_it_links_a_figure_with_its_definition_period_and_union(house):
    union = house["mine"]
    cell = compute(["aid.person_times"], union.pk, [YEAR])["aid.person_times", Spot(union.pk, YEAR)]
    request = RequestFactory().get("/")
    template = Template("{% load figures %}{% figure cell %}")
    link = template.render(Context({"cell": cell, "union": union, "request": request}))
    assert f'href="{reverse("figures:figure", args=["aid.person_times"])}?union=MINE&amp;period=2025"' in link
    assert all(word in link for word in (str(cell.figure.definition), union.name, YEAR.label, "6人次"))
    elsewhere = template.render(Context({"cell": cell, "union": house["other"], "request": request}))
    assert f"?at={union.pk}&amp;period=2025" in elsewhere
