"""How lists of log-ins look."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts import queries
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.organisations.models import Seat
from zhijia.kit.columns import DateColumn, YesNoColumn


class UserTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Log-ins with the seats they hold within reach."""

    name = tables.Column(linkify=("accounts:user-detail", {"pk": tables.A("pk")}))
    username = tables.Column(verbose_name=_("登录名"))
    held = tables.Column(verbose_name=_("岗位"), orderable=False)
    is_active = YesNoColumn(verbose_name=_("启用"))
    last_login = DateColumn(verbose_name=_("上次登录"))

    class Meta:
        model = User
        fields = ("name", "username", "held", "is_active", "last_login")

    def render_held(self, value: list[Holding]) -> SafeString:
        """Return one line for each seat."""
        awaited = _t("（待授予）")
        return format_html_join(
            "、",
            "{} {}{}",
            (
                (one.seat.union.name, one.seat.get_post_display(), awaited if one.is_awaited else "")
                for one in value
            ),
        )


class SeatTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Seats with the log-ins that hold them and what counts today."""

    holder = tables.Column(linkify=("accounts:seat-detail", {"pk": tables.A("pk")}), verbose_name=_("任职人"))
    union = tables.Column(accessor="union__name", verbose_name=_("工会"))
    post = tables.Column()
    starts_on = DateColumn()
    ends_on = DateColumn()
    hands = tables.Column(accessor="pk", orderable=False, verbose_name=_("账号"))
    today = tables.Column(accessor="pk", orderable=False, verbose_name=_("今天"))

    class Meta:
        model = Seat
        fields = ("holder", "union", "post", "starts_on", "ends_on", "hands", "today")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._hands: dict[int, list[queries.Hand]] | None = None

    def _of(self, seat: Seat) -> list[queries.Hand]:
        """Return the log-ins of a seat; those of all rows shown come in one query."""
        if self._hands is None:
            self._hands = queries.hands(row.record for row in self.paginated_rows)
        return self._hands[seat.pk]

    def render_hands(self, record: Seat) -> SafeString | str:
        """Name each log-in; one that gets nothing is grey and says why."""
        return format_html_join(
            "、",
            "{}{}",
            (
                (queries.user_text(one.holding.user), "" if one.verdict else f"（{one.verdict.reason}）")
                for one in self._of(record)
            ),
        ) or format_html('<span class="kit-missing">{}</span>', _t("没有账号"))

    def value_hands(self, record: Seat) -> str:
        """Return the names of the log-ins, for the export."""
        return "、".join(queries.user_text(one.holding.user) for one in self._of(record))

    def render_today(self, record: Seat) -> SafeString:
        """Say whether the seat gives anything today, and why not."""
        text = self.value_today(record)
        colour = "green" if text == _t("有效") else "secondary"
        return format_html('<span class="badge bg-{}-lt">{}</span>', colour, text)

    def value_today(self, record: Seat) -> str:
        """Return the same words, for the export."""
        standing = queries.seat_standing(record)
        if not standing:
            return str(standing.reason)
        found = self._of(record)
        if any(one.verdict for one in found):
            return _t("有效")
        return str(found[0].verdict.reason) if found else _t("没有账号")
