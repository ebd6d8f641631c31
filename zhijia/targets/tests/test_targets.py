"""Setting a target, and changing the one that was seen."""

import pytest
from django.urls import reverse

from zhijia.areas.accounts.tests.factories import enter
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import system
from zhijia.kernel.period import Period
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.verdict import Refused
from zhijia.targets.models import Target
from zhijia.targets.services import target_set

pytestmark = pytest.mark.django_db
FIGURE = "members.members"


def setting(union, goal, **kw):
    told = {"figure": FIGURE, "period": Period.parse("2025"), "goal": goal} | kw
    return target_set(actor=system("测试"), union=union, **told)


def stored():
    return Target.objects.everywhere("test").get()


def test_a_target_is_changed_only_by_who_has_seen_it():
    union = union_of("E01")
    setting(union, 100)
    with pytest.raises(Refused, match="已设定"):
        setting(union, 200)
    setting(union, 200, version=1)
    with pytest.raises(StaleVersionError):
        setting(union, 300, version=1)
    assert (stored().goal, stored().version) == (200, 2)


def test_an_unknown_figure_is_refused():
    with pytest.raises(Refused, match="没有这个指标"):
        setting(union_of("E01"), 100, figure="members.none")


def test_the_page_changes_goal_and_note_and_shows_who_was_faster(client):
    union = union_of("E01")
    target = setting(union, 100)
    enter(client, union)
    page = f"{reverse('targets:target-set')}?target={target.pk}"
    assert page.replace("&", "&amp;") in client.get(reverse("targets:target-list")).content.decode()
    shown = client.get(page).content.decode()
    assert 'name="version" value="1"' in shown
    sent = {"goal": "150", "note": "加快", "version": "1", "idempotency_key": "k1"}
    assert client.post(page, sent).status_code == 302
    assert (stored().goal, stored().note, stored().period) == (150, "加快", "2025")
    stale = client.post(page, sent | {"goal": "170", "idempotency_key": "k2"})
    assert "他人已修改" in stale.content.decode()
    assert stored().goal == 150


def test_a_period_that_is_over_is_not_met_rather_than_behind(client):
    union = union_of("E01")
    setting(union, 100)
    enter(client, union)
    shown = client.get(reverse("targets:target-list")).content.decode()
    assert "未完成" in shown
    assert "落后于时间进度" not in shown


def test_a_target_out_of_reach_is_not_found(client):
    mine, other = union_of("E01"), union_of("E02")
    target = setting(other, 100)
    enter(client, mine)
    for key in (target.pk, "x", "9" * 12):
        assert client.get(f"{reverse('targets:target-set')}?target={key}").status_code == 404
