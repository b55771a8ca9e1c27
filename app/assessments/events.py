"""The record as people read it: events in order, with names; no values stand in it."""

import json
import re
from typing import Any, Literal, NamedTuple

from sqlalchemy import ColumnElement, Select, select
from sqlmodel import col

from app.models.people import Account
from app.models.record import Event
from app.models.work import Comment
from app.work import Work

Order = Literal["newest", "oldest"]


class RecordedEvent(NamedTuple):
    """An event. `actor_name` is None where nobody was signed in; `hash` covers the event and the hash before it.

    Only the government itself sees hashes: the text behind the hash of a short answer could be found by trying.
    """

    seq: int
    at: str
    kind: str
    actor: str
    actor_name: str | None
    subject: str
    payload: dict[str, Any]
    state: str
    hash: str | None


_HASH = re.compile("[0-9a-f]{64}")
_OF_WHOLE_TEXTS = frozenset({"fingerprint"})
"""Hashes over a whole draft, which nobody finds by trying."""

_EVENTS: Select[*tuple[Any, ...]] = select(
    col(Event.seq), col(Event.at), col(Event.kind), col(Event.actor), col(Account.name).label("actor_name"),
    col(Event.subject), col(Event.payload), col(Event.state), col(Event.hash),
).outerjoin(Account, col(Account.id) == col(Event.actor))  # fmt: skip


def list_events(
    work: Work, *, kind: str | None = None, order: Order = "newest", after: int | None = None, limit: int = 50
) -> list[RecordedEvent]:
    """Events of this work's record that come after number `after` in the order asked for; at most `limit`."""
    statement = _EVENTS.where(col(Event.stream) == work.stream, *_not_hidden(work))
    if kind is not None:
        statement = statement.where(col(Event.kind) == kind)
    newest = order == "newest"
    if after is not None:
        statement = statement.where(col(Event.seq) < after if newest else col(Event.seq) > after)
    statement = statement.order_by(col(Event.seq).desc() if newest else col(Event.seq)).limit(limit)
    events = [
        RecordedEvent(**{**row._asdict(), "payload": json.loads(row.payload)})
        for row in work.connection.execute(statement)
    ]
    return events if work.sees_live else [_without_hashes(event) for event in events]


def _without_hashes(event: RecordedEvent) -> RecordedEvent:
    payload = {
        key: value
        for key, value in event.payload.items()
        if key in _OF_WHOLE_TEXTS or not _HASH.search(json.dumps(value))
    }
    return event._replace(payload=payload, hash=None)


def _not_hidden(work: Work) -> list[ColumnElement[bool]]:
    """That reviewers talk among themselves is not told to a government: events about internal comments are left out."""
    if work.opened is None or work.roles & {"reviewer", "administrator"}:
        return []
    internal = select(col(Comment.id)).where(
        col(Comment.assessment_id) == work.opened.id, col(Comment.audience) == "internal"
    )
    return [col(Event.subject).not_in(internal), col(Event.payload).not_like('%"audience":"internal"%')]


def last_event(work: Work, kind: str) -> Event | None:
    """The last event of a kind in this work's record."""
    statement = select(Event).where(col(Event.stream) == work.stream, col(Event.kind) == kind)
    return work.session.scalars(statement.order_by(col(Event.seq).desc()).limit(1)).first()


def facts(event: Event) -> dict[str, Any]:
    """What an event tells: versions, ids, hashes."""
    told: dict[str, Any] = json.loads(event.payload)
    return told
