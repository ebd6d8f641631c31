"""The only writer of log-ins and of the seats they hold."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from zhijia.areas.accounts import closing, queries, rules
from zhijia.areas.accounts.lockout import mark
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.proofs import has_reset
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Seat, Union
from zhijia.kernel.actor import Actor
from zhijia.kernel.command import Change, command, current, require
from zhijia.kernel.records import HIDDEN
from zhijia.kernel.separation import not_own
from zhijia.kernel.verdict import refused
from zhijia.kit.subjects import ANONYMOUS, anonymise


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


def _name_for(user: User, seat: Seat) -> Holding:
    """Name a log-in for a seat; it gives nothing until someone with the right grants it."""
    now = timezone.now()
    holding = Holding.objects.create(user=user, seat=seat, created_at=now, revoked_at=now)
    current().note(Change.of(holding, {}))
    return holding


def _check_password(user: User, password: str) -> None:
    """Raise ValidationError, under the name of the field, with the reasons why a password is weak."""
    try:
        validate_password(password, user)
    except ValidationError as weak:
        raise ValidationError({"password": weak.messages}) from weak


def _set_password(user: User, password: str, *, by_officer: bool, keep: str = "") -> None:
    """Store a new password and end the sessions; the audit learns that it changed, never what it was.

    What an officer has set must be changed at the next log-in. ``keep`` is the session that goes on.
    """
    _check_password(user, password)
    user.set_password(password)
    user.must_change_password = by_officer
    user.save(update_fields=["password", "must_change_password"])
    current().note(Change.of(user, {"password": "***"}))
    _end_sessions(user, keep)


def _end_sessions(user: User, keep: str = "", only: str = "") -> int:
    """End the sessions of a log-in but ``keep``, or ``only`` this one; returns how many were ended."""
    visits = UserSession.objects.filter(user=user).exclude(session_key=keep)
    if only:
        visits = visits.filter(session_key=only)
    keys = list(visits.values_list("session_key", flat=True))
    visits.delete()
    ended, _rows = Session.objects.filter(session_key__in=keys).delete()
    if ended:
        current().note(Change.batch(UserSession, "remove", ended))
    return ended


@command("accounts.manage", at=None, fresh=True)
def user_create(
    *,
    actor: Actor,
    username: str,
    name: str,
    password: str,
    seat: Seat | None = None,
    person: Person | None = None,
    once: bool = False,
) -> User:
    """Make a log-in for ``seat`` or for a member (``person``); only the system may make one with neither.

    The seat is held at once when the actor may grant it to a log-in of the own making; else the log-in is
    only named for it, and someone else grants it. ``once``: the password is good for the first log-in only.
    Raises Refused when the name is taken or seat or person lies out of reach, ValidationError for a weak
    password.
    """
    places = [one.union.path or "" for one in (seat, person) if one is not None] or [""]
    for place in places:
        require(actor.scope.may("accounts.manage", place))
    if User.objects.filter(username__iexact=username).exists():
        require(refused(_("登录名已被使用，请换一个。"), "house:accounts"))
    # What the system makes (command line, demo) is typed by its owner; an officer's choice is known to two.
    user = User(username=username, name=name, must_change_password=once or actor.user_id is not None)
    _check_password(user, password)
    user.set_password(password)
    user.made_by_id = actor.user_id
    user.save(force_insert=True)
    current().note(Change.of(user, {}))
    if person is not None:
        _link(actor, user, person)
    if seat is not None:
        own = queries.actions_at(actor.scope, seat.union.path or "")
        apart = rules.apart_from_maker(seat.post, actor.user_id, user.made_by_id)
        (_hold if apart and rules.may_hand_out(seat.post, own) else _name_for)(user, seat)
    return user


@command("accounts.grant", at="seat.union", fresh=True)
def holding_grant(*, actor: Actor, user: User, seat: Seat) -> Holding:
    """Let a log-in hold a seat of a union in reach.

    Refused for oneself, for more than the own rights, and for duties that must lie in different hands or on
    a log-in that someone else made.
    """
    # Two grants at once must see each other, or accountant and cashier could meet on one log-in.
    user = User.objects.select_for_update().get(pk=user.pk)
    for verdict in queries.grant_verdicts(actor, user, seat):
        require(verdict)
    return _hold(user, seat)


@command("accounts.grant", at="holding.seat.union")
def holding_revoke(*, actor: Actor, holding: Holding) -> Holding:
    """Take a seat from a log-in; at once, the next request has lost its grants."""
    seat = holding.seat
    require(rules.may_revoke(actor.user_id, holding.user_id))
    require(rules.may_take_back(seat.post, queries.actions_at(actor.scope, seat.union.path or "")))
    if holding.revoked_at is None:
        holding.revoked_at = timezone.now()
        holding.save(update_fields=["revoked_at"])
        current().note(Change.of(holding, {"revoked_at": None}))
    return holding


@command("accounts.grant", at="union")
def union_holdings_revoke(*, actor: Actor, union: Union) -> int:  # noqa: ARG001 - the command reads it
    """Take all seats of a union from their log-ins; returns how many were held."""
    held = Holding.objects.filter(seat__union=union, revoked_at=None)
    count = held.update(revoked_at=timezone.now())
    if count:
        current().note(Change.batch(Holding, "change", count))
    return count


def _link(actor: Actor, user: User, person: Person) -> None:
    """Tie a log-in to a person's file, once."""
    linked = user.person_id not in (None, person.pk)
    taken = User.objects.filter(person=person).exclude(pk=user.pk).exists()
    require(rules.may_link(actor.user_id, user.pk, linked=linked, taken=taken))
    if user.person_id != person.pk:
        user.person = person
        user.save(update_fields=["person"])
        current().note(Change.of(user, {"person": None}))


@command("accounts.manage", at="person.union")
def person_link(*, actor: Actor, user: User, person: Person) -> User:
    """Tie a log-in to the file of its owner, who then sees it and never decides on the own matters."""
    require(rules.may_reach(lies_within=queries.lies_within(actor.scope, user)))
    user = User.objects.select_for_update().get(pk=user.pk)
    _link(actor, user, person)
    return user


@command("accounts.manage", at=None)
def person_unlink(*, actor: Actor, user: User) -> User:
    """Untie a log-in from a person's file."""
    require(rules.may_unlink(actor.user_id, user.pk))
    require(rules.may_reach(lies_within=queries.lies_within(actor.scope, user)))
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.person_id is not None:
        before = {"person": user.person_id}
        user.person = None
        user.save(update_fields=["person"])
        current().note(Change.of(user, before))
    return user


@command("accounts.matrix", at=None)
def matrix_export(*, actor: Actor, rows: int, purpose: str) -> int:  # noqa: ARG001 - the command reads it
    """Note in the audit that the matrix of rights was taken out, and what for."""
    current().note(Change("export", None, "export", {"name": "accounts.matrix", "purpose": purpose}, rows))
    return rows


def _require_reset(actor: Actor, user: User, other: str) -> None:
    """Refuse to reset a proof of a log-in out of reach, and to one who lately reset the ``other`` half."""
    # Two resets at once must see each other, or one officer could do both.
    User.objects.select_for_update().get(pk=user.pk)
    require(queries.reset_verdict(actor.scope, user))
    require(rules.halves_apart(did_other=has_reset(actor, user, other)))


@command("accounts.manage", at=None, fresh=True)
def password_reset(*, actor: Actor, user: User, password: str) -> User:
    """Give another's log-in a new password; the own one is changed with ``password_change``.

    Refused when it also holds seats or a file out of reach, and to one who reset its second factor lately.
    """
    require(not_own(actor, user_id=user.pk))
    _require_reset(actor, user, "second_factor")
    _set_password(user, password, by_officer=True)
    return user


@command("accounts.manage", at=None, fresh=True)
def second_factor_reset(*, actor: Actor, user: User) -> User:
    """Take all second factors from a log-in whose owner has lost them, and end its sessions.

    The password stays. Refused when the log-in also holds seats or a file out of reach, and to one who reset
    its password lately: with both one could take it over.
    """
    _require_reset(actor, user, "password")
    held = Authenticator.objects.filter(user=user)
    for kind in held.values_list("type", flat=True):
        current().note(Change.of(user, {"second_factor": kind}))
    held.delete()
    _end_sessions(user)
    return user


@command("accounts.manage", at=None)
def sessions_end(*, actor: Actor, user: User) -> User:
    """End all sessions of a log-in in reach: it has to log in anew everywhere."""
    require(queries.reset_verdict(actor.scope, user))
    _end_sessions(user)
    return user


@command("accounts.manage", at=None)
def lockout_reset(*, actor: Actor, user: User) -> User:
    """Open the door again for a log-in that too many failures have locked out."""
    require(queries.reset_verdict(actor.scope, user))
    dropped, _rows = AccessAttempt.objects.filter(username=mark(user.username)).delete()
    if dropped:
        current().note(Change.batch(AccessAttempt, "remove", dropped))
    return user


def _switch(actor: Actor, user: User, reason: str, *, active: bool) -> User:
    """Close a log-in or open it again, for a reason that stays in the audit."""
    require(rules.may_close(actor.user_id, user.pk, reason))
    # Two administrators who close each other at once must see each other, or none would be left.
    user = next(one for one in closing.with_administrators(user).select_for_update() if one.pk == user.pk)
    require(closing.closing_verdict(actor.scope, user))
    if active:
        require(rules.may_reopen(anonymised=user.name == ANONYMOUS))
    else:
        require(closing.administrator_verdict(user))
    current().reason = reason.strip()
    if user.is_active is not active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        current().note(Change.of(user, {"is_active": not active}))
    return user


@command("accounts.manage", at=None, fresh=True)
def user_deactivate(*, actor: Actor, user: User, reason: str) -> User:
    """Close the log-in of someone who has left: all sessions end at once, seats and records stay.

    Refused for oneself, where the password may not be reset either, and for the last system administrator.
    """
    user = _switch(actor, user, reason, active=False)
    _end_sessions(user)
    return user


@command("accounts.manage", at=None, fresh=True)
def user_reactivate(*, actor: Actor, user: User, reason: str) -> User:
    """Open a closed log-in again: its password and second factor hold, and the seats that are in term.

    Who may close it may open it, whoever closed it; an anonymised one stays closed.
    """
    return _switch(actor, user, reason, active=True)


@command("accounts.own", at=None)
def own_sessions_end(*, actor: Actor, user: User, keep: str = "", only: str = "") -> User:
    """End the own sessions but ``keep``, or ``only`` this one (session keys)."""
    _require_self(actor, user)
    _end_sessions(user, keep, only)
    return user


@command("accounts.own", at=None)
def own_session_move(*, actor: Actor, user: User, old: str, new: str) -> User:
    """Keep the line of an own session whose key was renewed after a proof of identity (session keys)."""
    _require_self(actor, user)
    UserSession.objects.filter(user=user, session_key=old).update(session_key=new)
    return user


@command("accounts.own", at=None)
def password_change(*, actor: Actor, user: User, password: str, keep: str = "") -> User:
    """Change the own password; ends the other sessions (all but ``keep``).

    ``actor`` is ``queries.own_actor(user)``. Raises ValidationError for a weak password and for the old one.
    """
    _require_self(actor, user)
    if user.check_password(password):
        raise ValidationError({"password": [_("新密码不能与原密码相同。")]})
    _set_password(user, password, by_officer=False, keep=keep)
    UserSession.objects.filter(user=user).delete()  # the session that goes on gets a new key, and a new line
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


@command("privacy.erase", at="person.union", fresh=True)
def login_anonymise(*, actor: Actor, person: Person) -> int:  # noqa: ARG001 - the command reads the actor
    """Close the log-in of a person for good and take the name from it and from the seats it held."""
    user = User.objects.select_for_update().filter(person=person).first()
    if user is None:
        return 0
    _end_sessions(user)
    AccessAttempt.objects.filter(username=mark(user.username)).delete()
    for held in (Authenticator, EmailAddress, SocialAccount):
        held.objects.filter(user=user).delete()
    seats = Seat.objects.everywhere("all seats of the log-in").filter(pk__in=user.holdings.values("seat_id"))
    for seat in seats:
        anonymise(seat, holder=ANONYMOUS)
    emptied = {"username": f"anonymous-{user.pk}", "name": ANONYMOUS, "email": ""}
    for name, value in {**emptied, "person": None, "is_active": False}.items():
        setattr(user, name, value)
    user.set_unusable_password()
    user.save()
    current().note(Change.of(user, dict.fromkeys(emptied, HIDDEN)))
    return 1 + len(seats)
