"""The life of a payment through the services: who, how often, and what the ledger gets."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.http import Http404
from django.utils import timezone

from zhijia.areas.accounts.tests.factories import user_of
from zhijia.areas.finance import payment_queries, payment_rules, services
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.finance.states import Step
from zhijia.areas.finance.tests.factories import payment_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import EVERYWHERE, Grant, Scope
from zhijia.kernel.verdict import Refused, StepUpRequired, passed

pytestmark = pytest.mark.django_db
WANTED = {
    "title": "购置春季运动会器材",
    "category": "culture",
    "amount": 1200_50,
    "payee_kind": "unit",
    "payee": "示例体育用品店",
    "bank_account": "6222 0000 1111 2345",
    "invoice_no": "25440001",
}


def someone(name="李示例", **kw):
    user = user_of(name=name, **kw)
    return Actor(name, EVERYWHERE, user_id=user.pk, person_id=user.person_id, fresh=True)


@pytest.fixture
def people(db):
    """Requester, accountant, chair and cashier."""
    return [someone(name) for name in ("经手甲", "会计乙", "主席丙", "出纳丁")]


def ask(actor, union, **kw):
    return services.payment_request(actor=actor, union=union, **(WANTED | kw))


def approved(people, union, **kw):
    one = ask(people[0], union, **kw)
    one = services.payment_check(actor=people[1], payment=one, version=one.version)
    return services.payment_approve(actor=people[2], payment=one, version=one.version)


def pay(actor, one, **kw):
    values = {"version": one.version, "paid_on": timezone.localdate()} | kw
    return services.payment_pay(actor=actor, payment=one, **values)


def stored():
    return Payment.objects.everywhere("test").get()


def entries():
    return list(Entry.objects.everywhere("test"))


def test_it_goes_from_request_to_one_entry_in_the_ledger(people):
    union = union_of("E01")
    pay(people[3], approved(people, union, budget_note="年度预算第三项"))
    one, (entry,) = stored(), entries()
    assert one.state == "paid"
    assert [one.requested_by_id, one.checked_by_id, one.approved_by_id, one.paid_by_id] == [
        actor.user_id for actor in people
    ]
    assert (one.entry, entry.kind, entry.amount, entry.category) == (entry, "spending", 1200_50, "culture")
    assert (entry.happened_on, entry.counterparty) == (timezone.localdate(), "示例体育用品店")
    assert entry.note == "购置春季运动会器材；年度预算第三项"


def test_the_ledger_names_no_person(people):
    pay(people[3], approved(people, union_of("E01"), payee_kind="person", payee="张示例"))
    assert entries()[0].counterparty == ""


def test_it_posts_once_however_often_the_payment_is_sent(people):
    one = approved(people, union_of("E01"))
    cashier = people[3].keyed("pay-1")
    assert pay(cashier, one) == pay(cashier, one)
    with pytest.raises(StaleVersionError):
        pay(people[3].keyed("pay-2"), one)
    with pytest.raises(Refused, match="已付款"):
        pay(people[3], stored())
    assert len(entries()) == 1


def test_it_takes_back_the_entry_when_the_payment_cannot_be_written(people, monkeypatch):
    one = approved(people, union_of("E01"))

    def broken(*_args, **_values):
        raise RuntimeError("power cut")

    monkeypatch.setattr(services, "_move", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        pay(people[3], one)
    assert entries() == []
    assert stored().state == "approved"


@pytest.mark.parametrize(
    ("step", "who"), [("check", 0), ("approve", 0), ("approve", 1), ("pay", 1), ("pay", 2)]
)
def test_it_keeps_handler_checker_approver_and_cashier_apart(people, step, who):
    state = {"check": "requested", "approve": "checked", "pay": "approved"}[step]
    users = [user_of() for _number in range(3)]
    one = payment_of(union_of("E01"), state, by=users)
    same = replace(people[0], user_id=users[who].pk)
    more = {"paid_on": timezone.localdate()} if step == "pay" else {}
    with pytest.raises(Refused, match=r"不同的人|本人"):
        getattr(services, f"payment_{step}")(actor=same, payment=one, version=1, **more)
    assert stored().state == state


def test_it_keeps_people_apart_in_the_database_even_when_the_rule_is_gone(people, monkeypatch):
    one = ask(people[0], union_of("E01"))
    monkeypatch.setattr(payment_rules, "_people", lambda *_given: passed())
    with pytest.raises(IntegrityError, match="payment_checked_by_not_requested_by"), transaction.atomic():
        services.payment_check(actor=people[0], payment=one, version=1)


def test_nobody_approves_a_payment_to_oneself(people):
    union = union_of("E01")
    person = person_of(union, "王示例")
    one = ask(people[0], union, payee_kind="person", person=person)
    assert one.payee == "王示例"
    one = services.payment_check(actor=people[1], payment=one, version=1)
    own = someone("王示例", person=person)
    with pytest.raises(Refused, match="本人"):
        services.payment_approve(actor=own, payment=one, version=2)


def test_approval_and_payment_want_a_fresh_proof_of_identity(people):
    one = ask(people[0], union_of("E01"))
    one = services.payment_check(actor=people[1], payment=one, version=1)
    with pytest.raises(StepUpRequired):
        services.payment_approve(actor=replace(people[2], fresh=False), payment=one, version=2)
    one = services.payment_approve(actor=people[2], payment=one, version=2)
    with pytest.raises(StepUpRequired):
        pay(replace(people[3], fresh=False), one)
    assert entries() == []


def test_a_returned_request_is_mended_by_its_requester_and_goes_the_whole_way_again(people):
    one = approved(people, union_of("E01"))
    one = services.payment_send_back(actor=people[2], payment=one, version=3, reason="账号有误")
    assert (one.state, one.reason, one.checked_by_id, one.approved_by_id) == (
        "returned",
        "账号有误",
        None,
        None,
    )
    with pytest.raises(Refused, match="经手人本人"):
        services.payment_correct(actor=people[1], payment=one, version=4, amount=7)
    one = services.payment_correct(actor=people[0], payment=one, version=4, bank_account="6222 0000 9999")
    assert (one.state, one.reason, one.stopped_by_id) == ("requested", "", None)
    assert stored().bank_account == "622200009999"
    with pytest.raises(Refused):
        pay(people[3], one)


def test_it_keeps_no_bank_account_in_the_audit(people):
    one = ask(people[0], union_of("E01"))
    services.payment_correct(actor=people[0], payment=one, version=1, bank_account="6222000099998888")
    lines = [str(event.before) + event.reason for event in AuditEvent.objects.all()]
    assert len(lines) == 2
    assert not any("6222" in line for line in lines)


def test_the_database_holds_the_account_sealed(people):
    ask(people[0], union_of("E01"))
    sealed = Payment.objects.everywhere("test").values_list("bank_account", flat=True).get()
    assert sealed
    assert "2345" not in sealed


def test_whoever_returns_or_refuses_says_why(people):
    one = ask(people[0], union_of("E01"))
    with pytest.raises(Refused, match="原因"):
        services.payment_return(actor=people[1], payment=one, version=1, reason=" ")
    one = services.payment_check(actor=people[1], payment=one, version=1)
    one = services.payment_refuse(actor=people[2], payment=one, version=2, reason="不属于工会支出范围")
    assert (one.state, one.reason) == ("refused", "不属于工会支出范围")
    assert AuditEvent.objects.order_by("-pk")[0].reason == "不属于工会支出范围"


def test_an_invoice_is_paid_once_in_a_union_and_free_again_after_a_refusal(people):
    union = union_of("E01")
    first = ask(people[0], union)
    with pytest.raises(Refused, match=first.code):
        ask(people[0], union, invoice_no="２５４４ ０００１")
    assert ask(people[0], union_of("E02")).invoice_no == "25440001"
    services.payment_withdraw(actor=people[0], payment=first, version=1)
    assert ask(people[0], union).number == 2


def test_the_database_refuses_a_second_use_of_an_invoice_too():
    union = union_of("E01")
    payment_of(union, invoice_no="A1")
    with pytest.raises(IntegrityError), transaction.atomic():
        payment_of(union, invoice_no="A1")
    payment_of(union, invoice_no="")
    payment_of(union, "refused", invoice_no="A1")


def test_numbers_have_no_gaps_in_a_union_even_after_refusals(people):
    union, other = union_of("E01"), union_of("E02")
    for number in range(3):
        ask(people[0], union, invoice_no=f"N{number}")
        with pytest.raises(Refused):
            ask(people[0], union, invoice_no="", amount=0)
    ask(people[0], other)
    numbers = Payment.objects.everywhere("test").order_by("pk").values_list("union__code", "number")
    assert list(numbers) == [("E01", 1), ("E01", 2), ("E01", 3), ("E02", 1)]


def test_the_same_submission_is_one_request(people):
    union = union_of("E01")
    actor = people[0].keyed("k1")
    assert ask(actor, union) == ask(actor, union)
    assert Payment.objects.everywhere("test").count() == 1


def test_the_system_itself_asks_for_nothing():
    with pytest.raises(Refused, match="登录"):
        ask(system("测试"), union_of("E01"))


def test_a_closed_union_spends_nothing(people):
    with pytest.raises(Refused, match="已终止"):
        ask(people[0], union_of("E01", closed_on=timezone.localdate(), closed_how="dissolved"))


def test_it_is_paid_neither_tomorrow_nor_before_its_approval(people):
    one = approved(people, union_of("E01"))
    for days in (1, -1):
        with pytest.raises(Refused, match="日期"):
            pay(people[3], one, paid_on=timezone.localdate() + timedelta(days=days))
    assert entries() == []


def test_a_stale_version_is_refused_at_every_step(people):
    one = ask(people[0], union_of("E01"))
    services.payment_correct(actor=people[0], payment=one, version=1, amount=9)
    with pytest.raises(StaleVersionError):
        services.payment_check(actor=people[1], payment=one, version=1)
    with pytest.raises(StaleVersionError):
        services.payment_withdraw(actor=people[0], payment=one, version=1)
    assert stored().state == "requested"


def test_what_a_payment_posted_cannot_be_corrected_in_the_ledger(people):
    one = pay(people[3], approved(people, union_of("E01")))
    with pytest.raises(Refused, match="付款审批"):
        services.entry_correct(actor=people[1], entry=one.entry, version=1, amount=1)
    assert entries()[0].amount == 1200_50


def test_each_step_wants_its_own_action(people):
    union = union_of("E01")
    one = payment_of(union, "checked")
    for action in ("finance.view", "finance.request", "finance.check", "finance.pay"):
        actor = replace(people[2], scope=Scope(frozenset({Grant(action, union.path)})))
        with pytest.raises(Refused, match="没有此项权限"):
            services.payment_approve(actor=actor, payment=one, version=1)


def test_it_is_found_within_reach_only(people):
    mine, other = union_of("E01"), union_of("E02")
    own, strange = payment_of(mine), payment_of(other)
    scope = Scope(frozenset({Grant("finance.view", mine.path), Grant("finance.request", mine.path)}))
    assert list(payment_queries.payments(scope)) == [own]
    with pytest.raises(Http404):
        payment_queries.payment_load(scope, strange.pk)
    with pytest.raises(Http404):
        payment_queries.payment_own_load(replace(people[0], scope=scope), own.pk)


def test_what_waits_for_someone_is_what_the_rules_let_them_do(people):
    union = union_of("E01")
    person = person_of(union, "王示例")
    users = [user_of(name="王示例", person=person), user_of(name="王示例"), user_of(), user_of()]
    for state in ("requested", "returned", "checked", "approved", "paid"):
        for shift in range(4):
            by = users[shift:] + users[:shift]
            payment_of(union, state, by=by)
            payment_of(union, state, by=by, payee_kind="person", payee="王示例")
            payment_of(union, state, by=by, payee_kind="person", payee="王示例", person=person)
    everything = list(Payment.objects.everywhere("test"))
    for user in users:
        actor = Actor(user.name, EVERYWHERE, user_id=user.pk, person_id=user.person_id)
        for step in (Step.CHECK, Step.APPROVE, Step.PAY):
            allowed = {one.pk for one in everything if payment_rules.may_take(step, actor, one)}
            assert {one.pk for one in payment_queries.waiting(actor, step)} == allowed
            assert 0 < len(allowed) < len(everything)


def test_its_to_dos_leave_out_what_is_not_for_the_one_who_looks(people):
    union = union_of("E01")
    asked = user_of()
    payment_of(union, by=[asked])
    payment_of(union)
    scope = Scope(frozenset({Grant("finance.check", union.path)}))
    today = timezone.localdate()
    assert [
        line.count for line in payment_queries.todos(Actor("审核", scope, user_id=user_of().pk), today)
    ] == [2]
    own = Actor("经手", scope, user_id=asked.pk)
    assert [line.count for line in payment_queries.todos(own, today)] == [1]
    looking = Actor("查看", Scope(frozenset({Grant("finance.view", union.path)})), user_id=user_of().pk)
    assert payment_queries.todos(looking, today) == []


def test_its_attachments_are_fixed_once_it_is_checked():
    union = union_of("E01")
    scope = Scope(frozenset({Grant("finance.request", union.path), Grant("finance.view", union.path)}))
    for state, open_still in (("requested", True), ("returned", True), ("checked", False), ("paid", False)):
        one = payment_of(union, state)
        assert payment_queries.payment_file_load(scope, one.pk) == one
        if open_still:
            assert payment_queries.payment_file_load(scope, one.pk, "finance.request") == one
        else:
            with pytest.raises(Http404):
                payment_queries.payment_file_load(scope, one.pk, "finance.request")


def test_the_cashier_sees_the_account_of_a_due_payment_and_the_audit_says_so(people):
    one = approved(people, union_of("E01"))
    shown = services.account_reveal(actor=people[3], payment=one, reason="核对收款信息")
    assert shown.number == "6222000011112345"
    assert "6222" not in repr(shown)
    event = AuditEvent.objects.get(verb="reveal")
    assert (event.object_id, event.fields, event.reason) == (one.pk, ["bank_account"], "核对收款信息")
    with pytest.raises(Refused):
        services.account_reveal(actor=people[3], payment=one, reason=" ")
    with pytest.raises(StepUpRequired):
        services.account_reveal(actor=replace(people[3], fresh=False), payment=one, reason="核对")
    pay(people[3], one)
    with pytest.raises(Refused):
        services.account_reveal(actor=people[3], payment=one, reason="核对收款信息")


def test_the_database_refuses_states_without_their_people():
    union = union_of("E01")
    one = payment_of(union, "approved")
    rows = Payment.objects.everywhere("test").filter(pk=one.pk)
    broken = (
        {"amount": 0},
        {"category": ""},
        {"checked_by": None},
        {"approved_at": None},
        {"approved_by": one.checked_by},
        {"approved_by": one.requested_by},
        {"checked_by": one.requested_by},
        {"state": "paid"},
        {"state": "requested"},
        {"state": "returned"},
        {"state": "refused"},
        {"paid_on": timezone.localdate()},
        {"person": person_of(union)},
    )
    for values in broken:
        with pytest.raises(IntegrityError), transaction.atomic():
            rows.update(**values)
    paid = payment_of(union, "paid")
    for values in ({"entry": None}, {"paid_by": paid.approved_by}, {"paid_by": paid.checked_by}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Payment.objects.everywhere("test").filter(pk=paid.pk).update(**values)
    with pytest.raises(IntegrityError), transaction.atomic():
        payment_of(union, "paid", entry=paid.entry)
