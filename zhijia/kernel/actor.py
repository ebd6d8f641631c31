"""Who acts: a person (or the system itself) with the scope of this request."""

from dataclasses import dataclass, field, replace

from zhijia.kernel.scope import EVERYWHERE, Scope

KEY_LENGTH = 64


@dataclass(frozen=True)
class Actor:
    """The one on whose behalf a command runs.

    ``user_id`` is None for the system itself; ``key`` is the idempotency key of the form or call, so that
    the same submission sent twice has one effect. ``person_id`` is the file of the one who acts, where there
    is one: nobody decides on the own matters. ``fresh`` says that password or second factor were proven a
    moment ago (step-up). ``address`` is where the request came from, ``post`` the seats in words (县总工会
    干事), both for the audit.
    """

    name: str
    scope: Scope = field(default_factory=Scope)
    user_id: int | None = None
    key: str = ""
    person_id: int | None = None
    fresh: bool = False
    address: str = ""
    post: str = ""

    def keyed(self, key: str) -> "Actor":
        """Return the same actor carrying the idempotency key of one submission, cut to what is kept."""
        return replace(self, key=key.replace("\0", "")[:KEY_LENGTH])


def system(name: str) -> Actor:
    """Return the actor for work started at the command line or by a listener; ``name`` shows in the audit."""
    return Actor(name=name, scope=EVERYWHERE, fresh=True)
