"""What the events of an assessment tell of texts, and where these texts stand: the two must agree, both ways."""

import json
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import Row, Select, bindparam, select
from sqlmodel import SQLModel, col

from app.models.assessments import Assessment, GivenReason, ReturnedIndicator, StoredAnswer, Submission
from app.models.documents import Draft, Publication
from app.models.work import Comment, Contribution
from app.record import stamp, text_hash

Key = tuple[Any, ...]


class Told(NamedTuple):
    """What an event tells of a text: its hash. `written` is by whom and when, where the text's row says so too."""

    what: str
    key: Key
    value: str
    written: tuple[str, str] | None = None


class Held(NamedTuple):
    """A text as it stands in the database: the hash computed from it, and by whom and when it says to be written."""

    stream: str
    key: Key
    value: str
    written: tuple[str, str] | None = None


class Seen(NamedTuple):
    """An event that tells of texts, its payload read."""

    stream: str
    seq: int
    at: str
    kind: str
    actor: str
    subject: str
    payload: dict[str, Any]

    @property
    def written(self) -> tuple[str, str]:
        """By whom and when."""
        return self.actor, self.at


class Place(NamedTuple):
    """Where texts of a kind stand. `always_told`: each of them has an event."""

    what: str
    rows: Select[*tuple[Any, ...]]
    held: Callable[[Row[Any]], Held | None]
    always_told: bool = True


def _of(model: type[SQLModel], *columns: Any) -> Select[*tuple[Any, ...]]:
    """Columns of the rows of some assessments, the assessment's id first."""
    stream: Any = col(Assessment.id) if model is Assessment else model.__table__.c.assessment_id  # type: ignore[attr-defined]
    return select(stream, *columns).where(stream.in_(bindparam("streams", expanding=True)))


def sha256_of(text: Any) -> str:
    """The hash of a text; what is no text has none."""
    return text_hash(text) if isinstance(text, str) else "no text"


def told_by(event: Seen) -> Iterator[Told]:
    """What an event tells of texts. `KeyError`, `TypeError` or `ValueError` if its payload is not what such an event has."""
    yield from TELLS[event.kind](event)


def _answer(event: Seen) -> Iterator[Told]:
    yield Told("answer", (event.subject, event.payload["version"]), event.payload["sha256"], event.written)


def _source(event: Seen) -> Iterator[Told]:
    yield Told("source", (event.subject, event.payload["version"]), event.payload["sha256"], event.written)


def _submission(event: Seen) -> Iterator[Told]:
    """An edit after approval freezes a submission anew, or tells again of the last one if the text alone was reworded."""
    written = event.written if event.kind == "submitted" else None
    yield Told("submission", (event.payload["submission"],), event.payload["sha256"], written)


def _draft(event: Seen) -> Iterator[Told]:
    yield Told("draft", (int(event.subject),), event.payload["sha256"])


def _approved(event: Seen) -> Iterator[Told]:
    yield Told("fingerprint", (event.payload["draft"],), event.payload["fingerprint"])


def _consented(event: Seen) -> Iterator[Told]:
    yield Told("fingerprint", (event.payload["document"],), event.payload["fingerprint"])


def _published(event: Seen) -> Iterator[Told]:
    yield Told("publication", (int(event.subject),), event.payload["fingerprint"])
    if "erratum" in event.payload:
        yield Told("erratum", (int(event.subject),), event.payload["erratum"])


def _withdrawn(event: Seen) -> Iterator[Told]:
    yield Told("notice", (int(event.subject),), event.payload["notice"])


def _returned(event: Seen) -> Iterator[Told]:
    for indicator, reason in event.payload["reasons"].items():
        yield Told("reason for a return", (event.payload["submission"], indicator), reason)


def _reason(event: Seen) -> Iterator[Told]:
    yield Told("reason", (event.seq,), event.payload["reason"])


def _comment(event: Seen) -> Iterator[Told]:
    yield Told("comment", (event.subject,), event.payload["sha256"], event.written)


def _contribution(event: Seen) -> Iterator[Told]:
    yield Told("contribution", (event.subject,), event.payload["sha256"], event.written)


def _declined(event: Seen) -> Iterator[Told]:
    yield Told("reason of a contribution", (event.subject,), event.payload["reason"])


def _opened(event: Seen) -> Iterator[Told]:
    pinned = [event.payload["country"], event.payload["round"], event.payload["instrument"]]
    yield Told("assessment", (), json.dumps(pinned))


TELLS: dict[str, Callable[[Seen], Iterator[Told]]] = {
    "opened": _opened,
    "answer_saved": _answer,
    "answer_carried": _answer,
    "source_saved": _source,
    "source_removed": _source,
    "submitted": _submission,
    "approval_voided": _submission,
    "draft_made": _draft,
    "approved": _approved,
    "consented": _consented,
    "published": _published,
    "corrected": _published,
    "withdrawn": _withdrawn,
    "returned": _returned,
    "consent_declined": _reason,
    "erratum_opened": _reason,
    "comment_written": _comment,
    "contribution_proposed": _contribution,
    "contribution_declined": _declined,
}
"""The events that tell of texts → what they tell."""


def _optional(row: Row[Any]) -> Held | None:
    stream, *key, text = row
    return None if text is None else Held(stream, tuple(key), sha256_of(text))
