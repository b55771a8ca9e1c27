"""Approval and consent: both bind to a text by its fingerprint, and any later change voids them."""

from typing import NamedTuple

from sqlmodel import col, select

from app.assessments.drafts import (
    PUBLISHED_COPY,
    draft_snapshot,
    fingerprint,
    keep_draft,
    make_draft,
    published_document,
)
from app.assessments.edits import stale_edits
from app.assessments.events import facts, last_event
from app.assessments.instruments import instrument_of
from app.assessments.notices import send_notice
from app.assessments.reasons import record_with_reason
from app.assessments.responses import last_submission
from app.assessments.signing_off import missing_sign_off
from app.assessments.workflow import GOVERNMENT
from app.errors import Incomplete, NotAllowed, Stale, WrongState
from app.mail import letters
from app.models.assessments import Submission
from app.models.documents import Draft
from app.work import Work
from questionnaire.response import Response
from questionnaire.stored import response_from
from scoring.evaluate import evaluate
from scoring.submission import missing_for_submission


class Obstacle(NamedTuple):
    """What stands in the way of an approval; `indicator` None means the assessment as a whole."""

    indicator: str | None
    question: str | None
    message: str


class Approval(NamedTuple):
    """What would be approved now, by its fingerprint, and what stands in the way."""

    fingerprint: str
    missing: list[Obstacle]


def find_approval(work: Work) -> Approval:
    """What the reviewer would approve: the draft of the last submission."""
    submission, response = _submitted(work)
    document = draft_snapshot(work, response).model_dump_json()
    return Approval(fingerprint(work, submission, document), _in_the_way(work, response))


def _submitted(work: Work) -> tuple[Submission, Response]:
    submission = last_submission(work)
    if submission is None:
        raise WrongState("Nothing was submitted yet.")
    return submission, response_from(submission.response)


def _in_the_way(work: Work, response: Response) -> list[Obstacle]:
    """An edit after approval may have left a question open, a rewording stale, or the sign-off invalid."""
    result = evaluate(instrument_of(work), response)
    found = [Obstacle(*missing) for missing in missing_for_submission(result)]
    stale = "the answer under a reworded sentence has changed; please keep or remove the rewording of {}"
    found += [
        Obstacle(edit.sentence.partition(".")[0], None, stale.format(edit.sentence)) for edit in stale_edits(work)
    ]
    unsigned = missing_sign_off(work)
    return found + ([Obstacle(None, None, unsigned)] if unsigned else [])


def approve(work: Work, seen: str) -> Draft:
    """Approve the draft whose fingerprint the reviewer has `seen`, and keep the text that will be public.

    `NotAllowed` for those who submitted or hold a government's role; `Incomplete` names what stands in the way; `Stale`
    carries the fingerprint of the draft as it is now.
    """
    _check_independent(work)
    submission, response = _submitted(work)
    obstacles = [obstacle._asdict() for obstacle in _in_the_way(work, response)]
    if obstacles:
        raise Incomplete("This cannot be approved as it is; please see what is named here.", missing=obstacles)
    now = fingerprint(work, submission, draft_snapshot(work, response).model_dump_json())
    if now != seen:
        raise Stale("The draft was changed while you read it; please look at it again.", fingerprint=now)
    copy = keep_draft(work, submission, published_document(work, submission), PUBLISHED_COPY)
    draft = make_draft(work, submission, cause="approved")
    work.record(
        "approved", str(submission.number),
        submission=submission.number, draft=draft.number, fingerprint=draft.fingerprint, document=copy.number,
    )  # fmt: skip
    send_notice(work, ("focal_point",), letters.approved)
    return copy


def _check_independent(work: Work) -> None:
    if work.roles & GOVERNMENT:
        raise NotAllowed("You work for this country's government as well; please let another reviewer approve.")
    own = select(Submission.number).where(
        col(Submission.assessment_id) == work.assessment.id, col(Submission.submitted_by) == work.actor.id
    )
    if work.session.exec(own.limit(1)).first() is not None:
        raise NotAllowed("Nobody approves what they submitted; please let another reviewer approve.")


def approved_document(work: Work) -> Draft:
    """The approved text as it will be public: what is consented to, and what is then published."""
    event = last_event(work, "approved")
    if event is None or work.state not in ("approved", "consented"):
        raise WrongState("There is no approved text at present.", state=work.state)
    return work.session.get_one(Draft, (work.assessment.id, facts(event)["document"]))


def give_consent(work: Work, seen: str) -> Draft:
    """Consent to the publication of the text whose fingerprint the focal point has `seen`; `Stale` if it is another."""
    document = approved_document(work)
    if seen != document.fingerprint:
        raise Stale("The text was changed while you read it; please read it again.", fingerprint=document.fingerprint)
    work.record("consented", document=document.number, fingerprint=document.fingerprint)
    send_notice(work, ("reviewer",), letters.consented)
    return document


def decline_consent(work: Work, reason: str) -> None:
    """Decline, or take back, consent; the assessment goes back to the reviewers with the reason."""
    record_with_reason(work, "consent_declined", "", reason)
