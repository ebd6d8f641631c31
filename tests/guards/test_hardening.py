"""Small properties of log-in, headers and failures that the ASVS asks for and no area's own tests show."""

from __future__ import annotations

import ast
import logging
import re
import secrets
from pathlib import Path

import pytest
from allauth.mfa import app_settings as second_factors
from allauth.usersessions.models import UserSession
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.test import Client

import zhijia
from zhijia.areas.accounts.forms import PasswordForm
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.tests.factories import PASSWORD, enter, officer_of
from zhijia.areas.members.tests.factories import member_of
from zhijia.areas.organisations.tests.factories import union_of

HOME = Path(zhijia.__file__).parent
SCRIPTS = sorted((HOME / "static" / "zhijia").glob("*.js"))
pytestmark = pytest.mark.django_db
SECRET_WORDS = "column secret_of_the_house does not exist"
TEXT = "utf-8"
# what -> why it is safe
ALLOWED = {
    "kit/books/extent.py: xml.etree": "streams sheets after the gate has refused entities in every part"
}
SAFE_PAGES = {"field.html": "help texts, which stand in the code"}


@pytest.fixture
def school():
    return union_of("S", name="示例小学工会")


@pytest.fixture
def officer(client, school):
    return enter(client, school, "clerk", fresh=True)


def break_the_first_page(monkeypatch):
    def broken(*_given):
        raise RuntimeError(SECRET_WORDS)

    monkeypatch.setattr("zhijia.web.views.todos", broken)


# --- failures tell nobody but the log --------------------------------------------------------------------
def test_a_fault_shows_a_plain_page_and_stands_in_the_log(officer, monkeypatch, caplog):
    break_the_first_page(monkeypatch)
    officer.raise_request_exception = False
    answer = officer.get("/todo/")
    assert answer.status_code == 500
    page = answer.content.decode()
    assert "职家" in page
    assert SECRET_WORDS not in page
    assert "Traceback" not in page
    (line,) = [one for one in caplog.records if one.levelno == logging.ERROR]
    assert SECRET_WORDS in str(line.exc_info[1])
    assert officer.get("/accounts/me/").status_code == 200  # the process goes on


def test_it_would_notice_a_fault_that_is_shown(officer, monkeypatch, settings):
    break_the_first_page(monkeypatch)
    officer.raise_request_exception = False
    settings.DEBUG = True
    assert SECRET_WORDS in officer.get("/todo/").content.decode()


def test_an_address_with_line_ends_makes_one_line_in_the_log(officer, caplog):
    officer.get("/no-such-page%0A2026-01-01 ERROR forged%1b[2J/")
    lines = [one.getMessage() for one in caplog.records if "no-such-page" in one.getMessage()]
    assert lines
    assert not any(re.search(r"[\x00-\x1f]", line) for line in lines)


# --- what is not there -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "path",
    [
        "/.git/config",
        "/.git/",
        "/static/",
        "/static/../config/settings.py",
        "/static/zhijia/",
        "/var/",
        "/api/",
    ],
)
def test_nothing_but_pages_and_assets_is_served(officer, path):
    assert officer.get(path).status_code == 404


def test_it_starts_without_any_log_in(db):
    assert list(User.objects.all()) == []


# --- passwords -------------------------------------------------------------------------------------------
def changed(user, old, new):
    form = PasswordForm({"old": old, "password": new, "again": new}, user=user)
    return form.is_valid()


@pytest.mark.parametrize(
    "password",
    [
        "纸鸢风筝与长长的句子足够长",
        "   leading and trailing   ",
        secrets.token_hex(60),
        "plumtreewick" + "\U0001f600" * 8,
    ],
)
def test_a_password_of_any_signs_is_taken_as_it_was_typed(client, school, password):
    user = officer_of(school, username="chen", password=PASSWORD)
    client.force_login(user)
    assert client.post(
        "/accounts/me/password/", {"old": PASSWORD, "password": password, "again": password}
    ).status_code == 302  # fmt: skip
    for typed, status in ((password, 302), (password.strip() + "x", 200), (password.upper() + "x", 200)):
        sent = {"username": "chen", "password": typed}
        assert Client().post("/accounts/login/", sent).status_code == status


def test_changing_the_password_wants_the_old_one(school):
    user = officer_of(school, username="chen", password=PASSWORD)
    assert not changed(user, "not-the-old-one", "Harbour-Window-81")
    assert changed(user, PASSWORD, "Harbour-Window-81")


def test_boxes_for_passwords_hide_what_is_typed_and_let_managers_help(client, officer):
    pages = [
        Client().get("/accounts/login/"),
        officer.get("/accounts/me/password/"),
        officer.get("/accounts/verify/"),
    ]
    boxes = [
        box
        for page in pages
        for box in re.findall(r"<input[^>]*password[^>]*>", page.content.decode())
        if 'type="hidden"' not in box
    ]
    assert len(boxes) >= 5
    for box in boxes:
        assert 'type="password"' in box
        assert "autocomplete" in box
        assert 'autocomplete="off"' not in box
    assert not any("paste" in script.read_text(TEXT) for script in SCRIPTS)


def test_codes_of_second_factors_are_long_enough():
    assert second_factors.RECOVERY_CODE_DIGITS >= 7  # 10^7 > 2^20
    assert second_factors.TOTP_DIGITS >= 6
    assert second_factors.TOTP_PERIOD == 30


# --- sessions --------------------------------------------------------------------------------------------
def test_a_log_in_gets_a_new_session_and_a_log_out_ends_it_on_the_server(school):
    officer_of(school, username="chen", password=PASSWORD)
    client = Client()
    client.get("/accounts/login/")
    session = client.session
    session["planted"] = "1"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = before
    client.post("/accounts/login/", {"username": "chen", "password": PASSWORD})
    after = client.session.session_key
    assert len(after) >= 32
    assert after != before
    old = Client()
    old.cookies["sessionid"] = before
    assert old.get("/accounts/me/").status_code == 302
    client.post("/accounts/logout/")
    late = Client()
    late.cookies["sessionid"] = after
    assert late.get("/accounts/me/").status_code == 302


def test_a_log_in_that_is_closed_loses_its_open_session_at_once(client, school):
    user = officer_of(school)
    client.force_login(user)
    assert client.get("/accounts/me/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/accounts/me/").status_code == 302


def test_every_page_offers_the_way_out(officer):
    for path in ("/", "/members/", "/accounts/me/", "/figures/"):
        assert 'action="/accounts/logout/"' in officer.get(path).content.decode(), path
    bases = {
        path.name
        for path in HOME.glob("**/templates/**/*.html")
        if path.read_text(TEXT).lstrip().startswith("<!doctype") or "<html" in path.read_text(TEXT)
    }
    assert bases <= {"base.html", "plain.html", "403_csrf.html", "500.html"}


# --- headers and methods ---------------------------------------------------------------------------------
@pytest.mark.parametrize("path", ["/", "/members/", "/no-such-page/", "/static/zhijia/app.js"])
def test_every_kind_of_answer_says_what_it_is(officer, path):
    answer = officer.get(path)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"].lower().endswith('charset="utf-8"' if "static" in path else "charset=utf-8")


def test_a_list_for_a_field_is_json_and_says_so(officer):
    assert officer.get("/accounts/seats/", {"q": "S"})["Content-Type"] == "application/json"


def test_pages_are_never_framed_and_never_shared_with_other_origins(officer):
    for path in ("/", "/members/", "/no-such-page/"):
        answer = officer.get(path, headers={"Origin": "https://elsewhere.example"})
        policy = answer["Content-Security-Policy"]
        for rule in ("frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'", "form-action 'self'"):
            assert rule in policy, path
        assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "Access-Control-Allow-Origin" not in answer


# --- what is typed stays text -----------------------------------------------------------------------------
NASTY = "<img src=x onerror=alert(1)>&\"'</script><script>"


def test_a_name_that_is_code_is_shown_as_text(client):
    union = union_of("N", name=NASTY)
    client = enter(client, union, "clerk")
    seen = 0
    for path in (
        "/",
        "/organisations/",
        f"/organisations/{union.pk}/",
        "/figures/",
        "/organisations/?q=%3Cimg",
    ):
        page = client.get(path).content.decode()
        assert "<img src=x" not in page, path
        assert "</script><script>" not in page, path
        seen += "&lt;img src=x" in page
    assert seen


@pytest.mark.parametrize(
    "typed", ["' OR '1'='1", "%' OR 1=1 --", "x'; DROP TABLE members_person; --", "%", "\\\\"]
)
def test_what_is_typed_never_becomes_part_of_a_query(officer, school, typed):
    person = member_of(school, "钱示例").person
    assert person.name in officer.get("/members/", {"q": "示例"}).content.decode()
    for path, name in (("/members/", "q"), ("/search/", "q"), ("/accounts/seats/", "q")):
        answer = officer.get(path, {name: typed})
        assert answer.status_code in (200, 403)
        assert person.name not in answer.content.decode()
    assert officer.get("/members/", {"sort": typed, "page": typed, "union": typed}).status_code == 200


def test_fields_that_a_form_does_not_have_change_nothing(client, school):
    user = officer_of(school, username="chen", password=PASSWORD)
    client.force_login(user)
    before = (
        User.objects.filter(pk=user.pk).values("name", "username", "is_superuser", "is_staff", "person").get()
    )
    sent = {
        "language": "en",
        "name": "其他",
        "username": "root",
        "is_superuser": "1",
        "is_staff": "1",
        "person": "1",
    }
    client.post("/accounts/me/language/", sent)
    after = User.objects.filter(pk=user.pk).values("language", *before).get()
    assert after.pop("language") == "en"
    assert after == before


DANGEROUS = {"eval", "exec", "compile", "mark_safe", "__import__", "RawSQL"}
MODULES = {"pickle", "marshal", "shelve", "yaml", "xml", "lxml", "ctypes", "telnetlib", "ldap", "jinja2"}
METHODS = {"raw", "extra", "from_string"}


def dangers(tree):
    """Name what runs text as code, opens foreign objects, or builds SQL, HTML or shell lines by hand."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = getattr(node.func, "id", "")
            if called in DANGEROUS or (getattr(node.func, "attr", "") in METHODS):
                yield f"{called or node.func.attr} at {node.lineno}"
            if any(one.arg == "shell" for one in node.keywords):
                yield f"shell at {node.lineno}"
        elif isinstance(node, ast.Import | ast.ImportFrom):
            named = [one.name for one in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"{one} at {node.lineno}" for one in named if one.partition(".")[0] in MODULES)


def test_no_code_runs_texts_or_opens_foreign_objects():
    files = [
        path for path in HOME.rglob("*.py") if "migrations" not in path.parts and "tests" not in path.parts
    ]
    assert len(files) > 200
    found = {
        f"{path.relative_to(HOME)}: {danger}"
        for path in files
        for danger in dangers(ast.parse(path.read_text(TEXT)))
    }
    assert {one.rpartition(" at ")[0] for one in found} == set(ALLOWED)
    pages = HOME.glob("**/templates/**/*.html")
    unescaped = {one.name for one in pages if re.search(r"\|\s*safe\b|autoescape\s+off", one.read_text(TEXT))}
    assert unescaped == set(SAFE_PAGES)


def test_it_would_notice_dangerous_code():
    bad = "import pickle\nfrom xml.sax import parse\neval(x)\nq.extra(where=y)\nrun(z, shell=True)"
    assert len(list(dangers(ast.parse(bad)))) == 5


@pytest.mark.parametrize("method", ["TRACE", "TRACK", "CONNECT", "PUT", "PROPFIND"])
def test_methods_that_no_page_knows_are_refused(officer, method):
    for path in ("/", "/members/", "/accounts/me/", "/accounts/login/"):
        assert officer.generic(method, path).status_code == 405, path


# --- scripts ---------------------------------------------------------------------------------------------
UNSAFE = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|postMessage"
    r"|addEventListener\(\s*[\"']message|__proto__|sessionStorage|indexedDB|document\.cookie|jsonp",
    re.IGNORECASE,
)


def test_scripts_write_text_and_keep_no_records_in_the_browser():
    assert len(SCRIPTS) >= 3
    assert [path.name for path in SCRIPTS if UNSAFE.search(path.read_text(TEXT))] == []
    kept = {key for path in SCRIPTS for key in re.findall(r'store\.set\("(\w+)"', path.read_text(TEXT))}
    assert kept == {"money", "menu"}  # the unit of money and which groups of the menu are open
    base = (HOME / "kit" / "templates" / "kit" / "base.html").read_text(TEXT)
    assert '"historyCacheSize":0' in base  # else htmx would keep whole pages
    assert '"allowEval":false' in base


def test_it_would_notice_an_unsafe_script():
    assert UNSAFE.search("place.innerHTML = answer")
    assert UNSAFE.search('window.addEventListener("message", take)')


# --- closed gaps -----------------------------------------------------------------------------------------
def test_a_step_up_gives_the_session_a_new_key_and_voids_the_old_one(school):
    officer_of(school, username="chen", password=PASSWORD)
    client = Client()
    client.post("/accounts/login/", {"username": "chen", "password": PASSWORD})
    before = client.session.session_key
    client.post("/accounts/verify/", {"password": PASSWORD, "next": "/"})
    assert client.session.session_key != before
    assert client.get("/accounts/me/").status_code == 200
    old = Client()
    old.cookies["sessionid"] = before
    assert old.get("/accounts/me/").status_code == 302
    visits = UserSession.objects.filter(user__username="chen").values_list("session_key", flat=True)
    assert list(visits) == [client.session.session_key]


def test_logging_out_clears_what_the_browser_keeps(officer):
    assert officer.post("/accounts/logout/")["Clear-Site-Data"] == '"cache", "storage"'


def test_every_cookie_belongs_to_the_host_behind_https(officer, settings):
    officer.post("/accounts/me/language/", {"language": "en"})
    officer.get("/accounts/me/")
    officer.post("/i18n/setlang/", {"language": "en"})
    known = {settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.LANGUAGE_COOKIE_NAME}
    assert set(officer.cookies) <= known  # all three are named with __Host- in the settings


@pytest.mark.parametrize("password", ["gonghui123456", "职家工会2026年", "Qwertyuiop-2024", "zhijia-admin-1"])
def test_words_of_the_house_and_common_passwords_with_a_tail_are_refused(password):
    with pytest.raises(ValidationError):
        validate_password(password, User(username="chen", name="陈示例"))


def test_the_log_says_in_which_zone_its_times_are(settings):
    plain = settings.LOGGING["formatters"]["plain"]
    form = logging.Formatter(plain["format"], plain["datefmt"], plain["style"])
    line = form.format(logging.makeLogRecord({"msg": "x", "levelname": "ERROR", "name": "n"}))
    assert re.match(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4} ", line)


def test_own_sessions_are_ended_after_a_fresh_proof_only(client, school):
    user = officer_of(school)
    client.force_login(user)
    answer = client.post("/accounts/me/sessions/others/end/")
    assert answer["Location"].startswith("/accounts/verify/")
