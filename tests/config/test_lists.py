"""Every list of the product: what may be taken out of it, and what may not be searched for in it."""

import io

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from tests.cast import officer
from tests.guards.world import World
from zhijia.areas.accounts import roles
from zhijia.areas.accounts.models import Holding
from zhijia.areas.organisations.models import Seat
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db
NUMBER = "999001198001010018"
EXPORTED = (
    "organisations:union-list",
    "organisations:employer-list",
    "organisations:term-list",
    "members:roster",
    "activities:activity-list",
    "activities:result-list",
    "aid:relief-list",
    "finance:entry-list",
    "honours:honour-list",
)
SEARCHED = (
    ("organisations:union-list", "q"),
    ("members:roster", "q"),
    ("members:roster", "employer"),
    ("activities:activity-list", "text"),
    ("activities:result-list", "text"),
    ("honours:honour-list", "text"),
)


@pytest.fixture
def world():
    return World()


def taken_out(client, name):
    answer = ordered(client, reverse(name))
    assert answer.status_code == 200
    content = io.BytesIO(b"".join(answer.streaming_content))
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()[3:]


@pytest.mark.parametrize("name", EXPORTED)
def test_it_takes_out_no_row_beyond_the_reach_of_export(name, world, client, monkeypatch):
    """Who sees the county but may export at one school only gets what that school's chair gets."""
    looks_only = tuple(action for action in roles.actions_of("vice_chair") if action != "books.export")
    monkeypatch.setattr(roles, "GRANTED", {**roles.GRANTED, "vice_chair": looks_only})
    both = officer("sun", world.cast.county, "vice_chair")
    school = Seat._base_manager.get(union=world.cast.other_school, post="chair")
    Holding.objects.create(user=both, seat=school)
    client.force_login(world.cast.wang)
    own = taken_out(client, name)
    client.force_login(world.cast.chen)
    whole = taken_out(client, name)
    client.force_login(both)
    assert taken_out(client, name) == own
    assert len(whole) > len(own)


@pytest.mark.parametrize(("name", "field"), SEARCHED)
def test_it_answers_a_search_for_a_whole_number_with_advice(name, field, world, client):
    client.force_login(world.cast.chen)
    answer = client.get(reverse(name), {field: NUMBER})
    assert answer.status_code == 400
    assert "请只输入号码的后4位" in answer.content.decode()
    assert NUMBER not in answer.content.decode()
    assert client.get(reverse(name), {field: NUMBER[-6:]}).status_code == 200
