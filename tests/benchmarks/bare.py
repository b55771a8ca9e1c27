"""What our saves are measured against: a bare endpoint, and a bare commit of a validated upsert with one event row."""

from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel
from sqlalchemy import Column, Integer, MetaData, String, Table, bindparam, insert
from sqlalchemy.dialects import postgresql, sqlite

from app.database import Database

_METADATA = MetaData()
_ANSWERS = Table(
    "bare_answer",
    _METADATA,
    Column("id", String, primary_key=True),
    Column("version", Integer),
    Column("body", String),
)
_EVENTS = Table(
    "bare_event", _METADATA, Column("id", Integer, primary_key=True, autoincrement=True), Column("kind", String)
)


class BareAnswer(BaseModel):
    """What the bare endpoints take."""

    values: dict[str, Any]
    note: str | None = None


def bare_app(database: Database) -> FastAPI:
    """`PUT /bare/{id}` validates and answers; `PUT /upsert/{id}` validates, upserts, adds an event row and commits."""
    app = FastAPI()
    with database.writing() as session:
        _METADATA.create_all(session.connection())
    dialect = sqlite if database.is_sqlite else postgresql
    statement = dialect.insert(_ANSWERS).values(id=bindparam("key"), version=bindparam("to"), body=bindparam("text"))
    upsert = statement.on_conflict_do_update(
        index_elements=["id"], set_={"version": statement.excluded.version, "body": statement.excluded.body}
    )
    add_event = insert(_EVENTS)

    @app.put("/bare/{key}")
    def put_bare(key: str, data: BareAnswer) -> BareAnswer:
        return data

    @app.put("/upsert/{key}")
    def put_upsert(key: str, data: BareAnswer) -> BareAnswer:
        with database.writing() as session:
            connection = session.connection()
            connection.execute(upsert, {"key": key, "to": 1, "text": data.model_dump_json()})
            connection.execute(add_event, {"kind": "saved"})
        return data

    return app
