"""Draft snapshots: made on submission and on approval and kept; a preview at any time."""

import json

from sqlmodel import col, select

from app.assessments.instruments import instrument_of
from app.assessments.responses import Seen
from app.models.assessments import Submission
from app.models.documents import Draft
from app.record import text_hash
from app.work import Work
from questionnaire.response import Response
from questionnaire.stored import response_from
from scoring.assemble import build_snapshot
from scoring.evaluate import evaluate
from scoring.narrate import narrate
from scoring.snapshot import Copy, Snapshot


def draft_snapshot(work: Work, response: Response, *, language: str = "en", copy: Copy = "draft") -> Snapshot:
    """The snapshot that a response makes."""
    result = evaluate(instrument_of(work), response)
    return build_snapshot(narrate(result, response.country, language), copy)


def make_draft(work: Work, submission: Submission, cause: str) -> Draft:
    """Make the draft of a submission and keep it."""
    snapshot = draft_snapshot(work, response_from(submission.response))
    document = snapshot.model_dump_json()
    draft = Draft(
        assessment_id=work.assessment.id,
        number=len(list_drafts(work)) + 1,
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


def fingerprint(work: Work, submission: Submission, document: str) -> str:
    """SHA-256 over instrument, answers, evidence and text: what an approval binds to."""
    parts = [work.assessment.content_hash, submission.response, submission.evidence, document]
    return text_hash(json.dumps(parts, ensure_ascii=False))


def list_drafts(work: Work) -> list[Draft]:
    """The drafts that were kept, the last one first."""
    statement = select(Draft).where(col(Draft.assessment_id) == work.assessment.id)
    return list(work.session.exec(statement.order_by(col(Draft.number).desc())))


def preview(work: Work, seen: Seen, language: str) -> Snapshot:
    """The draft as it would be made now, of what the person may see."""
    return draft_snapshot(work, seen.response, language=language)
