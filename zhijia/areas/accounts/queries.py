"""Who acts with which scope, and the log-ins that an officer looks after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.roles import OWN, actions_of
from zhijia.areas.organisations.models import Seat
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Grant, Scope

MANAGE = "accounts.manage"


def _in_term(seat: str, today: date) -> Q:
    """Select what is tied to a seat in term of a union that is not closed; ``seat`` is the way to it."""
    return (
        Q(**{f"{seat}starts_on__lte": today, f"{seat}union__path__isnull": False})
        & (Q(**{f"{seat}ends_on": None}) | Q(**{f"{seat}ends_on__gt": today}))
        & (Q(**{f"{seat}union__closed_on": None}) | Q(**{f"{seat}union__closed_on__gt": today}))
    )


def open_holdings(user: User, today: date | None = None) -> QuerySet[Holding]:
    """Return the holdings of a log-in that grant something today, with seat and union."""
    day = today or timezone.localdate()
    return (
        Holding.objects.filter(_in_term("seat__", day), user=user, revoked_at=None)
        .select_related("seat__union")
        .order_by("seat__union__path", "pk")
    )


def actor_of(user: User) -> Actor:
    """Return the actor of a log-in: the grants of all its seats in term add up. An inactive one has none."""
    if not user.is_active:
        return Actor(name=str(user), user_id=user.pk)
    grants = frozenset(
        Grant(action, path)
        for post, path in open_holdings(user).values_list("seat__post", "seat__union__path")
        if path is not None
        for action in actions_of(post)
    )
    return Actor(name=str(user), scope=Scope(grants), user_id=user.pk)


def actor_by_id(user_id: int | None) -> Actor:
    """Return the actor of a log-in by id; None is the system itself. Raises User.DoesNotExist."""
    return system(_("系统")) if user_id is None else actor_of(User.objects.get(pk=user_id))


def own_actor(user: User) -> Actor:
    """Return an actor that may change the log-in's own password and language, and nothing else."""
    return Actor(name=str(user), scope=Scope(frozenset(Grant(key, "") for key in OWN)), user_id=user.pk)


@dataclass(frozen=True)
class SeatLine:
    """A seat as its holder reads it: post, union, term, and the labels of what it grants."""

    holding_id: int
    post: str
    union: str
    starts_on: date
    ends_on: date | None
    grants: tuple[str | Promise, ...]


def seat_lines(user: User) -> list[SeatLine]:
    """Return the seats in term of a log-in and what each grants."""
    known = registry().actions
    return [
        SeatLine(
            holding.pk,
            holding.seat.get_post_display(),
            holding.seat.union.name,
            holding.seat.starts_on,
            holding.seat.ends_on,
            tuple(known[key].label for key in actions_of(holding.seat.post) if key in known),
        )
        for holding in open_holdings(user)
    ]


def users(scope: Scope) -> QuerySet[User]:
    """Return the log-ins with a seat in reach of ``accounts.manage``; only seats in reach are shown."""
    within = scope.where(MANAGE, "seat__union__path")
    held = Holding.objects.filter(within, revoked_at=None).select_related("seat__union").order_by("pk")
    in_reach = Holding.objects.filter(within).values("user_id")
    return (
        User.objects.filter(pk__in=in_reach)
        .prefetch_related(Prefetch("holdings", held, to_attr="held"))
        .order_by("username")
    )


def user_load(scope: Scope, user_id: int) -> User:
    """Return a log-in in reach; Http404 for an absent one and for one out of reach alike."""
    user = users(scope).filter(pk=user_id).first()
    if user is None:
        raise Http404
    return user


def lies_within(scope: Scope, user: User) -> bool:
    """Say whether all unrevoked seats of a log-in lie in reach: only then may its password be set anew."""
    everything = Holding.objects.filter(user=user, revoked_at=None)
    return everything.count() == everything.filter(scope.where(MANAGE, "seat__union__path")).count()


def holding_load(scope: Scope, holding_id: int) -> Holding:
    """Return an unrevoked holding in reach; Http404 otherwise."""
    found = (
        Holding.objects.filter(scope.where(MANAGE, "seat__union__path"), pk=holding_id, revoked_at=None)
        .select_related("seat__union", "user")
        .first()
    )
    if found is None:
        raise Http404
    return found


def seats(scope: Scope, text: str = "") -> QuerySet[Seat]:
    """Return the seats in term that may be handed to a log-in, found by holder or by union."""
    found = Seat.objects.within(scope, MANAGE).filter(_in_term("", timezone.localdate()))
    if text:
        found = found.filter(Q(holder__icontains=text) | Q(union__name__icontains=text))
    return found.select_related("union").order_by("union__path", "pk")


def seat_text(seat: Seat) -> str:
    """Return a seat as people choose it: holder, post and union."""
    return f"{seat.holder} · {seat.get_post_display()} · {seat.union.name}"
