"""Second factors in a real browser: a one-time code and a passkey, set up, used, and taken away."""

from __future__ import annotations

import re
import time
from urllib.parse import urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.journeys.conftest import DESK, PASSWORD, PHONE, fits

HOME = re.compile(r"^https?://[^/]+/$")  # "**/" would fit every page
pytestmark = pytest.mark.browser
STEP = 30  # seconds that a code lasts


def code_at(secret, step=0):
    """The code of now, or of the next step: each is taken once."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // STEP + step))


@pytest.fixture(params=[DESK, PHONE], ids=["1366", "390"])
def guest(request, site, browser):
    """A browser with a fingerprint reader, at a name: passkeys know no addresses of figures."""
    url = f"http://localhost:{urlsplit(site.url).port}"
    context = browser.new_context(viewport=request.param, locale="zh-CN", base_url=url)
    page = context.new_page()
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda line: faults.append(line.text) if line.type == "error" else None)
    page.on("dialog", lambda dialog: dialog.accept())
    reader = context.new_cdp_session(page)
    reader.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    reader.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    yield page
    context.close()
    assert faults == []


def log_in(page):
    page.goto("/accounts/login/")
    page.fill("input[name=username]", "bing")
    page.fill("input[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def log_out(page):
    page.locator(".kit-drop summary", has_text="丙主席").click()
    page.get_by_role("button", name="退出登录").click()
    page.wait_for_url("**/accounts/login/**")


def prove_by_code(page, code):
    """Answer the page that asks who is there."""
    page.wait_for_url("**/accounts/verify/**")
    assert fits(page)
    page.fill("input[name=code]", code)
    page.get_by_role("button", name="继续").click()


def set_up_code(page):
    """Set up a one-time code from the own account; returns its secret."""
    page.locator(".kit-drop summary", has_text="丙主席").click()
    page.get_by_role("link", name="我的账号").click()
    page.get_by_role("link", name="双因素验证").click()
    assert fits(page)
    page.get_by_role("link", name="设置动态口令").click()
    picture = page.locator("img[alt=动态口令的二维码]")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 100")
    assert fits(page)
    secret = page.locator("[data-totp-secret]").inner_text()
    page.fill("input[name=code]", code_at(secret))
    page.get_by_role("button", name="启用").click()
    page.wait_for_url("**/codes/")
    page.locator(".kit-codes li").nth(9).wait_for()
    assert fits(page)
    page.get_by_role("link", name="已经保存好了").click()
    return secret


def test_a_code_and_a_passkey_are_set_up_used_and_taken_away(guest):
    log_in(guest)
    guest.wait_for_url(HOME)
    secret = set_up_code(guest)

    guest.get_by_role("link", name="添加通行密钥").click()
    guest.fill("input[name=name]", "办公室电脑")
    guest.get_by_role("button", name="添加").click()
    guest.wait_for_url("**/second-factor/")
    guest.get_by_text("办公室电脑").wait_for()
    assert fits(guest)

    log_out(guest)
    log_in(guest)
    guest.wait_for_url("**/second-step/")
    assert fits(guest)
    guest.fill("input[name=code]", "000000")
    guest.get_by_role("button", name="登录", exact=True).click()
    guest.get_by_text("验证码不正确").first.wait_for()
    guest.fill("input[name=code]", code_at(secret))
    guest.get_by_role("button", name="登录", exact=True).click()
    guest.wait_for_url(HOME)

    log_out(guest)
    log_in(guest)
    guest.get_by_role("button", name="使用通行密钥").click()
    guest.wait_for_url(HOME)
    assert urlsplit(guest.url).path == "/"

    guest.goto("/accounts/me/second-factor/")
    guest.get_by_role("button", name="停用").click()
    prove_by_code(guest, code_at(secret, 1))
    guest.wait_for_url("**/second-factor/")
    guest.get_by_role("button", name="停用").click()
    guest.get_by_text("动态口令已停用").wait_for()
    guest.get_by_role("button", name="删除").click()
    guest.get_by_text("通行密钥已删除").wait_for()


def test_the_step_up_takes_a_passkey(guest):
    log_in(guest)
    guest.goto("/accounts/me/second-factor/passkeys/new/")
    guest.get_by_role("button", name="添加").click()
    guest.wait_for_url("**/codes/")
    guest.context.clear_cookies()
    log_in(guest)
    guest.get_by_role("button", name="使用通行密钥").click()
    guest.wait_for_url(HOME)
    guest.goto("/accounts/me/second-factor/totp/")
    guest.wait_for_url("**/accounts/verify/**")
    guest.get_by_role("button", name="使用通行密钥").click()
    guest.wait_for_url("**/second-factor/totp/")
    guest.goto("/accounts/me/second-factor/")
    guest.get_by_role("button", name="删除").click()
    guest.get_by_text("通行密钥已删除").wait_for()


def test_another_browser_is_seen_and_thrown_out(guest, browser):
    other = browser.new_context(locale="zh-CN")
    log_in(guest)
    guest.wait_for_url(HOME)
    base = f"http://{urlsplit(guest.url).netloc}"
    elsewhere = other.new_page()
    elsewhere.goto(f"{base}/accounts/login/")
    elsewhere.fill("input[name=username]", "bing")
    elsewhere.fill("input[name=password]", PASSWORD)
    elsewhere.click("main button[type=submit]")
    elsewhere.wait_for_url(HOME)
    guest.goto("/accounts/me/sessions/")
    assert guest.locator(".kit-visits li").count() >= 2
    assert fits(guest)
    guest.get_by_role("button", name="其他设备全部退出").click()
    guest.wait_for_url("**/accounts/verify/**")
    guest.fill("input[name=password]", PASSWORD)
    guest.click("main button[type=submit]")
    guest.wait_for_url("**/accounts/me/sessions/")
    guest.get_by_role("button", name="其他设备全部退出").click()
    guest.get_by_text("其他设备都已退出登录").wait_for()
    assert guest.locator(".kit-visits li").count() == 1
    elsewhere.goto(f"{base}/accounts/me/")
    assert "/accounts/login/" in elsewhere.url
    other.close()
