"""Whether a log-in may be closed or opened again, and who is left to run the house then. Reads only."""

from __future__ import annotations

from django.db.models import Q, QuerySet
from django.utils import timezone

from zhijia.areas.accounts import rules
from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.queries import MANAGE, STANDING, in_term, reset_verdict
from zhijia.areas.organisations.models import Seat
from zhijia.kernel.scope import Scope
from zhijia.kernel.verdict import Verdict


def closing_verdict(scope: Scope, user: User) -> Verdict:
    """Say whether someone with ``scope`` may close a log-in or open it again: whoever may set its password.

    A log-in whose seats have all been taken back is empty; it lies where they were, and may be closed there.
    """
    past = Holding.objects.filter(user=user)
    if user.person_id is not None or not past.exists() or past.filter(STANDING).exists():
        return reset_verdict(scope, user)
    within = past.filter(scope.where(MANAGE, "seat__union__path")).count()
    return rules.may_reset(lies_within=within == past.count())


def system_administrators() -> QuerySet[Holding]:
    """Return what makes log-ins in use system administrators today, in the whole house."""
    today = in_term("seat__", timezone.localdate())
    post = Seat.Post.SYSTEM_ADMIN
    return Holding.objects.filter(today, revoked_at=None, seat__post=post, user__is_active=True)


def administrator_verdict(user: User) -> Verdict:
    """Say whether the house has another system administrator when this log-in is closed."""
    found = system_administrators()
    return rules.administrator_left(
        is_one=found.filter(user=user).exists(), others=found.exclude(user=user).exists()
    )


def with_administrators(user: User) -> QuerySet[User]:
    """Return a log-in and all system administrators, in one order: the rows to hold while it is closed."""
    return User.objects.filter(Q(pk=user.pk) | Q(pk__in=system_administrators().values("user_id"))).order_by(
        "pk"
    )
