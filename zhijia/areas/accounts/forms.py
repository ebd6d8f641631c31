"""What officers type about log-ins, and what people type about the own one. The door: forms_door.py."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts import queries
from zhijia.areas.members.forms import NameField
from zhijia.areas.organisations.models import Seat
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import search_select

if TYPE_CHECKING:
    SeatChoice = forms.ModelChoiceField[Seat]
else:
    SeatChoice = forms.ModelChoiceField


class SeatField(SeatChoice):
    """A seat in term within the scope, searched on the server; anything else is refused."""

    def __init__(self, *, scope: Scope, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("岗位"))
        kwargs.setdefault("help_text", _("岗位在“工会”的任职页面登记；权限由岗位决定。"))
        widget = search_select(str(reverse_lazy("accounts:seat-options")), placeholder=_("输入姓名或工会"))
        super().__init__(queryset=queries.seats(scope), widget=widget, **kwargs)

    def label_from_instance(self, obj: Seat) -> str:
        """Return holder, post and union."""
        return queries.seat_text(obj)


def _password(label: Any, **kwargs: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": "new-password"})
    return forms.CharField(label=label, max_length=128, strip=False, widget=widget, **kwargs)


class GrantForm(forms.Form):
    """One more seat for a log-in."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seat"] = SeatField(scope=scope)


class UserForm(GrantForm):
    """A new log-in with its first seat and first password."""

    username = forms.CharField(
        label=_("登录名"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("登录时使用。"),
    )
    name = forms.CharField(label=_("姓名"), max_length=50)
    password = _password(_("初始密码"), help_text=_("至少10位。请当面告知本人，并请本人登录后修改。"))


class ResetForm(forms.Form):
    """A new password for someone who has forgotten it."""

    password = _password(_("新密码"), help_text=_("至少10位。请当面告知本人，并请本人登录后修改。"))


class ClosingForm(forms.Form):
    """Why a log-in is closed or opened again."""

    reason = NameField(
        label=_("原因"), max_length=200, widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200})
    )


class PasswordForm(forms.Form):
    """The own password: the old one proves who types."""

    old = forms.CharField(
        label=_("当前密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    password = _password(_("新密码"))
    again = _password(_("再输一次"))

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean_old(self) -> str:
        """Refuse a wrong current password."""
        old: str = self.cleaned_data["old"]
        if not self.user.check_password(old):
            raise forms.ValidationError(_("当前密码不正确。"))
        return old

    def clean(self) -> dict[str, Any]:
        """Refuse two different new passwords."""
        typed = super().clean() or self.cleaned_data
        if typed.get("password") != typed.get("again"):
            self.add_error("again", _("两次输入的新密码不一致。"))
        return typed


class LanguageForm(forms.Form):
    """The language of the pages."""

    language = forms.ChoiceField(
        label=_("界面语言"), required=False, choices=[("", _("跟随浏览器")), *settings.LANGUAGES]
    )
