"""A whole number typed into the search box in a real browser: it is posted, and no address ever holds it."""

from __future__ import annotations

import pytest

from tests.journeys.conftest import fits
from zhijia.areas.members.synthetic import synthetic_id
from zhijia.areas.members.tests.factories import BORN

pytestmark = pytest.mark.browser
NUMBER = synthetic_id(4321, BORN, "female")
PHONE = "13900004321"


@pytest.mark.parametrize(
    ("typed", "digits"), [(NUMBER, NUMBER), (f" {NUMBER[:6]} {NUMBER[6:]}", NUMBER[6:]), (PHONE, PHONE)]
)
def test_a_whole_number_is_posted_from_the_search_and_never_stands_in_an_address(page, typed, digits):
    asked = []
    page.on("request", lambda request: asked.append((request.method, request.url)))
    for box in (".kit-search input[name=q]", "main input[name=q]"):
        page.goto("/search/")
        page.fill(box, typed)
        page.press(box, "Enter")
        page.wait_for_url("**/members/find/")
        assert page.locator("input[name=number]").input_value() == typed.strip()
        assert page.locator(".is-invalid").count() == 0
        assert fits(page)
    assert [method for method, url in asked if url.endswith("/members/find/")] == ["POST", "POST"]
    assert [url for _method, url in asked if digits in url] == []


def test_everything_else_is_searched_as_before(page):
    page.goto("/search/")
    page.fill(".kit-search input[name=q]", "4321")
    page.press(".kit-search input[name=q]", "Enter")
    page.wait_for_url("**/search/?q=4321")
