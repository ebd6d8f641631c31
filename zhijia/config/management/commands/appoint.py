"""``./run manage appoint``: the first officers and administrators of a new house, each with a log-in.

Everyone after them is appointed on the pages. The one-time password is printed once and kept nowhere.
"""

from __future__ import annotations

import secrets
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.services import password_reset, second_factor_reset, user_create
from zhijia.areas.organisations.models import Seat, Union
from zhijia.areas.organisations.services import seat_assign, union_found
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.verdict import Refused

WHY = "the command line sets up the first officers"
ALPHABET = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # without signs that look alike
LENGTH = 23  # 132 bits


class Command(BaseCommand):
    """Makes a seat and its log-in; exit code 2 for whatever cannot be."""

    help = "make a seat and its log-in, or with --reset a new one-time password for a log-in"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """See Django."""
        parser.add_argument("--username", required=True, help="what is typed at the door")
        parser.add_argument("--reset", action="store_true", help="only give this log-in a new password")
        parser.add_argument(
            "--second-factor", action="store_true", help="with --reset: also clear a lost second factor"
        )
        parser.add_argument("--post", choices=Seat.Post.values)
        parser.add_argument("--union", help="the union's code")
        parser.add_argument("--name", help="the name of the person, in Chinese")
        parser.add_argument("--new-union", metavar="NAME", help="register this union first, under --union")
        parser.add_argument("--level", choices=Union.Level.values, default=Union.Level.GRASSROOTS)
        parser.add_argument("--sector", choices=Union.Sector.values, default=Union.Sector.OTHER)

    def handle(self, *_args: Any, **options: Any) -> None:
        """Do all of it or nothing, and print the password."""
        if options["second_factor"] and not options["reset"]:
            raise CommandError(_("--second-factor 只能与 --reset 一起使用。"), returncode=2)
        password = "".join(secrets.choice(ALPHABET) for _sign in range(LENGTH))
        with translation.override("zh-hans"):
            try:
                with transaction.atomic():
                    done = _reset(options, password) if options["reset"] else _appoint(options, password)
            except (Refused, ValidationError) as problem:
                text = "；".join(problem.messages) if isinstance(problem, ValidationError) else str(problem)
                raise CommandError(text, returncode=2) from problem
            self.stdout.write(done)
            self.stdout.write(_("登录名：%(name)s") % {"name": options["username"]})
            self.stdout.write(_("一次性密码：%(password)s") % {"password": password})
            self.stdout.write(_("密码只显示这一次，首次登录时必须修改。"))


def _actor() -> Actor:
    return system(_("命令行"))


def _appoint(options: dict[str, Any], password: str) -> str:
    """Make union, seat and log-in; returns what was done."""
    for option in ("post", "union", "name"):
        if not (options[option] or "").strip():
            raise ValidationError(_("请写明 --%(option)s。") % {"option": option})
    username, name = options["username"].strip(), options["name"].strip()
    UnicodeUsernameValidator()(username)
    union, post = _union(options), options["post"]
    seat = _seat(union, post, name)
    user_create(actor=_actor(), username=username, name=name, password=password, seat=seat, once=True)
    return _("%(name)s任%(union)s%(post)s。") % {
        "name": name,
        "union": union.name,
        "post": Seat.Post(post).label,
    }


def _union(options: dict[str, Any]) -> Union:
    """Return the union meant, registering it when --new-union names it."""
    code, known = options["union"].strip(), Union.objects.everywhere(WHY)
    if title := (options["new_union"] or "").strip():
        return union_found(
            actor=_actor(),
            parent=None,
            code=code,
            name=title,
            level=options["level"],
            sector=options["sector"],
        )
    union = known.filter(code=code).first()
    if union is not None:
        return union
    if not known.exists():
        raise ValidationError(
            _("还没有任何工会。请同时建立：加上 --new-union 工会名称 --level general --sector education，"
              "或者先用 import_book 导入台账。")
        )  # fmt: skip
    raise ValidationError(_("没有编码为“%(code)s”的工会。") % {"code": code})


def _seat(union: Union, post: str, name: str) -> Seat:
    """Return the open seat of this name in the union, else a new one from today on."""
    kept = Seat.objects.everywhere(WHY).filter(union=union, post=post, holder=name, ends_on=None)
    return kept.select_related("union").first() or seat_assign(
        actor=_actor(), union=union, post=post, holder=name, starts_on=timezone.localdate()
    )


def _reset(options: dict[str, Any], password: str) -> str:
    """Give a log-in a new one-time password, and clear a second factor that is lost.

    It is the only way for the three administrators.
    """
    user = User.objects.filter(username=options["username"].strip()).first()
    if user is None:
        raise ValidationError(_("没有这个账号。"))
    password_reset(actor=_actor(), user=user, password=password)
    if options["second_factor"]:
        second_factor_reset(actor=_actor(), user=user)
        return _("已为%(name)s重置密码，并清除双因素验证。") % {"name": user.name or user.username}
    return _("已为%(name)s重置密码。") % {"name": user.name or user.username}
