"""What people type about seats and rights: who gets a seat, whose file a log-in is, and the question why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts import queries
from zhijia.areas.accounts.forms import SeatField
from zhijia.areas.accounts.models import User
from zhijia.areas.members.forms import PersonField
from zhijia.areas.organisations.forms import UnionField
from zhijia.areas.organisations.models import Seat
from zhijia.kernel.actor import Actor
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import search_select
from zhijia.kit.warned_forms import WarnedForm

if TYPE_CHECKING:
    UserChoice = forms.ModelChoiceField[User]
else:
    UserChoice = forms.ModelChoiceField


class UserField(UserChoice):
    """A log-in in reach of ``accounts.matrix``, searched on the server; anything else is refused."""

    default_error_messages = {"invalid_choice": _("没有这个账号，或者不在您的职责范围内。")}

    def __init__(self, *, scope: Scope, **kwargs: Any) -> None:
        kwargs.setdefault("label", _("账号"))
        address = cast("str", reverse_lazy("accounts:user-options"))
        widget = search_select(address, placeholder=_("姓名或登录名"))
        super().__init__(queryset=queries.users(scope, queries.MATRIX), widget=widget, **kwargs)

    def label_from_instance(self, obj: User) -> str:
        """Return name and log-in name."""
        return queries.user_text(obj)


def union_field(scope: Scope, **kwargs: Any) -> UnionField:
    """Return the choice of a union in reach of ``accounts.matrix``; administrators may not open the tree."""
    address = cast("str", reverse_lazy("accounts:union-options"))
    widget = search_select(address, placeholder=_("名称、首字母或编码"))
    return UnionField(scope=scope, action=queries.MATRIX, widget=widget, **kwargs)


def action_choices() -> list[tuple[Any, Any]]:
    """Return all declared actions, grouped by area."""
    return [
        (card.label, [(action.key, action.label) for action in card.actions])
        for card in registry().cards
        if card.actions
    ]


class SeatGrantForm(WarnedForm):
    """One more seat for a log-in that is known."""

    def __init__(self, *args: Any, actor: Actor, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.user = actor, user
        self.fields["seat"] = SeatField(scope=actor.scope)

    def clean(self) -> dict[str, Any]:
        """Ask the rules: blocks are errors, doubts want a second click."""
        typed = super().clean() or self.cleaned_data
        seat: Seat | None = typed.get("seat")
        if seat is not None:
            self.judge(("seat", one) for one in queries.grant_verdicts(self.actor, self.user, seat))
        return typed


class HolderForm(WarnedForm):
    """A log-in for a seat that is known."""

    def __init__(self, *args: Any, actor: Actor, seat: Seat, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.actor, self.seat = actor, seat
        self.fields["user"] = UserField(scope=actor.scope)

    def clean(self) -> dict[str, Any]:
        """Ask the rules: blocks are errors, doubts want a second click."""
        typed = super().clean() or self.cleaned_data
        user: User | None = typed.get("user")
        if user is not None:
            self.judge(("user", one) for one in queries.grant_verdicts(self.actor, user, self.seat))
        return typed


class PersonForm(forms.Form):
    """Whose file a log-in is."""

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"] = PersonField(scope=scope, label=_("本人档案"))


class MemberForm(PersonForm):
    """A log-in for a member without a post."""

    username = forms.CharField(
        label=_("登录名"),
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text=_("登录时使用。"),
    )
    password = forms.CharField(
        label=_("初始密码"),
        max_length=128,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少10位。请当面告知本人，并请本人登录后修改。"),
    )
    field_order = ("person", "username", "password")


class WhyForm(forms.Form):
    """Who, what, where."""

    right = forms.ChoiceField(label=_("事项"), choices=action_choices)

    def __init__(self, *args: Any, scope: Scope, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"] = UserField(scope=scope)
        self.fields["union"] = union_field(scope, closed=True)
        self.order_fields(("user", "right", "union"))
