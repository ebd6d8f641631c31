"""The door: password, second step, out again. django-allauth does the work in our pages."""

from __future__ import annotations

from typing import Any

from allauth.account.views import LoginView
from allauth.mfa.base.views import AuthenticateView
from allauth.socialaccount.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.views import LogoutView
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.forms_door import LoginForm, SecondStepForm, SecondStepKeyForm
from zhijia.areas.accounts.outside import names_of


class Login(LoginView):  # type: ignore[misc]  # allauth has no types
    """User name and password; someone who is logged in already goes on."""

    template_name = "accounts/login.html"

    def get_form_class(self) -> type[Form]:
        """Return our words around allauth's form."""
        return LoginForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the way back, and the identities of other houses that are switched on."""
        back = self.get_next_url() or ""
        return {
            **super().get_context_data(**kwargs),
            "title": _("登录"),
            "next": back,
            "others": [
                (one, f"{url}?{urlencode({'process': 'login', 'next': back or '/'})}")
                for one, url in login_addresses(self.request)
            ],
        }


def login_addresses(request: Any) -> list[tuple[Any, str]]:
    """Return name and log-in address of each outside identity that is switched on; mostly none."""
    if not settings.DOORS.apps:
        return []
    providers = get_adapter(request).list_providers(request)
    return [(names_of(one), reverse_of(one)) for one in providers]


def reverse_of(provider: Any) -> str:
    """Return the address where the log-in of a provider begins."""
    if provider.id == "openid_connect":
        return reverse("openid_connect_login", kwargs={"provider_id": provider.app.provider_id})
    return reverse(f"{provider.id}_login")


class SecondStep(AuthenticateView):  # type: ignore[misc]  # allauth has no types
    """The second step of a log-in: a code or a passkey."""

    template_name = "accounts/second_step.html"

    def get_form_class(self) -> type[Form]:
        """Return our words around allauth's form."""
        return SecondStepForm

    def get_webauthn_form_class(self) -> type[Form]:
        """Return the form that carries the answer of a passkey."""
        return SecondStepKeyForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Say what can be shown: not everyone has a passkey."""
        context = super().get_context_data(**kwargs)
        options = context.get("js_data", {}).get("request_options", {}).get("publicKey", {})
        return {**context, "title": _("双因素验证"), "has_passkey": bool(options.get("allowCredentials"))}


class Logout(LogoutView):
    """Ends the session (POST only); the browser forgets what it kept of it."""

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """See Django."""
        response = super().post(request, *args, **kwargs)
        response["Clear-Site-Data"] = '"cache", "storage"'
        return response
