"""The pages of payments, as a clerk and as a stranger."""

from datetime import date
from io import BytesIO

import pytest
from django.urls import reverse
from python_calamine import CalamineWorkbook

from zhijia.areas.accounts.tests.factories import enter
from zhijia.areas.aid.models import Relief
from zhijia.areas.aid.tests.factories import relief_of
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.models import AuditEvent
from zhijia.kit.tests.orders import ordered

pytestmark = pytest.mark.django_db
NUMBER = synthetic_id(1, date(1980, 5, 1), "female")


def form(union, **kw):
    values = {
        "union": union.pk,
        "occasion": "warmth",
        "given_on": "2025-01-20",
        "fund": "retained",
        "beneficiary_kind": "person",
        "beneficiary": "张示例",
        "amount": "500",
        "idempotency_key": "key-1",
    }
    return values | kw


def stored():
    return Relief.objects.everywhere("test").order_by("pk")


def test_it_lists_payments_with_totals_of_what_is_filtered_and_hides_notes(client):
    top = union_of("E00", level="general")
    mine, other = union_of("E01", top), union_of("E02", top)
    relief_of(mine, amount=1000_00, note="罕见病")
    relief_of(mine, amount=234_50, people=30, people_qualifier="at_least")
    relief_of(other, amount=77_00)
    enter(client, mine)
    page = client.get(reverse("aid:relief-list"), {"occasion": "warmth", "period": "2025Q1"}).content.decode()
    assert "1,234.50" in page
    assert "31人次以上" in page
    assert "77.00" not in page
    assert "罕见病" not in page
    nothing = client.get(reverse("aid:relief-list"), {"fund": "donation"}).content.decode()
    assert "1,000.00" not in nothing


def test_its_detail_masks_the_number_and_explains_the_rule(client, settings):
    settings.JURISDICTION = "cn-51"
    union = union_of("E01")
    person = person_of(union, name="张示例", id_number=NUMBER)
    relief = relief_of(union, "birthday", 300_01, person=person, note="独居")
    page = enter(client, union).get(reverse("aid:relief-detail", args=[relief.pk])).content.decode()
    assert NUMBER not in page
    assert NUMBER[-4:] in page
    for text in ("独居", "四川省", "待核实", "cn-51", "300.00", "2018年1月1日", "超过上限"):
        assert text in page


def test_it_records_a_payment_once_even_when_sent_twice(client):
    union = union_of("E01")
    enter(client, union)
    first = client.post(reverse("aid:relief-new"), form(union))
    second = client.post(reverse("aid:relief-new"), form(union))
    relief = stored().get()
    assert (relief.amount, relief.people) == (500_00, 1)
    assert first.url == second.url == reverse("aid:relief-detail", args=[relief.pk])


def test_it_shows_a_warning_first_and_saves_at_the_second_click(client):
    union = union_of("E01")
    enter(client, union)
    values = form(union, occasion="children")
    page = client.post(reverse("aid:relief-new"), values)
    assert "六一" in page.content.decode()
    assert "32号" in page.content.decode()
    assert stored().count() == 0
    seen = page.context["form"]["seen"].value()
    assert client.post(reverse("aid:relief-new"), values | {"seen": seen}).status_code == 302
    assert stored().get().occasion == "children"


def test_it_explains_a_refusal_on_the_form(client):
    union = union_of("E01")
    page = enter(client, union).post(reverse("aid:relief-new"), form(union, occasion="cooling"))
    assert page.status_code == 200
    assert "行政承担" in page.content.decode()
    assert stored().count() == 0


def test_it_corrects_a_payment_and_shows_both_sides_when_someone_was_faster(client):
    union = union_of("E01")
    relief = relief_of(union, people=2)
    address = reverse("aid:relief-edit", args=[relief.pk])
    enter(client, union)
    assert "500.00" in client.get(address).content.decode()
    values = form(union, amount="600", people="3", version=1)
    assert client.post(address, values).status_code == 302
    assert (stored().get().amount, stored().get().people) == (600_00, 3)
    late = client.post(address, values | {"amount": "700", "idempotency_key": "key-2"})
    assert "他人已修改" in late.content.decode()
    assert late.context["stale_rows"] == [("金额", "700.00", "600.00")]
    assert stored().get().amount == 600_00


def test_its_history_tells_former_values_in_words(client):
    union = union_of("E01")
    person = person_of(union, name="李示例")
    relief = relief_of(union, occasion="warmth", amount=500_00, person=person)
    enter(client, union)
    values = form(union, fund="fiscal", given_on="2025-03-06", amount="600", version=1)
    assert client.post(reverse("aid:relief-edit", args=[relief.pk]), values).status_code == 302
    (line,) = client.get(reverse("aid:relief-detail", args=[relief.pk])).context["history"]
    told = dict(line.before)
    assert (told["资金来源"], told["金额"], told["日期"]) == ("拨缴经费留成", "500.00", "2025年3月5日")
    assert told["个人"] == "李示例"


def test_it_records_a_list_that_was_pasted(client):
    union = union_of("E01")
    person = person_of(union, name="李示例")
    enter(client, union)
    lines = f"张示例\t{NUMBER}\t300\n\n李示例 200.50\n"
    values = form(union, lines=lines)
    assert client.post(reverse("aid:relief-batch"), values).status_code == 302
    assert client.post(reverse("aid:relief-batch"), values).status_code == 302
    assert [(one.beneficiary, one.amount, one.person_id) for one in stored()] == [
        ("张示例", 300_00, None),
        ("李示例", 200_50, person.pk),
    ]


def test_a_number_of_someone_else_in_a_list_is_not_tied(client):
    union = union_of("E01")
    person_of(union, name="李示例", id_number=NUMBER)
    values = form(union, lines=f"张示例 {NUMBER} 300")
    assert enter(client, union).post(reverse("aid:relief-batch"), values).status_code == 302
    assert (stored().get().beneficiary, stored().get().person) == ("张示例", None)


def test_a_bad_line_of_a_list_is_named_and_nothing_is_saved(client):
    union = union_of("E01")
    values = form(union, lines="张示例 300\n李示例 三百元整吧\n王示例")
    page = enter(client, union).post(reverse("aid:relief-batch"), values).content.decode()
    assert "第2行" in page
    assert "第3行" in page
    assert stored().count() == 0


def test_a_union_out_of_reach_cannot_be_chosen(client):
    mine, other = union_of("E01"), union_of("E02")
    enter(client, mine)
    assert client.post(reverse("aid:relief-new"), form(other)).status_code == 200
    assert client.post(reverse("aid:relief-batch"), form(other, lines="张示例 3")).status_code == 200
    assert stored().count() == 0


def test_strangers_and_absent_ids_get_404(client):
    mine, other = union_of("E01"), union_of("E02")
    strange = relief_of(other)
    enter(client, mine)
    for key in (strange.pk, strange.pk + 1000):
        assert client.get(reverse("aid:relief-detail", args=[key])).status_code == 404
        assert client.post(reverse("aid:relief-edit", args=[key]), form(mine)).status_code == 404
    assert stored().get().amount == 500_00


def test_who_may_only_look_finds_no_way_to_write(client):
    union = union_of("E01")
    relief = relief_of(union)
    enter(client, union, "audit")
    assert client.get(reverse("aid:relief-detail", args=[relief.pk])).status_code == 200
    assert client.get(reverse("aid:relief-batch")).status_code == 403
    assert client.post(reverse("aid:relief-new"), form(union)).status_code == 403


def test_its_list_costs_the_same_for_one_row_and_for_ten(client, django_assert_max_num_queries):
    union = union_of("E01")
    for _number in range(10):
        relief_of(union)
    enter(client, union)
    with django_assert_max_num_queries(15):
        client.get(reverse("aid:relief-list"))


def test_its_export_has_the_rows_of_the_list_in_yuan(client):
    union = union_of("E01")
    relief_of(union, amount=1234_50, people=37)
    address = reverse("aid:relief-list")
    answer = ordered(enter(client, union), address)
    content = answer.getvalue()
    sheet = CalamineWorkbook.from_filelike(BytesIO(content)).get_sheet_by_index(0)
    cells = [cell for row in sheet.to_python() for cell in row]
    assert 1234.5 in cells
    assert 37.0 in cells
    assert union.name in cells


def test_it_is_searched_by_name_initials_and_last_digits(client):
    union = union_of("E01")
    relief_of(union, person=person_of(union, name="张示例", id_number=NUMBER), beneficiary="张示例")
    relief_of(union, beneficiary="钱乙示")
    enter(client, union)
    for typed in ("张示", "zsl", "zhangsh", NUMBER[-4:]):
        page = client.get(reverse("aid:relief-list"), {"q": typed}).content.decode()
        assert "张示例" in page, typed
        assert "钱乙示" not in page, typed


def test_whoever_reads_a_note_is_seen_by_the_person_concerned(client):
    union = union_of("S1")
    relief = relief_of(union, "hardship", person=person_of(union, "赵示例"), note="独居")
    for post, sees in (("accountant", False), ("clerk", True)):
        enter(client, union, post)
        page = client.get(reverse("aid:relief-detail", args=[relief.pk])).content.decode()
        assert ("独居" in page, "仅经办人可见" in page) == (sees, not sees)
        lines = AuditEvent.objects.filter(verb="view", subject_id=relief.person_id)
        assert [line.fields for line in lines] == [["note"]] * sees
