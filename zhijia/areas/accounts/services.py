"""The only writer of log-ins and of the seats they hold."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts import queries, rules
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.organisations.models import Seat, Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import Change, command, current, require
from zhijia.kernel.verdict import refused


def _hold(user: User, seat: Seat) -> Holding:
    """Let a log-in hold a seat; a revoked holding is opened again."""
    holding, is_new = Holding.objects.get_or_create(user=user, seat=seat)
    if is_new:
        current().note(Change.of(holding, {}))
    elif holding.revoked_at is not None:
        before = {"revoked_at": holding.revoked_at.isoformat()}
        holding.revoked_at = None
        holding.save(update_fields=["revoked_at"])
        current().note(Change.of(holding, before))
    return holding


def _check_password(user: User, password: str) -> None:
    """Raise ValidationError, under the name of the field, with the reasons why a password is weak."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak


def _set_password(user: User, password: str) -> None:
    """Store a new password; the audit learns that it changed, never what it was."""
    _check_password(user, password)
    user.set_password(password)
    user.save(update_fields=["password"])
    current().note(Change.of(user, {"password": "***"}))


@command("accounts.manage", at=None)
def user_create(*, actor: Actor, username: str, name: str, password: str, seat: Seat | None = None) -> User:
    """Make a log-in that holds ``seat``. Only the system may make one without a seat.

    Raises Refused when the name is taken or the seat lies out of reach, ValidationError for a weak password.
    """
    require(actor.scope.may("accounts.manage", (seat.union.path or "") if seat else ""))
    if User.objects.filter(username__iexact=username).exists():
        require(refused(_("登录名已被使用，请换一个。"), "house:accounts"))
    user = User(username=username, name=name)
    _check_password(user, password)
    user.set_password(password)
    user.save(force_insert=True)
    current().note(Change.of(user, {}))
    if seat is not None:
        _hold(user, seat)
    return user


@command("accounts.manage", at="seat.union")
def holding_grant(*, actor: Actor, user: User, seat: Seat) -> Holding:  # noqa: ARG001 - the command reads it
    """Let a log-in hold a seat of a union in reach."""
    return _hold(user, seat)


@command("accounts.manage", at="holding.seat.union")
def holding_revoke(*, actor: Actor, holding: Holding) -> Holding:
    """Take a seat from a log-in; at once, the next request has lost its grants."""
    require(rules.may_revoke(actor.user_id, holding.user_id))
    if holding.revoked_at is None:
        holding.revoked_at = timezone.now()
        holding.save(update_fields=["revoked_at"])
        current().note(Change.of(holding, {"revoked_at": None}))
    return holding


@command("accounts.manage", at="union")
def union_holdings_revoke(*, actor: Actor, union: Union) -> int:  # noqa: ARG001 - the command reads it
    """Take all seats of a union from their log-ins; returns how many were held."""
    held = Holding.objects.filter(seat__union=union, revoked_at=None)
    count = held.update(revoked_at=timezone.now())
    if count:
        current().note(Change.batch(Holding, "change", count))
    return count


@command("accounts.manage", at=None)
def password_reset(*, actor: Actor, user: User, password: str) -> User:
    """Give another's log-in a new password; refused when it also holds seats out of reach."""
    require(rules.may_reset(lies_within=queries.lies_within(actor.scope, user)))
    _set_password(user, password)
    return user


@command("accounts.own", at=None)
def password_change(*, actor: Actor, user: User, password: str) -> User:
    """Change the own password; ``actor`` is ``queries.own_actor(user)``."""
    _require_self(actor, user)
    _set_password(user, password)
    return user


@command("accounts.own", at=None)
def language_choose(*, actor: Actor, user: User, language: str) -> User:
    """Keep the language of the pages with the own log-in; empty follows the browser."""
    _require_self(actor, user)
    if user.language != language:
        before = user.language
        user.language = language
        user.save(update_fields=["language"])
        current().note(Change.of(user, {"language": before}))
    return user


def _require_self(actor: Actor, user: User) -> None:
    if actor.user_id != user.pk:
        require(refused(_("只能修改自己的账号。"), "house:accounts"))
