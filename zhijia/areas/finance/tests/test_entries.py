"""Recording, correcting and reading entries."""

from datetime import date

import pytest
from django.http import Http404

from zhijia.areas.finance import queries, services
from zhijia.areas.finance.models import Entry
from zhijia.areas.finance.tests.factories import entry_of
from zhijia.areas.organisations.tests.factories import employer_of, union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import Grant, Scope
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db
ROBOT = system("测试")


def scope_of(union, *actions):
    return Scope(
        frozenset(Grant(action, union.path) for action in actions or ("finance.view", "finance.record"))
    )


def test_it_records_an_entry_and_its_audit():
    union = union_of("E01")
    entry = services.entry_record(
        actor=ROBOT,
        union=union,
        kind="spending",
        happened_on=date(2025, 3, 5),
        amount=1,
        category="culture",
    )
    stored = Entry.objects.everywhere("test").get()
    assert (stored.pk, stored.amount, stored.category) == (entry.pk, 1, "culture")
    assert AuditEvent.objects.get(model="finance.entry").object_id == entry.pk


def test_it_writes_nothing_when_a_rule_blocks():
    union = union_of("E01")
    with pytest.raises(Refused, match="支出科目"):
        services.entry_record(
            actor=ROBOT, union=union, kind="spending", happened_on=date(2025, 3, 5), amount=1
        )
    assert Entry.objects.everywhere("test").count() == 0


def test_it_refuses_to_record_for_a_sibling_union():
    mine, other = union_of("E01"), union_of("E02")
    actor = Actor("会计", scope_of(mine))
    with pytest.raises(Refused):
        services.entry_record(actor=actor, union=other, kind="dues", happened_on=date(2025, 3, 5), amount=1)


def test_it_records_the_same_submission_once():
    union = union_of("E01")
    values = {"union": union, "kind": "dues", "happened_on": date(2025, 3, 5), "amount": 5}
    actor = ROBOT.keyed("k1")
    first = services.entry_record(actor=actor, **values)
    assert services.entry_record(actor=actor, **values) == first
    assert Entry.objects.everywhere("test").count() == 1


def test_it_corrects_an_entry_and_refuses_a_stale_version():
    entry = entry_of(union_of("E01"))
    services.entry_correct(actor=ROBOT, entry=entry, version=1, amount=7)
    assert Entry.objects.everywhere("test").get().amount == 7
    with pytest.raises(StaleVersionError):
        services.entry_correct(actor=ROBOT, entry=entry, version=1, amount=8)
    assert AuditEvent.objects.filter(verb="change").get().before == {"amount": 100_00}


def test_it_never_lets_a_correction_take_formalities_back():
    entry = entry_of(union_of("E01"), "contribution", formalities="refunded")
    with pytest.raises(Refused, match="返还手续"):
        services.entry_correct(actor=ROBOT, entry=entry, version=1, formalities="pending")


def test_it_moves_formalities_step_by_step():
    entry = entry_of(union_of("E01"), "contribution", formalities="pending")
    with pytest.raises(Refused):
        services.formalities_set(actor=ROBOT, entry=entry, state="refunded")
    services.formalities_set(actor=ROBOT, entry=entry, state="ready")
    services.formalities_set(actor=ROBOT, entry=entry, state="refunded")
    assert Entry.objects.everywhere("test").get().formalities == "refunded"
    with pytest.raises(Refused):
        services.formalities_set(actor=ROBOT, entry=entry, state="ready")


def test_it_shows_entries_of_the_branch_only():
    top = union_of("E00", level="general")
    mine, other = union_of("E01", top), union_of("E02", top)
    own, strange = entry_of(mine), entry_of(other)
    scope = scope_of(mine)
    assert list(queries.entries(scope)) == [own]
    assert queries.entry_load(scope, own.pk) == own
    with pytest.raises(Http404):
        queries.entry_load(scope, strange.pk)
    with pytest.raises(Http404):
        queries.entry_load(scope, strange.pk + 1000)


def test_it_describes_the_rows_behind_a_figure_in_their_order():
    top = union_of("E00", level="general")
    mine, other = union_of("E01", top), union_of("E02", top)
    first, second, strange = entry_of(mine), entry_of(mine, amount=25_000_00), entry_of(other)
    cards = queries.describe_entries(scope_of(mine), [second.pk, strange.pk, first.pk])
    assert [card.record_id for card in cards] == [second.pk, first.pk]
    assert cards[0].title == "经费支出 2.5万元"


def test_it_adds_up_by_kind_and_leaves_out_kinds_without_rows():
    union = union_of("E01")
    entry_of(union, amount=3)
    entry_of(union, amount=4)
    entry_of(union, "dues", amount=5)
    found = queries.totals(queries.entries(scope_of(union)))
    assert [(total.kind, total.rows, total.amount) for total in found] == [("dues", 1, 5), ("spending", 2, 7)]


def test_it_reminds_of_contributions_whose_formalities_wait():
    union = union_of("E01")
    entry_of(union, "contribution", formalities="pending")
    entry_of(union, "contribution", formalities="pending")
    entry_of(union, "contribution", formalities="refunded")
    entry_of(union, "contribution")
    waiting = queries.todos(Actor("", scope_of(union)), date(2025, 12, 31))
    assert [(todo.count, todo.level) for todo in waiting] == [(2, "warning")]
    assert "formalities=pending" in waiting[0].url
    assert queries.todos(Actor("", scope_of(union, "finance.view")), date(2025, 12, 31)) == []


def test_it_finds_entries_by_payer_and_reads_few_queries(django_assert_num_queries):
    union = union_of("E01")
    employer = employer_of(union, name="甲公司")
    for _number in range(5):
        entry_of(union, "contribution", employer=employer)
    with django_assert_num_queries(1):
        cards = queries.search(scope_of(union), "甲公", 10)
    assert len(cards) == 5
    assert queries.search(scope_of(union), " ", 10) == []


def test_its_union_tab_is_closed_to_strangers():
    mine, other = union_of("E01"), union_of("E02")
    entry_of(mine)
    assert queries.union_tab(scope_of(other), mine.pk) is None
    assert queries.union_tab(scope_of(mine), mine.pk) is not None
