"""Places for real processes."""

from tests.places import place, seeded

__all__ = ["place", "seeded"]
