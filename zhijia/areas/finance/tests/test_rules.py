"""What the money ledger refuses and warns of, at the boundaries."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from zhijia.areas.finance import rules, states
from zhijia.areas.finance.models import Entry

TODAY = date(2025, 6, 30)


def movement(**kw):
    values = {"kind": "contribution", "happened_on": date(2025, 6, 30), "amount": 20_000_00}
    return rules.Movement(**(values | kw))


def said(move):
    return {finding.field: finding.verdict for finding in rules.check(move, today=TODAY, jurisdiction="cn")}


def test_it_accepts_a_contribution_of_two_percent():
    assert said(movement(wage_base=1_000_000_00)) == {}


def test_it_accepts_a_difference_of_exactly_one_yuan():
    assert said(movement(wage_base=1_000_000_00, amount=20_001_00)) == {}
    assert said(movement(wage_base=1_000_000_00, amount=19_999_00)) == {}


def test_it_warns_of_one_fen_more_and_cites_the_trade_union_law():
    for amount in (20_001_01, 19_998_99):
        verdict = said(movement(wage_base=1_000_000_00, amount=amount))["wage_base"]
        assert verdict.level == "warn"
        assert verdict.ok
        assert "工会法" in verdict.source
        assert "2%" in str(verdict.reason)
        assert "2万元" in str(verdict.reason)


def test_it_says_nothing_of_a_contribution_whose_wages_are_unknown():
    assert said(movement(wage_base=None, amount=1)) == {}


@given(st.integers(min_value=0, max_value=10**11))
def test_it_accepts_two_percent_of_any_wages_rounded_to_the_fen(wages):
    amount = max(1, (wages * 2 + 50) // 100)
    assert said(movement(wage_base=wages, amount=amount)) == {}


def test_it_refuses_spending_without_a_category_and_cites_the_rule():
    verdict = said(movement(kind="spending"))["category"]
    assert verdict.level == "block"
    assert "32号" in verdict.source


def test_it_refuses_a_category_for_income():
    assert not said(movement(category="culture"))["category"]


def test_it_refuses_formalities_of_anything_but_a_contribution():
    assert not said(movement(kind="dues", formalities="pending"))["formalities"]
    assert said(movement(formalities="pending")) == {}


def test_it_refuses_tomorrow_and_accepts_today():
    assert said(movement(happened_on=TODAY)) == {}
    assert not said(movement(happened_on=date(2025, 7, 1)))["happened_on"]


def test_it_refuses_zero_and_accepts_one_fen():
    assert not said(movement(amount=0))["amount"]
    assert not said(movement(amount=-1))["amount"]
    assert said(movement(amount=1)) == {}


def test_it_refuses_items_that_the_employer_owes_unless_a_basis_is_named():
    spending = {"kind": "spending", "category": "welfare"}
    for item in ("取暖补助", "降温费", "高温津贴", "保教费"):
        verdict = said(movement(**spending, note=f"发放{item}"))["note"]
        assert verdict.level == "block"
        assert "32号" in verdict.source
        assert said(movement(**spending, note=f"发放{item}(依据：市总工会〔2025〕3号)")) == {}
    assert "note" in said(movement(**spending, note="发放降温费，依据："))


def test_it_lets_other_movements_mention_such_items():
    assert said(movement(kind="subsidy", note="行政补助降温费")) == {}


def test_formalities_go_one_way_one_step_at_a_time():
    states_of = [state.value for state in Entry.Formalities]
    allowed = {(old, new) for old in states_of for new in states_of if states.may_move(old, new)}
    assert allowed == {("pending", "ready"), ("ready", "refunded")}
    assert states.may_move("refunded", "pending").source == "R5.5"
