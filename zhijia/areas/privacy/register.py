"""The register of processing (个人信息处理活动登记表), read from the cards and the tables of others."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass

from django.apps import apps
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from zhijia.areas.accounts.roles import posts_with
from zhijia.areas.organisations.models import Seat
from zhijia.areas.privacy.tables_of_others import OTHERS
from zhijia.kernel.registry import Card, Privacy, registry
from zhijia.kit.titles import title_of

NONE, PERSONAL, SENSITIVE = "none", "personal", "sensitive"
Text = str | Promise
# Columns that no form shows and that have no name in words of their own.
UNNAMED = {
    "name_key": gettext_lazy("姓名拼音（检索用）"),
    "initials": gettext_lazy("姓名首字母（检索用）"),
    "id_index": gettext_lazy("证件号码的盲索引"),
    "id_tail": gettext_lazy("证件号码后4位的盲索引"),
    "phone_index": gettext_lazy("电话的盲索引"),
    "phone_tail": gettext_lazy("电话后4位的盲索引"),
    "person": gettext_lazy("本人档案"),
    "employer": gettext_lazy("工作单位"),
    "user": gettext_lazy("账号"),
    "seat": gettext_lazy("岗位"),
    "asked_by": gettext_lazy("申请人账号"),
    "answered_by": gettext_lazy("审批人账号"),
}


@dataclass(frozen=True)
class Line:
    """One model of the register: who declares it, what it is, and which actions show it."""

    area: Text
    label: str
    title: Text
    privacy: Privacy
    actions: tuple[str, ...]
    is_erasable: bool = False

    @property
    def level(self) -> str:
        """Return the level in words."""
        return {NONE: _("不含个人信息"), PERSONAL: _("个人信息"), SENSITIVE: _("敏感个人信息")}[
            self.privacy.level
        ]

    @property
    def fields(self) -> tuple[str, ...]:
        """Return the names of the columns in words, as far as they have any."""
        model = apps.get_model(self.label)
        names = []
        for name in self.privacy.fields:
            words = model._meta.get_field(name).verbose_name
            with translation.override("zh-hans"):
                is_unnamed = str(words).isascii()
            names.append(str(UNNAMED.get(name, name)) if is_unnamed else str(words))
        return tuple(dict.fromkeys(names))

    @property
    def term(self) -> str:
        """Return the term of keeping in words."""
        months = self.privacy.months
        if self.privacy.level == NONE:
            return ""
        if months is None:
            return _("与记录同期，匿名化时去除姓名和说明") if self.is_erasable else _("与记录同期")
        if months % 12:
            return _("目的实现后%(months)d个月") % {"months": months}
        return _("目的实现后%(years)d年") % {"years": months // 12}

    @property
    def seen_by(self) -> tuple[str, ...]:
        """Return the labels of the actions by which people see it."""
        known = registry().actions
        return tuple(str(known[key].label) for key in self.actions if key in known)

    @property
    def posts(self) -> tuple[str, ...]:
        """Return the posts that hold one of those actions."""
        posts = dict.fromkeys(post for key in self.actions for post in posts_with(key))
        return tuple(str(Seat.Post(post).label) for post in posts)


def _actions(card: Card, line: Privacy) -> tuple[str, ...]:
    own = tuple(action.key for action in card.actions if action.key.endswith(".view"))
    return line.seen_by or own


def lines() -> list[Line]:
    """Return the whole register: the areas lowest first, then the kernel and the tables of others."""
    found = [
        Line(
            card.label,
            f"{card.name}.{line.model}",
            title_of(f"{card.name}.{line.model}"),
            line,
            _actions(card, line),
            bool(card.erasers),
        )
        for card in registry().cards
        for line in card.privacy
    ]
    known = {model._meta.label for model in apps.get_models(include_auto_created=True)}
    found += [
        Line(_("系统"), label, title_of(label), line, line.seen_by)
        for label, line in OTHERS.items()
        if label in known
    ]
    return found


@functools.cache
def months() -> Mapping[str, int | None]:
    """Return the term of keeping by model, in months."""
    return {f"{card.name}.{line.model}": line.months for card in registry().cards for line in card.privacy}
