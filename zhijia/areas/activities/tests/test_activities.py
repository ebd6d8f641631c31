"""Recording, correcting and reading activities, their people and their results."""

from datetime import date, timedelta

import pytest
from django.apps import apps
from django.http import Http404
from django.utils import timezone

from zhijia.areas.activities import queries, services
from zhijia.areas.activities.models import Activity, ActivityKind, Participation, Result
from zhijia.areas.activities.seed import seed_kinds, seeded_kinds
from zhijia.areas.activities.tests.factories import activity_of, kind_of, person_times, result_of, somebody
from zhijia.areas.activities.values import quantity
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.quantity import CountUnit, Quantity
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import EVERYWHERE, Grant, Scope
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db
ROBOT = system("测试")


def scope_of(union, *actions):
    wanted = actions or ("activities.view", "activities.record", "members.view")
    return Scope(frozenset(Grant(action, union.path) for action in wanted))


def record(union, **kw):
    values = {"kind": kind_of("culture.essay"), "name": "师德征文", "held_on": date(2025, 5, 12)}
    return services.activity_record(actor=ROBOT, union=union, **(values | kw))


def test_it_seeds_the_tree_of_kinds_once():
    seed_kinds(apps)
    assert ActivityKind.objects.count() == len(seeded_kinds())
    ActivityKind.objects.filter(pk="culture").update(name="旧名", retired=True)
    assert seed_kinds(apps) == 1
    assert seed_kinds(apps) == 0
    culture = ActivityKind.objects.get(pk="culture")
    assert (culture.name, culture.retired) == ("文体活动", True)


def test_it_keeps_counts_with_their_qualifiers():
    essays = Quantity.parse("30余篇", CountUnit.ARTICLE)
    activity = record(union_of("E01"), people=person_times("近300"), output=essays, cost=1200_50)
    stored = queries.activity_load(EVERYWHERE, activity.pk)
    assert str(quantity(stored, "people")) == "近300人次"
    assert quantity(stored, "output") == essays
    assert quantity(stored, "audience") is None
    assert stored.cost == 1200_50
    assert AuditEvent.objects.get(model="activities.activity").object_id == activity.pk


def test_it_refuses_people_at_an_event_to_come():
    later = timezone.localdate() + timedelta(days=2)
    union = union_of("E01")
    assert record(union, held_on=later).pk
    with pytest.raises(Refused, match="尚未举行"):
        record(union, held_on=later, people=person_times(3))


def test_it_corrects_only_what_is_given_and_only_the_version_seen():
    activity = record(union_of("E01"), people=person_times("300余"), venue="操场")
    services.activity_correct(actor=ROBOT, activity=activity, version=1, people=person_times(321))
    stored = queries.activity_load(EVERYWHERE, activity.pk)
    assert (str(quantity(stored, "people")), stored.venue, stored.version) == ("321人次", "操场", 2)
    with pytest.raises(StaleVersionError):
        services.activity_correct(actor=ROBOT, activity=stored, version=1, venue="礼堂")


def test_a_new_name_is_found_by_its_pinyin():
    activity = record(union_of("E01"))
    services.activity_correct(actor=ROBOT, activity=activity, name="教职工运动会")
    assert [card.title for card in queries.search(EVERYWHERE, "yundonghui", 5)] == ["教职工运动会"]
    assert queries.search(EVERYWHERE, "shide", 5) == []


def test_named_people_win_over_the_head_count():
    union = union_of("E01")
    activity = record(union, people=person_times("300余"))
    people = [somebody(union, name) for name in ("王示例", "李示例")]
    services.participation_set(actor=ROBOT, activity=activity, persons=people)
    page = queries.activity_page(EVERYWHERE, activity.pk)
    assert page.people == Quantity(2, CountUnit.PERSON_TIME)
    assert str(quantity(page.activity, "people")) == "300余人次"
    services.participation_set(actor=ROBOT, activity=activity, persons=[])
    assert str(queries.activity_page(EVERYWHERE, activity.pk).people) == "300余人次"


def test_setting_people_keeps_who_stays_and_drops_who_left():
    union = union_of("E01")
    wang, li, zhang = (somebody(union, name) for name in ("王示例", "李示例", "张示例"))
    activity = activity_of(union, persons=[wang, li])
    kept = Participation.objects.everywhere("test").get(person=li).pk
    services.participation_set(actor=ROBOT, activity=activity, persons=[li, zhang], version=1)
    rows = Participation.objects.everywhere("test").filter(activity=activity)
    assert set(rows.values_list("person_id", flat=True)) == {li.pk, zhang.pk}
    assert rows.get(person=li).pk == kept
    gone = AuditEvent.objects.get(verb="remove")
    assert (gone.model, gone.before["person_id"]) == ("activities.participation", wang.pk)
    with pytest.raises(StaleVersionError):
        services.participation_set(actor=ROBOT, activity=activity, persons=[wang], version=1)


def test_it_refuses_a_person_out_of_reach_as_participant_and_as_winner():
    mine, other = union_of("E01"), union_of("E02")
    clerk = Actor("李示例", scope_of(mine))
    activity = activity_of(mine)
    stranger = somebody(other)
    with pytest.raises(Refused):
        services.participation_set(actor=clerk, activity=activity, persons=[stranger])
    with pytest.raises(Refused):
        services.result_record(
            actor=clerk,
            union=mine,
            activity=activity,
            winner_kind="person",
            winner="王示例",
            person=stranger,
            rank="第一名",
            awarded_on=activity.held_on,
        )
    assert Participation.objects.everywhere("test").count() == 0
    assert Result.objects.everywhere("test").count() == 0


def test_nobody_records_for_a_union_out_of_reach():
    mine, other = union_of("E01"), union_of("E02")
    clerk = Actor("李示例", scope_of(mine))
    with pytest.raises(Refused):
        services.activity_record(
            actor=clerk, union=other, kind=kind_of("culture"), name="活动", held_on=date(2025, 5, 1)
        )
    with pytest.raises(Http404):
        queries.activity_load(clerk.scope, activity_of(other).pk)
    assert [row.union_id for row in queries.activities(clerk.scope)] == []


def prize(activity, **kw):
    values = {
        "winner_kind": "team",
        "winner": "女子团体",
        "rank": "第一名",
        "level": "county",
        "awarded_on": activity.held_on,
    }
    union = kw.pop("union", activity.union)
    return services.result_record(actor=ROBOT, union=union, activity=activity, **(values | kw))


def test_it_records_a_team_prize_without_inventing_its_people():
    result = prize(activity_of(union_of("E01")))
    assert (result.winner, result.rank, result.people) == ("女子团体", "第一名", None)


def test_a_prize_of_named_winners_counts_them():
    activity = activity_of(union_of("E01"))
    assert prize(activity, winner_kind="person", winner="王示例").people == 1
    assert prize(activity, winner_kind="person", winner="王示例、李示例").people == 2
    assert prize(activity, winner_kind="person", winner="单项", people=person_times("16人次")).people == 16


def test_a_school_wins_at_the_contest_of_the_county():
    county = union_of("C00", level="general")
    school = union_of("E01", county)
    contest = activity_of(county, "culture.sport.match")
    assert prize(contest, union=school).union_id == school.pk
    with pytest.raises(Refused, match="下级"):
        prize(activity_of(school), union=county)


def test_it_refuses_a_prize_before_the_event_and_an_event_behind_its_prize():
    activity = activity_of(union_of("E01"), held_on=date(2025, 5, 12))
    with pytest.raises(Refused):
        prize(activity, awarded_on=date(2025, 5, 11))
    prize(activity)
    with pytest.raises(Refused, match="获奖日期"):
        services.activity_correct(actor=ROBOT, activity=activity, held_on=date(2025, 5, 13))


def test_a_corrected_result_keeps_the_rest():
    result = result_of(activity_of(union_of("E01")), item="女团", people="6")
    services.result_correct(actor=ROBOT, result=result, version=1, rank="第二名")
    stored = queries.result_load(EVERYWHERE, result.pk)
    assert (stored.rank, stored.item, stored.people, stored.version) == ("第二名", "女团", 6, 2)


def test_a_kind_takes_all_kinds_under_it_and_no_neighbour():
    union = union_of("E01")
    meet = activity_of(union, "culture.sport.meet", name="运动会")
    show = activity_of(union, "culture.show", name="演出")
    activity_of(union, "charity", name="募捐")
    rows = Activity.objects.everywhere("test")
    assert set(rows.filter(queries.of_kind("culture"))) == {meet, show}
    assert list(rows.filter(queries.of_kind("culture.sport"))) == [meet]


def test_rows_of_a_figure_come_in_the_order_asked_for_and_within_scope():
    mine, other = union_of("E01"), union_of("E02")
    first, second = activity_of(mine, people="16"), activity_of(mine, name="读书会", audience="2000余")
    hidden = activity_of(other)
    cards = queries.describe_activities(scope_of(mine), [second.pk, hidden.pk, first.pk])
    assert [card.record_id for card in cards] == [second.pk, first.pk]
    assert "观众2,000余人次" in str(cards[0].detail)
    won = result_of(first)
    assert [card.record_id for card in queries.describe_results(scope_of(mine), [won.pk])] == [won.pk]
    assert queries.describe_results(scope_of(other), [won.pk]) == []
    joined = services.participation_set(actor=ROBOT, activity=first, persons=[somebody(mine)])
    row = Participation.objects.everywhere("test").get(activity=joined)
    assert [card.title for card in queries.describe_participations(scope_of(mine), [row.pk])] == ["王示例"]
    assert queries.describe_participations(scope_of(other), [row.pk]) == []


def test_last_months_events_without_people_wait_as_a_todo():
    union = union_of("E01")
    activity_of(union, held_on=date(2025, 5, 12))
    activity_of(union, held_on=date(2025, 5, 13), people="3")
    activity_of(union, held_on=date(2025, 5, 14), persons=[somebody(union)])
    activity_of(union, held_on=date(2025, 4, 30))
    [todo] = queries.todos(Actor("", scope_of(union)), date(2025, 6, 2))
    assert (todo.count, "period=2025-05" in todo.url) == (1, True)
    assert queries.todos(Actor("", scope_of(union, "activities.view")), date(2025, 6, 2)) == []
    assert queries.todos(Actor("", scope_of(union)), date(2025, 8, 2)) == []


def test_tabs_show_what_a_union_did_and_what_a_person_joined_and_won():
    union = union_of("E01")
    wang = somebody(union)
    activity = activity_of(union, persons=[wang])
    result_of(activity, winner="王示例", winner_kind="person", person=wang)
    assert [card.record_id for card in queries.union_tab(scope_of(union), union.pk).rows] == [activity.pk]
    tab = queries.person_tab(scope_of(union), wang.pk)
    assert len(tab.rows) == 2
    assert "1 次" in tab.note
    assert queries.person_tab(Scope(), wang.pk) is None
    assert queries.person_tab(scope_of(union_of("E02")), wang.pk).rows == ()


def test_the_month_view_has_whole_weeks_and_every_event(django_assert_num_queries):
    union = union_of("E01")
    for number in range(6):
        activity_of(union, held_on=date(2025, 5, 12), name=f"活动{number}")
    with django_assert_num_queries(1):
        weeks = queries.calendar_weeks(scope_of(union), date(2025, 5, 1))
    assert {len(week) for week in weeks} == {7}
    assert all(week[0].day.weekday() == 0 for week in weeks)
    [day] = [cell for week in weeks for cell in week if cell.day == date(2025, 5, 12)]
    assert (len(day.activities), day.more) == (4, 2)
    assert sum(cell.in_month for week in weeks for cell in week) == 31
