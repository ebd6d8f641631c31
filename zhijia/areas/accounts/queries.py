"""Who acts with which scope, and the log-ins that an officer looks after."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Prefetch, Q, QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from zhijia.areas.accounts import rules
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.roles import GRANTED, OWN, OWN_FILE, actions_of, posts_with
from zhijia.areas.accounts.rules import Held
from zhijia.areas.members.models import Person
from zhijia.areas.organisations.models import Seat, Union
from zhijia.kernel.actor import Actor, system
from zhijia.kernel.registry import registry
from zhijia.kernel.scope import Grant, Scope
from zhijia.kernel.verdict import Verdict, passed, refused, worst

MANAGE, GRANT, MATRIX = "accounts.manage", "accounts.grant", "accounts.matrix"
STANDING = Q(revoked_at=None) | Q(revoked_at=F("created_at"))
"""Selects the holdings that are open, and those that are awaited (``Holding.is_awaited``)."""
NOWHERE = "~"
"""The place of rights to the own matters: no union's path starts so, hence no list is opened by them."""


def in_term(seat: str, today: date) -> Q:
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
        Holding.objects.filter(in_term("seat__", day), user=user, revoked_at=None)
        .select_related("seat__union")
        .order_by("seat__union__path", "pk")
    )


def _own(user: User) -> frozenset[Grant]:
    """Return the rights to the own log-in and, when it is tied to a person, to the own file."""
    return frozenset(Grant(key, NOWHERE) for key in (*OWN, *(OWN_FILE if user.person_id else ())))


def actor_of(user: User) -> Actor:
    """Return the actor of a log-in: the grants of all its seats in term add up. An inactive one has none.

    A log-in tied to a person may also see the own file; without any seat that makes it a plain member's.
    """
    if not user.is_active:
        return Actor(name=str(user), user_id=user.pk, person_id=user.person_id)
    held = open_holdings(user).values_list("seat__post", "seat__union__path", "seat__union__name")
    seats = [(post, path, union) for post, path, union in held if path is not None]
    grants = frozenset(Grant(action, path) for post, path, _union in seats for action in actions_of(post))
    own = _own(user) if user.person_id else frozenset()
    return Actor(
        name=str(user),
        scope=Scope(grants | own),
        user_id=user.pk,
        person_id=user.person_id,
        post="；".join(f"{union} {Seat.Post(post).label}" for post, _path, union in seats),
    )


def actor_by_id(user_id: int | None) -> Actor:
    """Return the actor of a log-in by id; None is the system itself. Raises User.DoesNotExist."""
    return system(_("系统")) if user_id is None else actor_of(User.objects.get(pk=user_id))


def own_actor(user: User) -> Actor:
    """Return an actor that may see to the own log-in and file, and nothing else."""
    return Actor(name=str(user), scope=Scope(_own(user)), user_id=user.pk, person_id=user.person_id)


def actions_at(scope: Scope, path: str) -> frozenset[str]:
    """Return which of the actions that posts grant ``scope`` has over a union."""
    known = {action for actions in GRANTED.values() for action in actions}
    return frozenset(action for action in known if scope.may(action, path))


def held_now(user: User, today: date | None = None) -> list[Held]:
    """Return what a log-in holds or is going to hold: everything not revoked whose term is not over."""
    return _held(Holding.objects.filter(user=user), today)


def namesakes(seat: Seat, user: User, today: date | None = None) -> list[Held]:
    """Return what others hold in the seat's union under the name of the log-in or of the seat's holder."""
    same_name = Q(user__name__in=(user.name, seat.holder)) | Q(seat__holder__in=(user.name, seat.holder))
    others = Holding.objects.filter(same_name, seat__union_id=seat.union_id)
    return _held(others.exclude(user=user).exclude(seat=seat), today)


def _held(rows: QuerySet[Holding], today: date | None) -> list[Held]:
    day = today or timezone.localdate()
    kept = rows.filter(Q(seat__ends_on=None) | Q(seat__ends_on__gt=day), revoked_at=None)
    return [Held(post, union) for post, union in kept.values_list("seat__post", "seat__union_id")]


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


def _reach(scope: Scope, field: str, actions: tuple[str, ...]) -> Q:
    reach = Q(pk__in=[])
    for action in actions:
        reach |= scope.where(action, field)
    return reach


def person_shown(scope: Scope, user: User) -> str:
    """Return whose file a log-in is, as far as ``scope`` may see files."""
    if user.person_id is None:
        return _("未关联")
    person = Person.objects.within(scope, "members.view").filter(pk=user.person_id).first()
    return person.name if person else _("已关联")


def label_of(action: str) -> str | Promise:
    """Return what an action is called; an unknown one is its key."""
    known = registry().actions.get(action)
    return known.label if known else action


def labels_of(post: str) -> tuple[str | Promise, ...]:
    """Return what a post may do, in words."""
    return tuple(label_of(action) for action in actions_of(post) if action in registry().actions)


def users(scope: Scope, *actions: str) -> QuerySet[User]:
    """Return the log-ins with an open or awaited seat, or a person's file, in reach of one of the actions.

    Without ``actions`` it is ``accounts.manage``. ``held`` has the seats in reach, those still to be granted
    too. A seat taken back keeps only an empty log-in (no seat, no file) here, so that it can be given one.
    """
    asked = actions or (MANAGE,)
    within = _reach(scope, "seat__union__path", asked)
    held = Holding.objects.filter(within, STANDING).select_related("seat__union").order_by("pk")
    in_reach = Q(pk__in=held.values("user_id"))
    is_empty = Q(person=None) & ~Q(pk__in=Holding.objects.filter(STANDING).values("user_id"))
    left = is_empty & Q(pk__in=Holding.objects.filter(within).values("user_id"))
    return (
        User.objects.filter(in_reach | left | _reach(scope, "person__union__path", asked))
        .prefetch_related(Prefetch("holdings", held, to_attr="held"))
        .order_by("username")
    )


def user_load(scope: Scope, user_id: int, *actions: str) -> User:
    """Return a log-in in reach; Http404 for an absent one and for one out of reach alike."""
    user = users(scope, *actions).select_related("person").filter(pk=user_id).first()
    if user is None:
        raise Http404
    return user


def lies_within(scope: Scope, user: User) -> bool:
    """Say whether a log-in with all its open and awaited seats and its file lies in reach.

    Only then is its password set anew. One without seats and file lies in reach of the whole house only.
    """
    seats_held = Holding.objects.filter(STANDING, user=user)
    count = seats_held.count()
    if count != seats_held.filter(scope.where(MANAGE, "seat__union__path")).count():
        return False
    if user.person_id is not None:
        return Person.objects.within(scope, MANAGE).filter(pk=user.person_id).exists()
    return count > 0 or "" in scope.paths(MANAGE)


def reset_verdict(scope: Scope, user: User) -> Verdict:
    """Say whether password and second factor of a log-in may be set anew by someone with ``scope``."""
    verdict = rules.may_reset(lies_within=lies_within(scope, user))
    if not verdict:
        return verdict
    held = Holding.objects.filter(user=user, revoked_at=None).values_list("seat__post", "seat__union__path")
    return worst(rules.may_reset_holder(post, actions_at(scope, path or "")) for post, path in held)


def holding_load(scope: Scope, holding_id: int) -> Holding:
    """Return an unrevoked holding in reach of ``accounts.grant``; Http404 otherwise."""
    found = (
        Holding.objects.filter(scope.where(GRANT, "seat__union__path"), pk=holding_id, revoked_at=None)
        .select_related("seat__union", "user")
        .first()
    )
    if found is None:
        raise Http404
    return found


def seats(scope: Scope, text: str = "") -> QuerySet[Seat]:
    """Return the seats in term that may be handed to a log-in, found by holder or by union."""
    reach = _reach(scope, "union__path", (MANAGE, GRANT))
    found = Seat.objects.everywhere("narrowed to the reach of two actions").filter(
        reach, in_term("", timezone.localdate())
    )
    if text:
        found = found.filter(Q(holder__icontains=text) | Q(union__name__icontains=text))
    return found.select_related("union").order_by("union__path", "pk")


def grant_verdicts(actor: Actor, user: User, seat: Seat) -> list[Verdict]:
    """Return what all rules say to handing a seat to a log-in: blocks, and doubts about names."""
    new = Held(seat.post, seat.union_id)
    return [
        rules.not_oneself(actor.user_id, user.pk),
        rules.apart_from_maker(seat.post, actor.user_id, user.made_by_id),
        rules.may_hand_out(seat.post, actions_at(actor.scope, seat.union.path or "")),
        rules.posts_apart(new, held_now(user)),
        rules.namesakes_apart(new, namesakes(seat, user)),
        rules.name_fits(seat.holder, user.name),
    ]


def user_text(user: User) -> str:
    """Return a log-in as people choose it: name and log-in name."""
    return f"{user.name}（{user.username}）" if user.name else user.username


def user_options(scope: Scope, text: str) -> QuerySet[User]:
    """Return the log-ins in reach of ``accounts.matrix`` whose name holds a text."""
    found = users(scope, MATRIX)
    return found.filter(Q(name__icontains=text) | Q(username__icontains=text)) if text else found


def seat_text(seat: Seat) -> str:
    """Return a seat as people choose it: holder, post and union."""
    return f"{seat.holder} · {seat.get_post_display()} · {seat.union.name}"


def seat_register(scope: Scope) -> QuerySet[Seat]:
    """Return all seats in reach of ``accounts.matrix``, past ones too, with their unions."""
    return Seat.objects.within(scope, MATRIX).select_related("union").order_by("union__path", "post", "pk")


def seat_load(scope: Scope, seat_id: int) -> Seat:
    """Return a seat in reach of ``accounts.matrix``; Http404 otherwise."""
    seat = seat_register(scope).filter(pk=seat_id).first()
    if seat is None:
        raise Http404
    return seat


def _held_seats() -> Q:
    return Q(pk__in=Holding.objects.filter(revoked_at=None, user__is_active=True).values("seat_id"))


def in_force(today: date | None = None) -> Q:
    """Select the seats that give something today: in term, and held by a log-in that may be used."""
    return in_term("", today or timezone.localdate()) & _held_seats()


def vacant(today: date | None = None) -> Q:
    """Select the seats in term for which nobody can log in."""
    return in_term("", today or timezone.localdate()) & ~_held_seats()


@dataclass(frozen=True)
class Hand:
    """A log-in for which a seat is named, and whether the seat gives it anything today (else why not)."""

    holding: Holding
    verdict: Verdict

    @property
    def can_revoke(self) -> bool:
        """Say whether there is still something to take back."""
        return self.holding.revoked_at is None


def hands(seats_shown: Iterable[Seat], today: date | None = None) -> dict[int, list[Hand]]:
    """Return the log-ins of each seat, by the seat's key, in one query. The seats come from a scope."""
    day = today or timezone.localdate()
    known = {seat.pk: seat for seat in seats_shown}
    found: dict[int, list[Hand]] = {key: [] for key in known}
    for holding in Holding.objects.filter(seat_id__in=known).select_related("user").order_by("pk"):
        holding.seat = known[holding.seat_id]
        found[holding.seat_id].append(Hand(holding, _standing(holding, day)))
    return found


def seat_standing(seat: Seat, today: date | None = None) -> Verdict:
    """Say whether a seat is in term today, whoever holds it."""
    union = seat.union
    term = rules.Term(seat.starts_on, seat.ends_on, union.closed_on, union.path is not None)
    return rules.in_force(term, today or timezone.localdate())


def _standing(holding: Holding, today: date) -> Verdict:
    verdict = rules.handed(
        active=holding.user.is_active, revoked=holding.revoked_at is not None, awaiting=holding.is_awaited
    )
    return seat_standing(holding.seat, today) if verdict else verdict


@dataclass(frozen=True)
class SeatReason:
    """What one seat says to a question; ``title`` is empty for a seat that the asker may not see."""

    title: str
    verdict: Verdict


@dataclass(frozen=True)
class Explanation:
    """Why a log-in may or may not do a thing in a union: the answer, seat by seat, and which posts could."""

    verdict: Verdict
    reasons: tuple[SeatReason, ...]
    posts: tuple[str | Promise, ...]


def explain(scope: Scope, user: User, action: str, union: Union, today: date | None = None) -> Explanation:
    """Explain the Verdict on ``action`` of a log-in over a union to an asker with ``scope``.

    It decides as ``actor_of`` does. Seats outside the asker's reach take part, but are not named.
    """
    day, path = today or timezone.localdate(), union.path or NOWHERE
    posts = tuple(Seat.Post(post).label for post in posts_with(action))
    if action in (*OWN, *OWN_FILE):
        return Explanation(_own_verdict(user, action), (), posts)
    rows: list[tuple[Holding, Verdict]] = []
    held = Holding.objects.filter(user=user).select_related("seat__union", "user")
    for holding in held.order_by("seat__union__path", "pk"):
        verdict = _standing(holding, day)
        if verdict:
            seat = holding.seat
            verdict = rules.gives(seat.post, seat.union.path or NOWHERE, action, path)
        rows.append((holding, verdict))
    reasons = tuple(SeatReason(_visible(scope, holding.seat), verdict) for holding, verdict in rows)
    return Explanation(_answer(user, action, rows), reasons, posts)


def _visible(scope: Scope, seat: Seat) -> str:
    return seat_text(seat) if scope.may(MATRIX, seat.union.path or "") else ""


def _own_verdict(user: User, action: str) -> Verdict:
    if not user.is_active:
        return rules.handed(active=False, revoked=False, awaiting=False)
    if action in OWN or user.person_id:
        return passed()
    return refused(_("账号没有关联本人档案。"), f"grant:{action}")


def _answer(user: User, action: str, rows: list[tuple[Holding, Verdict]]) -> Verdict:
    """Return the first seat's yes, else the reason of the seat that comes nearest to one."""
    for _holding, verdict in rows:
        if verdict:
            return verdict
    if not user.is_active:
        return rules.handed(active=False, revoked=False, awaiting=False)
    near = [verdict for holding, verdict in rows if action in actions_of(holding.seat.post)]
    if near:
        return near[0]
    text = _("该账号的岗位都没有此项权限。") if rows else _("该账号没有任何岗位。")
    return refused(text, f"grant:{action}")
