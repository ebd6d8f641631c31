"""The forms of this area, and the field by which every area chooses a union."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from django import forms
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from zhijia.areas.organisations import queries
from zhijia.areas.organisations.models import Union
from zhijia.kernel.scope import Scope
from zhijia.kit.forms import search_select

if TYPE_CHECKING:
    UnionChoice = forms.ModelChoiceField[Union]
else:
    UnionChoice = forms.ModelChoiceField


class UnionField(UnionChoice):
    """A union, searched by name, initials or code; only those in which ``scope`` grants ``action``.

    ``clean`` returns the Union, or None when the field is not required; one out of reach is an error like
    one that does not exist. ``closed`` also admits unions that have ended.
    """

    default_error_messages = {"invalid_choice": _("没有这个工会,或者不在您的职责范围内。")}

    def __init__(
        self, *, scope: Scope, action: str = queries.VIEW, closed: bool = False, **kwargs: Any
    ) -> None:
        unions = queries.reach(scope, action)
        kwargs.setdefault("label", _("工会"))
        kwargs.setdefault(
            "widget",
            search_select(
                cast("str", reverse_lazy("organisations:union-options", query={"action": action})),
                placeholder=_("名称、首字母或编码"),
            ),
        )
        super().__init__(queryset=unions if closed else unions.filter(closed_on=None), **kwargs)

    def label_from_instance(self, obj: Union) -> str:
        """Show a union as its name with its code."""
        return f"{obj.name}({obj.code})"
