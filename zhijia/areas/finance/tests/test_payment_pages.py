"""The pages of payments, by role: who finds which button, and what each press does."""

import pytest
from django.urls import reverse
from django.utils import timezone

from zhijia.areas.accounts.tests.factories import officer_of, prove
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.finance.tests.factories import payment_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kit.attachments.models import Attachment

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"finance:{name}", args=args)


@pytest.fixture
def union():
    return union_of("E01")


@pytest.fixture
def desk(union, client_class):
    """Log someone in by post; the same post is the same person."""
    found = {}

    def sit(post, *, fresh=False, number=1):
        if (post, number) not in found:
            user = officer_of(union, post, name=f"{post}{number}")
            client = client_class()
            client.force_login(user)
            found[post, number] = client, user
        client, user = found[post, number]
        return prove(client, user) if fresh else client

    return sit


@pytest.fixture
def client_class():
    from django.test import Client

    return Client


def form(union, **kw):
    values = {
        "union": union.pk,
        "title": "购置春季运动会器材",
        "category": "culture",
        "amount": "1,200.50",
        "payee_kind": "unit",
        "payee": "示例体育用品店",
        "bank_name": "示例银行",
        "bank_account": "6222 0000 1111 2345",
        "invoice_no": "25440001",
        "idempotency_key": "key-1",
    }
    return values | kw


def stored():
    return Payment.objects.everywhere("test").get()


def pressed(client, name, **more):
    one = stored()
    values = {"version": one.version, "idempotency_key": f"{name}-{one.version}"} | more
    return client.post(url(f"payment-{name}", one.pk), values)


def test_it_goes_over_four_desks_into_the_ledger(union, desk):
    answer = desk("clerk").post(url("payment-new"), form(union))
    assert answer.url == url("payment-detail", stored().pk)
    pressed(desk("accountant"), "check")
    assert stored().state == "checked"
    pressed(desk("chair", fresh=True), "approve")
    assert stored().state == "approved"
    pressed(desk("cashier", fresh=True), "pay", paid_on=timezone.localdate().isoformat())
    entry = Entry.objects.everywhere("test").get()
    assert (stored().state, stored().entry, entry.amount) == ("paid", entry, 1200_50)
    page = desk("audit").get(url("payment-detail", stored().pk)).content.decode()
    assert all(name in page for name in ("clerk1", "accountant1", "chair1", "cashier1"))
    ledger = desk("accountant").get(url("entry-detail", entry.pk)).content.decode()
    assert url("payment-detail", stored().pk) in ledger
    assert url("entry-edit", entry.pk) not in ledger


def test_it_shows_no_whole_account_anywhere(union, desk):
    desk("clerk").post(url("payment-new"), form(union))
    pk = stored().pk
    for address in (url("payment-detail", pk), url("payment-edit", pk), url("payment-own", pk)):
        page = desk("clerk").get(address).content.decode()
        assert "2345" in page
        assert "62220000" not in page
    changed = form(union, version=1, bank_account="6222 0000 9999 7777", idempotency_key="k2")
    assert desk("clerk").post(url("payment-edit", pk), changed).status_code == 302
    stale = desk("clerk").post(url("payment-edit", pk), changed | {"bank_account": "6222 0000 3333 4444"})
    assert "62220000999" not in stale.content.decode()
    assert "7777" in stale.content.decode()


def test_an_account_left_blank_stays_as_it_is(union, desk):
    desk("clerk").post(url("payment-new"), form(union))
    values = form(union, version=1, bank_account="", amount="5", idempotency_key="k2")
    assert desk("clerk").post(url("payment-edit", stored().pk), values).status_code == 302
    assert (stored().amount, stored().bank_account) == (5_00, "6222000011112345")


def test_approval_leads_to_the_step_up_page_and_changes_nothing(union, desk):
    one = payment_of(union, "checked")
    back = url("payment-detail", one.pk)
    answer = desk("chair").post(
        url("payment-approve", one.pk), {"version": 1}, headers={"referer": f"http://testserver{back}"}
    )
    assert answer.status_code == 302
    assert reverse("accounts:step-up") in answer.url
    assert back in answer.url.replace("%2F", "/")
    assert stored().state == "checked"
    asked = desk("cashier").get(url("payment-pay", one.pk))
    assert asked.status_code == 302
    assert reverse("accounts:step-up") in asked.url


def test_buttons_are_there_for_whom_they_are(union, desk):
    doors = {
        "requested": {"accountant": {"check", "return"}},
        "checked": {"accountant": {"return"}, "chair": {"approve", "send-back", "refuse"}},
        "approved": {"chair": {"send-back"}, "cashier": {"pay"}},
        "paid": {},
    }
    names = ("edit", "withdraw", "check", "return", "send-back", "approve", "refuse", "pay")
    for state, wanted in doors.items():
        one = payment_of(union, state)
        for post in ("clerk", "accountant", "chair", "cashier", "audit"):
            page = desk(post).get(url("payment-detail", one.pk)).content.decode()
            found = {name for name in names if url(f"payment-{name}", one.pk) in page}
            assert found == wanted.get(post, set()), (state, post)


def test_whoever_is_kept_apart_is_told_why_and_finds_no_button(union, desk):
    desk("chair").post(url("payment-new"), form(union))
    pressed(desk("accountant"), "check")
    page = desk("chair", fresh=True).get(url("payment-detail", stored().pk)).content.decode()
    assert "不能审批本人的事项" in page
    assert url("payment-approve", stored().pk) not in page
    answer = desk("chair", fresh=True).post(
        url("payment-approve", stored().pk), {"version": 2, "idempotency_key": "x"}, follow=True
    )
    assert "不能审批本人的事项" in answer.content.decode()
    assert stored().state == "checked"
    pressed(desk("chair", fresh=True, number=2), "approve")
    assert stored().state == "approved"


def test_it_is_returned_with_a_reason_mended_and_handed_in_again(union, desk):
    desk("clerk").post(url("payment-new"), form(union))
    empty = pressed(desk("accountant"), "return", reason="")
    assert empty.status_code == 200
    assert stored().state == "requested"
    pressed(desk("accountant"), "return", reason="票据抬头不是本工会")
    page = desk("clerk").get(url("payment-own", stored().pk)).content.decode()
    assert "票据抬头不是本工会" in page
    values = form(union, version=2, invoice_no="25440002", idempotency_key="k2")
    desk("clerk").post(url("payment-edit", stored().pk), values)
    assert (stored().state, stored().invoice_no, stored().reason) == ("requested", "25440002", "")


def test_it_says_which_payment_used_an_invoice(union, desk):
    one = payment_of(union, "paid", invoice_no="25440001")
    page = desk("clerk").post(url("payment-new"), form(union, invoice_no="2544 0001")).content.decode()
    assert f"该票据号已报销（编号{one.code}" in page
    assert Payment.objects.everywhere("test").count() == 1


def test_it_asks_once_and_pays_once_however_often_it_is_sent(union, desk):
    for _time in range(2):
        desk("clerk").post(url("payment-new"), form(union))
    assert Payment.objects.everywhere("test").count() == 1
    Payment.objects.everywhere("test").delete()
    one = payment_of(union, "approved")
    cashier = desk("cashier", fresh=True)
    values = {"version": 1, "paid_on": timezone.localdate().isoformat()}
    for key in ("same", "same", "another"):
        cashier.post(url("payment-pay", one.pk), values | {"idempotency_key": key})
    assert Entry.objects.everywhere("test").count() == 1


def test_the_cashier_sees_the_account_for_a_stated_reason(union, desk):
    one = payment_of(union, "approved", bank_account="6222000011112345")
    address = url("account-reveal", one.pk)
    assert desk("cashier").get(address).status_code == 302
    cashier = desk("cashier", fresh=True)
    assert "6222000011112345" not in cashier.get(address).content.decode()
    answer = cashier.post(address, {"purpose": "payment"})
    assert "6222000011112345" in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    assert desk("chair", fresh=True).post(address, {"purpose": "payment"}).status_code == 403


def test_the_cashier_pays_from_the_account_without_going_back_and_forth(union, desk):
    one = payment_of(union, "approved", bank_account="6222000011112345", amount=1234_50)
    cashier, pay, show = (
        desk("cashier", fresh=True),
        url("payment-pay", one.pk),
        url("account-reveal", one.pk),
    )
    page = cashier.get(pay).content.decode()
    assert show in page
    assert "6222000011112345" not in page
    asked = cashier.get(show).content.decode()
    assert '<option value="payment" selected>' in asked
    assert all(text in asked for text in (one.code, one.payee))
    answer = cashier.post(show, {"purpose": "payment"})
    shown = answer.content.decode()
    assert all(text in shown for text in ("6222000011112345", one.code, one.title, one.payee, "1,234.50"))
    assert f'href="{pay}">看完了，去登记付款' in shown
    assert answer["Refresh"] == f"60; url={pay}"


@pytest.mark.parametrize(("state", "account"), [("approved", ""), ("checked", "6222000011112345")])
def test_the_payment_page_offers_no_account_that_is_not_there_or_not_due(union, desk, state, account):
    one = payment_of(union, state, bank_account=account)
    page = desk("cashier", fresh=True).get(url("payment-pay", one.pk)).content.decode()
    assert url("account-reveal", one.pk) not in page


NO_FILES = "没有附件（发票、清单）"


def test_a_payment_without_papers_warns_its_requester_and_those_who_decide_and_goes_on(union, desk):
    made = desk("clerk").post(url("payment-new"), form(union), follow=True)
    assert f"{NO_FILES}，请在本页下方添加。" in made.content.decode()
    for post, step in (("accountant", "check"), ("chair", "approve")):
        page = desk(post, fresh=True).get(url("payment-detail", stored().pk)).content.decode()
        assert f"{NO_FILES}，请核对原件后再办理。" in page
        pressed(desk(post, fresh=True), step)
    assert stored().state == "approved"
    pressed(desk("cashier", fresh=True), "pay", paid_on=timezone.localdate().isoformat())
    assert f"{NO_FILES}。" in desk("audit").get(url("payment-detail", stored().pk)).content.decode()


def test_who_sees_the_own_request_only_is_told_who_attaches_its_papers(union, desk):
    made = desk("women").post(url("payment-new"), form(union), follow=True)
    assert f"{NO_FILES}，请交会计或干事代为添加。" in made.content.decode()


def test_a_payment_with_papers_or_one_that_is_stopped_gives_no_warning(union, desk):
    with_papers = payment_of(union)
    file = {"name": "发票.pdf", "kind": "pdf", "size": 3, "sha256": "0" * 64, "uploaded_by": "李"}
    Attachment(model="finance.Payment", subject_id=with_papers.pk, **file).save()
    for one in (with_papers, payment_of(union, "refused"), payment_of(union, "withdrawn")):
        assert NO_FILES not in desk("accountant").get(url("payment-detail", one.pk)).content.decode()
    returned = payment_of(union, "returned")
    assert NO_FILES in desk("accountant").get(url("payment-detail", returned.pk)).content.decode()


def test_who_may_only_ask_sees_the_own_requests_only(union, desk):
    strange = payment_of(union, title="他人的申请")
    desk("women").post(url("payment-new"), form(union))
    own = Payment.objects.everywhere("test").exclude(pk=strange.pk).get()
    page = desk("women").get(url("payment-mine")).content.decode()
    assert own.title in page
    assert strange.title not in page
    assert desk("women").get(url("payment-own", own.pk)).status_code == 200
    assert desk("women").get(url("payment-own", strange.pk)).status_code == 404
    assert desk("women").get(url("payment-list")).status_code == 403
    assert desk("women").post(url("payment-edit", strange.pk), form(union)).status_code == 404


def test_strangers_and_absent_ids_get_404(union, desk):
    strange = payment_of(union_of("E02"))
    names = ("check", "return", "send-back", "approve", "refuse", "pay", "withdraw", "edit")
    posts = dict.fromkeys(names, "chair") | {"check": "accountant", "return": "accountant", "pay": "cashier"}
    for key in (strange.pk, strange.pk + 1000):
        assert desk("chair").get(url("payment-detail", key)).status_code == 404
        for name in names:
            answer = desk(posts[name], fresh=True).post(url(f"payment-{name}", key), {"version": 1})
            assert answer.status_code == 404, name


def test_an_accountant_types_the_name_and_a_clerk_may_choose_the_file(union, desk):
    person = person_of(union, "王示例")
    assert 'name="person"' not in desk("accountant").get(url("payment-new")).content.decode()
    values = form(union, payee_kind="person", payee="", person=person.pk)
    desk("clerk").post(url("payment-new"), values)
    assert (stored().person, stored().payee) == (person, "王示例")
    wrong = form(union, person=person.pk, idempotency_key="k2", invoice_no="")
    assert "收款人是单位时不能选择人员档案" in desk("clerk").post(url("payment-new"), wrong).content.decode()


def test_its_list_filters_and_shows_what_waits_for_the_one_who_looks(union, desk):
    payment_of(union, title="等待审核的")
    payment_of(union, "checked", title="等待审批的", category="training")
    payment_of(union, "paid", title="已经付款的", invoice_no="INV77", requested_at=timezone.now())
    chair = desk("chair")

    def listed(**asked):
        page = chair.get(url("payment-list"), asked).content.decode()
        return {name for name in ("等待审核的", "等待审批的", "已经付款的") if name in page}

    year = timezone.localdate().year
    assert listed() == {"等待审核的", "等待审批的", "已经付款的"}
    assert listed(waiting="me") == listed(state="checked") == listed(category="training") == {"等待审批的"}
    assert listed(q="inv77") == listed(q=f"{year}-0003") == {"已经付款的"}
    assert listed(period=str(year)) == listed()
    assert listed(period=str(year - 1)) == set()
    assert listed(union=union.pk) == listed()


def test_its_list_costs_the_same_for_one_row_and_for_ten(union, desk, django_assert_max_num_queries):
    for _number in range(10):
        payment_of(union, "checked")
    chair = desk("chair")
    chair.get(url("payment-list"))
    with django_assert_max_num_queries(12):
        chair.get(url("payment-list"))
