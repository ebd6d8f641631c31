"""A real server with its worker on an empty place, and a real browser in front of it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from conftest import CHROMIUM

HOME = Path(__file__).resolve().parents[2]
DESK, PHONE = {"width": 1366, "height": 768}, {"width": 390, "height": 844}
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SEED = """
import datetime, django
django.setup()
from zhijia.areas.accounts import services as accounts
from zhijia.areas.organisations import services as organisations
from zhijia.kernel.actor import system
actor, day = system("测试"), datetime.date(2015, 1, 1)
union = organisations.union_found(
    actor=actor, parent=None, code="J1", name="丙县教育工会", level="federation", sector="education",
    founded_on=day,
)
seat = organisations.seat_assign(actor=actor, union=union, committee=None, post="chair", holder="丙主席",
                                 starts_on=day, full_time=True)
user = accounts.user_create(actor=actor, username="bing", name="丙主席", password="{password}")
accounts.holding_grant(actor=actor, user=user, seat=seat)
"""
PASSWORD = "journey-password-1"


@dataclass(frozen=True)
class Site:
    """A running server, and the folder it writes to."""

    url: str
    var: Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    var = tmp_path_factory.mktemp("var")
    environ = {**os.environ, "ZHIJIA_VAR": str(var), "DATABASE_URL": "", "PYTHONPATH": str(HOME)}
    run = [sys.executable, "-m", "django"]
    subprocess.run([*run, "migrate", "-v", "0"], env=environ, cwd=HOME, check=True)
    seed = SEED.replace("{password}", PASSWORD)
    subprocess.run([sys.executable, "-c", seed], env=environ, cwd=HOME, check=True)
    port = free_port()
    server = subprocess.Popen(
        [*run, "serve", "--port", str(port)], env=environ, cwd=HOME, stdout=subprocess.PIPE, text=True
    )
    assert str(port) in server.stdout.readline(), "the server did not start"
    yield Site(f"http://127.0.0.1:{port}", var)
    server.terminate()
    server.wait(timeout=20)


@pytest.fixture(scope="module")
def browser():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(params=[DESK, PHONE], ids=["1366", "390"])
def page(request, site, browser):
    """A logged-in page at both sizes; a script error or a blocked resource fails the journey."""
    context = browser.new_context(
        viewport=request.param, locale="zh-CN", accept_downloads=True, base_url=site.url
    )
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.goto("/")
    page.fill("input[name=username]", "bing")
    page.fill("input[name=password]", PASSWORD)
    page.click("button[type=submit]")
    page.wait_for_url("**/")
    yield page
    context.close()
    assert faults == []


def fits(page) -> bool:
    """Say whether the page does not scroll sideways."""
    return page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth + 1")
