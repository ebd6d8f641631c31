"""The rules of activities, each with a case that passes and one that does not."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.areas.activities import rules
from zhijia.areas.activities.outputs import read_output
from zhijia.areas.activities.seed import seeded_kinds
from zhijia.areas.activities.values import names
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity

TODAY = date(2025, 6, 30)
SOME = Quantity(300, CountUnit.PERSON_TIME, Qualifier.AT_LEAST)
NOTHING = {"people": None, "audience": None, "output": None, "cost": None, "ended_on": None}


def activity(**kw):
    return {**NOTHING, "held_on": date(2025, 5, 12), **kw}


def test_it_takes_an_activity_that_knows_only_its_day():
    assert rules.activity_recordable(activity(), TODAY)


def test_it_refuses_an_end_before_the_beginning():
    assert not rules.activity_recordable(activity(ended_on=date(2025, 5, 11)), TODAY)
    assert rules.activity_recordable(activity(ended_on=date(2025, 5, 12)), TODAY)


@pytest.mark.parametrize("count", ["people", "audience", "output"])
def test_it_refuses_counts_of_what_has_not_been_held(count):
    planned = activity(held_on=date(2025, 7, 2))
    assert rules.activity_recordable(planned, TODAY)
    assert "尚未举行" in str(rules.activity_recordable(planned | {count: SOME}, TODAY))


def test_it_grants_one_day_to_a_slow_clock():
    assert rules.activity_recordable(activity(held_on=date(2025, 7, 1), people=SOME), TODAY)


def test_it_refuses_slips_of_the_pen():
    many = Quantity(10_000_001, CountUnit.PERSON_TIME)
    assert not rules.activity_recordable(activity(people=many), TODAY)
    assert not rules.activity_recordable(activity(cost=-1), TODAY)
    assert rules.activity_recordable(activity(cost=0), TODAY)


def test_a_winner_belongs_to_the_union_of_the_activity_or_below():
    assert rules.winner_within("000001000002", "000001")
    assert not rules.winner_within("000001", "000001000002")


def test_a_prize_is_not_given_before_the_event_nor_in_the_future():
    held = date(2025, 6, 1)
    assert rules.awarded_in_time(held, held, TODAY)
    assert not rules.awarded_in_time(date(2025, 5, 31), held, TODAY)
    assert not rules.awarded_in_time(date(2025, 7, 2), held, TODAY)


def test_a_team_prize_is_not_tied_to_a_person():
    assert not rules.winner_named("team", "女团", has_person=True)
    assert rules.winner_named("person", "王示例", has_person=True)
    assert not rules.winner_named("team", "  ", has_person=False)


def test_it_warns_of_too_many_winners_only_where_the_place_has_a_rule():
    sichuan = rules.prize_limit(date(2025, 5, 1), "cn-51")
    assert rules.prize_share(67, 100, sichuan).level == "warn"
    assert rules.prize_share(66, 100, sichuan).level == "pass"
    assert rules.prize_limit(date(2025, 5, 1), "cn-31") is None
    assert rules.prize_share(100, 100, None).level == "pass"
    assert rules.prize_share(100, None, sichuan).level == "pass"


@pytest.mark.parametrize(
    ("text", "unit", "value", "qualifier"),
    [
        ("30余篇", "article", 30, "at_least"),
        ("100余份", "copy", 100, "at_least"),
        ("13条", "suggestion", 13, ""),
        ("近3000册", "volume", 3000, "almost"),
        ("16人次", "person_time", 16, ""),
        ("171人", "person", 171, ""),
    ],
)
def test_it_reads_an_output_with_its_counting_word(text, unit, value, qualifier):
    found = read_output(text, None)
    assert (found.value, found.unit.value, found.qualifier.value) == (value, unit, qualifier)


def test_it_asks_for_the_unit_of_a_bare_output():
    with pytest.raises(ValueError, match="单位"):
        read_output("30余", None)
    assert read_output("30余", "article") == Quantity(30, CountUnit.ARTICLE, Qualifier.AT_LEAST)


def test_it_refuses_an_output_whose_two_units_differ():
    with pytest.raises(ValueError, match="篇"):
        read_output("30余篇", "copy")
    with pytest.raises(ValueError, match="数量"):
        read_output(None, "copy")


def test_no_output_is_not_zero():
    assert read_output(None, None) is None
    assert read_output("", None) is None


@given(
    st.lists(st.text("王李张示例一二三", min_size=1, max_size=4), max_size=6), st.sampled_from("、;；,，\n")
)
def test_it_splits_names_at_any_of_the_usual_signs(wanted, sign):
    assert names(sign.join(wanted)) == list(dict.fromkeys(wanted))


def test_every_seeded_kind_stands_under_a_kind_and_in_order():
    kinds = seeded_kinds()
    codes = [kind.code for kind in kinds]
    assert len(codes) >= 45
    assert len(set(codes)) == len(codes)
    assert len({kind.name for kind in kinds}) == len(kinds)
    assert all(code.rpartition(".")[0] in {"", *codes} for code in codes)
    assert [kind.order for kind in kinds] == sorted(kind.order for kind in kinds)
    assert {"culture.essay", "volunteer.blood", "survey.questionnaire", "women.march8"} <= set(codes)
