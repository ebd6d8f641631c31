"""What Django, allauth and axes tell us about log-ins: the session is marked, the audit gets its line.

These are the libraries' own announcements; within the house nothing is told by signals.
"""

from __future__ import annotations

import logging
import time
from dataclasses import replace
from typing import Any

from allauth.account.signals import authentication_step_completed
from allauth.mfa import signals as factors
from allauth.socialaccount import signals as outside
from axes.signals import user_locked_out
from django.contrib.auth import signals as doors
from django.http import HttpRequest

from zhijia.areas.accounts.adapter import HAS_FACTOR
from zhijia.areas.accounts.lockout import address_of
from zhijia.areas.accounts.middleware import BEGAN, SEEN
from zhijia.areas.accounts.models import User
from zhijia.areas.accounts.proofs import has_second_factor
from zhijia.areas.accounts.queries import actor_of
from zhijia.kernel.actor import Actor
from zhijia.kernel.crypto import keys_fit

ACTION = "accounts.own"
log = logging.getLogger(__name__)


def connect() -> None:
    """Listen; called once when the area is ready."""
    doors.user_logged_in.connect(_came_in, dispatch_uid="zhijia.came_in")
    doors.user_logged_out.connect(_went_out, dispatch_uid="zhijia.went_out")
    doors.user_login_failed.connect(_failed, dispatch_uid="zhijia.failed")
    user_locked_out.connect(_locked, dispatch_uid="zhijia.locked")
    authentication_step_completed.connect(_proven, dispatch_uid="zhijia.proven")
    factors.authenticator_added.connect(_factor_added, dispatch_uid="zhijia.factor_added")
    factors.authenticator_removed.connect(_factor_removed, dispatch_uid="zhijia.factor_removed")
    factors.authenticator_reset.connect(_factor_reset, dispatch_uid="zhijia.factor_reset")
    outside.social_account_added.connect(_identity_added, dispatch_uid="zhijia.identity_added")
    outside.social_account_removed.connect(_identity_removed, dispatch_uid="zhijia.identity_removed")


def note(request: HttpRequest, verb: str, user: User | None, **details: str) -> None:
    """Write one line into the audit: who, from where, what; never a password, never what was typed.

    With keys that do not fit there is no line, only one in the log: an administrator still has to come in.
    """
    from zhijia.kernel.audit import record  # the audit's model needs the app registry

    if not (fit := keys_fit()):
        log.error("no audit line for %s of log-in %s: %s", verb, user.pk if user else None, fit.reason)
        return
    # Who belongs to no log-in is nobody; the line of a log-in belongs where its seats are.
    actor = replace(actor_of(user) if user else Actor(name=""), address=address_of(request))
    record(
        actor,
        verb,
        action=ACTION,
        model="accounts.user",
        object_id=user.pk if user else None,
        subject_id=user.person_id if user else None,
        details=details,
    )


def _came_in(*, request: HttpRequest, user: User, **_given: Any) -> None:
    now = int(time.time())
    request.session[BEGAN] = request.session[SEEN] = now
    request.session[HAS_FACTOR] = has_second_factor(user)
    note(request, "login", user)


def _went_out(*, request: HttpRequest, user: User | None, **_given: Any) -> None:
    if user is not None:
        note(request, "logout", user)


def _failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_given: Any) -> None:
    if request is None or getattr(request, "axes_locked_out", None):
        return  # the lock-out has its own line
    typed = str(credentials.get("username") or "").replace("\0", "")
    note(request, "deny", User.objects.filter(username__iexact=typed).first(), why="failed")


def _locked(*, request: HttpRequest, **_given: Any) -> None:
    typed = str((getattr(request, "axes_credentials", None) or {}).get("username") or "")
    user = User.objects.filter(username__iexact=typed.replace("\0", "")).first()
    note(request, "deny", user, why="locked_out")


def _proven(*, request: HttpRequest, user: User, method: str, **given: Any) -> None:
    """Keep that someone has proven the identity again; log-ins have their own line."""
    if given.get("reauthenticated"):
        note(request, "login", user, why="step_up", by=str(given.get("type") or method))


def _factor_added(*, request: HttpRequest, user: User, authenticator: Any, **_given: Any) -> None:
    request.session[HAS_FACTOR] = has_second_factor(user)
    note(request, "create", user, factor=str(authenticator.type))


def _factor_removed(*, request: HttpRequest, user: User, authenticator: Any, **_given: Any) -> None:
    request.session[HAS_FACTOR] = has_second_factor(user)
    note(request, "remove", user, factor=str(authenticator.type))


def _factor_reset(*, request: HttpRequest, user: User, authenticator: Any, **_given: Any) -> None:
    note(request, "change", user, factor=str(authenticator.type))


def _identity_added(*, request: HttpRequest, sociallogin: Any, **_given: Any) -> None:
    note(request, "create", sociallogin.user, identity=str(sociallogin.account.provider))


def _identity_removed(*, request: HttpRequest, socialaccount: Any, **_given: Any) -> None:
    note(request, "remove", socialaccount.user, identity=str(socialaccount.provider))
