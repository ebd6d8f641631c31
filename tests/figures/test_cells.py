"""Zero is not the same as no data, and 余/近/约 survive adding up."""

from __future__ import annotations

from datetime import date

import pytest

from zhijia.areas.activities.models import Activity, ActivityKind
from zhijia.areas.aid.models import Relief
from zhijia.areas.finance.models import Entry
from zhijia.areas.members.models import Membership, Person
from zhijia.areas.organisations.tests.factories import committee_of, employer_of, union_of
from zhijia.figures.ask import Compared
from zhijia.figures.catalogue import catalogue
from zhijia.figures.cell import Cell
from zhijia.figures.engine import Spot, compute
from zhijia.kernel.period import Period
from zhijia.kernel.quantity import Qualifier

pytestmark = pytest.mark.django_db
YEAR = Period.parse("2025")


def relief(union, people=1, **kw):
    values = {"occasion": "warmth", "given_on": date(2025, 3, 5), "amount": 100, "fund": "dues"} | kw
    Relief(union=union, beneficiary="示例", people=people, **values).save()


def cell(union, key):
    return compute([key], union.pk, [YEAR])[key, Spot(union.pk, YEAR)]


def test_it_has_no_data_where_nobody_kept_the_ledger():
    union = union_of("A")
    assert (cell(union, "aid.person_times").value, cell(union, "aid.person_times").shown) == (None, "无数据")


def test_it_says_zero_where_the_ledger_is_kept_and_holds_no_such_row():
    union = union_of("A")
    relief(union)
    assert (cell(union, "aid.education").value, cell(union, "aid.education").shown) == (0, "0人次")


def test_it_has_no_data_where_no_row_knows_its_measure_but_lists_the_rows():
    union = union_of("A")
    relief(union, people=None)
    found = cell(union, "aid.person_times")
    assert (found.value, found.rows, found.missing) == (None, 1, 1)


def test_it_is_a_lower_bound_where_some_rows_do_not_know_their_measure():
    union = union_of("A")
    relief(union, people=60)
    relief(union, people=None)
    found = cell(union, "aid.person_times")
    assert (found.value, found.missing, found.qualifier, found.shown) == (
        60,
        1,
        Qualifier.AT_LEAST,
        "60余人次",
    )


@pytest.mark.parametrize(
    ("qualifiers", "shown"),
    [
        (["", ""], "40人次"),
        (["at_least", ""], "40余人次"),
        (["more_than", "at_least"], "40余人次"),
        (["almost", ""], "近40人次"),
        (["almost", "at_least"], "约40人次"),
        (["about", ""], "约40人次"),
    ],
)
def test_it_keeps_the_qualifiers_of_its_parts(qualifiers, shown):
    union = union_of("A")
    for qualifier in qualifiers:
        relief(union, people=20, people_qualifier=qualifier)
    assert cell(union, "aid.person_times").shown == shown


def test_it_says_about_for_a_rate_of_inexact_parts():
    union = union_of("A")
    relief(union, people=3, people_qualifier="at_least", amount=1000)
    found = cell(union, "aid.per_head")
    assert (found.value, found.numerator, found.denominator, found.shown) == (333, 1000, 3, "约3.33元")


def test_it_never_divides_by_zero_or_by_nothing():
    union = union_of("A")
    assert cell(union, "aid.per_head").value is None
    relief(union, people=0)
    assert cell(union, "aid.per_head").value is None


def test_it_puts_a_union_into_the_band_of_its_own_spending_per_head():
    top = union_of("A", level="general")
    unions = [union_of(code, top) for code in "BCDE"]
    silent = Person(union=unions[3], name="示例")  # a union without any money ledger is not looked at
    silent.save()
    Membership(person=silent, union=unions[3], state="active", starts_on=date(2024, 1, 1)).save()
    for union, amount in zip(unions[:3], [0, 99_999, 100_000], strict=True):
        person = Person(union=union, name="示例")
        person.save()
        Membership(person=person, union=union, state="active", starts_on=date(2024, 1, 1)).save()
        kind, category = ("spending", "culture") if amount else ("dues", "")
        Entry(
            union=union, kind=kind, category=category, happened_on=date(2025, 5, 1), amount=amount or 1
        ).save()
    keys = ["finance.band_none", "finance.band_low", "finance.band_high"]
    answers = compute(keys, top.pk, [YEAR])
    assert [answers[key, Spot(top.pk, YEAR)].value for key in keys] == [1, 1, 1]
    below = compute(["finance.band_low"], top.pk, [YEAR], mode="children")
    assert {spot.union_id: found.value for (_key, spot), found in below.items() if found.has_data} == {
        unions[0].pk: 0,
        unions[1].pk: 1,
        unions[2].pk: 0,
    }


def test_it_does_not_take_events_without_an_audience_for_an_unknown_audience():
    union = union_of("A")
    kind, day = ActivityKind.objects.get_or_create(code="culture", defaults={"name": "示例"})[0], YEAR.first
    Activity(union=union, kind=kind, name="示例", held_on=day, people=8).save()
    assert cell(union, "activities.audience").value is None
    Activity(union=union, kind=kind, name="示例", held_on=day, people=8, audience=300).save()
    assert (cell(union, "activities.audience").shown, cell(union, "activities.audience").missing) == (
        "300人次",
        0,
    )


def test_it_says_zero_goods_only_where_none_were_given():
    union = union_of("A")
    relief(union)
    assert cell(union, "aid.goods").value == 0
    relief(union, goods="示例物品")
    assert (cell(union, "aid.goods").value, cell(union, "aid.goods").missing) == (None, 1)


def test_it_divides_numbers_of_the_same_records_only():
    union = union_of("A")
    relief(union, people=4, amount=1000)
    relief(union, people=96, amount=None, goods="示例物品")
    relief(union, people=None, amount=5000)
    assert (cell(union, "aid.per_head").value, cell(union, "aid.per_head").shown) == (250, "2.50元")


def test_it_counts_a_payer_once_and_as_settled_only_when_nothing_waits():
    union = union_of("A")
    linked = employer_of(union, name="示例学校")
    paid = {"union": union, "kind": "contribution", "happened_on": date(2025, 5, 1), "amount": 100}
    Entry(employer=linked, formalities="ready", **paid).save()
    Entry(counterparty="示例学校", formalities="pending", **paid).save()
    Entry(counterparty="示例商行", formalities="refunded", **paid).save()
    keys = ["payers", "payers_settled", "payers_pending", "settled_rate"]
    assert [cell(union, f"finance.{key}").value for key in keys] == [2, 1, 1, 5000]


def test_it_is_overdue_from_the_day_after_the_last_day_of_the_term():
    union = union_of("A")
    committee_of(union, date(2020, 1, 1), YEAR.last)
    assert cell(union, "organisations.terms_overdue").value == 0
    following = Period.parse("2026-01")
    later = compute(["organisations.terms_overdue"], union.pk, [following])
    assert [found.value for found in later.values()] == [1]


def made(key, value):
    return Cell(catalogue()[key], 1, YEAR, value)


def test_it_compares_with_last_year_without_inventing_a_growth():
    compared = Compared(made("aid.person_times", 90), made("aid.person_times", 80))
    assert (compared.change_shown, compared.growth_shown) == ("+10人次", "+12.5%")
    from_zero = Compared(made("aid.person_times", 90), made("aid.person_times", 0))
    assert (from_zero.change_shown, from_zero.growth, from_zero.growth_shown) == ("+90人次", None, "")
    unknown = Compared(made("aid.person_times", 90), made("aid.person_times", None))
    assert (unknown.change, unknown.change_shown) == (None, "")
    rate = Compared(made("members.joining_rate", 8050), made("members.joining_rate", 8300))
    assert (rate.change_shown, rate.growth) == ("-2.5个百分点", None)
    money = Compared(made("aid.amount", 2_500_000), made("aid.amount", 5_000_000))
    assert (money.change_shown, money.growth_shown) == ("-2.5万元", "-50%")


def test_it_rounds_growth_half_up_in_decimal():
    compared = Compared(made("aid.person_times", 80_001), made("aid.person_times", 80_000))
    assert compared.growth == 0
    assert Compared(made("aid.person_times", 20_001), made("aid.person_times", 20_000)).growth == 1
