"""What WeCom is asked: a token for the corporation, then who stands behind a code."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.providers.oauth2.client import OAuth2Client, OAuth2Error

PATIENCE = 10  # seconds


def ask(url: str, params: dict[str, str]) -> dict[str, Any]:
    """Return the answer of WeCom; OAuth2Error when it says no. Secrets never stand in the error."""
    with get_adapter().get_requests_session() as session:
        answer = session.get(url, params=params, timeout=PATIENCE)
    if answer.status_code != 200:  # noqa: PLR2004 - HTTP OK
        raise OAuth2Error(f"WeCom answered {answer.status_code}")
    body: dict[str, Any] = answer.json()
    if body.get("errcode"):
        raise OAuth2Error(f"WeCom refused: {body['errcode']}")
    return body


class WeComClient(OAuth2Client):  # type: ignore[misc]  # allauth has no types
    """The parameters as WeCom calls them."""

    def get_redirect_url(self, authorization_url: str, _scope: Any, extra_params: dict[str, str]) -> str:
        """Return the address of WeCom's log-in page for this corporation and application."""
        params = {
            "login_type": "CorpApp",
            "appid": self.consumer_key,
            "redirect_uri": self.callback_url,
            "state": self.state or "",
            **extra_params,
        }
        return f"{authorization_url}?{urlencode(params)}"

    def get_access_token(self, code: str, **_given: Any) -> dict[str, Any]:
        """Return the token of the corporation; the code of the member is used up when we ask who it is."""
        if not code:
            raise OAuth2Error("WeCom sent no code")
        return ask(self.access_token_url, {"corpid": self.consumer_key, "corpsecret": self.consumer_secret})
