"""What people type at the door: the password, the code of a second factor, the proof of a passkey.

The checking is django-allauth's; ours are the words, the counting of failures, and that a locked door asks
nothing.
"""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import LoginForm as AllauthLoginForm
from allauth.account.forms import ReauthenticateForm
from allauth.core import context
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateByCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm, AuthenticateWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.lockout import count_failure, refuse_if_locked
from zhijia.areas.accounts.models import User
from zhijia.kernel.crypto import TamperedError, WrongKeyError

NAME_LENGTH = 50


def _code_box() -> forms.TextInput:
    return forms.TextInput(
        attrs={
            "autocomplete": "one-time-code",
            "inputmode": "numeric",
            "spellcheck": "false",
            "maxlength": "20",
        }
    )


class LoginForm(AllauthLoginForm):  # type: ignore[misc]  # allauth has no types
    """User name and password."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        name, password = self.fields["login"], self.fields["password"]
        name.label, password.label = _("登录名"), _("密码")
        password.help_text = ""
        for field in (name, password):
            field.widget.attrs.pop("placeholder", None)
        name.widget.attrs.update({"autofocus": "", "autocapitalize": "none", "spellcheck": "false"})

    def add_prefix(self, field_name: str) -> str:
        """Call the field in the page what browsers and people call it."""
        return "username" if field_name == "login" else str(super().add_prefix(field_name))

    def clean_login(self) -> str:
        """Return the user name; a sign that no database stores belongs to no name."""
        return str(super().clean_login()).replace("\0", "")


class _CodeForm:
    """A code typed by hand: failures count like wrong passwords, a locked door checks nothing."""

    user: User
    fields: dict[str, forms.Field]

    def _dress(self) -> None:
        code = self.fields["code"]
        code.label = _("验证码")
        code.help_text = _("动态口令应用上的6位数字，或一个恢复码。")
        code.widget = _code_box()

    def clean_code(self) -> str:
        """Check the code."""
        refuse_if_locked(context.request, self.user)
        try:
            return str(super().clean_code())  # type: ignore[misc]  # the form that this is mixed into
        except (WrongKeyError, TamperedError) as fault:
            raise forms.ValidationError(_("密钥不可用，无法核对验证码，请联系管理员。")) from fault

    def _emit_authentication_failed(self, _authenticator: Any) -> None:
        count_failure(context.request, self.user)


class SecondStepForm(_CodeForm, AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    """The second step of a log-in, by code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dress()


class StepUpCodeForm(_CodeForm, ReauthenticateByCodeForm):  # type: ignore[misc]  # allauth has no types
    """A fresh proof by code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dress()


class StepUpPasswordForm(ReauthenticateForm):  # type: ignore[misc]  # allauth has no types
    """A fresh proof by password, for those without a second factor."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["password"]
        field.label, field.help_text = _("密码"), ""
        field.widget.attrs.pop("placeholder", None)

    def clean_password(self) -> str:
        """Check the password; the same counters as at the door."""
        refuse_if_locked(context.request, self.user)
        password: str = self.cleaned_data["password"]
        if not get_adapter().reauthenticate(self.user, password):
            raise get_adapter().validation_error("incorrect_password")
        return password


class SecondStepKeyForm(AuthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """The second step of a log-in, by passkey."""


class StepUpKeyForm(ReauthenticateWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A fresh proof by passkey."""


class TotpForm(ActivateTOTPForm):  # type: ignore[misc]  # allauth has no types
    """The first code of a one-time password shows that the telephone has taken the secret."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        code = self.fields["code"]
        code.label = _("验证码")
        code.help_text = _("应用上显示的6位数字，用来确认设置成功。")
        code.widget = _code_box()


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth has no types
    """A passkey and what its owner calls it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"] = forms.CharField(
            label=_("名称"), required=False, max_length=NAME_LENGTH, help_text=_("例如“办公室电脑”“手机”。")
        )
        self.order_fields(["name", "credential"])
