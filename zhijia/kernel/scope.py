"""What a request may reach: actions over subtrees of the union tree, and the queryset that obeys them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from zhijia.kernel.registry import registry
from zhijia.kernel.verdict import Verdict, passed, refused

ANY = "*"
Model_co = TypeVar("Model_co", bound=models.Model, covariant=True)


def below(field: str, path: str) -> models.Q:
    """Select the subtree of ``path``, as a range: both databases have an index for that, not for LIKE."""
    return models.Q(**{f"{field}__gte": path, f"{field}__lt": f"{path}~"})


@dataclass(frozen=True)
class Grant:
    """One action (``members.view``; ``*`` means all) over the subtree that starts at ``path``."""

    action: str
    path: str


@dataclass(frozen=True)
class Scope:
    """All grants of one request. Several seats add up; an empty scope reaches nothing."""

    grants: frozenset[Grant] = frozenset()

    def paths(self, action: str) -> tuple[str, ...]:
        """Return the roots of the subtrees in which ``action`` is granted, without those inside others."""
        roots = sorted({grant.path for grant in self.grants if grant.action in (action, ANY)})
        kept: list[str] = []
        for root in roots:
            if not any(root.startswith(other) for other in kept):
                kept.append(root)
        return tuple(kept)

    def may(self, action: str, path: str | None = None) -> Verdict:
        """Say whether ``action`` is granted at ``path`` (at any place when ``path`` is None)."""
        roots = self.paths(action)
        if roots and (path is None or any(path.startswith(root) for root in roots)):
            return passed()
        if roots:
            return refused(_("您的职责范围不包括该工会。"), f"grant:{action}")
        known = registry().actions.get(action)
        label = known.label if known else action
        return refused(_("您的岗位没有此项权限：{action}。").format(action=label), f"grant:{action}")

    def where(self, action: str, field: str) -> models.Q:
        """Return the filter that keeps the rows whose ``field`` (a path) lies in reach of ``action``."""
        reach = models.Q(pk__in=[])
        for root in self.paths(action):
            reach |= below(field, root) if root else ~models.Q(pk__in=[])
        return reach


EVERYWHERE = Scope(frozenset({Grant(ANY, "")}))


class ScopeMissingError(RuntimeError):
    """A queryset was about to be read without anyone having said on whose behalf."""


class ScopedQuerySet(models.QuerySet[Model_co], Generic[Model_co]):
    """A queryset that raises when it is read before ``within`` or ``everywhere`` was called."""

    _opened = False

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # a Django internal without a stub
        clone._opened = self._opened
        return clone

    def within(self, scope: Scope, action: str) -> Self:
        """Keep the rows in which ``scope`` grants ``action``; the model's ``scope_path`` names the column."""
        kept = self.filter(scope.where(action, getattr(self.model, "scope_path", "union__path")))
        kept._opened = True
        return kept

    def everywhere(self, reason: str) -> Self:
        """Open without a scope; ``reason`` says why that is right (facts, system work, own data)."""
        if not reason:
            raise ValueError("everywhere() needs a reason")
        clone = self._chain()  # type: ignore[attr-defined]  # a Django internal without a stub
        clone._opened = True
        opened: Self = clone
        return opened

    def _check(self) -> None:
        if not self._opened:
            raise ScopeMissingError(f"{self.model.__name__} was read without a scope")

    def _fetch_all(self) -> None:
        self._check()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[Any]:
        """See Django; refuses without a scope."""
        self._check()
        return super().iterator(chunk_size)

    def count(self) -> int:
        """See Django; refuses without a scope."""
        self._check()
        return super().count()

    def exists(self) -> bool:
        """See Django; refuses without a scope."""
        self._check()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """See Django; refuses without a scope."""
        self._check()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """See Django; refuses without a scope."""
        self._check()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """See Django; refuses without a scope."""
        self._check()
        return super().delete()
