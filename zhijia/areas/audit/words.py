"""How lines of the audit are said: verbs, actions, what they were done to, and the names of fields."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from zhijia.areas.audit.queries import parts_count
from zhijia.kernel.audit import PARTS
from zhijia.kernel.models import AuditEvent
from zhijia.kernel.registry import registry
from zhijia.kit.titles import title_of

Text = str | Promise

VERBS: dict[str, Text] = {
    "view": _("查看"),
    "search": _("按证件号码查找"),
    "reveal": _("显示完整号码"),
    "export": _("导出"),
    "print": _("打印"),
    "create": _("登记"),
    "change": _("更正"),
    "remove": _("删除"),
    "approve": _("审批"),
    "import": _("导入"),
    "login": _("登录"),
    "logout": _("退出登录"),
    "deny": _("被拒绝"),
}
# models that are no record of an area, or none at all
_OTHERS: dict[str, Text] = {
    "export": _("列表"),
    "books.book": _("台账"),
    "backup": _("备份"),
    "kernel.auditevent": _("审计记录"),
}


def verb(line: AuditEvent) -> Text:
    """Return what was done; a line with parts says to how many people."""
    what = VERBS.get(line.verb, line.verb)
    if PARTS not in line.before:
        return what
    return gettext("%(what)s %(count)d 人") % {"what": what, "count": parts_count(line)}


def action(line: AuditEvent) -> Text:
    """Return the right that was used or missing."""
    known = registry().actions.get(line.action)
    return known.label if known else line.action


def thing(line: AuditEvent) -> str:
    """Return what it was done to: the area and the number of the record, never its values."""
    label: Text = _OTHERS.get(line.model, "")
    if not label:
        label = title_of(line.model)
    if line.object_id is not None:
        return f"{label} #{line.object_id}"
    # the name that a list or a book goes by is no value of a record
    name = line.before.get("name") if line.verb in ("export", "print") else None
    return f"{label} · {name}" if name else str(label)


def fields(line: AuditEvent) -> list[str]:
    """Return the names of the fields that were changed or seen, as people call them."""
    return [_field(line.model, name) for name in line.fields]


def _field(model: str, name: str) -> str:
    try:
        field: Any = apps.get_model(model)._meta.get_field(name)
    except (LookupError, ValueError, FieldDoesNotExist):
        return name
    label = str(getattr(field, "verbose_name", name)).removesuffix("(分)")
    return label or name
