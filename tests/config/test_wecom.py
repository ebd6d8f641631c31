"""Identities of other houses: nothing without settings; WeCom against a small server of our own."""

import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import NoReverseMatch, reverse

from zhijia.config.doors import outside_doors

HOME = Path(__file__).resolve().parents[2]
SECRET = "corporation-secret-77"
# A house that has switched WeCom on: one log-in binds its UserId, a stranger does not come in.
STORY = """
import json, re, sys
from urllib.parse import parse_qs, urlsplit
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from django.test import Client
from django.urls import reverse
from allauth.socialaccount.models import SocialAccount, SocialToken
from zhijia.areas.accounts import services
from zhijia.areas.accounts.tests.factories import PASSWORD, prove
from zhijia.kernel.actor import system
from zhijia.kernel.models import AuditEvent

user = services.user_create(actor=system("测试"), username="chen", name="陈示例", password=PASSWORD)
told = {}


def house(**more):
    return Client(SERVER_NAME="127.0.0.1", **more)


def walk(client, process, code):
    begun = client.post(f"/accounts/wecom/login/?process={process}")
    asked = parse_qs(urlsplit(begun["Location"]).query)
    told["page"] = begun["Location"].split("?")[0]
    told["asked"] = {key: values[0] for key, values in asked.items() if key != "state"}
    return client.get("/accounts/wecom/login/callback/", {"code": code, "state": asked["state"][0]})


door = house().get("/accounts/login/")
told["button"] = "用企业微信登录" in door.content.decode()
told["form_action"] = re.search("form-action ([^;]*)", door["Content-Security-Policy"])[1]
told["get"] = house().get("/accounts/wecom/login/").status_code
unbound = walk(house(), "login", "code-of-wang")
told["unbound"] = [unbound.status_code, "还没有绑定账号" in unbound.content.decode()]
own = house()
own.force_login(user)
told["bind_needs_proof"] = own.get("/accounts/me/outside/")["Location"].split("?")[0]
prove(own, user)
bound = walk(own, "connect", "code-of-wang")
told["bound"] = bound["Location"]
told["shown"] = "WangSan" in own.get("/accounts/me/outside/").content.decode()
later = house()
walk(later, "login", "code-of-wang")
told["in"] = later.get("/accounts/me/").status_code
told["other"] = walk(house(), "login", "code-of-li").status_code
told["outsider"] = walk(house(), "login", "code-of-guest").status_code
forged = {"code": "code-of-wang", "state": "x"}
told["wrong_state"] = house().get("/accounts/wecom/login/callback/", forged).status_code
user.is_active = False
user.save()
told["closed"] = walk(house(), "login", "code-of-wang").status_code
user.is_active = True
user.save()
own.post("/accounts/me/outside/", {"account": SocialAccount.objects.get().pk})
told["let_go"] = SocialAccount.objects.count()
told["tokens"] = SocialToken.objects.count()
told["users"] = type(user).objects.count()
told["audit"] = sorted(AuditEvent.objects.filter(before__has_key="identity").values_list("verb", flat=True))
print("TOLD" + json.dumps(told))
"""


class WeCom(BaseHTTPRequestHandler):
    """What WeCom answers."""

    people = {
        "code-of-wang": {"userid": "WangSan"},
        "code-of-li": {"userid": "LiSi"},
        "code-of-guest": {"openid": "x"},
    }

    def do_GET(self):
        asked = {key: values[0] for key, values in parse_qs(urlsplit(self.path).query).items()}
        path = urlsplit(self.path).path
        body = {"errcode": 40013}
        if path == "/cgi-bin/gettoken" and asked == {"corpid": "ww1", "corpsecret": SECRET}:
            body = {"errcode": 0, "access_token": "token-1", "expires_in": 7200}
        elif path == "/cgi-bin/auth/getuserinfo" and asked.get("access_token") == "token-1":
            body = {"errcode": 0, **self.people[asked["code"]]}
        text = json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json; charset=UTF-8")
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *given):
        """Say nothing."""


@pytest.fixture
def wecom():
    server = HTTPServer(("127.0.0.1", 0), WeCom)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def tell(tmp_path, api, secret=SECRET):
    environ = {
        **os.environ,
        "ZHIJIA_VAR": str(tmp_path),
        "DATABASE_URL": "",
        "PYTHONPATH": str(HOME),
        "ZHIJIA_WECOM_ID": "ww1",
        "ZHIJIA_WECOM_SECRET": secret,
        "ZHIJIA_WECOM_AGENT": "1000002",
        "ZHIJIA_WECOM_API": api,
        "NO_PROXY": "127.0.0.1",
    }
    done = subprocess.run(
        [sys.executable, "-c", STORY], env=environ, cwd=HOME, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    assert secret not in done.stderr
    return json.loads(done.stdout.partition("TOLD")[2])


def test_it_lets_in_whoever_has_bound_the_identity_and_nobody_else(tmp_path, wecom):
    told = tell(tmp_path, wecom)
    assert told.pop("asked") == {
        "login_type": "CorpApp",
        "appid": "ww1",
        "agentid": "1000002",
        "redirect_uri": "http://127.0.0.1/accounts/wecom/login/callback/",
    }
    assert told == {
        "page": "https://login.work.weixin.qq.com/wwlogin/sso/login",
        "button": True,
        "form_action": "'self' https://login.work.weixin.qq.com",
        "get": 405,
        "unbound": [403, True],
        "bind_needs_proof": "/accounts/verify/",
        "bound": "/accounts/me/outside/",
        "shown": True,
        "in": 200,
        "other": 403,
        "outsider": 403,
        "wrong_state": 403,
        "closed": 403,
        "let_go": 0,
        "tokens": 0,
        "users": 1,
        "audit": ["create", "remove"],
    }


def test_there_is_no_address_and_no_button_without_a_setting(client, db):
    page = client.get("/accounts/login/").content.decode()
    assert page.count("<form") - page.count("set_language") - page.count("/i18n/") <= 1
    assert "用企业微信登录" not in page
    for name in ("wecom_login", "dingtalk_login", "accounts:outside-identities", "socialaccount_connections"):
        with pytest.raises(NoReverseMatch):
            reverse(name)


def test_each_door_is_switched_on_by_its_own_settings():
    every = {
        **{
            f"ZHIJIA_{name}_{part}": "x"
            for name in ("DINGTALK", "FEISHU", "WEIXIN")
            for part in ("ID", "SECRET")
        },
        "ZHIJIA_OIDC_URL": "https://id.example/realm",
        "ZHIJIA_OIDC_ID": "a",
        "ZHIJIA_OIDC_SECRET": "b",
        **{f"ZHIJIA_WECOM_{part}": "x" for part in ("ID", "SECRET", "AGENT")},
    }
    doors = outside_doors(every)
    assert sorted(doors.providers) == ["dingtalk", "feishu", "openid_connect", "wecom", "weixin"]
    assert len(doors.apps) == len(doors.hosts) == 5
    assert "https://id.example" in doors.hosts
    assert not outside_doors({}).apps


def test_half_a_door_stops_the_start():
    with pytest.raises(ImproperlyConfigured, match="ZHIJIA_FEISHU_SECRET"):
        outside_doors({"ZHIJIA_FEISHU_ID": "x"})


def test_every_provider_has_its_addresses(tmp_path):
    """With all doors open the address list is whole: two addresses each."""
    script = (
        "import django; django.setup()\n"
        "from django.urls import reverse\n"
        "print(reverse('openid_connect_login', kwargs={'provider_id': 'oidc'}),"
        " *[reverse(f'{n}_{e}') for n in ('dingtalk','feishu','weixin','wecom')"
        " for e in ('login','callback')])"
    )
    parts = {"OIDC": ("ID", "SECRET"), "DINGTALK": ("ID", "SECRET"), "FEISHU": ("ID", "SECRET"),
             "WEIXIN": ("ID", "SECRET"), "WECOM": ("ID", "SECRET", "AGENT")}  # fmt: skip
    environ = {
        **os.environ,
        "ZHIJIA_VAR": str(tmp_path),
        "PYTHONPATH": str(HOME),
        "ZHIJIA_OIDC_URL": "https://id.example",
        **{f"ZHIJIA_{name}_{part}": "x" for name, each in parts.items() for part in each},
    }
    done = subprocess.run(
        [sys.executable, "-c", script], env=environ, cwd=HOME, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.split()[0] == "/accounts/oidc/oidc/login/"
    assert len(done.stdout.split()) == 9
