"""WeCom as a provider of django-allauth."""

from __future__ import annotations

from typing import Any

from allauth.socialaccount.providers.base import ProviderAccount
from allauth.socialaccount.providers.oauth2.provider import OAuth2Provider

from zhijia.areas.accounts.wecom.views import WeComAdapter


class WeComAccount(ProviderAccount):  # type: ignore[misc]  # allauth has no types
    """A member of the corporation, by UserId."""

    def to_str(self) -> str:
        """Return how the member is called there."""
        return str(self.account.uid)


class WeComProvider(OAuth2Provider):  # type: ignore[misc]  # allauth has no types
    """Members of one corporation in WeCom; only log-ins that have bound their UserId come in."""

    id = "wecom"
    name = "企业微信"
    account_class = WeComAccount
    oauth2_adapter_class = WeComAdapter

    def extract_uid(self, data: dict[str, Any]) -> str:
        """Return the UserId of the member."""
        return str(data["userid"])

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG002 - allauth's signature
        """Return nothing: nobody signs up by WeCom, so nothing is copied from there."""
        return {}

    def get_auth_params(self) -> dict[str, str]:
        """Name the application of the corporation that asks."""
        return {"agentid": str(self.app.key)}

    def get_default_scope(self) -> list[str]:
        """Return nothing: WeCom knows no scopes for this log-in."""
        return []


provider_classes = [WeComProvider]
