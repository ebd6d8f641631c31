"""What django-allauth asks us: no sign-up, texts of the house, whose proof is fresh, how secrets are kept."""

from __future__ import annotations

import secrets
import time
from typing import Any, cast

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.lockout import LOCKED, address_of
from zhijia.kernel.command import require
from zhijia.kernel.crypto import keys_fit, seal, unseal

HAS_FACTOR = "has_second_factor"  # kept in the session, so that no page has to ask the database
SEALED_IN, SEALED_FOR = "identity", "log-in:second-factor"


def is_fresh(request: HttpRequest) -> bool:
    """Say whether the one who asks has proven a moment ago (five minutes) to be there; asks no database.

    Whoever has a second factor proves that one: the password alone may have been watched.
    """
    records = get_authentication_records(request, cast("AbstractBaseUser", request.user))
    wanted = {"mfa"} if request.session.get(HAS_FACTOR) else {"mfa", "password"}
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(
        one.get("reauthenticated") and one.get("method") in wanted and one.get("at", 0) > since
        for one in records
    )


def _came_in_just_now(request: HttpRequest) -> bool:
    """Say whether the log-in itself is a moment old: enough to set up the first second factor."""
    records = get_authentication_records(request, cast("AbstractBaseUser", request.user))
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(one.get("method") == "password" and one.get("at", 0) > since for one in records)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """The door by user name and password."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("登录名或密码不正确。"),
        "incorrect_password": _("密码不正确。"),
        "too_many_login_attempts": LOCKED,
        "rate_limited": LOCKED,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Nobody signs up: log-ins are made by officers."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return whom the password proves; an inactive log-in looks like a wrong password."""
        user: AbstractBaseUser | None = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def get_client_ip(self, request: HttpRequest) -> str:
        """Return from where a request comes, as everywhere in the house."""
        return address_of(request)

    def get_reauthentication_methods(self, user: AbstractBaseUser | AnonymousUser) -> list[dict[str, Any]]:
        """Name the one page where identity is proven again."""
        if not user.is_authenticated:
            return []
        return [{"id": "step-up", "description": _("再次验证身份"), "url": reverse("accounts:step-up")}]

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Say whether a page of allauth wants a proof first."""
        request = context.request
        if is_fresh(request):
            return False
        first = app == "allauth.mfa" and not request.session.get(HAS_FACTOR)
        return not (first and _came_in_just_now(request))

    def add_message(self, *_given: Any, **_named: Any) -> None:
        """Say nothing in allauth's words; our pages speak for themselves."""

    def send_notification_mail(self, *_given: Any, **_named: Any) -> None:
        """Send no mail: many houses have none; the audit keeps what happened."""


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth has no types
    """Second factors: their secrets are sealed, their names are Chinese."""

    error_messages = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("验证码不正确，或者已经用过；请等下一个验证码。"),
        "cannot_generate_recovery_codes": _("请先设置动态口令或通行密钥。"),
    }

    def encrypt(self, text: str) -> str:
        """Seal the secret of a second factor with the keys outside the database; Refused with other keys."""
        require(keys_fit())
        return seal(SEALED_IN, text, SEALED_FOR)

    def decrypt(self, encrypted_text: str) -> str:
        """Open the secret of a second factor. Raises WrongKeyError or TamperedError."""
        return unseal(encrypted_text, SEALED_FOR)

    def generate_authenticator_name(self, user: AbstractBaseUser, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's signature
        """Return a name for a new key, so that several can be told apart."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return str(_("通行密钥%(number)d")) % {"number": number}


class OutsideAdapter(DefaultSocialAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Identities of other houses: they open the door only for a log-in that has bound them itself."""

    error_messages = {
        **DefaultSocialAccountAdapter.error_messages,
        "connected_other": _("这个外部身份已绑定到另一个账号。"),
    }

    def is_open_for_signup(self, *_given: Any) -> bool:
        """Nobody signs up, from wherever they come."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Stop an identity that no log-in has bound, and one whose log-in is closed."""
        if sociallogin.state.get("process") == "connect":
            return
        if not sociallogin.is_existing or not sociallogin.user.is_active:
            text = _("这个外部身份还没有绑定账号。请先用登录名和密码登录，在“我的账号”里绑定后再使用。")
            raise ImmediateHttpResponse(_refusal(request, text))

    def on_authentication_error(self, request: HttpRequest, *_given: Any, **_named: Any) -> None:
        """Say in our words that the other house did not answer as it should."""
        text = _("外部身份验证没有完成，请重试，或改用登录名和密码登录。")
        raise ImmediateHttpResponse(_refusal(request, text))

    def get_connect_redirect_url(self, *_given: Any) -> str:
        """Lead back to the own account after binding."""
        return reverse("accounts:outside-identities")

    def get_requests_session(self) -> Any:
        """Return what other houses are asked with: it follows no redirect."""
        session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def generate_state_param(self, state: dict[str, Any]) -> str:  # noqa: ARG002 - allauth's signature
        """Return a name for what is remembered until the other house answers: 256 bits."""
        return secrets.token_urlsafe(32)

    def send_notification_mail(self, *_given: Any, **_named: Any) -> None:
        """Send no mail; the audit keeps what happened."""


def _refusal(request: HttpRequest, text: Any) -> HttpResponse:
    context_ = {"title": _("不能用这个身份登录"), "reason": text}
    return render(request, "accounts/closed.html", context_, status=403)
