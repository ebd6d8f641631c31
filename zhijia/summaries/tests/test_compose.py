"""Composing: real cells in, a document out; no database."""

import re
from dataclasses import replace

import pytest

from zhijia.figures.catalogue import catalogue
from zhijia.figures.cell import Cell
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import Qualifier
from zhijia.summaries.answers import Answers, Goal
from zhijia.summaries.compose import compose
from zhijia.summaries.docx.model import FigureRun, Heading, ListItems, Paragraph, Table
from zhijia.summaries.plan import RecordList, parse
from zhijia.summaries.records import Line
from zhijia.summaries.sources import Place, growth, nested, told

UNION = Place(1, "SF", "示范县教育工会")
H1 = Period.half(2025, 1)
PLAN = """
title = "样例"
order = 1
levels = ["general"]
sectors = ["education"]
periods = ["year", "half"]
heading = "{{union}}{{period}}工作总结"
opening = ["开头。"]
closing = []
[[section]]
title = "慰问"
subject = "慰问救助"
{part}
"""


def cell(key, value, period=H1, **more):
    return Cell(catalogue()[key], UNION.id, period, value, **({"rows": 1} | more))


def answers(*now, last=(), upcoming=(), period=H1, **more):
    cells = {(one.figure.key, "now"): one for one in now}
    cells |= {(one.figure.key, "last"): one for one in last}
    cells |= {(one.figure.key, "next"): one for one in upcoming}
    return Answers(UNION, period, cells, **more)


def plan(part, head="[[section.part]]"):
    return parse("sample", PLAN.format(part=f"{head}\n{part}"))


def said(part, given):
    return compose(plan(part), given)


def text_of(composed, *, marked=False):
    blocks = composed.document.blocks[1:]  # the first one is the opening
    return "".join(
        run if isinstance(run, str) else run.text
        for block in blocks
        if isinstance(block, Paragraph) and block.marked is marked
        for run in block.runs
    )


def test_it_binds_a_number_to_its_row_of_the_appendix():
    composed = said('sentences = ["慰问{aid.person_times}。"]', answers(cell("aid.person_times", 61)))
    (paragraph,) = [block for block in composed.document.blocks[1:] if isinstance(block, Paragraph)]
    (source,) = composed.document.sources

    assert paragraph.runs == ("慰问", FigureRun("61人次", "aid.person_times", 1), "。")
    assert (source.row, source.key, source.value, source.rows) == (1, "aid.person_times", "61人次", "1条")
    assert source.url.endswith("/aid.person_times/rows/?union=SF&period=2025H1")


def test_it_gives_the_same_number_one_row_only():
    sentences = 'sentences = ["慰问{aid.person_times}，即{aid.person_times}。"]'
    composed = said(sentences, answers(cell("aid.person_times", 61)))

    assert len(composed.document.sources) == 1


def test_it_replaces_missing_data_by_one_note_without_any_number():
    part = """sentences = [
      { text = "慰问{aid.person_times}。", subject = "慰问" },
      { text = "送清凉{aid.cooling}。", subject = "送清凉" },
    ]"""
    composed = said(part, answers())

    assert text_of(composed, marked=True) == "本期无“慰问”“送清凉”记录，请核实或补充"
    assert not re.search(r"\d", text_of(composed, marked=True) + text_of(composed))
    assert composed.notes == ("慰问：本期无“慰问”“送清凉”记录，请核实或补充",)


def test_it_tells_records_without_a_number_from_no_records():
    composed = said(
        'sentences = ["参加{activities.person_times}。"]',
        answers(cell("activities.person_times", None, rows=3)),
    )

    assert text_of(composed, marked=True) == "“活动参加人次”有记录但未填数量，请核实或补充"


def test_it_leaves_a_genuine_zero_out_and_keeps_the_rest():
    part = 'sentences = ["慰问{aid.person_times}。", "送清凉{aid.cooling}。"]'
    composed = said(part, answers(cell("aid.person_times", 5), cell("aid.cooling", 0)))

    assert text_of(composed) == "慰问5人次。"
    assert composed.notes == ()


def test_it_says_the_zero_text_of_a_sentence():
    part = 'sentences = [{ text = "送清凉{aid.cooling}。", zero = "本期没有送清凉。" }]'

    assert text_of(said(part, answers(cell("aid.cooling", 0)))) == "本期没有送清凉。"


def test_it_says_a_zero_as_a_number_only_when_the_plan_asks_for_it():
    part = 'sentences = [{ text = "逾期{organisations.terms_overdue}。", zeros = true }]'

    assert text_of(said(part, answers(cell("organisations.terms_overdue", 0)))) == "逾期0个。"


def test_it_notes_a_section_in_which_everything_is_zero():
    composed = said('sentences = ["送清凉{aid.cooling}。"]', answers(cell("aid.cooling", 0)))

    assert text_of(composed, marked=True) == "本期无“慰问救助”记录，请核实或补充"


def test_it_drops_an_optional_section_in_which_everything_is_zero():
    optional = plan('sentences = ["送清凉{aid.cooling}。"]', "optional = true\n[[section.part]]")
    composed = compose(optional, answers(cell("aid.cooling", 0)))

    assert not [block for block in composed.document.blocks if isinstance(block, Heading)]


def test_it_leaves_out_a_part_in_brackets_and_moves_the_qizhong_on():
    part = (
        'sentences = ["会员{members.members}[，其中女会员{members.women}][，农民工会员{members.migrants}]。"]'
    )
    given = answers(cell("members.members", 90), cell("members.women", 0), cell("members.migrants", 8))

    assert text_of(said(part, given)) == "会员90人，其中农民工会员8人。"


@pytest.mark.parametrize(
    ("now", "last", "words"),
    [
        (132, 100, "，比上年同期增长32%"),
        (90, 100, "，比上年同期下降10%"),
        (5, 3, "，比上年同期增加2人次"),
        (100, 100, "，与上年同期持平"),
        (7, 0, "，比上年同期增加7人次"),
        (7, None, ""),
    ],
)
def test_it_words_growth_and_decline(now, last, words):
    given = answers(cell("aid.person_times", now), last=[cell("aid.person_times", last, H1.previous_year())])
    composed = said('sentences = ["慰问{aid.person_times}{aid.person_times^}。"]', given)

    assert text_of(composed) == f"慰问{now}人次{words}。"


def test_it_compares_rates_in_points_and_money_in_percent():
    rate = growth(cell("members.joining_rate", 8333), cell("members.joining_rate", 8000), UNION)
    money = growth(cell("aid.amount", 2_500_000), cell("aid.amount", 2_000_000), UNION)

    assert (rate.words, rate.number.text) == ("提高", "3.33个百分点")
    assert (money.words, money.number.text) == ("增长", "25%")


def test_it_makes_no_exact_comparison_of_rough_numbers():
    rough = cell("activities.essays", 30, qualifier=Qualifier.AT_LEAST)
    moved = growth(rough, cell("activities.essays", 20), UNION)

    assert (moved.words, moved.number) == ("有所增加", None)


@pytest.mark.parametrize(
    ("last", "text"), [(1, "增加到2场。"), (3, "只有2场。"), (2, "开展2场。"), (None, "开展2场。")]
)
def test_it_takes_the_variant_for_growth_or_decline(last, text):
    variants = 'grow = "增加到{activities.events}。", fall = "只有{activities.events}。"'
    part = f'sentences = [{{ text = "开展{{activities.events}}。", {variants} }}]'
    given = answers(cell("activities.events", 2), last=[cell("activities.events", last, H1.previous_year())])

    assert text_of(said(part, given)) == text


def test_it_obeys_the_condition_of_a_sentence():
    large = '{ text = "金额较大。", when = "aid.amount >= 1000000 and period half" }'
    part = f'sentences = ["慰问{{aid.person_times}}。", {large}]'
    small = answers(cell("aid.person_times", 5), cell("aid.amount", 999_999))
    large = answers(cell("aid.person_times", 5), cell("aid.amount", 1_000_000))

    assert text_of(said(part, small)) == "慰问5人次。"
    assert text_of(said(part, large)) == "慰问5人次。金额较大。"


def test_it_shows_an_amount_in_wan_only_from_one_wan_up():
    assert told(cell("finance.income", 12_345_678), UNION).text == "12.35万元"
    assert told(cell("finance.income", 12_345_678), UNION).value == "123,456.78元"
    assert told(cell("finance.income", 960_000), UNION).text == "9,600元"


def test_it_compares_with_last_year_in_a_table_and_drops_empty_lines():
    part = 'comparison = ["aid.person_times", "aid.amount", "aid.cooling"]'
    given = answers(
        cell("aid.person_times", 61),
        cell("aid.cooling", 0),
        last=[cell("aid.person_times", 50, H1.previous_year())],
    )
    (table,) = [block for block in said(part, given).document.blocks if isinstance(block, Table)]

    assert table.header == ("指标", "本期", "上年同期", "增减")
    assert [[run if isinstance(run, str) else run.text for run in row] for row in table.rows] == [
        ["慰问救助人次", "61人次", "50人次", "+22%"]
    ]


def test_it_ranks_the_unions_below_only_when_there_are_two():
    places = [Place(number, f"SF{number}", f"示范{number}") for number in (2, 3)]
    rows = tuple((place, cell("aid.amount", 300_000 - place.id)) for place in places)
    both = said('ranking = ["aid.amount"]', answers(children={"aid.amount": rows}))
    one = said('ranking = ["aid.amount"]', answers(children={"aid.amount": rows[:1]}))

    assert [row[1] for block in both.document.blocks if isinstance(block, Table) for row in block.rows] == [
        "示范2",
        "示范3",
    ]
    assert not [block for block in one.document.blocks if isinstance(block, Table)]


def test_it_gives_equal_unions_one_place_and_keeps_the_label_and_the_unit_of_a_column():
    places = [Place(number, f"SF{number}", f"示范{number}") for number in (2, 3, 4)]
    fen = (2_000_000, 2_000_000, 50_050)
    rows = tuple((place, cell("aid.amount", value)) for place, value in zip(places, fen, strict=True))
    part = 'ranking = ["aid.amount", "honours.honours"]'
    ranked = said(part, answers(children={"aid.amount": rows, "honours.honours": ()}))
    (table,) = [block for block in ranked.document.blocks if isinstance(block, Table)]

    assert table.header == ("名次", "工会", "慰问救助金额", "荣誉总数")
    assert [[run if isinstance(run, str) else run.text for run in row] for row in table.rows] == [
        ["1", "示范2", "2.00万元", "无数据"],
        ["1", "示范3", "2.00万元", "无数据"],
        ["3", "示范4", "0.05万元", "无数据"],
    ]


@pytest.mark.parametrize(
    ("value", "qualifier", "text"),
    [
        (1163, Qualifier.EXACT, "1,163人次"),
        (1163, Qualifier.AT_LEAST, "1,160余人次"),
        (1168, Qualifier.ALMOST, "约1,170人次"),
        (400, Qualifier.ALMOST, "近400人次"),
        (4345, Qualifier.ABOUT, "约4,350人次"),
        (36, Qualifier.AT_LEAST, "36人次以上"),
    ],
)
def test_it_rounds_a_rough_sum_in_the_text_and_keeps_it_in_the_appendix(value, qualifier, text):
    rough = cell("activities.person_times", value, qualifier=qualifier)

    assert told(rough, UNION).text == text
    assert told(rough, UNION).value == rough.shown


def test_it_shows_a_rough_amount_as_the_bound_it_is():
    assert told(cell("aid.goods", 94_545_000, qualifier=Qualifier.AT_LEAST), UNION).text == "94.54万元以上"


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ("举办“庆“五一”汇演”", "举办“庆‘五一’汇演”"),
        ("“甲”“乙”", "“甲”“乙”"),
        ("缺“一半", "缺“一半"),
        ("多”一半“", "多”一半“"),
    ],
)
def test_it_writes_quotes_inside_quotes_as_single_ones(given, text):
    assert nested(given) == text


def test_it_lists_prizes_by_level_and_then_by_rank():
    wanted = RecordList("prizes", 8)
    ranks = [
        ("二等奖", "市级"),
        ("一等奖", "市级"),
        ("第六名", "县级"),
        ("一、二等奖", "县级"),
        ("特等奖", "县级"),
    ]
    won = tuple(Line((f"甲在“第三届比赛”中获{rank}（{level}）",)) for rank, level in ranks)
    (items,) = [
        block
        for block in said("prizes = 8", answers(records={wanted: won})).document.blocks
        if isinstance(block, ListItems)
    ]

    assert [re.search("中获(.+)（", str(item[0]))[1] for item in items.items] == [
        *("一等奖", "二等奖", "特等奖", "一、二等奖", "第六名")
    ]


def goal(value, aim, *, met=False, behind=False, period=H1):
    return Goal(cell("members.joined", aim, period), cell("members.joined", value), met=met, behind=behind)


def test_it_writes_missed_targets_overdue_terms_silence_and_falls_as_problems():
    given = answers(
        cell("organisations.terms_overdue", 2),
        goals=(goal(40, 100), goal(30, 200, behind=True, period=Period.year(2025)), goal(9, 5, met=True)),
        overdue=("甲工会", "乙工会"),
        silent=(Place(5, "SF5", "丙工会"),),
    )
    text = text_of(said("problems = true", given))

    assert "一是新入会会员2025年上半年目标为100人，实际完成40人，没有达到目标；" in text
    assert "二是新入会会员2025年目标为200人，已完成30人，进度落后于时间进度；" in text
    assert "三是有2个委员会任期届满尚未换届，涉及甲工会、乙工会；" in text
    assert "四是工作开展还不平衡，有1个基层工会本期没有登记活动和慰问救助（丙工会）。" in text


def test_it_asks_the_officer_for_problems_when_the_records_show_none():
    composed = said("problems = true", answers())

    assert text_of(composed) == ""
    assert "请结合实际补充存在的问题" in text_of(composed, marked=True)


def test_it_notes_figures_that_are_lower_bounds():
    given = answers(cell("activities.person_times", 120, rows=4, missing=1))
    composed = said("problems = true", given)

    assert "“活动参加人次”有部分记录未填数量" in text_of(composed, marked=True)


def test_it_lists_next_steps_with_terms_due_and_targets():
    part = """steps = ["完善台账", "{upcoming}有{organisations.terms_due@next}委员会任期届满"]"""
    due = cell("organisations.terms_due", 3, H1.next())
    given = answers(upcoming=[due])
    given = replace(given, upcoming=(goal(None, 80, period=H1.next()),))
    (items,) = [block for block in said(part, given).document.blocks if isinstance(block, ListItems)]

    assert ["".join(run if isinstance(run, str) else run.text for run in item) for item in items.items] == [
        "完善台账。",
        "下半年有3个委员会任期届满。",
        "落实目标责任，力争新入会会员达到80人。",
    ]


def test_it_names_the_words_of_a_year_and_of_a_half():
    year = compose(
        plan('sentences = ["{during}{last}{end}{upcoming}{aid.amount}"]'),
        answers(cell("aid.amount", 100), period=Period.year(2025)),
    )

    assert text_of(year) == "全年上年12月底新的一年1元"
    assert year.document.title == "示范县教育工会2025年工作总结"
