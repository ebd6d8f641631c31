"""The production settings pass Django's own deployment check; what is asked for wrongly stops the start."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
KEY = "kept-by-the-house-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFG"


def run(var, *words, **more):
    """Run a Django command as a house does that serves by https."""
    inherited = {
        key: value for key, value in os.environ.items() if not key.startswith(("ZHIJIA_", "DATABASE"))
    }
    environ = {
        **inherited,
        "DJANGO_SETTINGS_MODULE": "zhijia.config.settings",
        "PYTHONPATH": str(HOME),
        "ZHIJIA_VAR": str(var),
        "ZHIJIA_URL": "https://union.example",
        "ZHIJIA_HOSTS": "union.example",
        "ZHIJIA_SECRET_KEY": KEY,
        **more,
    }
    command = [sys.executable, "-m", "django", *words]
    return subprocess.run(command, env=environ, cwd=HOME, capture_output=True, text=True, check=False)


def check(var, **more):
    return run(var, "check", "--deploy", "--fail-level", "WARNING", **more)


def warnings(done):
    return set(re.findall(r"\((\w+\.[WE]\d+)\)", done.stdout + done.stderr))


def test_it_passes_the_deployment_check(tmp_path):
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("sabotage", "warned"),
    [
        ({"ZHIJIA_URL": "http://union.example"}, {"security.W012", "security.W016", "security.W004"}),
        ({"ZHIJIA_SECRET_KEY": "short"}, {"security.W009"}),
        ({"ZHIJIA_DEBUG": "1"}, {"security.W018"}),
    ],
)
def test_it_would_notice_a_weak_setting(tmp_path, sabotage, warned):
    done = check(tmp_path, **sabotage)
    assert done.returncode != 0
    assert warned <= warnings(done)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ZHIJIA_SECOND_FACTOR": "sometimes"},
        {"ZHIJIA_IDLE_MINUTES": "half an hour"},
        {"ZHIJIA_PROXIES": "-1"},
        {"ZHIJIA_PROXY_HTTPS": "perhaps"},
        {"ZHIJIA_WECOM_ID": "corporation"},
        {"ZHIJIA_OIDC_URL": "id.example", "ZHIJIA_OIDC_ID": "a", "ZHIJIA_OIDC_SECRET": "b"},
    ],
)
def test_a_setting_that_cannot_be_understood_stops_the_start(tmp_path, wrong):
    done = check(tmp_path, **wrong)
    assert done.returncode != 0
    assert "ImproperlyConfigured" in done.stderr
    assert next(iter(wrong)).rpartition("_")[0] in done.stderr


COOKIES = """
import django; django.setup()
from django.conf import settings
print(settings.SESSION_COOKIE_NAME, settings.CSRF_COOKIE_NAME, settings.SESSION_COOKIE_SECURE,
      settings.SESSION_COOKIE_SAMESITE, settings.SECURE_HSTS_SECONDS > 31_000_000, settings.SECOND_FACTOR,
      getattr(settings, "SECURE_PROXY_SSL_HEADER", None))
"""


def told(var, **more):
    return run(var, "shell", "--no-imports", "-c", COOKIES, **more).stdout.split()


def test_cookies_belong_to_the_host_and_to_https(tmp_path):
    strict = ["__Host-sessionid", "__Host-csrftoken", "True", "Lax", "True", "required", "None"]
    assert told(tmp_path) == strict
    assert told(tmp_path, ZHIJIA_URL="http://127.0.0.1:8000")[:3] == ["sessionid", "csrftoken", "False"]


def test_a_header_of_the_proxy_is_believed_when_it_is_said_so(tmp_path):
    assert told(tmp_path, ZHIJIA_PROXY_HTTPS="1")[-2:] == ["('HTTP_X_FORWARDED_PROTO',", "'https')"]
