"""Backups: taking one, putting one back into an empty place, and the drill that proves that it works."""
