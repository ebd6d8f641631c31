"""How lists of members look. Numbers are masked on the page and in exports alike."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from zhijia.areas.members.models import FullExport, Membership
from zhijia.areas.members.queries import person_url
from zhijia.kit.columns import ActionColumn, DateColumn, MaskedColumn, YesNoColumn


class RosterTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Memberships with their persons."""

    name = tables.Column(accessor="person__name", verbose_name=_("姓名"), order_by="person__name_key")
    sex = tables.Column(accessor="person__get_sex_display", verbose_name=_("性别"), order_by="person__sex")
    id_number = MaskedColumn(accessor="person__id_number", verbose_name=_("证件号码"))
    phone = MaskedColumn(accessor="person__phone", verbose_name=_("移动电话"))
    union = tables.Column(accessor="union__name", verbose_name=_("所属工会"), order_by="union__path")
    employer = tables.Column(accessor="employer__name", verbose_name=_("工作单位"))
    state = tables.Column()
    starts_on = DateColumn()
    ends_on = DateColumn()
    migrant = YesNoColumn(accessor="person__migrant", verbose_name=_("农民工"))
    card_no = tables.Column()
    post = tables.Column()

    class Meta:
        model = Membership
        fields = (
            "name",
            "sex",
            "id_number",
            "phone",
            "union",
            "employer",
            "state",
            "starts_on",
            "ends_on",
            "migrant",
            "card_no",
            "post",
        )

    def render_name(self, value: str, record: Membership) -> SafeString | str:
        """Link the name to the file; the file of someone who has moved out of reach is not linked."""
        address = person_url(self.request.actor.scope, record.person)
        return format_html('<a href="{}">{}</a>', address, value) if address else value

    def value_name(self, value: str) -> str:
        """Export the bare name."""
        return value


class ApplicationTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Applications that wait for approval."""

    name = tables.Column(accessor="person__name", verbose_name=_("姓名"), order_by="person__name_key")
    id_number = MaskedColumn(accessor="person__id_number", verbose_name=_("证件号码"))
    union = tables.Column(accessor="union__name", verbose_name=_("申请加入"))
    applied_on = DateColumn()
    steps = ActionColumn(
        template_code=(
            "<a href=\"{% url 'members:step' record.pk 'approve' %}\">{% translate '批准' %}</a> "
            "<a href=\"{% url 'members:step' record.pk 'reject' %}\">{% translate '不批准' %}</a>"
        )
    )

    class Meta:
        model = Membership
        fields = ("name", "id_number", "union", "applied_on", "reason", "steps")


class TransferTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Members whom other unions are sending here."""

    name = tables.Column(accessor="person__name", verbose_name=_("姓名"), order_by="person__name_key")
    id_number = MaskedColumn(accessor="person__id_number", verbose_name=_("证件号码"))
    union = tables.Column(accessor="union__name", verbose_name=_("转出工会"))
    transfer_to = tables.Column(accessor="transfer_to__name", verbose_name=_("转入工会"))
    steps = tables.Column(accessor="pk", verbose_name="", orderable=False)

    class Meta:
        model = Membership
        fields = ("name", "id_number", "union", "transfer_to", "reason", "steps")

    def render_steps(self, value: Any) -> SafeString:
        """Return the two answers."""
        return format_html(
            '<a href="{}">{}</a> <a href="{}">{}</a>',
            reverse("members:transfer", args=[value, "accept"]),
            _("接收"),
            reverse("members:transfer", args=[value, "refuse"]),
            _("退回"),
        )


class FullExportTable(tables.Table):  # type: ignore[misc]  # django_tables2 has no types
    """Who asked to take out whole numbers."""

    union = tables.Column(accessor="union__name", verbose_name=_("工会（含下级）"), order_by="union__path")
    purpose = tables.Column(linkify=("members:full-export-detail", {"pk": tables.A("pk")}))

    class Meta:
        model = FullExport
        fields = ("purpose", "union", "asked_name", "state", "answered_name", "taken")
