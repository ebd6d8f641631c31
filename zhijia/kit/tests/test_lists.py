import io

import django_filters
import django_tables2 as tables
import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.sessions.backends.signed_cookies import SessionStore
from django.test import RequestFactory
from django.urls import include, path
from python_calamine import CalamineWorkbook

from zhijia.kernel.actor import Actor
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.scope import Grant, Scope
from zhijia.kit import lists
from zhijia.kit.columns import ActionColumn, MaskedColumn, MoneyColumn, NumberColumn, SelectColumn
from zhijia.kit.filters import searched
from zhijia.kit.lists import Action, EmptyState, list_page
from zhijia.kit.taking_out import Order

urlpatterns = [path("books/", include("zhijia.kit.urls"))]

ROWS = [
    {
        "pk": number,
        "name": f"户{number:03}",
        "fen": number * 100,
        "people": number,
        "card": "999001199801010018",
    }
    for number in range(1, 61)
]


class Households(tables.Table):
    pick = SelectColumn()
    name = tables.Column("户名", linkify=lambda record: f"/h/{record['pk']}/")
    fen = MoneyColumn("金额", total=True)
    people = NumberColumn("人数")
    card = MaskedColumn("证件号")
    links = ActionColumn(template_code="<a href='/x/'>看</a>")


class Kinds(tables.Table):
    app_label = tables.Column("应用")
    model = tables.Column("模型")


class KindFilter(django_filters.FilterSet):
    app_label = django_filters.CharFilter(label="应用")
    pk = django_filters.NumberFilter(label="编号", widget=forms.NumberInput)

    class Meta:
        model = ContentType
        fields = ["app_label", "pk"]


@pytest.fixture(autouse=True)
def bare_shell(settings):
    """The kit alone: no menu of the product, no pages of other packages."""
    templates = [{**settings.TEMPLATES[0], "OPTIONS": dict(settings.TEMPLATES[0]["OPTIONS"])}]
    templates[0]["OPTIONS"]["context_processors"] = ["django.template.context_processors.request"]
    settings.TEMPLATES = templates
    settings.ROOT_URLCONF = __name__


CLERK = Actor("王某", Scope(frozenset({Grant("books.export", "000001")})), fresh=True)


def ask(query=None, *, partial=False, session=None, actor=CLERK, order=None):
    headers = {"HX-Request": "true", "HX-Target": "list-body"} if partial else {}
    request = RequestFactory().get("/h/", query or {}, headers=headers)
    request.session = session if session is not None else SessionStore()
    request._messages = CookieStorage(request)
    request.actor = actor
    if order:
        request.export_order = order
    return request


def page(query=None, *, rows=ROWS, partial=False, session=None, actor=CLERK, order=None, **more):
    request = ask(query, partial=partial, session=session, actor=actor, order=order)
    return list_page(request, queryset=list(rows), table_class=Households, title="困难户", **more)


def exported(response):
    content = io.BytesIO(b"".join(response))
    response.file_to_stream.close()
    return CalamineWorkbook.from_filelike(content).get_sheet_by_index(0).to_python()


def test_it_shows_the_first_page_with_title_actions_and_total():
    text = page(actions=(Action("新建", "/new/", "plus", primary=True),)).content.decode()
    assert "<h1>困难户</h1>" in text
    assert 'href="/new/"' in text
    assert text.count("data-row") == 20
    assert "第 1–20 条，共 60 条" in text


def test_it_sends_only_the_body_to_htmx_and_tells_caches():
    response = page({"page": "2"}, partial=True)
    text = response.content.decode()
    assert "<html" not in text
    assert "户021" in text
    assert "户020" not in text
    assert "HX-Request" in response["Vary"]


def test_it_sends_the_whole_page_when_the_history_is_restored():
    request = ask(partial=True)
    request.META["HTTP_HX_HISTORY_RESTORE_REQUEST"] = "true"
    response = list_page(request, queryset=list(ROWS), table_class=Households, title="困难户")
    assert "<html" in response.content.decode()


@pytest.mark.parametrize(("asked", "first"), [("99", "户041"), ("x", "户001"), ("-1", "户041")])
def test_it_shows_a_near_page_for_one_that_is_not_there(asked, first):
    text = page({"page": asked}).content.decode()
    assert first in text


@pytest.mark.parametrize(("asked", "shown"), [("50", 50), ("100", 60), ("7", 20), ("100000", 20)])
def test_it_offers_three_page_sizes_only(asked, shown):
    assert page({"per_page": asked}).content.decode().count("data-row") == shown


def test_it_sorts_and_keeps_the_sort_in_its_links():
    text = page({"sort": "-fen"}, partial=True).content.decode()
    assert text.index("户060") < text.index("户059")
    assert 'aria-sort="descending"' in text
    assert 'href="?sort=-fen&amp;page=2"' in text


def test_it_sums_the_money_of_the_page():
    text = page(partial=True).content.decode()
    assert "本页合计" in text
    assert 'data-fen="21000"' in text  # 1 to 20 yuan


def test_it_masks_numbers_on_the_page():
    text = page(partial=True).content.decode()
    assert "999***********0018" in text
    assert "999001199801010018" not in text


def test_it_tells_what_to_do_when_there_is_nothing():
    empty = EmptyState("还没有困难户。", Action("建档", "/new/"))
    text = page(rows=[], empty=empty, export_name="困难户").content.decode()
    assert "还没有困难户。" in text
    assert 'href="/new/"' in text
    assert 'name="address"' not in text


def test_it_hides_columns_and_remembers_it():
    session = SessionStore()
    first = page({"columns": ["", "people"]}, session=session, partial=True).content.decode()
    later = page(session=session, partial=True).content.decode()
    assert "<thead" in later
    for text in (first, later):
        head = text[text.index("<thead") : text.index("</thead")]
        assert "人数" in head
        assert "户名" in head  # the first column stays
        assert "金额" not in head
    again = page({"columns": [""]}, session=session, partial=True).content.decode()
    assert "金额" in again[again.index("<thead") : again.index("</thead")]


@pytest.mark.django_db
def test_it_exports_every_row_in_the_order_and_columns_of_the_screen():
    response = page({"sort": "-fen"}, order=Order("年审"), export_name="困难户")
    lines = exported(response)
    assert lines[2] == ["户名", "金额", "人数", "证件号"]
    assert len(lines) == 63
    assert lines[3] == ["户060", 60, 60, "999***********0018"]
    assert "王某" in lines[1][0]
    assert "年审" in lines[1][0]


@pytest.mark.django_db
def test_it_leaves_a_line_in_the_audit_for_each_export():
    page(order=Order("年审"), export_name="困难户")
    line = AuditEvent.objects.get()
    assert (line.action, line.verb, line.actor_name, line.rows) == ("books.export", "export", "王某", 60)
    assert line.before == {"name": "困难户", "purpose": "年审"}


@pytest.mark.django_db
def test_it_offers_no_export_to_those_who_may_not_take_lists_out():
    assert 'name="address"' in page(export_name="困难户").content.decode()
    reader = Actor("李某", Scope(frozenset({Grant("members.view", "000001")})))
    assert 'name="address"' not in page(export_name="困难户", actor=reader).content.decode()
    refused = page(order=Order("年审"), export_name="困难户", actor=reader)
    assert refused.status_code == 403
    assert not AuditEvent.objects.exists()


def test_it_does_not_export_a_list_that_offers_none():
    order = Order("年审")
    response = page(order=order)
    assert not order.is_delivered
    assert response["Content-Type"].startswith("text/html")


def test_it_refuses_an_export_that_is_too_large(monkeypatch):
    monkeypatch.setattr(lists, "MOST_EXPORTED", 10)
    response = page({"sort": "fen"}, order=Order("年审"), export_name="困难户")
    assert response.status_code == 302
    assert response["Location"] == "/h/?sort=fen"


@pytest.mark.django_db
def test_it_filters_and_exports_what_is_filtered():
    request = ask({"app_label": "auth"}, order=Order("年审"))
    response = list_page(
        request,
        queryset=ContentType.objects.all(),
        table_class=Kinds,
        filter_class=KindFilter,
        title="类型",
        export_name="类型",
    )
    lines = exported(response)[3:]
    assert [line[0] for line in lines] == ["auth"] * ContentType.objects.filter(app_label="auth").count()
    assert lines


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("reach", "shown"), [(("auth",), {"auth"}), (("auth", "kernel"), {"auth", "kernel"}), (("zzz",), set())]
)
def test_it_exports_only_what_the_post_may_take_out(monkeypatch, reach, shown):
    monkeypatch.setattr(ContentType, "scope_path", "app_label", raising=False)
    grants = {Grant("books.export", path) for path in reach} | {Grant("kinds.view", "")}
    actor = Actor("王某", Scope(frozenset(grants)), fresh=True)
    request = ask({"sort": "model"}, actor=actor, order=Order("年审"))
    everything = ContentType.objects.all()
    assert everything.exclude(app_label__in=reach).exists()
    response = list_page(request, queryset=everything, table_class=Kinds, title="类型", export_name="类型")
    lines = exported(response)[3:]
    assert {line[0] for line in lines} == shown
    assert len(lines) == everything.filter(app_label__in=reach).count()
    assert AuditEvent.objects.get().rows == len(lines)


NUMBER = "999001199801010018"


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        f"张三 {NUMBER}",
        "999001 19980101 0018",
        "９９９００１１９９８０１０１００１８",
        NUMBER[:15],
        "139 0000 0001",
    ],
)
def test_it_answers_a_search_for_a_whole_number_with_advice(typed):
    response = list_page(
        ask({"app_label": typed}),
        queryset=ContentType.objects.none(),
        table_class=Kinds,
        filter_class=KindFilter,
        title="类型",
    )
    text = response.content.decode()
    assert response.status_code == 400
    assert "请只输入号码的后4位" in text
    assert typed not in text


def test_it_keeps_a_whole_number_out_of_the_address_of_a_part():
    response = list_page(
        ask({"app_label": NUMBER}, partial=True),
        queryset=ContentType.objects.none(),
        table_class=Kinds,
        filter_class=KindFilter,
        title="类型",
    )
    assert response["HX-Push-Url"] == "false"
    assert "请只输入号码的后4位" in response.content.decode()
    assert NUMBER not in response.content.decode()


@pytest.mark.parametrize("typed", ["", "张三", "zs", "10018X", "1390000", "DEMO-Z13", "2025-01-01"])
def test_it_leaves_other_searches_as_they_are(typed):
    assert searched(f" {typed} ") == typed


@pytest.mark.django_db
def test_it_shows_nothing_rather_than_everything_for_a_wrong_filter():
    request = ask({"pk": "abc"})
    response = list_page(
        request, queryset=ContentType.objects.all(), table_class=Kinds, filter_class=KindFilter, title="类型"
    )
    text = response.content.decode()
    assert "没有符合条件的记录" in text
    assert "<tbody>" not in text
    assert "编号：" in text


@pytest.mark.django_db
def test_it_breaks_ties_by_key_so_that_pages_never_overlap(django_assert_num_queries):
    request = ask({"sort": "app_label"}, partial=True)
    with django_assert_num_queries(2) as queries:
        list_page(request, queryset=ContentType.objects.all(), table_class=Kinds, title="类型")
    ordering = queries[1]["sql"].split("ORDER BY")[1]
    assert ordering.index("app_label") < ordering.index('"id"')
