"""Every form carries its token and its key, no post passes without the token, answers have their headers."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.http import HttpResponse
from django.views.decorators.csrf import csrf_exempt

from tests.guards.access_cells import FORM, Cell, ask, cells, sample_of
from tests.guards.access_pages import PAGES
from tests.guards.access_rooms import enter, land, quiet  # noqa: F401 - fixtures
from tests.guards.access_scan import body_of
from tests.guards.world import patterns

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quiet")]
# address of a form -> why sending it twice does no harm
WITHOUT_KEY = {
    "/accounts/login/": "a log-in writes no record",
    "/accounts/login/second-step/": "a log-in writes no record",
    "/accounts/logout/": "ends the session, once or twice",
    "/accounts/verify/": "a proof of identity writes no record",
    "/accounts/me/language/": "the same language again",
    "/i18n/setlang/": "the same language again",
    r"/accounts/me/second-factor/passkeys/(new/|[0-9]+/remove/)": "a challenge counts once; gone is gone",
    r"/accounts/me/second-factor/totp/(off/)?": "the first time counts",
    r"/accounts/me/second-factor/codes/new/": "new codes take the place of the former ones",
    r"/accounts/me/sessions/([0-9]+|others)/end/": "a session ends once",
    r"/books/": "an upload keeps nothing in the tables",
    r"/books/files/.*": "a preview keeps nothing",
    r"/books/jobs/[0-9]+/confirm/": "the same rows again change nothing: they are known by their source key",
    r"/books/jobs/[0-9]+/cancel/": "a job stops once",
    r"/summaries/new/": "the same records give the same summary",
    r"/summaries/jobs/[0-9]+/cancel/": "a job stops once",
    r"/audit/verify/": "checks the chain, writes no record",
}
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
}
DATA = ("application/json", "application/ld+json", "text/plain")
ROLES_SEEN = ("anonymous", "county chair", "school accountant", "school cashier", "member", "audit admin")


class Reader(HTMLParser):
    """Reads the forms of a page, and what the policy of contents would block."""

    def __init__(self):
        super().__init__()
        self.forms, self.blocked = [], []
        self.form = None

    def handle_starttag(self, tag, attrs):
        named = dict(attrs)
        if tag == "form":
            self.form = {"method": named.get("method", "get"), "action": named.get("action"), "names": set()}
            self.forms.append(self.form)
        elif self.form is not None and tag in ("input", "button", "select", "textarea"):
            self.form["names"].add(named.get("name"))
        self.blocked += [f"{tag} {name}" for name in named if name == "style" or name.startswith("on")]
        self.blocked += [f"{tag} {name}" for name, text in attrs if (text or "").startswith("javascript:")]
        if tag == "style" or (tag == "script" and "src" not in named and named.get("type") not in DATA):
            self.blocked.append(f"inline {tag}")

    def handle_endtag(self, tag):
        if tag == "form":
            self.form = None


def read(text):
    reader = Reader()
    reader.feed(text)
    return reader


def posts(page, address):
    """The forms of a page that are posted, with the address they go to."""
    here = address.partition("?")[0]
    return [
        ((form["action"] or here).partition("?")[0], form["names"])
        for form in read(page).forms
        if form["method"].lower() == "post"
    ]


def looks(counties, role):
    """Every page that the role may look at, at its own union: address and answer."""
    client = enter(counties, role)
    for cell in cells(role, PAGES):
        if cell.way == "GET" and cell.target == "own":
            address = cell.page.address(sample_of(cell, counties))
            yield address, ask(client, cell, address)


def is_page(answer):
    return "text/html" in answer.headers.get("Content-Type", "")


@pytest.mark.parametrize("role", ROLES_SEEN)
def test_it_gives_every_form_a_token_and_a_key_and_every_answer_its_headers(land, role):  # noqa: F811 - the fixture
    faults, forms = [], 0
    for address, answer in looks(land, role):
        faults += [f"{address}: {fault}" for fault in header_faults(answer, is_known=role != "anonymous")]
        if not is_page(answer):
            continue
        text = body_of(answer).decode()
        faults += [f"{address}: {blocked}" for blocked in read(text).blocked]
        for target, fields in posts(text, address):
            forms += 1
            faults += form_faults(target, fields)
    assert sorted(set(faults)) == []
    assert forms


def form_faults(target, fields):
    if "csrfmiddlewaretoken" not in fields:
        yield f"the form to {target} has no token"
    if "idempotency_key" not in fields and not any(
        target == one or re.fullmatch(one, target) for one in WITHOUT_KEY
    ):
        yield f"the form to {target} has no idempotency key"


def header_faults(answer, *, is_known):
    yield from (f"{name}: {answer.get(name)}" for name, text in HEADERS.items() if answer.get(name) != text)
    policy = answer.get("Content-Security-Policy", "")
    if "default-src 'self'" not in policy and "default-src 'none'" not in policy:
        yield "no policy of contents"
    if "unsafe" in policy:
        yield f"a policy of contents that lets everything through: {policy}"
    if is_known and "no-store" not in answer.get("Cache-Control", ""):
        yield "may be stored by caches"


def test_it_takes_no_post_without_a_token(land):  # noqa: F811 - the fixture
    client = enter(land, "county chair", enforce_csrf_checks=True)
    faults = []
    asked = {
        (cell.page.name, cell.page.args): cell
        for cell in cells("county chair", PAGES)
        if cell.target == "own"
    }
    for cell in asked.values():
        address = cell.page.address(sample_of(cell, land))
        answer = ask(client, Cell(cell.role_name, cell.page, "POST", "own", cell.letter), address, "a=b")
        if answer.status_code != 403 or "403_csrf.html" not in {one.name for one in answer.templates}:
            faults.append(f"{address}: {answer.status_code}")
    assert faults == []
    assert len(asked) > 100


def test_it_would_notice_a_form_without_token_and_key_and_what_the_policy_blocks():
    page = '<form method="post" action="/a/"><input name="x"></form><form><input name="q"></form>'
    ((target, fields),) = posts(page, "/here/?q=1")
    assert list(form_faults(target, fields)) == [
        "the form to /a/ has no token",
        "the form to /a/ has no idempotency key",
    ]
    bad = '<p style="x" onclick="y"><a href="javascript:z"></a><script>1</script><style></style>'
    assert read(bad).blocked == ["p style", "p onclick", "a href", "inline script", "inline style"]
    assert read('<script src="/x.js"></script><script type="application/json">{}</script>').blocked == []


def test_it_would_notice_an_answer_without_headers():
    assert len(list(header_faults(HttpResponse(), is_known=True))) == len(HEADERS) + 2


def test_it_would_notice_a_post_that_needs_no_token(land, monkeypatch):  # noqa: F811 - the fixture
    found = dict(patterns())["honours:honour-new"]
    open_ = found.callback
    monkeypatch.setattr(found, "callback", csrf_exempt(open_.__wrapped__))
    client = enter(land, "county chair", enforce_csrf_checks=True)
    assert client.generic("POST", "/honours/new/", "", content_type=FORM).status_code == 200
