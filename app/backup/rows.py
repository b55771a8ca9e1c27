"""Rows of tables as lines of JSON and back, the same from SQLite and from PostgreSQL, whatever the schema's revision."""

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import islice
from typing import Any

from sqlalchemy import Column, Date, DateTime, MetaData, Table, insert, select, update
from sqlalchemy.engine import Connection

AT_ONCE = 500
NOT_ROWS = "alembic_version"


def tables_of(connection: Connection) -> list[Table]:
    """The tables as they stand in the database, each after those that it refers to; not that of the schema's revision."""
    metadata = MetaData()
    metadata.reflect(connection)
    return [table for table in metadata.sorted_tables if table.name != NOT_ROWS]


def is_empty(connection: Connection) -> bool:
    """Whether no table holds a row."""
    return all(connection.execute(select(table).limit(1)).first() is None for table in tables_of(connection))


def dump_rows(connection: Connection, table: Table) -> Iterator[bytes]:
    """Each row as a line of JSON, a list of its values, in order of the primary key. Dates are UTC in ISO 8601."""
    statement = select(table).order_by(*table.primary_key).execution_options(stream_results=True)
    for row in connection.execute(statement):
        yield json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def load_rows(connection: Connection, table: Table, lines: Iterable[bytes]) -> int:
    """Insert the rows of these lines, and give their number. `ValueError` for what is no such row.

    Columns that refer to the same table are filled in last: a row may come before the one that it refers to.
    """
    own = [column.name for column in table.columns if any(key.column.table is table for key in column.foreign_keys)]
    rows, count = (_row(table, line) for line in lines), 0
    later: list[dict[str, Any]] = []
    while batch := list(islice(rows, AT_ONCE)):
        later += [row for row in batch if any(row[name] is not None for name in own)]
        connection.execute(insert(table), [{**row, **dict.fromkeys(own)} for row in batch])
        count += len(batch)
    for row in later:
        same = [column == row[column.name] for column in table.primary_key]
        connection.execute(update(table).where(*same).values({name: row[name] for name in own}))
    return count


def _row(table: Table, line: bytes) -> dict[str, Any]:
    values = json.loads(line)
    if not isinstance(values, list) or len(values) != len(table.columns):
        raise ValueError(f"a row of {table.name} does not have the columns of the table")
    return {column.name: _typed(column, value) for column, value in zip(table.columns, values, strict=True)}


def _typed(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, DateTime):
        read = datetime.fromisoformat(value)
        return read if column.type.timezone else read.astimezone(UTC).replace(tzinfo=None)
    return date.fromisoformat(value) if isinstance(column.type, Date) else value
