"""Identities of other houses, by the names that people know; which are on: config/doors.py."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

NAMES: dict[str, Promise] = {
    "dingtalk": _("钉钉"),
    "feishu": _("飞书"),
    "weixin": _("微信"),
    "wecom": _("企业微信"),
}


def names_of(provider: Any) -> str | Promise:
    """Return how a provider is called in our pages; the one of the house says its own name."""
    return NAMES.get(provider.id) or str(provider.name)


def addresses(providers: list[str], apps: list[str]) -> list[URLPattern]:
    """Return two addresses for each provider that is on: where it begins (POST) and where it ends."""
    found = []
    for name, app in zip(providers, apps, strict=True):
        views = f"{app}.views"
        if name == "openid_connect":
            begin, end = import_string(f"{views}.login"), import_string(f"{views}.callback")
            way = "oidc/<provider_id>"
        else:
            begin, end = import_string(f"{views}.oauth2_login"), import_string(f"{views}.oauth2_callback")
            way = name
        found.append(path(f"{way}/login/", require_POST(begin), name=f"{name}_login"))
        found.append(path(f"{way}/login/callback/", end, name=f"{name}_callback"))
    return found
