"""The filters above the ledger and above the payments."""

from __future__ import annotations

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from zhijia.areas.finance import payment_queries, queries
from zhijia.areas.finance.models import Entry, Payment
from zhijia.areas.organisations.filters import UnionFilter
from zhijia.kit.filters import PeriodFilter


class EntryFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """By words, kind, category, formalities, period and branch of the tree."""

    q = django_filters.CharFilter(label=_("单位、往来单位或摘要"), method="by_text")
    kind = django_filters.ChoiceFilter(label=_("类别"), empty_label=_("全部"), choices=Entry.Kind.choices)
    category = django_filters.ChoiceFilter(
        label=_("支出科目"), empty_label=_("全部"), choices=Entry.Category.choices
    )
    formalities = django_filters.ChoiceFilter(
        label=_("返还手续"),
        empty_label=_("全部"),
        choices=[choice for choice in Entry.Formalities.choices if choice[0]],
    )
    period = PeriodFilter(field_name="happened_on", label=_("期间"))
    union = UnionFilter(action="finance.view")

    class Meta:
        model = Entry
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Entry], _name: str, text: str) -> QuerySet[Entry]:
        """Keep the entries whose payer, counterparty or note holds the text."""
        return rows.filter(queries.matching(text))


class PaymentFilter(django_filters.FilterSet):  # type: ignore[misc]  # django_filters has no types
    """By words, state, what waits for the one who looks, category, period of the request and branch."""

    q = django_filters.CharFilter(label=_("编号、事由或收款人"), method="by_text")
    state = django_filters.ChoiceFilter(label=_("状态"), empty_label=_("全部"), choices=Payment.State.choices)
    waiting = django_filters.ChoiceFilter(
        label=_("办理"), empty_label=_("全部"), choices=(("me", _("待我办理")),), method="by_waiting"
    )
    category = django_filters.ChoiceFilter(
        label=_("支出科目"), empty_label=_("全部"), choices=Entry.Category.choices
    )
    period = PeriodFilter(field_name="requested_at__date", label=_("申请期间"))
    union = UnionFilter(action=payment_queries.VIEW)

    class Meta:
        model = Payment
        fields: list[str] = []

    def by_text(self, rows: QuerySet[Payment], _name: str, text: str) -> QuerySet[Payment]:
        """Keep the payments whose number, title, payee or invoice is like the text."""
        return rows.filter(payment_queries.matching(text))

    def by_waiting(self, rows: QuerySet[Payment], _name: str, _value: str) -> QuerySet[Payment]:
        """Keep what the one who looks can take a step further."""
        return rows.filter(payment_queries.for_me(self.request.actor))


class OwnPaymentFilter(PaymentFilter):
    """The same above the own requests."""

    union = UnionFilter(action=payment_queries.REQUEST)
    waiting = None
