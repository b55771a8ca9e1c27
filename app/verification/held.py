"""Where texts stand in the database, and what is computed from them to hold beside what the events tell."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, select
from sqlmodel import col

from app.models.assessments import (
    Assessment,
    Evidence,
    GivenReason,
    ReturnedIndicator,
    StoredAnswer,
    StoredSource,
    Submission,
)
from app.models.documents import Draft, Publication, SentenceEdit
from app.models.work import Comment, Contribution
from app.record import stamp, text_hash
from app.verification.told import NOTHING, Key

Columns = tuple[Any, ...]


class Held(NamedTuple):
    """A text as it stands: what is computed from it (mostly its hash), and by whom and when it says that it was written.

    `wrong` tells what is wrong with the row in itself.
    """

    stream: str
    key: Key
    value: str
    written: tuple[str, str] | None = None
    wrong: str = ""


class Place(NamedTuple):
    """Where texts of a kind stand. `told`: each has an event. `latest`: the last event about it counts, not each."""

    what: str
    rows: Select[*tuple[Any, ...]]
    held: Callable[[Columns], Held]
    told: bool = True
    latest: bool = False


def _text(row: Columns) -> Held:
    """A row of stream, key and text; a text that may be missing."""
    stream, *key, text = row
    return Held(stream, tuple(key), _hash(text))


def _written(row: Columns) -> Held:
    """A row of stream, key, text, author and date."""
    stream, *key, text, by, at = row
    return Held(stream, tuple(key), _hash(text), (by, _stamp(at)))


def _hashed(row: Columns) -> Held:
    """The same, with a hash that stands in the row behind the text."""
    stream, *key, text, sha256, by, at = row
    value = _hash(text)
    return Held(
        stream, tuple(key), value, (by, _stamp(at)), "" if value == sha256 else "the hash in its row is another"
    )


def _submission(row: Columns) -> Held:
    stream, number, response, evidence, *rest = row
    return _hashed_text(stream, (number,), f"{response}{evidence}", *rest)


def _hashed_text(stream: str, key: Key, text: str, sha256: str, by: str, at: datetime) -> Held:
    value = text_hash(text)
    return Held(stream, key, value, (by, _stamp(at)), "" if value == sha256 else "the hash in its row is another")


def _fingerprint(row: Columns) -> Held:
    """What an approval binds to, computed anew from instrument, answers, evidence and text."""
    stream, number, told, *parts = row
    value = text_hash(json.dumps(parts, ensure_ascii=False))
    return Held(stream, (number,), value, None, "" if value == told else "the fingerprint in its row is another")


def _publication(row: Columns) -> Held:
    """What is public is, to the letter, a draft that was kept, with the same fingerprint."""
    stream, number, told, document, drafted = row
    wrong = "" if document == drafted else "its text is not the one that was approved and consented to"
    return Held(stream, (number,), told, None, wrong)


def _evidence(row: Columns) -> Held:
    stream, key, indicator, source, ministry, sha256, name, public, removed_at = row
    told = [indicator, source, ministry, sha256, _hash(name), public, removed_at is not None]
    return Held(stream, (key,), json.dumps(told))


def _assessment(row: Columns) -> Held:
    stream, *pinned = row
    return Held(stream, (), json.dumps(pinned))


def _hash(text: Any) -> str:
    return text_hash(text) if isinstance(text, str) else NOTHING


def _stamp(at: Any) -> str:
    return stamp(at) if isinstance(at, datetime) else "no date"


def _rows(stream: Any, *columns: Any) -> Select[*tuple[Any, ...]]:
    """Rows of the assessments that are bound to `streams`."""
    return select(stream, *columns).where(stream.in_(bindparam("streams", expanding=True)))


_FINGERPRINTS = (
    _rows(
        col(Draft.assessment_id), col(Draft.number), col(Draft.fingerprint), col(Assessment.content_hash),
        col(Submission.response), col(Submission.evidence), col(Draft.document),
    )
    .join(Assessment, col(Assessment.id) == col(Draft.assessment_id))
    .join(
        Submission,
        (col(Submission.assessment_id) == col(Draft.assessment_id)) & (col(Submission.number) == col(Draft.submission)),
    )
)  # fmt: skip
_PUBLICATIONS = _rows(
    col(Publication.assessment_id), col(Publication.number), col(Publication.fingerprint), col(Publication.document),
    col(Draft.document),
).outerjoin(
    Draft,
    (col(Draft.assessment_id) == col(Publication.assessment_id))
    & (col(Draft.fingerprint) == col(Publication.fingerprint)),
)  # fmt: skip

PLACES: tuple[Place, ...] = (
    Place(
        "assessment",
        _rows(col(Assessment.id), col(Assessment.country), col(Assessment.round), col(Assessment.content_hash)),
        _assessment,
    ),
    Place(
        "answer",
        _rows(
            col(StoredAnswer.assessment_id), col(StoredAnswer.indicator), col(StoredAnswer.version),
            col(StoredAnswer.body), col(StoredAnswer.sha256), col(StoredAnswer.saved_by), col(StoredAnswer.saved_at),
        ),
        _hashed,
    ),
    Place(
        "submission",
        _rows(
            col(Submission.assessment_id), col(Submission.number), col(Submission.response), col(Submission.evidence),
            col(Submission.sha256), col(Submission.submitted_by), col(Submission.submitted_at),
        ),
        _submission,
    ),
    Place("draft", _rows(col(Draft.assessment_id), col(Draft.number), col(Draft.document)), _text),
    Place("fingerprint", _FINGERPRINTS, _fingerprint, told=False),
    Place("publication", _PUBLICATIONS, _publication),
    Place(
        "erratum",
        _rows(col(Publication.assessment_id), col(Publication.number), col(Publication.erratum)).where(
            col(Publication.erratum).is_not(None)
        ),
        _text,
    ),
    Place(
        "notice",
        _rows(col(Publication.assessment_id), col(Publication.number), col(Publication.notice)).where(
            col(Publication.withdrawn_at).is_not(None) | col(Publication.notice).is_not(None)
        ),
        _text,
    ),
    Place(
        "reason for a return",
        _rows(
            col(ReturnedIndicator.assessment_id), col(ReturnedIndicator.submission), col(ReturnedIndicator.indicator),
            col(ReturnedIndicator.reason),
        ),
        _text,
    ),
    Place("reason", _rows(col(GivenReason.assessment_id), col(GivenReason.event), col(GivenReason.reason)), _text),
    Place(
        "comment",
        _rows(
            col(Comment.assessment_id), col(Comment.id), col(Comment.text), col(Comment.written_by),
            col(Comment.written_at),
        ),
        _written,
    ),
    Place(
        "contribution",
        _rows(
            col(Contribution.assessment_id), col(Contribution.id), col(Contribution.body),
            col(Contribution.proposed_by), col(Contribution.proposed_at),
        ),
        _written,
    ),
    Place(
        "reason of a contribution",
        _rows(col(Contribution.assessment_id), col(Contribution.id), col(Contribution.reason)).where(
            col(Contribution.reason).is_not(None)
        ),
        _text,
    ),
    Place(
        "edit",
        _rows(
            col(SentenceEdit.assessment_id), col(SentenceEdit.language), col(SentenceEdit.sentence),
            col(SentenceEdit.version), col(SentenceEdit.text), col(SentenceEdit.edited_by), col(SentenceEdit.edited_at),
        ),
        _written,
    ),
    Place(
        "evidence",
        _rows(
            col(Evidence.assessment_id), col(Evidence.id), col(Evidence.indicator), col(Evidence.source_id),
            col(Evidence.ministry_id), col(Evidence.sha256), col(Evidence.name), col(Evidence.public),
            col(Evidence.removed_at),
        ),
        _evidence,
        latest=True,
    ),
)  # fmt: skip
"""All texts that belong to one assessment."""

SOURCES: Select[*tuple[Any, ...]] = select(
    col(StoredSource.country), col(StoredSource.id), col(StoredSource.version), col(StoredSource.body),
    col(StoredSource.sha256), col(StoredSource.saved_by), col(StoredSource.saved_at),
)  # fmt: skip
"""The sources of all countries: they belong to the country, while their events stand in whichever assessment was open."""
source_held = _hashed
