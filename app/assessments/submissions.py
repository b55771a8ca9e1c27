"""What was submitted: frozen whole, so that reviewers see it and nothing newer."""

import json
from typing import Any

from sqlmodel import col, select

from app.assessments.drafts import make_draft
from app.assessments.responses import last_submission, whole_response
from app.models.assessments import Evidence, Submission
from app.record import text_hash
from app.work import Work
from questionnaire.dates import PartialDate
from questionnaire.response import Response
from questionnaire.stored import response_body


def live_evidence(work: Work) -> list[dict[str, Any]]:
    """The evidence files as they are attached now, as plain data, in order of their ids."""
    statement = select(Evidence).where(
        col(Evidence.assessment_id) == work.assessment.id, col(Evidence.removed_at).is_(None)
    )
    fields = {"id", "indicator", "source_id", "name", "media_type", "size", "sha256", "public"}
    return [file.model_dump(include=fields) for file in work.session.exec(statement.order_by(col(Evidence.id)))]


def evidence_body(work: Work) -> str:
    """The list of evidence files as one JSON text."""
    return json.dumps(live_evidence(work), sort_keys=True, ensure_ascii=False)


def content_sha256(response: Response, evidence: str) -> str:
    """SHA-256 of answers, sources and evidence, whenever they were written: the response's date is left out."""
    undated = response.model_copy(update={"date": PartialDate(f"{response.round}")})
    return text_hash(response_body(undated) + evidence)


def freeze_submission(work: Work) -> Submission:
    """Keep the response as it is now, with its sources and the list of its evidence."""
    previous = last_submission(work)
    response = whole_response(work).model_copy(update={"date": PartialDate(f"{work.now:%Y-%m}")})
    body, evidence = response_body(response), evidence_body(work)
    submission = Submission(
        assessment_id=work.assessment.id,
        number=previous.number + 1 if previous else 1,
        response=body,
        evidence=evidence,
        sha256=text_hash(body + evidence),
        submitted_by=work.actor.id,
        submitted_at=work.now,
    )
    work.session.add(submission)
    work.session.flush()
    return submission


def renew_after_edit(work: Work) -> None:
    """After a change to what was approved: void approval and consent, and put the new text before the reviewer.

    An edit of the text by a reviewer changes no answer; it leaves the submission as the government made it.
    """
    if work.state not in ("approved", "consented"):
        return
    reworded = work.right.action == "edit_sentence"
    submission = (last_submission(work) if reworded else None) or freeze_submission(work)
    work.record("approval_voided", submission=submission.number, sha256=submission.sha256)
    make_draft(work, submission, cause="approval voided")
