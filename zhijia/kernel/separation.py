"""Separation of duties: nobody decides on the own matters, and a chain of steps is a chain of people.

The rules are those of internal control for union funds (工会会计制度; 基层工会经费收支管理办法 on
joint approval), applied to every approval of the house.
"""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from zhijia.kernel.actor import Actor
from zhijia.kernel.verdict import Verdict, passed, refused

SOURCE = "house:separation"


def not_own(actor: Actor, *, person_id: int | None = None, user_id: int | None = None) -> Verdict:
    """Say whether ``actor`` may decide on a matter of this person, or one handed in by this log-in."""
    is_person = person_id is not None and actor.person_id == person_id
    is_user = user_id is not None and actor.user_id == user_id
    return refused(_("不能审批本人的事项，请由他人办理。"), SOURCE) if is_person or is_user else passed()


def another(actor: Actor, earlier: Iterable[int | None]) -> Verdict:
    """Say whether ``actor`` is none of the log-ins that took the earlier steps (经手、审核、审批)."""
    if actor.user_id is not None and actor.user_id in set(earlier):
        return refused(_("经手、审核、审批须由不同的人办理，您已办理过前面的步骤。"), SOURCE)
    return passed()
