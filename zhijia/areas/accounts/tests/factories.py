"""Log-ins written straight into the tables, for the tests of all areas."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import date
from itertools import count
from typing import Any

from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.organisations.models import Seat, Union
from zhijia.areas.organisations.tests.factories import seat_of
from zhijia.kernel.actor import Actor

PASSWORD = "Lantern-Orchard-52"
_serial = count(1)


def user_of(*seats: Seat, name: str = "李示例", username: str = "", password: str = "", **kw: Any) -> User:
    """Write a log-in that holds the seats; without ``password`` it cannot log in by the form."""
    user = User(username=username or f"user{next(_serial)}", name=name, **kw)
    if password:
        user.set_password(password)
    else:
        user.set_unusable_password()
    user.save()
    for seat in seats:
        Holding(user=user, seat=seat).save()
    return user


def officer_of(union: Union, post: str = "chair", **kw: Any) -> User:
    """Write a log-in that holds a post in a union, in term today."""
    return user_of(seat_of(union, post, starts_on=date(2020, 1, 1)), **kw)


def actor_in(union: Union, post: str = "chair") -> Actor:
    """Return the actor of a fresh officer of a union."""
    return actor_of(officer_of(union, post))


def fresh_of(user: User) -> Actor:
    """Return the actor of a log-in just after a step-up."""
    return replace(actor_of(user), fresh=True)


def fresh_in(union: Union, post: str = "chair") -> Actor:
    """Return the actor of a new officer of a union just after a step-up."""
    return fresh_of(officer_of(union, post))


def enter(client: Client, union: Union, post: str = "clerk", *, fresh: bool = False) -> Client:
    """Log someone in who holds a post in the union; with ``fresh`` just after a step-up."""
    user = officer_of(union, post)
    client.force_login(user)
    return prove(client, user) if fresh else client


def arrive(client: Client, user: User) -> Client:
    """Log someone in who has just stepped up."""
    client.force_login(user)
    return prove(client, user)


def prove(client: Client, user: User, method: str = "password") -> Client:
    """Give the session of a client a fresh proof of identity, as the step-up page does."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": method, "at": time.time(), "reauthenticated": True},
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
    return client


def factor_of(user: User) -> str:
    """Give a log-in a one-time password and recovery codes; returns the secret of the former."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    RecoveryCodes.activate(user)
    return secret


def code_of(secret: str) -> str:
    """Return the code that the telephone shows now."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))
