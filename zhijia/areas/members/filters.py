"""How the roster is narrowed down."""

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.models import Membership, Person
from zhijia.areas.members.queries import VIEW, person_matches, stranded
from zhijia.areas.members.states import OPEN
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.kit.filters import DayFilter

Rows = QuerySet[Membership]
ALL = "all"
YES_NO = [("1", _("是")), ("0", _("否"))]


class RosterFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """Filters of the roster; without a state only the open memberships are shown."""

    q = django_filters.CharFilter(label=_("姓名、首字母、号码后几位"), method="by_text")
    union = UnionFilter(action=VIEW)
    state = django_filters.ChoiceFilter(
        label=_("会籍状态"),
        choices=[
            (ALL, _("全部")),
            *((state.value, state.label) for state in Membership.State if state in OPEN),
            (Membership.State.ENDED.value, Membership.State.ENDED.label),
        ],
        empty_label=_("在籍和保留"),
        method="by_state",
    )
    sex = django_filters.ChoiceFilter(
        label=_("性别"), field_name="person__sex", choices=Person.Sex.choices, empty_label=_("不限")
    )
    migrant = django_filters.ChoiceFilter(
        label=_("农民工"), choices=YES_NO, empty_label=_("不限"), method="by_migrant"
    )
    employer = django_filters.CharFilter(
        label=_("工作单位"), field_name="employer__name", lookup_expr="icontains"
    )
    waiting = django_filters.ChoiceFilter(
        label=_("待办理"),
        choices=[("closed", _("所在工会已终止"))],
        empty_label=_("不限"),
        method="by_waiting",
    )
    since = DayFilter(label=_("入会日期从"), field_name="starts_on", lookup_expr="gte")
    until = DayFilter(label=_("入会日期至"), field_name="starts_on", lookup_expr="lte")

    class Meta:
        model = Membership
        fields: tuple[str, ...] = ()
        form = forms.Form

    def filter_queryset(self, queryset: Rows) -> Rows:
        """Keep the open memberships when no state was chosen."""
        rows: Rows = super().filter_queryset(queryset)
        return rows if self.form.cleaned_data.get("state") else rows.filter(state__in=OPEN)

    def by_text(self, queryset: Rows, _name: str, value: str) -> Rows:
        """Keep the persons that a text means."""
        return queryset.filter(person_matches(value, "person__"))

    def by_state(self, queryset: Rows, _name: str, value: str) -> Rows:
        """Keep one state, or all."""
        return queryset if value == ALL else queryset.filter(state=value)

    def by_waiting(self, queryset: Rows, _name: str, _value: str) -> Rows:
        """Keep the members whose union has ended."""
        return stranded(queryset)

    def by_migrant(self, queryset: Rows, _name: str, value: str) -> Rows:
        """Keep migrant workers, or the others."""
        return queryset.filter(person__migrant=value == "1")
