"""Many new rows in one statement, where thousands are written and their ids are not asked for."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connections
from django.db.models import Field, JSONField

from .tenancy import TenantModel

AT_ONCE = 2000


def insert(rows: Sequence[TenantModel]) -> None:
    """Store new rows of one kind as a JSON text: in the arrays that bulk_create sends every sign of
    Chinese JSON is escaped twice, which takes longer than what was to be stored. Takes rows
    without ids and leaves them so. Raises as bulk_create does for rows of another congress."""
    if not rows:
        return
    model, connection = type(rows[0]), connections["default"]
    fields = [f for f in model._meta.concrete_fields if not f.primary_key]
    columns = ", ".join(f'"{f.column}"' for f in fields)
    typed = ", ".join(f'"{f.column}" {f.db_type(connection)}' for f in fields)
    sql = (
        f'INSERT INTO "{model._meta.db_table}" ({columns}) '
        f"SELECT {columns} FROM json_to_recordset(%s::json) AS r({typed})"
    )
    taken = [(f.column, f.attname, _taker(f)) for f in fields]
    for row in rows:
        row.guard_congress()
    with connection.cursor() as cursor:
        for at in range(0, len(rows), AT_ONCE):
            part = [row.__dict__ for row in rows[at : at + AT_ONCE]]
            stored = [{column: take(row[name]) for column, name, take in taken} for row in part]
            text = json.dumps(stored, ensure_ascii=False, cls=DjangoJSONEncoder)
            cursor.execute(sql, [text])


def _taker(field: Field) -> Callable[[Any], Any]:
    """How a value of the field is stored."""
    return (lambda value: value) if isinstance(field, JSONField) else field.get_prep_value
