"""Log-ins written straight into the tables, for the tests of all areas."""

from __future__ import annotations

from datetime import date
from itertools import count
from typing import Any

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


def enter(client: Client, union: Union, post: str = "clerk") -> Client:
    """Log someone in who holds a post in the union."""
    client.force_login(officer_of(union, post))
    return client
