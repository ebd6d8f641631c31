"""Paths of the union tree: six base-36 digits of the union's id for each level, root first.

A path's prefix is the path of an ancestor, so a subtree is the range ``path <= p < path~``. Pure functions.
"""

from __future__ import annotations

WIDTH = 6
LONGEST = 120
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_LIMIT = 36**WIDTH


def segment(key: int) -> str:
    """Write a union's id as one level of a path; ValueError outside 1 to 36^6 - 1."""
    if not 0 < key < _LIMIT:
        raise ValueError(f"a union's id must lie between 1 and {_LIMIT - 1}: {key}")
    written = ""
    while key:
        key, digit = divmod(key, 36)
        written = _DIGITS[digit] + written
    return written.zfill(WIDTH)


def child_path(parent_path: str, key: int) -> str:
    """Return the path of union ``key`` below ``parent_path`` (empty for a root); ValueError if too deep."""
    path = parent_path + segment(key)
    if len(path) > LONGEST:
        raise ValueError(f"the tree is deeper than {LONGEST // WIDTH} levels")
    return path


def keys(path: str) -> tuple[int, ...]:
    """Return the ids of a path, root first, the union itself last."""
    return tuple(int(path[at : at + WIDTH], 36) for at in range(0, len(path), WIDTH))


def depth(path: str) -> int:
    """Return how many levels a path has; a root has one."""
    return len(path) // WIDTH


def rebased(path: str, old: str, new: str) -> str:
    """Return ``path`` after the subtree ``old`` has moved to ``new``; ValueError if it was not inside."""
    if not path.startswith(old):
        raise ValueError(f"{path} is not below {old}")
    return new + path[len(old) :]
