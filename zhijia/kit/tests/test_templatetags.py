import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory

from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity
from zhijia.kit.templatetags import kit

HOME = Path(__file__).resolve().parents[3]
VENDOR = HOME / "zhijia" / "static" / "vendor"


def render(text: str, **context: object) -> str:
    return Template(text).render(Context(context))


@pytest.mark.parametrize(
    ("fen", "yuan", "wan"),
    [(123450, "1,234.50", "0.12"), (2500000, "25,000.00", "2.5"), (0, "0.00", "0"), (-5, "-0.05", "0")],
)
def test_it_shows_fen_as_yuan_and_wan(fen, yuan, wan):
    assert (kit.yuan(fen), kit.wan(fen)) == (yuan, wan)


@pytest.mark.parametrize("show", [kit.yuan, kit.wan, kit.money, kit.quantity, kit.chinese_date, kit.mask_id])
def test_it_says_missing_instead_of_zero(show):
    assert show(None) == "—"


def test_it_gives_both_units_to_the_switch():
    assert render("{{ 2500000|money }}") == (
        '<span data-fen="2500000" data-yuan="25,000.00" data-wan="2.5">25,000.00</span>'
    )


def test_it_writes_days_the_chinese_way_in_local_time():
    assert kit.chinese_date(date(2026, 3, 5)) == "2026年3月5日"
    assert kit.chinese_date(datetime(2026, 3, 4, 18, 0, tzinfo=UTC)) == "2026年3月5日"
    assert kit.chinese_time(datetime(2026, 3, 4, 18, 5, tzinfo=UTC)) == "2026年3月5日 02:05"


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("999001199801010018", "999***********0018"),
        ("13800000000", "138****0000"),
        ("123", "***"),
        ("1234567", "*******"),
    ],
)
def test_it_masks_numbers_and_hides_short_ones_wholly(number, shown):
    assert kit.mask_id(number) == shown
    assert kit.mask_phone(number) == shown


def test_it_writes_a_count_with_its_qualifier():
    assert kit.quantity(Quantity(2000, CountUnit.PERSON_TIME, Qualifier.AT_LEAST)) == "2,000余人次"


def test_it_changes_one_part_of_the_query_and_drops_the_export():
    request = RequestFactory().get("/", {"q": "张", "page": "2", "export": "xlsx", "purpose": "x"})
    assert render("{% query_string page=3 as link %}{{ link }}", request=request) == "?q=%E5%BC%A0&amp;page=3"
    assert (
        render("{% query_string name None q=None as link %}{{ link }}", request=request, name="page") == "?"
    )


def test_it_carries_the_query_into_another_form_escaped():
    request = RequestFactory().get("/", {"q": '"><b>', "page": "2", "kind": ["a", "b"]})
    page = render('{% hidden_query "page" names form="f" %}', request=request, names=["x"])
    assert page.count("<input") == 3
    assert 'value="&quot;&gt;&lt;b&gt;" form="f"' in page
    assert "page" not in page


def test_it_keeps_the_key_of_a_form_that_comes_back_with_errors():
    again = RequestFactory().post("/", {"idempotency_key": "k1"})
    assert render("{% idempotency_key %}", request=again) == "k1"
    first = RequestFactory().get("/")
    assert render("{% idempotency_key %}", request=first) != render("{% idempotency_key %}", request=first)


def test_it_gives_widgets_their_classes_and_their_errors_an_address():
    class Person(forms.Form):
        name = forms.CharField(label="姓名", help_text="与证件一致")
        kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
        way = forms.ChoiceField(label="方式", choices=[("1", "线上")], widget=forms.RadioSelect)
        agreed = forms.BooleanField(label="同意")

    form = Person({})
    name, kind, way, agreed = (
        str(form[field].as_field_group()) for field in ("name", "kind", "way", "agreed")
    )
    assert 'class="form-control is-invalid"' in name
    assert 'aria-describedby="id_name_helptext id_name_error"' in name or (
        'aria-describedby="id_name_helptext"' in name and 'id="id_name_error"' in name
    )
    assert 'id="id_name_helptext"' in name
    assert 'class="form-select is-invalid"' in kind
    assert "<fieldset" in way
    assert 'class="form-check-input is-invalid"' in way
    assert "form-check-input" in agreed


def test_it_shows_a_gap_of_a_chart_as_missing():
    page = render(
        '{% chart "bar" labels series unit="人" %}',
        labels=["1月", "2月"],
        series=[{"name": "人数", "values": [3, None]}],
    )
    assert '<td class="num">—</td>' in page
    assert "[3, null]" in page.replace("&quot;", '"')


def test_it_knows_every_icon_that_a_template_or_card_names():
    sprite = set(re.findall(r'symbol id="([^"]+)"', (VENDOR / "icons.svg").read_text(encoding="utf-8")))
    used = set()
    for template in (HOME / "zhijia").rglob("templates/**/*.html"):
        text = template.read_text(encoding="utf-8")
        used.update(re.findall(r'\{% icon "([^"]+)"', text))
        used.update(re.findall(r'\.icon\|default:"([^"]+)"', text))
    for card in (HOME / "zhijia").rglob("area.py"):
        used.update(re.findall(r'\bicon="([^"]+)"', card.read_text(encoding="utf-8")))
    assert used
    assert used - sprite == set()


def test_it_has_no_inline_script_or_style_in_any_template():
    wrong = re.compile(r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\ssrc=)[^>]*>|https?://", re.IGNORECASE)
    found = {
        str(template.relative_to(HOME)): match[0]
        for template in (HOME / "zhijia" / "kit").rglob("templates/**/*.html")
        if (match := wrong.search(template.read_text(encoding="utf-8")))
    }
    assert found == {}
