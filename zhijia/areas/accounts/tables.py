"""How lists of log-ins look."""

import django_tables2 as tables
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts.models import Holding, User
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
        return format_html_join(
            "、", "{} {}", ((one.seat.union.name, one.seat.get_post_display()) for one in value)
        )
