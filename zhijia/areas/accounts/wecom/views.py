"""Where a log-in by WeCom begins and ends."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2Adapter, OAuth2CallbackView, OAuth2LoginView
from django.conf import settings
from django.http import HttpRequest

from zhijia.areas.accounts.wecom.client import WeComClient, ask


def _at(place: str, path: str) -> str:
    return f"{settings.SOCIALACCOUNT_PROVIDERS['wecom'][place]}{path}"


class WeComAdapter(OAuth2Adapter):  # type: ignore[misc]  # allauth has no types
    """The addresses of WeCom and what is read from it."""

    provider_id = "wecom"
    client_class = WeComClient
    access_token_method = "GET"  # noqa: S105 - a method, not a password

    @property
    def authorize_url(self) -> str:
        """The log-in page."""
        return _at("LOGIN", "/wwlogin/sso/login")

    @property
    def access_token_url(self) -> str:
        """Where the corporation gets its token."""
        return _at("API", "/cgi-bin/gettoken")

    def complete_login(self, request: HttpRequest, _app: Any, token: Any, **_given: Any) -> Any:
        """Ask who stands behind the code; raises OAuth2Error for someone outside of the corporation."""
        code = request.GET.get("code", "")
        who = ask(_at("API", "/cgi-bin/auth/getuserinfo"), {"access_token": token.token, "code": code})
        if not who.get("userid"):
            raise OAuth2Error("not a member of the corporation")
        return self.get_provider().sociallogin_from_response(request, {"userid": who["userid"]})


oauth2_login = OAuth2LoginView.adapter_view(WeComAdapter)
oauth2_callback = OAuth2CallbackView.adapter_view(WeComAdapter)
