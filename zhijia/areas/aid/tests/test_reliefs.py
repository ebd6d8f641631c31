"""Recording, correcting and reading payments, one by one and as a list."""

from datetime import date

import pytest
from django.http import Http404

from zhijia.areas.aid import queries, services
from zhijia.areas.aid.models import Relief
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity
from zhijia.kernel.records import StaleVersionError
from zhijia.kernel.scope import Grant, Scope
from zhijia.kernel.verdict import Refused

pytestmark = pytest.mark.django_db
ROBOT = system("测试")
COMMON = {"occasion": "warmth", "given_on": date(2025, 1, 20), "fund": "higher", "goods": "", "note": ""}


def scope_of(union):
    return Scope(frozenset(Grant(action, union.path) for action in ("aid.view", "aid.record")))


def stored():
    return Relief.objects.everywhere("test").order_by("pk")


def record(union, **kw):
    values = {
        "occasion": "warmth",
        "given_on": date(2025, 1, 20),
        "fund": "retained",
        "beneficiary": "张示例",
        "amount": 500_00,
    }
    return services.relief_record(actor=kw.pop("actor", ROBOT), union=union, **(values | kw))


def test_it_records_one_person_when_nothing_is_said():
    relief = record(union_of("E01"))
    assert queries.people_of(relief) == Quantity(1, CountUnit.PERSON_TIME)
    assert AuditEvent.objects.get(model="aid.relief").object_id == relief.pk


def test_it_keeps_the_qualifier_of_a_count():
    many = Quantity(200, CountUnit.PERSON_TIME, Qualifier.AT_LEAST)
    record(union_of("E01"), beneficiary="一线职工", people=many, amount=20_000_00)
    assert queries.people_of(stored().get()) == many


def test_it_takes_the_name_of_a_named_person_who_need_not_be_a_member():
    union = union_of("E01")
    person = person_of(union, name="李示例")
    assert record(union, person=person, beneficiary="").beneficiary == "李示例"


def test_it_writes_nothing_when_a_rule_blocks():
    union = union_of("E01")
    with pytest.raises(Refused, match="行政承担"):
        record(union, occasion="cooling")
    with pytest.raises(Refused, match="慰问对象"):
        record(union, beneficiary="")
    assert stored().count() == 0


def test_it_refuses_to_record_for_a_sibling_union():
    mine, other = union_of("E01"), union_of("E02")
    with pytest.raises(Refused):
        record(other, actor=Actor("干事", scope_of(mine)))


def test_it_warns_when_the_year_of_one_person_passes_the_cap(settings):
    settings.JURISDICTION = "cn-51"
    union = union_of("E01")
    person = person_of(union, name="李示例")
    gift = {"occasion": "festival", "amount": None, "goods": "粽子", "person": person}
    first = record(union, **gift, goods_value=1600_00)
    second = record(union, **gift, goods_value=500_00)
    third = record(union, **gift, goods_value=1)
    last_year = record(union, **gift, goods_value=2100_00, given_on=date(2024, 12, 31))
    levels = {one.pk: {f.verdict.level for f in queries.findings(one)} for one in (first, third, last_year)}
    assert levels == {first.pk: {"warn"}, third.pk: {"warn"}, last_year.pk: {"pass"}}
    third.amount, third.goods_value, third.fund = None, 1, "donation"
    assert queries.findings(third) == []
    Relief.objects.everywhere("test").filter(pk=third.pk).update(fund="donation")
    assert {f.verdict.level for f in queries.findings(second)} == {"pass"}


def test_it_corrects_a_payment_and_refuses_a_stale_version():
    relief = relief_of(union_of("E01"))
    two = Quantity(2, CountUnit.PERSON_TIME)
    services.relief_correct(actor=ROBOT, relief=relief, version=1, people=two, amount=700_00)
    found = stored().get()
    assert (found.amount, found.people) == (700_00, 2)
    with pytest.raises(StaleVersionError):
        services.relief_correct(actor=ROBOT, relief=relief, version=1, people=two, amount=1)


def test_it_records_a_list_and_the_same_list_once():
    union = union_of("E01")
    person = person_of(union, name="李示例")
    lines = [services.BatchLine("张示例", 300_00), services.BatchLine("", 200_00, person)]
    first = services.relief_record_batch(actor=ROBOT, union=union, common=COMMON, lines=lines, key="k")
    again = services.relief_record_batch(actor=ROBOT, union=union, common=COMMON, lines=lines, key="k")
    assert [one.pk for one in first] == [one.pk for one in again]
    assert [(one.beneficiary, one.amount, one.people) for one in stored()] == [
        ("张示例", 300_00, 1),
        ("李示例", 200_00, 1),
    ]


def test_a_list_is_all_or_nothing():
    lines = [services.BatchLine("张示例", 300_00), services.BatchLine("", 200_00)]
    with pytest.raises(Refused):
        services.relief_record_batch(actor=ROBOT, union=union_of("E01"), common=COMMON, lines=lines)
    with pytest.raises(Refused):
        services.relief_record_batch(actor=ROBOT, union=union_of("E02"), common=COMMON, lines=[])
    assert stored().count() == 0


def test_it_shows_payments_of_the_branch_only():
    mine, other = union_of("E01"), union_of("E02")
    own, strange = relief_of(mine), relief_of(other)
    scope = scope_of(mine)
    assert list(queries.reliefs(scope)) == [own]
    for key in (strange.pk, strange.pk + 1000):
        with pytest.raises(Http404):
            queries.relief_load(scope, key)
    assert [card.record_id for card in queries.describe_reliefs(scope, [strange.pk, own.pk])] == [own.pk]
    assert queries.union_tab(scope, other.pk) is None


def test_it_adds_up_without_inventing_numbers():
    union = union_of("E01")
    relief_of(union, amount=100, people=3, people_qualifier="at_least")
    relief_of(union, amount=50)
    relief_of(union, amount=None, goods="被褥", beneficiary_kind="unit", beneficiary="养老院")
    sums = queries.totals(queries.reliefs(scope_of(union)))
    assert (sums.rows, sums.amount, sums.goods_value, sums.uncounted) == (3, 150, None, 1)
    assert sums.people == Quantity(4, CountUnit.PERSON_TIME, Qualifier.AT_LEAST)
    assert sums.households is None


def test_it_shows_a_person_what_was_given_and_searches_no_notes():
    union = union_of("E01")
    person = person_of(union, name="李示例")
    relief_of(union, person=person, beneficiary="李示例", note="罕见病")
    tab = queries.person_tab(scope_of(union), person.pk)
    assert [row.title for row in tab.rows] == ["元旦春节送温暖 李示例"]
    assert "500元" in str(tab.note)
    assert queries.person_tab(Scope(), person.pk) is None
    assert len(queries.search(scope_of(union), "李示", 5)) == 1
    assert queries.search(scope_of(union), "罕见病", 5) == []


def test_it_reads_a_list_in_one_query(django_assert_num_queries):
    union = union_of("E01")
    for number in range(5):
        relief_of(union, person=person_of(union, name=f"李示例{number}"))
    with django_assert_num_queries(1):
        assert len(queries.recent(scope_of(union), 10)) == 5
