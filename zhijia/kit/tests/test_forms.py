from datetime import date

import pytest
from django import forms
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError

from zhijia.kernel.quantity import CountUnit, Qualifier, Quantity
from zhijia.kit.forms import DateField, MoneyField, QuantityField, RowsField, search_select


class Visit(forms.Form):
    amount = MoneyField()
    people = QuantityField(count_unit=CountUnit.PERSON_TIME)
    day = DateField()


def test_it_reads_what_clerks_type():
    form = Visit({"amount": "１,２３４.５０", "people": "2000余", "day": "２０２６年３月５日"})
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {
        "amount": 123450,
        "people": Quantity(2000, CountUnit.PERSON_TIME, Qualifier.AT_LEAST),
        "day": date(2026, 3, 5),
    }


def test_it_says_what_is_wrong_with_each_box():
    form = Visit({"amount": "1.234", "people": "30户", "day": "2026年2月30日"})
    assert not form.is_valid()
    assert "不能超过两位" in form.errors["amount"][0]
    assert "人次" in form.errors["people"][0]
    assert "看不懂这个日期" in form.errors["day"][0]


@pytest.mark.parametrize(
    "text", ["2025-03-05", "2025/3/5", "2025.3.5", "2025年3月5日", " 2025 年 3 月 5 日 "]
)
def test_it_reads_a_day_in_each_habit(text):
    assert DateField().clean(text) == date(2025, 3, 5)


@pytest.mark.parametrize("text", ["2025", "03/05/2025", "2025-13-01", "昨天"])
def test_it_refuses_what_is_no_day(text):
    with pytest.raises(ValidationError):
        DateField().clean(text)


@pytest.mark.parametrize("qualifier", list(Qualifier))
def test_it_reads_back_the_count_that_it_put_in_the_box(qualifier):
    field = QuantityField(count_unit=CountUnit.PERSON)
    count = Quantity(12_345, CountUnit.PERSON, qualifier)
    assert field.clean(field.prepare_value(count)) == count


def test_it_sees_no_change_in_another_way_of_writing():
    assert not MoneyField().has_changed(120_000, "1,200.00")
    assert MoneyField().has_changed(120_000, "1,200.01")
    assert MoneyField().has_changed(None, "不知道")
    many = QuantityField(count_unit=CountUnit.PERSON)
    assert not many.has_changed(Quantity(2000, CountUnit.PERSON, Qualifier.AT_LEAST), "2,000多")


def test_it_keeps_an_empty_amount_missing():
    assert MoneyField(required=False).clean("") is None
    assert QuantityField(count_unit=CountUnit.PERSON, required=False).clean("") is None


@pytest.mark.django_db
def test_it_sends_only_the_chosen_option_of_a_searched_select():
    chosen = ContentType.objects.order_by("pk").first()

    class Pick(forms.Form):
        kind = forms.ModelChoiceField(ContentType.objects.all(), widget=search_select("/q/"))

    page = str(Pick(initial={"kind": chosen.pk})["kind"])
    assert ContentType.objects.count() > 3
    assert page.count("<option") <= 2
    assert f'value="{chosen.pk}" selected' in page
    assert Pick({"kind": ContentType.objects.last().pk}).is_valid()


@pytest.mark.django_db
@pytest.mark.parametrize("nonsense", ["abc", "9" * 30, "9" * 5000, "-1", "", "1\x00"])
def test_it_shows_nothing_as_chosen_for_what_cannot_be_a_key(nonsense):
    class Pick(forms.Form):
        kind = forms.ModelChoiceField(ContentType.objects.all(), widget=search_select("/q/"))
        kinds = RowsField(ContentType.objects.all(), url="/q/")

    chosen = ContentType.objects.order_by("pk").first()
    form = Pick({"kind": nonsense, "kinds": [nonsense, chosen.pk]})
    assert "selected" not in str(form["kind"]).replace('value="" selected', "")
    assert str(form["kinds"]).count("selected") == 1
    assert set(form.errors) == {"kind", "kinds"}
