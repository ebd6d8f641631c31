"""Why someone may or may not: the explanation decides as the scope does, and names nothing out of reach."""

from datetime import timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from zhijia.areas.accounts import queries
from zhijia.areas.accounts.models import Holding
from zhijia.areas.accounts.queries import actor_of, explain
from zhijia.areas.accounts.roles import GRANTED
from zhijia.areas.accounts.tests.factories import officer_of, user_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import seat_of, union_of
from zhijia.kernel.scope import EVERYWHERE

ACTIONS = sorted({action for actions in GRANTED.values() for action in actions})
DAYS = st.integers(-3, 3)


@pytest.fixture
def county(db):
    return union_of("C", level="general", name="示例县总工会")


@pytest.fixture
def school(county):
    return union_of("S", parent=county, name="示例小学工会")


def answer(user, action, union, scope=EVERYWHERE):
    return explain(scope, user, action, union)


def test_it_names_the_seat_that_gives(county, school):
    found = answer(officer_of(county), "members.view", school)
    assert found.verdict
    assert [(one.title, bool(one.verdict)) for one in found.reasons] == [
        ("张示例 · 主席 · 示例县总工会", True)
    ]


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"ends_on": 0}, "任期已结束"),
        ({"starts_on": 1}, "任期还没有开始"),
        ({"closed_on": 0}, "工会已终止"),
        ({"revoked": True}, "岗位已收回"),
        ({"awaited": True}, "还没有授予"),
        ({"inactive": True}, "账号已停用"),
        ({"post": "cashier"}, "岗位都没有此项权限"),
        ({"beside": True}, "职责范围不包括"),
    ],
)
def test_it_says_what_is_missing(county, school, change, reason):
    today = timezone.localdate()
    days = {name: today + timedelta(days=change[name]) for name in ("starts_on", "ends_on") if name in change}
    user = user_of(seat_of(school, change.get("post", "chair"), **days), is_active="inactive" not in change)
    if "closed_on" in change:
        school.closed_on, school.closed_how = today, "dissolved"
        school.save()
    if "revoked" in change:
        Holding.objects.update(revoked_at=timezone.now())
    if "awaited" in change:
        now = timezone.now()
        Holding.objects.update(created_at=now, revoked_at=now)
    found = answer(user, "members.view", union_of("B", parent=county) if "beside" in change else school)
    assert not found.verdict
    assert reason in str(found.verdict)
    assert not actor_of(user).scope.may("members.view", school.path) or "beside" in change


def test_it_says_that_a_second_factor_is_wanted(school):
    found = answer(officer_of(school), "members.reveal", school)
    assert found.verdict.level == "warn"
    assert "双因素" in str(found.verdict)


def test_it_says_which_posts_could(school):
    found = answer(officer_of(school, "accountant"), "finance.pay", school)
    assert not found.verdict
    assert [str(post) for post in found.posts] == ["出纳"]


def test_someone_without_seats_is_told_so(school):
    assert "没有任何岗位" in str(answer(user_of(), "members.view", school).verdict)


def test_the_own_file_depends_on_the_person(school):
    assert not answer(user_of(), "members.own", school).verdict
    assert answer(user_of(person=person_of(school)), "members.own", school).verdict
    assert not answer(user_of(person=person_of(school), is_active=False), "members.own", school).verdict
    assert answer(user_of(), "accounts.own", school).verdict


def test_a_seat_out_of_the_askers_reach_takes_part_without_its_name(county, school):
    user = user_of(seat_of(county, holder="秘密人"), seat_of(school, "cashier"))
    asker = actor_of(officer_of(school))
    found = answer(user, "members.view", school, asker.scope)
    assert found.verdict
    assert [one.title for one in found.reasons] == ["", "张示例 · 出纳 · 示例小学工会"]
    assert "秘密" not in str(found)


class ExplainAgreesWithScope(TestCase):
    """Whatever seats someone has: the page never says yes where the scope says no, nor the other way."""

    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(
        st.lists(
            st.tuples(
                st.sampled_from(sorted(GRANTED)), st.integers(0, 2), DAYS, st.none() | DAYS, st.booleans()
            ),
            max_size=3,
        ),
        st.none() | DAYS,
        st.booleans(),
        st.sampled_from(ACTIONS),
    )
    def test_it_decides_as_the_scope_does(self, seats, closes, active, action):
        today = timezone.localdate()
        county = union_of("C", level="general")
        unions = [county, union_of("S", parent=county), union_of("T", parent=county)]
        if closes is not None:
            unions[1].closed_on, unions[1].closed_how = today + timedelta(days=closes), "dissolved"
            unions[1].save()
        user = user_of(is_active=active)
        for post, place, begins, ends, is_revoked in seats:
            last = None if ends is None else today + timedelta(days=ends)
            seat = seat_of(unions[place], post, starts_on=today + timedelta(days=begins), ends_on=last)
            Holding(user=user, seat=seat, revoked_at=timezone.now() if is_revoked else None).save()
        scope = actor_of(user).scope
        for union in unions:
            assert explain(EVERYWHERE, user, action, union).verdict.ok == scope.may(action, union.path).ok
        shown = queries.hands(queries.seat_register(EVERYWHERE))
        gives = any(one.verdict for hands in shown.values() for one in hands)
        assert gives == bool(scope.grants)
