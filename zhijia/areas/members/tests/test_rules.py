"""Dues, and what each state allows."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhijia.areas.members import rules
from zhijia.areas.members.document import birth_conflict, read_document, sex_conflict
from zhijia.areas.members.models import Membership
from zhijia.areas.members.states import ENDINGS, OPEN, WAYS, Step
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.kernel.identity import check_id_number

DAY = date(2025, 6, 30)


@pytest.mark.parametrize(
    ("base", "dues"),
    [(0, 0), (999, 0), (1000, 5), (2000, 10), (4_567_89, 2280), (5_000_00, 2500), (5_009_99, 2500)],
)
def test_dues_are_half_a_percent_of_full_tens_of_yuan(base, dues):
    assert rules.dues(base, DAY) == dues


@given(st.integers(0, 10**9))
def test_dues_are_always_a_multiple_of_five_fen_and_never_above_the_rate(base):
    found = rules.dues(base, DAY)
    assert found % 5 == 0
    assert found * 200 <= base < (found + 5) * 200


def test_a_negative_base_is_refused():
    with pytest.raises(ValueError, match="负数"):
        rules.dues(-1, DAY)


def test_retained_members_pay_no_dues():
    assert rules.pays_dues("active", DAY)
    assert not rules.pays_dues("retained", DAY)
    assert not rules.pays_dues("ended", DAY)


@pytest.mark.parametrize("step", list(Step))
@pytest.mark.parametrize("state", list(Membership.State))
def test_a_step_is_allowed_from_its_sources_only(state, step):
    verdict = rules.may_take(state, step)
    assert bool(verdict) == (state in WAYS[step].sources)
    if not verdict:
        assert str(state.label) in str(verdict)


def test_every_way_that_opens_a_span_closes_the_one_before():
    for way in WAYS.values():
        if way.opens:
            assert way.target == "ended"
            assert way.ends
            assert way.opens[0] in OPEN


def test_nothing_leads_out_of_an_end():
    assert not any({"ended", "rejected"} & way.sources for way in WAYS.values())
    assert set(ENDINGS.values()) <= set(WAYS)


def test_a_lapse_needs_the_decision():
    assert not rules.may_lapse("  ")
    assert rules.may_lapse("2025年第3次委员会决定")


def test_joining_never_names_a_union_out_of_reach():
    told = rules.may_join(has_open=True, in_reach=False, union_name="秘密工会")
    assert not told
    assert "秘密工会" not in str(told)
    assert "示例工会" in str(rules.may_join(has_open=True, in_reach=True, union_name="示例工会"))
    assert rules.may_join(has_open=False, in_reach=False, union_name="")


@given(
    st.integers(0, 499_999),
    st.dates(date(1930, 1, 1), date(2007, 12, 31)),
    st.sampled_from(["male", "female"]),
)
def test_a_synthetic_number_is_right_in_form_and_of_no_region(serial, born, sex):
    number = synthetic_id(serial, born, sex)
    told = check_id_number(number)
    assert number.startswith("999")
    assert (told.birth, told.sex) == (born, sex)


def test_synthetic_numbers_differ_by_serial_and_run_out():
    born = date(1990, 1, 1)
    assert len({synthetic_id(serial, born, "male") for serial in range(2000)}) == 2000
    with pytest.raises(ValueError, match="range"):
        synthetic_id(500_000, born, "male")


def test_a_conflict_names_both_sides():
    document = read_document("resident", synthetic_id(1, date(1990, 1, 2), "male"))
    told = sex_conflict(document, "female")
    assert "女" in told
    assert "男" in told
    assert not sex_conflict(document, "male")
    assert "1990-01-02" in birth_conflict(document, date(1990, 1, 3))


def test_other_papers_are_taken_as_they_are():
    document = read_document("hmt", " h12345678 ")
    assert (document.number, document.sex, document.born_on) == ("H12345678", "", None)
    with pytest.raises(ValueError, match="字母或数字"):
        read_document("foreign", "<script>")
