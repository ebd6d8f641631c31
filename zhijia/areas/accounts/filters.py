"""The filter of the register of seats."""

from __future__ import annotations

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts import queries
from zhijia.areas.accounts.forms_roles import action_choices, union_field
from zhijia.areas.accounts.models import Holding
from zhijia.areas.accounts.roles import posts_with
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.areas.organisations.forms import UnionField
from zhijia.areas.organisations.models import Seat

STATES = (("now", _("今天有效")), ("vacant", _("在任期内，没有账号")), ("not", _("今天无效")))


class MatrixUnionFilter(UnionFilter):
    """Like UnionFilter, with a search that administrators may use."""

    @property
    def field(self) -> UnionField:
        """The form field, made for the actor of this request."""
        if not hasattr(self, "_field"):
            scope = self.parent.request.actor.scope
            self._field = union_field(scope, closed=True, required=False, label=self.label)
        return self._field


class SeatFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """The register of seats by text, post, action, union and whether they give anything today."""

    q = django_filters.CharFilter(method="by_text", label=_("任职人、姓名或登录名"))
    union = MatrixUnionFilter(action=queries.MATRIX)
    post = django_filters.ChoiceFilter(choices=Seat.Post.choices, label=_("职务"))
    right = django_filters.ChoiceFilter(choices=action_choices, method="by_right", label=_("有此权限"))
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("状态"))

    class Meta:
        model = Seat
        fields: tuple[str, ...] = ("q", "union", "post", "right", "state")

    def by_text(self, rows: QuerySet[Seat], _name: str, value: str) -> QuerySet[Seat]:
        """Keep the seats whose holder or log-in has this name."""
        text = value.strip()
        named = Holding.objects.filter(Q(user__name__icontains=text) | Q(user__username__icontains=text))
        return rows.filter(Q(holder__icontains=text) | Q(pk__in=named.values("seat_id")))

    def by_right(self, rows: QuerySet[Seat], _name: str, value: str) -> QuerySet[Seat]:
        """Keep the seats whose post grants an action."""
        return rows.filter(post__in=posts_with(value))

    def by_state(self, rows: QuerySet[Seat], _name: str, value: Any) -> QuerySet[Seat]:
        """Keep the seats that give something today, those that give nothing, or those nobody logs in for."""
        if value == "vacant":
            return rows.filter(queries.vacant())
        return rows.filter(queries.in_force()) if value == "now" else rows.exclude(queries.in_force())
