"""The log-in of one person and the seats it held, and how long the house needs to know who it was."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from django.utils import timezone
from django.utils.translation import gettext as _

from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.queries import MANAGE, in_term
from zhijia.kernel.scope import Scope
from zhijia.kit.subjects import SubjectTable, Use


def subject_part(scope: Scope, person_id: int) -> list[SubjectTable]:
    """Return the log-in of a person whose file is in reach of the managers of log-ins, and its seats."""
    users = User.objects.filter(scope.where(MANAGE, "person__union__path"), person_id=person_id)
    held = Holding.objects.filter(
        scope.where(MANAGE, "seat__union__path"), user__person_id=person_id
    ).select_related("seat__union")
    return [
        SubjectTable(
            _("账号"),
            (_("登录名"), _("姓名"), _("电子邮箱"), _("开通时间"), _("最近登录"), _("界面语言")),
            tuple(
                (one.username, one.name, one.email, one.date_joined, one.last_login or "", one.language)
                for one in users
            ),
        ),
        SubjectTable(
            _("担任的岗位"),
            (_("工会"), _("职务"), _("姓名"), _("任职日期"), _("离任日期"), _("收回时间")),
            tuple(
                (
                    one.seat.union.name,
                    str(one.seat.get_post_display()),
                    one.seat.holder,
                    one.seat.starts_on,
                    one.seat.ends_on or "",
                    one.revoked_at or "",
                )
                for one in held.order_by("seat__starts_on", "pk")
            ),
        ),
    ]


def uses(person_ids: Collection[int] | None = None) -> Iterator[Use]:
    """Tell when a person used the log-in last; one with a seat in term still does."""
    users = User.objects.exclude(person=None)
    if person_ids is not None:
        users = users.filter(person_id__in=person_ids)
    today = timezone.localdate()
    held = Holding.objects.filter(in_term("seat__", today), revoked_at=None, user__person__isnull=False)
    seated = set(held.values_list("user_id", flat=True))
    for pk, person_id, login, joined in users.values_list("pk", "person_id", "last_login", "date_joined"):
        if person_id is None:
            continue
        if pk in seated:
            yield Use(person_id, "accounts.User", None, _("还担任工会的岗位"))
        else:
            yield Use(person_id, "accounts.User", timezone.localdate(login or joined))
