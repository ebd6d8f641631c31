"""Every address answers, every template is rendered, and a variable that does not exist fails.

The crawl opens each address as an officer with records, as one without any, as an htmx part, and posts each
form empty. An address that nobody listed a sample for is red.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.template import engines
from django.template.loader import render_to_string

import zhijia
from tests.guards.world import errands, names

HOME = Path(zhijia.__file__).parent
OK = {200, 302, 400, 403, 404, 405}
ALL = {"get", "htmx", "post", "query"}
LEAVES = {"accounts:logout", "set_language"}  # the crawl would lose its log-in, or its language
# template -> why the crawl cannot reach it
UNREACHED: dict[str, str] = {
    "403_csrf.html": "rendered by Django's own CSRF view; looked at below",
    "500.html": "rendered by Django's own error handler; looked at below",
    "accounts/_passkey.html": "only with a passkey, which needs a browser: journeys/test_log_in.py",
    "accounts/closed.html": "the locked door (429): accounts/tests/test_log_in.py",
    "accounts/outside.html": "only with an outside identity switched on: tests/config/test_wecom.py",
}


def ways(client, address):
    """The ways in which a browser opens an address."""
    yield "get", lambda: client.get(address)
    yield "htmx", lambda: client.get(address, headers={"HX-Request": "true", "HX-Target": "list-body"})
    yield "post", lambda: client.post(address, {})
    yield (
        "query",
        lambda: client.get(address, {"q": "不存在", "page": "7", "period": "2025", "union": "C1"}),
    )


def visit(client, address, faults, tried=ALL):
    """Open an address in several ways; return the templates used, collect what went wrong."""
    used = set()
    for way, call in ways(client, address):
        if way not in tried:
            continue
        try:
            answer = call()
        except (Exception, pytest.fail.Exception) as error:  # noqa: BLE001 - names every fault, not the first
            faults.append(f"{way} {address}: {type(error).__name__}: {error}")
            continue
        if answer.status_code not in OK:
            faults.append(f"{way} {address}: {answer.status_code}")
        used |= rendered(answer)
    return used


def rendered(answer):
    return {template.name for template in answer.templates if template.name}


def templates():
    return {
        str(path.relative_to(folder))
        for folder in HOME.glob("**/templates")
        for path in folder.glob("**/*.html")
        if "django" not in path.parts
    }


def test_it_renders_every_page_and_every_template(world, client, places):
    used, faults = set(), []
    for user, tried in ((world.cast.chen, ALL), (world.cast.zhao, {"get", "post"})):
        client.force_login(user)
        for name in names():
            if name not in LEAVES:
                used |= visit(client, world.address(name), faults, tried)
    for answer in errands(world, client, places):
        assert answer.status_code in OK
        used |= rendered(answer)
    assert faults == []
    left = templates() - used
    assert left - set(UNREACHED) == set()
    assert set(UNREACHED) - left == set(), "stale exemptions"


def test_it_would_notice_a_page_that_breaks(world, client, monkeypatch):
    def broken(*_given):
        raise KeyError("sabotage")

    monkeypatch.setattr("zhijia.web.views.todos", broken)
    client.force_login(world.cast.chen)
    faults = []
    visit(client, world.address("web:todo"), faults)
    assert len(faults) == len(ALL)
    assert "KeyError" in faults[0]


@pytest.mark.parametrize("name", ["403.html", "403_csrf.html", "404.html", "500.html"])
def test_it_renders_the_error_pages(name):
    assert "职家" in render_to_string(name, {})


@pytest.mark.parametrize(
    "text",
    [
        "{{ nobody }}",
        '{{ nobody|default:"x" }}',
        "{{ settings.NOTHING }}",
        "{% with x=nobody %}{% endwith %}",
    ],
)
def test_it_would_notice_a_variable_that_does_not_exist(text):
    template = engines["django"].from_string(text)
    with pytest.raises(pytest.fail.Exception, match="Undefined template variable"):
        template.render({"settings": settings})


def test_it_lets_a_template_ask_whether_a_variable_is_there():
    text = "{% if nobody %}x{% endif %}{% firstof nobody 'y' %}{% for one in nobody %}{{ one }}{% endfor %}"
    assert engines["django"].from_string(text).render({}) == "y"
