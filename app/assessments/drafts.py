"""Draft snapshots: made on submission and on approval and kept; a preview at any time."""

import json
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func
from sqlalchemy import select as select_rows
from sqlmodel import col, select

from app.assessments.edits import Edit, document_language, list_edits, live_edits, narrative_of
from app.assessments.responses import seen_response
from app.errors import NotFound
from app.models.assessments import Submission
from app.models.documents import Draft
from app.record import text_hash
from app.work import Work
from questionnaire.response import Response
from questionnaire.stored import response_from
from scoring.assemble import build_snapshot
from scoring.snapshot import Copy, Snapshot

PUBLISHED_COPY = "published copy"
"""The cause of the draft that holds the text to be consented to, as it will be public."""


class KeptDraft(NamedTuple):
    """A draft in the list of those that were kept, without its document."""

    number: int
    cause: str
    submission: int
    fingerprint: str
    made_at: datetime


_KEPT = select_rows(
    col(Draft.number), col(Draft.cause), col(Draft.submission), col(Draft.fingerprint), col(Draft.made_at)
)  # fmt: skip


class Preview(NamedTuple):
    """The draft as it would be made now, and the edits that stand in it."""

    document: Snapshot
    edits: list[Edit]


def draft_snapshot(work: Work, response: Response, *, language: str | None = None, copy: Copy = "draft") -> Snapshot:
    """The snapshot that a response makes, with the edits as they stand; in the instrument's own language if none is named.

    `Invalid` for a language that the instrument is not told in.
    """
    told = document_language(work, language)
    return build_snapshot(narrative_of(work, response, told), copy, live_edits(work, told))


def published_document(work: Work, submission: Submission) -> Snapshot:
    """The text of a submission as it will be public, edits applied: what is consented to."""
    return draft_snapshot(work, response_from(submission.response), copy="published")


def make_draft(work: Work, submission: Submission, cause: str) -> Draft:
    """Make the draft of a submission, with the edits as they stand, and keep it."""
    return keep_draft(work, submission, draft_snapshot(work, response_from(submission.response)), cause)


def keep_draft(work: Work, submission: Submission, snapshot: Snapshot, cause: str) -> Draft:
    """Keep a document under the next number."""
    document = snapshot.model_dump_json()
    draft = Draft(
        assessment_id=work.assessment.id,
        number=_last_number(work) + 1,
        cause=cause,
        submission=submission.number,
        document=document,
        fingerprint=fingerprint(work, submission, document),
        made_at=work.now,
    )
    work.session.add(draft)
    work.session.flush()
    work.record("draft_made", str(draft.number), cause=cause, sha256=text_hash(document))
    return draft


def _last_number(work: Work) -> int:
    statement = select(func.max(col(Draft.number))).where(col(Draft.assessment_id) == work.assessment.id)
    return work.session.exec(statement).one() or 0


def fingerprint(work: Work, submission: Submission, document: str) -> str:
    """SHA-256 over instrument, answers, evidence and text: what an approval binds to."""
    parts = [work.assessment.content_hash, submission.response, submission.evidence, document]
    return text_hash(json.dumps(parts, ensure_ascii=False))


def list_drafts(work: Work) -> list[KeptDraft]:
    """The drafts that were kept, the last one first."""
    statement = _KEPT.where(col(Draft.assessment_id) == work.assessment.id).order_by(col(Draft.number).desc())
    return [KeptDraft(*row) for row in work.connection.execute(statement)]


def find_draft(work: Work, number: int) -> Draft:
    """A draft that was kept; `NotFound` if there is none of this number."""
    draft = work.session.get(Draft, (work.assessment.id, number))
    if draft is None:
        raise NotFound
    return draft


def preview_draft(work: Work, language: str | None = None) -> Preview:
    """The draft as it would be made now, of what the person may see. `WrongState` where that is nothing yet."""
    told = document_language(work, language)
    document = draft_snapshot(work, seen_response(work).response, language=told)
    return Preview(document, list_edits(work, told))
