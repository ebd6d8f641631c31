"""The plans and their small language."""

import tomllib

import pytest

from zhijia.areas.organisations.models import Union
from zhijia.summaries import condition, wording
from zhijia.summaries.plan import FOLDER, parse, plans, suggested
from zhijia.summaries.validate import problems
from zhijia.summaries.wording import Maybe, Slot, Word, WordingError

MINIMAL = """
title = "样例"
order = 1
levels = ["grassroots"]
sectors = ["education"]
periods = ["year"]
heading = "{{union}}总结"
opening = []
closing = []
[[section]]
title = "一节"
[[section.part]]
{part}
"""


def plan_with(part):
    return parse("sample", MINIMAL.format(part=part))


@pytest.mark.parametrize("name", sorted(file.stem for file in FOLDER.glob("*.toml")))
def test_it_finds_no_fault_in_a_plan(name):
    plan = plans()[name]

    assert problems(plan) == []
    assert {"year", "half"} == set(plan.periods)
    assert 8 <= len(plan.sections) <= 12


def test_it_knows_every_kind_of_activity_that_a_plan_lists():
    with (FOLDER.parents[1] / "areas" / "activities" / "kinds.toml").open("rb") as file:
        codes = {kind["code"] for kind in tomllib.load(file)["kind"]}
    wanted = {
        kind
        for plan in plans().values()
        for part in plan.parts()
        if part.records
        for kind in part.records.kinds
    }

    assert wanted <= codes


def test_it_reads_numbers_words_and_optional_parts():
    pieces = wording.parse("{during}慰问{aid.person_times}{aid.person_times^}[，金额{aid.amount@last}]。")

    assert pieces == (
        Word("during"),
        "慰问",
        Slot("aid.person_times"),
        Slot("aid.person_times", form="growth"),
        Maybe(("，金额", Slot("aid.amount", "last", "shown"))),
        "。",
    )


@pytest.mark.parametrize(
    "text", ["[a[b]]", "a]", "[a", "{unknown}", "{aid.amount|wan}", "{aid.amount@never}"]
)
def test_it_refuses_a_sentence_that_it_cannot_read(text):
    with pytest.raises(WordingError):
        wording.parse(text)


@pytest.mark.parametrize(
    "text", ["aid.amount", "aid.amount > many", "likes aid.amount", "has aid.amount or x"]
)
def test_it_refuses_a_condition_that_it_cannot_read(text):
    with pytest.raises(WordingError):
        condition.parse(text)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        ('sentences = ["{aid.nothing}"]', "unknown figure aid.nothing"),
        ('sentences = ["{aid.person_times}人次"]', "already shows its counting word"),
        ('sentences = ["[共{aid.amount}元]"]', "already shows its counting word"),
        ('sentences = [{ text = "空", zero = "无" }]', "no figure that decides"),
    ],
)
def test_it_names_the_fault_of_a_plan(part, fault):
    assert any(fault in problem for problem in problems(plan_with(part)))


@pytest.mark.parametrize(
    "part",
    [
        'sentences = ["a"]\nproblems = true',
        "honours = 0",
        "honours = 31",
        'sentence = ["a"]',
        'heading = "a"',
    ],
)
def test_it_refuses_a_part_that_is_not_exactly_one_thing(part):
    with pytest.raises(WordingError, match="plan sample"):
        plan_with(part)


@pytest.mark.parametrize(
    ("level", "sector", "name"),
    [
        ("general", "education", "county_education"),
        ("federation", "education", "county_education"),
        ("general", "township", "township_general"),
        ("grassroots", "education", "school"),
        ("grassroots", "private", "township_general"),
        ("group", "education", "school"),
    ],
)
def test_it_suggests_the_plan_that_suits_a_union(level, sector, name):
    assert level in Union.Level.values
    assert suggested(level, sector, "half").name == name


def test_it_has_no_plan_for_a_quarter():
    with pytest.raises(LookupError):
        suggested("general", "education", "quarter")
