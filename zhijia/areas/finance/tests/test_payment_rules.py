"""What a payment must keep, at the boundaries of each rule."""

from datetime import date

import pytest

from zhijia.areas.finance import payment_rules as rules
from zhijia.areas.finance.models import Payment
from zhijia.areas.finance.states import FINAL, WAYS, Step, may_step
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.separation import SOURCE

TODAY = date(2025, 6, 30)
REQUESTER, CHECKER, APPROVER, CASHIER = 1, 2, 3, 4
WAITS_FOR = {Step.CHECK: "requested", Step.APPROVE: "checked", Step.REFUSE: "checked", Step.PAY: "approved"}


def claim(**kw):
    values = {
        "title": "购置器材",
        "category": "culture",
        "amount": 1,
        "payee_kind": "unit",
        "payee": "示例商店",
    }
    return rules.Claim(**(values | kw))


def said(one):
    return {finding.field: finding.verdict for finding in rules.check(one, today=TODAY)}


def payment(state, **kw):
    values = {"payee_kind": "unit", "payee": "示例商店", "requested_by_id": REQUESTER}
    if state in ("checked", "approved", "paid", "refused"):
        values["checked_by_id"] = CHECKER
    if state in ("approved", "paid"):
        values["approved_by_id"] = APPROVER
    return Payment(state=state, **(values | kw))


def actor(user_id, name="李示例", **kw):
    return Actor(name, user_id=user_id, **kw)


def test_it_accepts_one_fen_and_refuses_nothing():
    assert said(claim()) == {}
    assert not said(claim(amount=0))["amount"]
    assert not said(claim(amount=-1))["amount"]


def test_it_wants_a_category_a_title_and_a_payee():
    assert "32号" in said(claim(category=""))["category"].source
    assert not said(claim(title="  "))["title"]
    assert not said(claim(payee=""))["payee"]


def test_it_refuses_a_personal_file_for_a_unit():
    assert not said(claim(has_file=True))["person"]
    assert said(claim(has_file=True, payee_kind="person")) == {}


def test_it_refuses_items_that_the_employer_owes_unless_the_budget_note_names_a_basis():
    verdict = said(claim(title="发放降温费", category="welfare"))["title"]
    assert "32号" in verdict.source
    assert said(claim(title="发放降温费", budget_note="依据：市总工会〔2025〕3号")) == {}


@pytest.mark.parametrize(
    ("account", "fine"),
    [
        ("", True),
        ("1" * 7, False),
        ("1" * 8, True),
        ("1" * 32, True),
        ("1" * 33, False),
        ("12345678X", False),
    ],
)
def test_it_reads_accounts_of_eight_to_thirty_two_digits(account, fine):
    assert bool(rules.account_readable(account)) is fine


def test_it_compares_numbers_in_their_plain_form():
    assert rules.plain_invoice(" ２５-44 ab ") == "2544AB"
    assert rules.plain_account("6222 0000-1111 ２222") == "6222000011112222"


def test_it_refuses_an_invoice_that_another_payment_names():
    other = payment("paid", year=2025, number=3)
    assert "该票据号已报销（编号2025-0003" in str(rules.invoice_unused("A1", other).reason)
    waiting = payment("checked", year=2025, number=3)
    assert "待审批" in str(rules.invoice_unused("A1", waiting).reason)
    assert rules.invoice_unused("A1", None)
    assert rules.invoice_unused("", other)


def test_it_accepts_payment_from_the_day_of_approval_to_today():
    approved = date(2025, 6, 28)
    assert rules.paid_day(approved, approved_on=approved, today=TODAY)
    assert rules.paid_day(TODAY, approved_on=approved, today=TODAY)
    assert not rules.paid_day(date(2025, 6, 27), approved_on=approved, today=TODAY)
    assert not rules.paid_day(date(2025, 7, 1), approved_on=approved, today=TODAY)


@pytest.mark.parametrize(
    ("step", "kept_apart"),
    [
        (Step.CHECK, {REQUESTER}),
        (Step.APPROVE, {REQUESTER, CHECKER}),
        (Step.REFUSE, {REQUESTER, CHECKER}),
        (Step.PAY, {CHECKER, APPROVER}),
    ],
)
def test_it_lets_no_one_take_a_step_that_must_be_anothers(step, kept_apart):
    one = payment(WAITS_FOR[step])
    people = (REQUESTER, CHECKER, APPROVER, CASHIER, 99)
    refused = {who for who in people if not rules.may_take(step, actor(who), one)}
    assert refused == kept_apart
    for who in kept_apart:
        assert rules.may_take(step, actor(who), one).source == SOURCE


def test_it_lets_only_the_requester_mend_and_withdraw():
    for step in (Step.CORRECT, Step.WITHDRAW):
        for state in ("requested", "returned"):
            assert rules.may_take(step, actor(REQUESTER), payment(state))
            assert not rules.may_take(step, actor(CHECKER), payment(state))


@pytest.mark.parametrize("step", [Step.CHECK, Step.APPROVE, Step.REFUSE])
def test_it_lets_nobody_decide_on_money_for_oneself(step):
    one = payment(WAITS_FOR[step], payee_kind="person", payee="王示例", person_id=7)
    assert not rules.may_take(step, actor(99, person_id=7), one)
    assert rules.may_take(step, actor(99, person_id=8, name="王示例"), one), "another person of the same name"


@pytest.mark.parametrize(("file", "own_file"), [(None, None), (None, 8), (7, None)])
def test_it_refuses_an_equal_name_when_files_do_not_tell_people_apart(file, own_file):
    one = payment("checked", payee_kind="person", payee="王示例", person_id=file)
    assert "同名" in str(rules.may_take(Step.APPROVE, actor(99, "王 示例", person_id=own_file), one).reason)
    assert rules.may_take(Step.APPROVE, actor(99, "赵示例", person_id=own_file), one)


def test_a_unit_of_the_same_name_is_no_own_matter():
    assert rules.may_take(Step.APPROVE, actor(99, "示例商店"), payment("checked"))


def test_the_system_itself_takes_no_step():
    for step, state in WAITS_FOR.items():
        assert not rules.may_take(step, system("测试"), payment(state))


def test_each_step_starts_only_where_the_table_says():
    states = [state.value for state in Payment.State]
    found = {(old, step.value) for old in states for step in Step if may_step(old, step)}
    assert found == {
        ("requested", "correct"),
        ("returned", "correct"),
        ("requested", "withdraw"),
        ("returned", "withdraw"),
        ("requested", "check"),
        ("requested", "return"),
        ("checked", "return"),
        ("checked", "send_back"),
        ("approved", "send_back"),
        ("checked", "approve"),
        ("checked", "refuse"),
        ("approved", "pay"),
    }
    assert {one.target for one in WAYS.values()} == set(states)
    assert may_step("paid", Step.PAY).source == "R6.6"
    assert not any(may_step(state, step) for state in FINAL for step in Step)
