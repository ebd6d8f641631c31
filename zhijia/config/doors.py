"""Log-in by the identity of another house, switched on by the environment alone.

``ZHIJIA_OIDC_URL/ID/SECRET/NAME``, ``ZHIJIA_DINGTALK_ID/SECRET``, ``ZHIJIA_FEISHU_ID/SECRET``,
``ZHIJIA_WEIXIN_ID/SECRET``, ``ZHIJIA_WECOM_ID/SECRET/AGENT`` (and ``ZHIJIA_WECOM_API``,
``ZHIJIA_WECOM_LOGIN`` for a WeCom that runs in the own house). With none of them set there is no address and
no button.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_SOCIAL = "allauth.socialaccount.providers"
# name -> (the app that provides it, the origin that its log-in page lives at)
_KNOWN = {
    "dingtalk": (f"{_SOCIAL}.dingtalk", "https://login.dingtalk.com"),
    "feishu": (f"{_SOCIAL}.feishu", "https://open.feishu.cn"),
    "weixin": (f"{_SOCIAL}.weixin", "https://open.weixin.qq.com"),
}
WECOM_API = "https://qyapi.weixin.qq.com"
WECOM_LOGIN = "https://login.work.weixin.qq.com"


@dataclass
class Doors:
    """The providers that are switched on: their apps, their settings, and where their log-in pages live."""

    apps: list[str] = field(default_factory=list)
    providers: dict[str, Any] = field(default_factory=dict)
    hosts: list[str] = field(default_factory=list)


def _given(environ: Mapping[str, str], name: str, *parts: str) -> dict[str, str] | None:
    """Return the parts of a provider; None when none is set; half of them stops the start."""
    found = {part: environ.get(f"ZHIJIA_{name}_{part}", "").strip() for part in parts}
    if not any(found.values()):
        return None
    missing = [f"ZHIJIA_{name}_{part}" for part, value in found.items() if not value]
    if missing:
        raise ImproperlyConfigured(f"set {', '.join(missing)} too, or none of ZHIJIA_{name}_*.")
    return found


def _origin(url: str, name: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.netloc:
        raise ImproperlyConfigured(f"{name}={url!r}: write a whole address with https://.")
    return f"{parts.scheme}://{parts.netloc}"


def outside_doors(environ: Mapping[str, str]) -> Doors:
    """Read which providers are on. Raises ImproperlyConfigured for half of a provider."""
    doors = Doors()
    for name, (app, host) in _KNOWN.items():
        if given := _given(environ, name.upper(), "ID", "SECRET"):
            doors.apps.append(app)
            doors.providers[name] = {"APP": {"client_id": given["ID"], "secret": given["SECRET"]}}
            doors.hosts.append(host)
    if given := _given(environ, "OIDC", "URL", "ID", "SECRET"):
        _add_oidc(doors, given, environ.get("ZHIJIA_OIDC_NAME", "").strip() or "OIDC")
    if given := _given(environ, "WECOM", "ID", "SECRET", "AGENT"):
        _add_wecom(doors, given, environ)
    return doors


def _add_oidc(doors: Doors, given: dict[str, str], name: str) -> None:
    app = {
        "provider_id": "oidc",
        "name": name,
        "client_id": given["ID"],
        "secret": given["SECRET"],
        "settings": {"server_url": given["URL"], "oauth_pkce_enabled": True},
    }
    doors.apps.append(f"{_SOCIAL}.openid_connect")
    doors.providers["openid_connect"] = {"APPS": [app]}
    doors.hosts.append(_origin(given["URL"], "ZHIJIA_OIDC_URL"))


def _add_wecom(doors: Doors, given: dict[str, str], environ: Mapping[str, str]) -> None:
    api = environ.get("ZHIJIA_WECOM_API", "").strip() or WECOM_API
    page = environ.get("ZHIJIA_WECOM_LOGIN", "").strip() or WECOM_LOGIN
    doors.apps.append("zhijia.areas.accounts.wecom")
    doors.providers["wecom"] = {
        "APP": {"client_id": given["ID"], "secret": given["SECRET"], "key": given["AGENT"]},
        "API": _origin(api, "ZHIJIA_WECOM_API"),
        "LOGIN": _origin(page, "ZHIJIA_WECOM_LOGIN"),
    }
    doors.hosts.append(_origin(page, "ZHIJIA_WECOM_LOGIN"))
