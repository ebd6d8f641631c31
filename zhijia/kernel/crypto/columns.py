"""Columns that are sealed in the database, and the blind indexes by which they are found.

A sealed value is bound to its table, column and row: copied elsewhere it does not open. Reading the attribute
opens it, ``values()`` gives the sealed text, and filtering by it is an error - use the blind index.
"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar, cast

from django.db import models
from django.db.models.lookups import StartsWith
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext as _

from zhijia.kernel.crypto.cipher import TamperedError, WrongKeyError
from zhijia.kernel.crypto.values import mac, seal, unseal

log = logging.getLogger(__name__)
SetType = TypeVar("SetType")
GetType = TypeVar("GetType")
MARK_LENGTH = 32  # hex signs, 128 bits: enough that no two numbers ever meet
ROW_KEY = "row_key"


class Token(str):
    """A sealed text as it stands in the database."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<sealed>"


class Mark(str):
    """A blind index as it stands in the database; anything else in its place is hashed first."""

    __slots__ = ()


class Unreadable(str):
    """What is shown in place of a value that does not open; it cannot be saved."""

    __slots__ = ()


class RowKeyField(models.UUIDField):  # type: ignore[type-arg]  # the stubs want types that a subclass fixes
    """The name of a row to which its sealed values are bound; it never changes."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("default", uuid.uuid4)
        kwargs["editable"] = False
        super().__init__(*args, **kwargs)


class _SealedValue(DeferredAttribute):
    """Opens the value when it is first read."""

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if not isinstance(value, Token) or instance is None:
            return value
        field = cast("SealedField[Any, Any]", self.field)
        try:
            plain = unseal(value, field.bound_to(instance))
        except (TamperedError, WrongKeyError) as error:
            # A list of hundreds must not fail for one damaged cell; the log has no value, only the place.
            log.error("%s does not open: %s", field.bound_to(instance), type(error).__name__)  # noqa: TRY400
            return Unreadable(_("（无法解密）"))
        instance.__dict__[field.attname] = plain
        return plain

    def __set__(self, instance: models.Model, value: Any) -> None:
        """Keep the value; having this at all lets Python ask ``__get__`` before the instance's own dict."""
        instance.__dict__[self.field.attname] = value


class SealedField(models.TextField[SetType, GetType]):
    """A text sealed with the newest key of ``domain``; blank stays blank, to be missing is no secret."""

    descriptor_class = _SealedValue

    def __init__(self, *args: Any, domain: str = "", **kwargs: Any) -> None:
        self.domain = domain
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """See Django."""
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "domain": self.domain}

    def bound_to(self, instance: models.Model) -> str:
        """Return table, column and row: where alone the value opens."""
        return f"{self.model._meta.db_table}|{self.column}|{getattr(instance, ROW_KEY)}"

    def sealed(self, instance: models.Model, value: Any) -> Any:
        """Return what the row of ``instance`` keeps for ``value``."""
        if isinstance(value, Unreadable):
            raise WrongKeyError(_("原值无法解密，不能保存。"))
        if not value or isinstance(value, Token):
            return value
        return Token(seal(self.domain, str(value), self.bound_to(instance)))

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001 - Django's signature
        """Seal what is saved."""
        return self.sealed(model_instance, model_instance.__dict__.get(self.attname))

    def from_db_value(self, value: Any, *_given: Any) -> Any:
        """Keep the sealed text until someone reads the attribute."""
        return Token(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """Let sealed and blank values pass; a plain one comes from a filter or an update that forgot."""
        if not value or isinstance(value, Token):
            return super().get_prep_value(value)
        raise TypeError(f"{self.name} is sealed: filter by its blind index, write through records")

    def get_lookup(self, lookup_name: str) -> Any:
        """Know no search within sealed texts: it would find nothing and say so to nobody."""
        if lookup_name == "sealed_with":  # the version and the key with which the texts begin
            return StartsWith
        return super().get_lookup(lookup_name) if lookup_name in ("exact", "in", "isnull") else None

    def value_to_string(self, obj: models.Model) -> str:
        """Serialise the sealed text, never the plain one."""
        return str(self.pre_save(obj, add=False) or "")


class BlindIndexField(models.CharField[SetType, GetType]):
    """Finds the rows whose column ``of`` holds exactly this value, without the database knowing it.

    ``filter(id_index=number)`` takes the plain value. ``part`` names what of it is marked (``last_four``);
    the mark differs between fields of different names. Equal values have equal marks, so nothing with few
    possible values (a diagnosis) may be indexed.
    """

    def __init__(self, *args: Any, of: str = "", part: Callable[[str], str] = str, **kwargs: Any) -> None:
        self.of, self.part = of, part
        kwargs["max_length"], kwargs["editable"] = MARK_LENGTH, False
        kwargs["null"] = True
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        """See Django."""
        name, path, args, kwargs = super().deconstruct()
        for given in ("max_length", "editable", "null"):
            kwargs.pop(given, None)
        return name, path, args, {**kwargs, "of": self.of, "part": self.part}

    def mark(self, plain: str) -> Mark | None:
        """Return the mark of a plain value, None for none."""
        text = self.part(plain) if plain else ""
        return Mark(mac(f"index:{self.name}", text.encode())[:MARK_LENGTH]) if text else None

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: ARG002, FBT001 - Django's signature
        """Mark what is saved; a value that nobody has opened since it was loaded keeps its mark."""
        plain = model_instance.__dict__.get(self.of)
        value = getattr(model_instance, self.attname) if isinstance(plain, Token) else self.mark(plain or "")
        setattr(model_instance, self.attname, value)
        return value

    def from_db_value(self, value: Any, *_given: Any) -> Any:
        """Tell marks from plain values."""
        return Mark(value) if value else value

    def get_prep_value(self, value: Any) -> Any:
        """Mark a plain value."""
        return super().get_prep_value(
            value if value is None or isinstance(value, Mark) else self.mark(str(value))
        )


def is_sealed(record: models.Model, name: str) -> bool:
    """Say whether ``name`` is a sealed column of the record."""
    return any(isinstance(one, SealedField) and one.name == name for one in record._meta.fields)


def indexes(model: type[models.Model], names: Iterable[str]) -> list[BlindIndexField[Any, Any]]:
    """Return the blind indexes that follow from these columns."""
    wanted = set(names)
    return [one for one in model._meta.fields if isinstance(one, BlindIndexField) and one.of in wanted]


def columns_for(record: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an UPDATE of one row writes: sealed where columns are, with the indexes that follow."""
    written = dict(values)
    for name, value in values.items():
        field = record._meta.get_field(name)
        if isinstance(field, SealedField):
            written[name] = field.sealed(record, value)
    for index in indexes(type(record), values):
        written[index.name] = index.mark(str(values[index.of] or ""))
    return written
