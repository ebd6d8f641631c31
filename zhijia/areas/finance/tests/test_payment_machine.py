"""Any order of steps by anybody: no step is skipped, nothing is paid twice, three people always."""

from types import MappingProxyType

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from zhijia.areas.accounts.tests.factories import user_of
from zhijia.areas.finance import payment_rules, services, states
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.finance.states import Step, Way
from zhijia.areas.finance.tests.factories import entry_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import EVERYWHERE
from zhijia.kernel.verdict import Refused, passed

pytestmark = pytest.mark.django_db
SHORT = settings(
    max_examples=12,
    stateful_step_count=16,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
# The law in its own words, apart from the program's table: from where, to where, not by whom.
LAW = {
    "check": ({"requested"}, "checked", ("requester",)),
    "approve": ({"checked"}, "approved", ("requester", "checker")),
    "refuse": ({"checked"}, "refused", ("requester", "checker")),
    "return": ({"requested", "checked"}, "returned", ("requester",)),
    "send_back": ({"checked", "approved"}, "returned", ("requester",)),
    "pay": ({"approved"}, "paid", ("checker", "approver")),
}
NEXT = {"requested": "check", "checked": "approve", "approved": "pay"}
TAKES = {"check": "checker", "approve": "approver", "pay": "cashier"}
PEOPLE = st.integers(0, 4)
REQUESTS = st.integers(0, 1)


class Life(RuleBasedStateMachine):
    """Five people who may all do everything, a few payments, and what the law says of each."""

    paid = 0  # over all lives: a proof in which nothing is ever paid proves nothing

    def __init__(self):
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.law, self.last, self.serial = [], None, 0

    def teardown(self):
        Life.paid += sum(one["state"] == "paid" for one in self.law)
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    @initialize()
    def found(self):
        self.union = union_of("E01")
        users = [user_of(name=f"人员{number}") for number in range(5)]
        self.actors = [Actor(user.name, EVERYWHERE, user_id=user.pk, fresh=True) for user in users]

    def stored(self, number):
        return Payment.objects.everywhere("test").get(pk=self.law[number]["pk"])

    @rule(who=PEOPLE, amount=st.integers(1, 10**7))
    @precondition(lambda self: len(self.law) < 2)
    def ask(self, who, amount):
        made = services.payment_request(
            actor=self.actors[who],
            union=self.union,
            title="购置器材",
            category="culture",
            amount=amount,
            payee_kind="unit",
            payee="示例商店",
        )
        self.law.append({"pk": made.pk, "state": "requested", "amount": amount, "requester": who})

    @rule(who=PEOPLE, which=REQUESTS, step=st.sampled_from(["correct", "withdraw"]))
    @precondition(lambda self: self.law)
    def requester_step(self, who, which, step):
        which %= len(self.law)
        one = self.law[which]
        allowed = one["state"] in ("requested", "returned") and one["requester"] == who
        more = {"amount": one["amount"] + 1} if step == "correct" else {}
        self.attempt(step, who, which, more, allowed=allowed)
        if allowed and step == "correct":
            one |= {"state": "requested", "amount": one["amount"] + 1}
        elif allowed:
            one["state"] = "withdrawn"

    @rule(who=PEOPLE, which=REQUESTS, step=st.sampled_from(sorted(LAW)))
    @precondition(lambda self: self.law)
    def any_step(self, who, which, step):
        self.take(who, which % len(self.law), step)

    def take(self, who, which, step):
        one = self.law[which]
        sources, target, others = LAW[step]
        allowed = one["state"] in sources and who not in [one.get(other) for other in others]
        more = {"reason": "核对"} if step in ("refuse", "return", "send_back") else {}
        if step == "pay":
            more["paid_on"] = timezone.localdate()
        self.attempt(step, who, which, more, allowed=allowed)
        if not allowed:
            return
        one["state"] = target
        if step in TAKES:
            one[TAKES[step]] = who
        if target == "returned":
            one.pop("checker", None)
            one.pop("approver", None)

    @rule(who=PEOPLE, which=REQUESTS, steps=st.integers(1, 3))
    @precondition(lambda self: self.law)
    def go_on(self, who, which, steps):
        """Let those who may take the next steps: by chance alone hardly anything would be paid."""
        which %= len(self.law)
        one = self.law[which]
        for _number in range(steps):
            if one["state"] in NEXT:
                step = NEXT[one["state"]]
                earlier = [one.get(other) for other in LAW[step][2]]
                fit = next(at % 5 for at in range(who, who + 5) if at % 5 not in earlier)
                self.take(fit, which, step)

    @rule(who=PEOPLE, step=st.sampled_from(sorted(LAW)))
    @precondition(lambda self: any(one["state"] == "paid" for one in self.law))
    def pester(self, who, step):
        """Nothing moves what is paid."""
        paid = [number for number, one in enumerate(self.law) if one["state"] == "paid"]
        self.take(who, paid[0], step)

    def attempt(self, step, who, which, more, *, allowed):
        self.serial += 1
        record = self.stored(which)
        call = {"actor": self.actors[who].keyed(f"key-{self.serial}"), "payment": record} | more
        call["version"] = record.version
        service = getattr(services, f"payment_{step}")
        if allowed:
            service(**call)
            self.last = (service, call)
        else:
            with pytest.raises(Refused):
                service(**call)

    @rule()
    @precondition(lambda self: self.last is not None)
    def press_again(self):
        """The same submission once more, and the same page sent from a second window."""
        service, call = self.last
        service(**call)
        with pytest.raises(StaleVersionError):
            service(**(call | {"actor": call["actor"].keyed("another-window")}))

    @invariant()
    def the_books_are_right(self):
        if not self.law:
            return
        rows = list(Payment.objects.everywhere("test").order_by("number"))
        assert [row.number for row in rows] == list(range(1, len(self.law) + 1))
        assert [row.state for row in rows] == [one["state"] for one in self.law]
        paid = [one["amount"] for one in self.law if one["state"] == "paid"]
        entries = list(Entry.objects.everywhere("test").values_list("amount", flat=True))
        assert sorted(entries) == sorted(paid)
        for row in rows:
            took = [row.requested_by_id, row.checked_by_id, row.approved_by_id]
            if row.state in ("approved", "paid"):
                assert len(set(took)) == 3
                assert None not in took
            if row.state == "paid":
                assert row.paid_by_id not in took[1:]


@pytest.mark.long
def test_no_order_of_steps_breaks_the_law_of_payments_in_the_long_run():
    run_state_machine_as_test(Life, settings=settings(SHORT, max_examples=300, stateful_step_count=40))


def test_no_order_of_steps_breaks_the_law_of_payments(monkeypatch):
    monkeypatch.setattr(Life, "paid", 0)
    run_state_machine_as_test(Life, settings=SHORT)
    assert Life.paid > 3


def sabotaged(monkeypatch, what):
    """Take one guarantee out of the program."""
    ways = dict(states.WAYS)
    if what == "a step skipped":
        ways[Step.CHECK] = Way(frozenset({"requested"}), "approved")
        monkeypatch.setattr(states, "WAYS", MappingProxyType(ways))
    elif what == "one person for all":
        monkeypatch.setattr(payment_rules, "_people", lambda *_given: passed())
    elif what == "a second entry":
        judge = services._judge

        def judge_and_post(entry):
            judge(entry)
            entry_of(entry.union, "spending", entry.amount)

        monkeypatch.setattr(services, "_judge", judge_and_post)
    elif what == "a paid one is paid again":
        ways[Step.SEND_BACK] = Way(frozenset({"checked", "approved", "paid"}), "returned")
        monkeypatch.setattr(states, "WAYS", MappingProxyType(ways))


@pytest.mark.parametrize(
    "what", ["a step skipped", "one person for all", "a second entry", "a paid one is paid again"]
)
def test_it_is_found_when_a_guarantee_is_gone(monkeypatch, what):
    sabotaged(monkeypatch, what)
    quick = settings(SHORT, max_examples=50, phases=[Phase.generate], print_blob=False)
    with pytest.raises((AssertionError, IntegrityError, BaseExceptionGroup, pytest.fail.Exception)):
        run_state_machine_as_test(Life, settings=quick)
