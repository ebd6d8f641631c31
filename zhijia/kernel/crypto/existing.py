"""Sealing columns that were kept in the open until a migration."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from typing import Any

from django.db import models

from zhijia.kernel.crypto.columns import ROW_KEY, columns_for

BATCH = 1000


def _column(table: type[models.Model], name: str) -> str:
    return str({field.name: field.column for field in table._meta.concrete_fields}[name])


def seal_existing(app: str, model: str, names: Sequence[str]) -> Callable[[Any, Any], None]:
    """Return a migration step that names each row anew, seals its columns and marks their indexes."""

    def forward(apps: Any, schema_editor: Any) -> None:
        table: type[models.Model] = apps.get_model(app, model)
        connection = schema_editor.connection
        quote = connection.ops.quote_name
        columns = ", ".join(quote(_column(table, name)) for name in names)
        last = 0
        while True:
            with connection.cursor() as cursor:
                cursor.execute(
                    f"SELECT id, {columns} FROM {quote(table._meta.db_table)} "  # noqa: S608 - names of the model
                    f"WHERE id > %s ORDER BY id LIMIT {BATCH}",
                    [last],
                )
                rows = cursor.fetchall()
            if not rows:
                connection.check_constraints()  # PostgreSQL alters no table while checks of its rows wait
                return
            for pk, *plain in rows:
                record = table(pk=pk, **{ROW_KEY: uuid.uuid4()})
                written = columns_for(record, dict(zip(names, plain, strict=True)))
                table._base_manager.filter(pk=pk).update(**{ROW_KEY: getattr(record, ROW_KEY)}, **written)
            last = rows[-1][0]

    return forward


def unseal_existing(app: str, model: str, names: Sequence[str]) -> Callable[[Any, Any], None]:
    """Return the step back: the columns in the open again."""

    def backward(apps: Any, schema_editor: Any) -> None:
        table: type[models.Model] = apps.get_model(app, model)
        quote = schema_editor.connection.ops.quote_name
        with schema_editor.connection.cursor() as cursor:
            for record in table._base_manager.order_by("pk").iterator(BATCH):
                for name in names:
                    column = quote(_column(table, name))
                    statement = f"UPDATE {quote(table._meta.db_table)} SET {column} = %s WHERE id = %s"  # noqa: S608 - as above
                    cursor.execute(statement, [getattr(record, name), record.pk])
        schema_editor.connection.check_constraints()  # as above

    return backward
