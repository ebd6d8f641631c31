"""The cast of the tests: a county with two schools, and a stranger county that must never be seen.

Chen chairs the county union; Li is the clerk of the first school; Wang chairs the second school; Zhao chairs
the stranger county and should have no access to anything of the others.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType

from zhijia.areas.accounts.models import Holding, User
from zhijia.areas.accounts.queries import actor_of
from zhijia.areas.members.tests.factories import person_of
from zhijia.areas.organisations.models import Seat, Union
from zhijia.areas.organisations.tests.factories import union_of
from zhijia.kernel.actor import Actor

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True)
class Cast:
    """Unions and people; ``actor`` gives the actor of a log-in."""

    county: Union
    school: Union
    other_school: Union
    stranger: Union
    chen: User
    li: User
    wang: User
    zhao: User

    def actor(self, user: User) -> Actor:
        return actor_of(user)


def officer(name: str, union: Union, post: str) -> User:
    """Make a log-in that holds a seat in a union."""
    user = User.objects.create_user(username=name, password=PASSWORD)
    user.name = name
    user.save(update_fields=["name"])
    seat = Seat._base_manager.create(union=union, post=post, holder=name, starts_on=date(2020, 1, 1))
    Holding.objects.create(user=user, seat=seat)
    return user


def assemble() -> Cast:
    county = union_of("C1", level="federation", name="甲县教育工会")
    school = union_of("S1", parent=county, name="甲县第一小学工会")
    other = union_of("S2", parent=county, name="甲县第二小学工会")
    stranger = union_of("X1", level="federation", name="乙县教育工会")
    return Cast(
        county,
        school,
        other,
        stranger,
        officer("chen", county, "chair"),
        officer("li", school, "clerk"),
        officer("wang", other, "chair"),
        officer("zhao", stranger, "chair"),
    )


def member(name: str, union: Union) -> User:
    """Make a log-in without a post, tied to a person's file in a union."""
    user = User.objects.create_user(username=name, password=PASSWORD)
    user.name, user.person = name, person_of(union, name=name)
    user.save(update_fields=["name", "person"])
    return user


def _holder(post: str, place: str) -> Callable[[Cast], User]:
    return lambda cast: officer(f"{post}_{place}", getattr(cast, place), post)


# The 15 roles of the house, made only for the tests that ask: role -> log-in of a cast.
ROLES: Mapping[str, Callable[[Cast], User]] = MappingProxyType(
    {
        "member": lambda cast: member("member", cast.school),
        **{
            post: _holder(post, "school")
            for post in (
                "group_leader", "clerk", "vice_chair", "chair", "accountant", "cashier", "audit", "women",
                "supervisor",
            )
        },
        "committee": _holder("member", "school"),
        "chair_above": _holder("chair", "county"),
        "system_admin": _holder("system_admin", "county"),
        "security_admin": _holder("security_admin", "county"),
        "audit_admin": _holder("audit_admin", "county"),
    }
)  # fmt: skip


def actor_as(cast: Cast, role: str) -> Actor:
    """Return the actor of a role: a post in the first school, or in the county for those above."""
    return actor_of(ROLES[role](cast))
