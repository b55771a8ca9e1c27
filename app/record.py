"""The record of events: append-only, chained by hash, one chain per assessment and one for accounts."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Connection
from sqlmodel import col

from app.models.record import Event

ACCOUNTS = "accounts"
"""The stream of events about people: accounts, roles, sign-ins."""

_SEPARATOR = "\x1f"


class Head(NamedTuple):
    """The end of a chain: the number and hash of its last event, and the state that it led to."""

    seq: int = 0
    hash: str = ""
    state: str = ""


_HEAD = (
    select(col(Event.seq), col(Event.hash), col(Event.state))
    .where(col(Event.stream) == bindparam("stream"))
    .order_by(col(Event.seq).desc())
    .limit(1)
)
_INSERT = insert(Event)


def head_of(connection: Connection, stream: str) -> Head:
    """The end of a chain; of an empty one, the beginning of all."""
    row = connection.execute(_HEAD, {"stream": stream}).first()
    return Head(*row) if row else Head()


def stamp(now: datetime) -> str:
    """`2026-11-23T10:20:30.123456Z`: sorts as text."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def event_hash(previous: str, fields: tuple[Any, ...]) -> str:
    """SHA-256 over the hash before and the row's fields (stream, seq, at, kind, actor, subject, payload, state)."""
    return hashlib.sha256(_SEPARATOR.join((previous, *map(str, fields))).encode()).hexdigest()


def text_hash(text: str) -> str:
    """SHA-256 of a text, by which the record knows it without holding it."""
    return hashlib.sha256(text.encode()).hexdigest()


def append_event(
    connection: Connection, head: Head, fields: Mapping[str, str], payload: Mapping[str, Any], *, state: str
) -> Head:
    """Write the event after `head` and give the new end. The caller holds the stream's lock.

    `fields` has stream, at, kind, actor and subject. No event holds an answer or another person's text.
    """
    row: dict[str, Any] = {
        **fields,
        "seq": head.seq + 1,
        "payload": json.dumps(payload, sort_keys=True, separators=(",", ":")) if payload else "{}",
        "state": state,
    }
    order = tuple(row[name] for name in ("stream", "seq", "at", "kind", "actor", "subject", "payload", "state"))
    row["hash"] = event_hash(head.hash, order)
    connection.execute(_INSERT, row)
    return Head(head.seq + 1, row["hash"], state)
