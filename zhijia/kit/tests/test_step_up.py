"""The decorator of pages: who lacks a fresh proof is led to the step-up, however the page is asked."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from zhijia.kernel.actor import Actor
from zhijia.kernel.scope import Grant, Scope
from zhijia.kernel.verdict import StepUpRequired, refused
from zhijia.kit.access import needs

VERIFY = "/accounts/verify/?next="


@needs("members.reveal", fresh=True)
def page(_request):
    return HttpResponse("shown")


@needs("members.reveal")
def forgetful(_request):
    raise StepUpRequired(refused("prove it"))


def asked(view, method="get", *, fresh=False, htmx=None, action="members.reveal", **headers):
    request = getattr(RequestFactory(), method)("/members/1/?tab=2", headers=headers)
    request.actor = Actor("A", Scope(frozenset({Grant(action, "")})), 1, fresh=fresh)
    request.htmx, request.session = htmx, {}
    return view(request)


def test_it_shows_the_page_to_a_fresh_one():
    assert asked(page, fresh=True).content == b"shown"


@pytest.mark.parametrize("view", [page, forgetful])
def test_it_leads_to_the_step_up_and_back(view):
    assert asked(view)["Location"] == VERIFY + "%2Fmembers%2F1%2F%3Ftab%3D2"


def test_it_leads_a_form_back_to_its_page():
    here = {"Referer": "http://testserver/members/1/edit/?a=1"}
    assert asked(page, "post", **here)["Location"] == VERIFY + "%2Fmembers%2F1%2Fedit%2F%3Fa%3D1"
    assert asked(page, "post", Referer="http://evil.example/x")["Location"] == VERIFY + "%2F"
    assert asked(page, "post")["Location"] == VERIFY + "%2F"


def test_it_moves_the_whole_window_for_a_part_of_a_page():
    answer = asked(page, htmx=SimpleNamespace(current_url_abs_path="/members/"))
    assert answer.status_code == 200
    assert answer["HX-Redirect"] == VERIFY + "%2Fmembers%2F"


def test_it_tells_nobody_without_the_right_to_prove_anything(db):
    assert asked(page, action="members.view").status_code == 403
