"""What a log-in proves itself with, and in which browsers it is in. Reads only.

Nobody but its owner asks; ``has_reset`` is asked about the officer who is about to reset a proof.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.http import Http404
from django.utils import timezone

from zhijia.areas.accounts.models import User
from zhijia.kernel.actor import Actor
from zhijia.kernel.models import AuditEvent

APART_FOR = timedelta(days=7)
"""So long nobody resets both password and second factor of one log-in."""
Type = Authenticator.Type
SECOND = (Type.TOTP, Type.WEBAUTHN)  # recovery codes alone are no second factor


def has_second_factor(user: User) -> bool:
    """Say whether a log-in has set up a one-time code or a passkey."""
    return bool(Authenticator.objects.filter(user=user, type__in=SECOND).exists())


def has_reset(actor: Actor, user: User, what: str, now: datetime | None = None) -> bool:
    """Say whether the actor has reset ``what`` (password, second_factor) of a log-in in the last 7 days.

    The audit knows; the system itself (no id) is never meant.
    """
    if actor.user_id is None:
        return False
    since = (now or timezone.now()) - APART_FOR
    lines = AuditEvent.objects.filter(model="accounts.user", object_id=user.pk, verb="change", at__gt=since)
    done = lines.filter(actor_id=actor.user_id).values_list("fields", flat=True)
    return any(what in fields for fields in done)


@dataclass(frozen=True)
class Proofs:
    """The second factors of a log-in."""

    totp: Authenticator | None
    passkeys: tuple[Authenticator, ...]
    recovery: Authenticator | None

    @property
    def unused_codes(self) -> int:
        """How many recovery codes are left; no key is needed to count them."""
        if self.recovery is None:
            return 0
        from allauth.mfa.app_settings import RECOVERY_CODE_COUNT  # a module-level property of allauth

        return int(RECOVERY_CODE_COUNT - int(self.recovery.data.get("used_mask", 0)).bit_count())


def proofs_of(user: User) -> Proofs:
    """Return the second factors of a log-in."""
    held = list(Authenticator.objects.filter(user=user).order_by("pk"))
    return Proofs(
        totp=next((one for one in held if one.type == Type.TOTP), None),
        passkeys=tuple(one for one in held if one.type == Type.WEBAUTHN),
        recovery=next((one for one in held if one.type == Type.RECOVERY_CODES), None),
    )


def passkey_load(user: User, key_id: int) -> Authenticator:
    """Return an own passkey; Http404 for any other."""
    found = Authenticator.objects.filter(user=user, type=Type.WEBAUTHN, pk=key_id).first()
    if found is None:
        raise Http404
    return found


@dataclass(frozen=True)
class Visit:
    """A browser in which a log-in is in."""

    pk: int
    browser: str
    address: str
    since: datetime
    is_current: bool


def visits(user: User, current_key: str) -> list[Visit]:
    """Return the live sessions of a log-in, the one that asks first."""
    rows = list(UserSession.objects.filter(user=user).order_by("-created_at"))
    living = set(
        Session.objects.filter(
            session_key__in=[one.session_key for one in rows], expire_date__gt=timezone.now()
        ).values_list("session_key", flat=True)
    )
    found = [
        Visit(one.pk, _browser(one.user_agent), one.ip, one.created_at, one.session_key == current_key)
        for one in rows
        if one.session_key in living
    ]
    return sorted(found, key=lambda one: not one.is_current)


def visit_key(user: User, visit_id: int) -> str:
    """Return the session key of an own visit; Http404 for any other."""
    found = UserSession.objects.filter(user=user, pk=visit_id).first()
    if found is None:
        raise Http404
    return str(found.session_key)


_BROWSERS = (("Edg/", "Edge"), ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("Firefox/", "Firefox"))
_MORE = (("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def _browser(agent: str) -> str:
    """Return a browser as people name it; the first words of what it says of itself when it is unknown."""
    name = next((label for sign, label in (*_BROWSERS, *_MORE) if sign in agent), "")
    system = next((label for sign, label in _SYSTEMS if sign in agent), "")
    return " · ".join(part for part in (name, system) if part) or agent[:40]
