"""The pages of the ledger, as an accountant and as a stranger."""

from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from zhijia.areas.accounts.tests.factories import enter
from zhijia.areas.finance.models import Entry
from zhijia.areas.finance.tests.factories import entry_of
from zhijia.areas.organisations.tests.factories import employer_of, union_of
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db


def form(union, **kw):
    values = {
        "union": union.pk,
        "kind": "spending",
        "happened_on": "2025-03-05",
        "amount": "1,200.50",
        "category": "culture",
        "note": "春季运动会",
        "idempotency_key": "key-1",
    }
    return values | kw


def test_it_lists_entries_with_sums_of_what_is_filtered(client):
    top = union_of("E00", level="general")
    mine, other = union_of("E01", top), union_of("E02", top)
    entry_of(mine, amount=1000_00)
    entry_of(mine, amount=234_50)
    entry_of(mine, "dues", amount=9_00)
    entry_of(other, amount=77_00)
    enter(client, mine, "accountant")
    page = client.get(reverse("finance:entry-list"), {"kind": "spending", "period": "2025"}).content.decode()
    assert "1,234.50" in page
    assert "77.00" not in page
    assert "9.00" not in page


def test_it_filters_by_a_branch_of_the_tree(client):
    top = union_of("E00", level="general")
    mine, other = union_of("E01", top), union_of("E02", top)
    entry_of(mine, amount=11_11)
    entry_of(other, amount=22_22)
    enter(client, top, "accountant")
    page = client.get(reverse("finance:entry-list"), {"union": mine.pk}).content.decode()
    assert "11.11" in page
    assert "22.22" not in page


def test_a_period_that_makes_no_sense_is_said_and_shows_nothing(client):
    union = union_of("E01")
    entry_of(union, amount=11_11)
    page = (
        enter(client, union, "accountant")
        .get(reverse("finance:entry-list"), {"period": "去年"})
        .content.decode()
    )
    assert "看不懂期间" in page
    assert "11.11" not in page


def test_it_records_an_entry_once_even_when_sent_twice(client):
    union = union_of("E01")
    enter(client, union, "accountant")
    first = client.post(reverse("finance:entry-new"), form(union))
    second = client.post(reverse("finance:entry-new"), form(union))
    entry = Entry.objects.everywhere("test").get()
    assert entry.amount == 1200_50
    assert first.url == second.url == reverse("finance:entry-detail", args=[entry.pk])


def test_it_shows_a_warning_first_and_saves_at_the_second_click(client):
    union = union_of("E01")
    enter(client, union, "accountant")
    values = form(union, kind="contribution", category="", wage_base="100000", amount="3000")
    page = client.post(reverse("finance:entry-new"), values)
    assert page.status_code == 200
    assert "2%" in page.content.decode()
    assert Entry.objects.everywhere("test").count() == 0
    seen = page.context["form"]["seen"].value()
    assert client.post(reverse("finance:entry-new"), values | {"seen": seen}).status_code == 302
    assert Entry.objects.everywhere("test").get().amount == 3000_00


def test_it_explains_a_refusal_on_the_form(client):
    union = union_of("E01")
    page = enter(client, union, "accountant").post(reverse("finance:entry-new"), form(union, category=""))
    assert page.status_code == 200
    assert "经费支出必须填写支出科目" in page.content.decode()


def test_it_shows_both_sides_when_someone_else_was_faster(client):
    union = union_of("E01")
    entry = entry_of(union, amount=5_00)
    Entry.objects.everywhere("test").filter(pk=entry.pk).update(amount=6_00, version=2)
    enter(client, union, "accountant")
    values = form(union, version=1)
    page = client.post(reverse("finance:entry-edit", args=[entry.pk]), values)
    text = page.content.decode()
    assert "他人已修改" in text
    assert "6.00" in text
    assert "1,200.50" in text
    again = client.post(reverse("finance:entry-edit", args=[entry.pk]), values | {"version": 2})
    assert again.status_code == 302
    assert Entry.objects.everywhere("test").get().amount == 1200_50


def test_it_moves_formalities_from_the_detail_page(client):
    union = union_of("E01")
    entry = entry_of(union, "contribution", formalities="pending")
    enter(client, union, "accountant")
    detail = client.get(reverse("finance:entry-detail", args=[entry.pk])).content.decode()
    address = reverse("finance:formalities-set", args=[entry.pk, "ready"])
    assert address in detail
    client.post(address, {"version": 1, "idempotency_key": "k"})
    assert Entry.objects.everywhere("test").get().formalities == "ready"
    assert client.get(address).status_code == 405


def test_strangers_and_absent_ids_get_404(client):
    mine, other = union_of("E01"), union_of("E02")
    strange = entry_of(other, "contribution", formalities="pending")
    enter(client, mine, "accountant")
    for key in (strange.pk, strange.pk + 1000):
        assert client.get(reverse("finance:entry-detail", args=[key])).status_code == 404
        assert client.get(reverse("finance:entry-edit", args=[key])).status_code == 404
        assert client.post(reverse("finance:formalities-set", args=[key, "ready"])).status_code == 404
    assert Entry.objects.everywhere("test").get().formalities == "pending"


def test_who_may_only_look_finds_no_way_to_write(client):
    union = union_of("E01")
    entry = entry_of(union)
    enter(client, union, "audit")
    assert client.get(reverse("finance:entry-detail", args=[entry.pk])).status_code == 200
    assert client.get(reverse("finance:entry-new")).status_code == 403
    assert client.post(reverse("finance:entry-edit", args=[entry.pk]), form(union)).status_code == 403


def test_its_list_costs_the_same_for_one_row_and_for_ten(client, django_assert_max_num_queries):
    union = union_of("E01")
    for _number in range(10):
        entry_of(union)
    enter(client, union, "accountant")
    with django_assert_max_num_queries(12):
        client.get(reverse("finance:entry-list"))


def test_its_export_has_the_rows_of_the_list_in_yuan(client):
    union = union_of("E01")
    entry_of(union, amount=1234_50)
    address = reverse("finance:entry-list")
    answer = ordered(enter(client, union, "accountant"), address)
    content = answer.getvalue()
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    cells = [cell for row in sheet.to_python() for cell in row]
    assert 1234.5 in cells
    assert union.name in cells


@pytest.mark.parametrize("typed", ["甲公司", "乙单位", "运动会"])
def test_it_is_searched_by_payer_counterparty_and_note(client, typed):
    union = union_of("E01")
    paid = {
        "甲公司": {"employer": employer_of(union, name="示例甲公司")},
        "乙单位": {"counterparty": "示例乙单位"},
        "运动会": {"note": "春季运动会"},
    }
    for number, (key, told) in enumerate(paid.items(), start=1):
        entry_of(union, amount=(1 if key == typed else 7) * 1000_00 + number, **told)
    page = enter(client, union).get(reverse("finance:entry-list"), {"q": typed}).content.decode()
    assert "1,000.0" in page
    assert "7,000.0" not in page
