"""A fictional county education union, for ``./run demo``: nobody and no place in it exists.

It is the same county every time: ``model`` says what it is made of, ``county`` draws the unions and the
employers, ``people`` the staff of two years, and ``events``, ``relief``, ``money`` and ``awards`` what the
unions did. ``books`` writes it down as the two year workbooks that an officer would have.
"""

VERSION = 2
"""Raise it with every change of what is generated: the demo then writes its workbooks again."""

CODE = "DEMO"
"""The code of the county education union, the highest of the demo."""
