"""Columns that Django does not have."""

from typing import Any, TypeVar

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

SetType = TypeVar("SetType")
GetType = TypeVar("GetType")


class PathField(models.CharField[SetType, GetType]):
    """A code whose prefix means containment (``000001000004``); compared byte by byte on every database."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Add the byte-order collation, whose name differs between databases."""
        parameters: Any = super().db_parameters(connection)
        parameters["collation"] = {"postgresql": "C", "sqlite": "BINARY"}[connection.vendor]
        return parameters
