"""Pages of consent: the very text that will be public, consenting to it, declining it with a reason."""

from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.acting import Sha256
from app.api.calls import Call, Id, may
from app.assessments.approving import approved_document, decline_consent, give_consent
from app.assessments.events import last_event
from app.errors import Invalid, Refusal, Stale
from app.models.people import Account
from app.web.done import translatable
from app.web.fields import Fields, Posted
from app.web.frame import Frame, frame_of
from app.web.rendering import draw, see_other
from app.work import Work
from questionnaire.text import Prose
from scoring.snapshot import Snapshot

router = APIRouter(include_in_schema=False)


class ConsentIn(BaseModel):
    """The text that was read, by its fingerprint."""

    fingerprint: Sha256


class DeclineIn(BaseModel):
    """Why the text must not be published as it is."""

    reason: Prose


class Step(NamedTuple):
    """Who took a step, and when."""

    name: str
    at: datetime


class ConsentPage(NamedTuple):
    """The text that consent is asked for, and what was done about it so far."""

    number: int
    document: Snapshot
    fingerprint: str
    approved: Step | None
    consented: Step | None


def consent_page(work: Work) -> ConsentPage:
    """The approved text as it will be public. `WrongState` where none is approved."""
    draft = approved_document(work)
    return ConsentPage(
        number=draft.number,
        document=Snapshot.model_validate_json(draft.document),
        fingerprint=draft.fingerprint,
        approved=_last_step(work, "approved"),
        consented=_last_step(work, "consented") if work.state == "consented" else None,
    )


def _last_step(work: Work, kind: str) -> Step | None:
    event = last_event(work, kind)
    account = work.session.get(Account, event.actor) if event else None
    return Step(account.name, datetime.fromisoformat(event.at)) if event and account else None


def _draw_consent(call: Call, assessment_id: str, refusal: Refusal | None = None) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, page = frame_of(work), consent_page(work)
    return draw(call, "consent/consent.html", frame=frame, page=page, refusal=refusal)


@router.get("/assessments/{assessment_id}/consent")
def show_consent(call: Annotated[Call, may("see_consent")], assessment_id: Id) -> Response:
    """The text that will be public, whole; for focal points the form to consent to it."""
    return _draw_consent(call, assessment_id)


@router.post("/assessments/{assessment_id}/consent")
def send_consent(call: Annotated[Call, may("consent")], assessment_id: Id, fields: Posted) -> Response:
    """Consent to the publication of the text that was read."""
    try:
        given = fields.as_(ConsentIn)
        fields.demand("read", translatable("Please read the text, then tick this box"))
        with call.on_assessment(assessment_id) as work:
            give_consent(work, given.fingerprint)
    except (Invalid, Stale) as refusal:
        return _draw_consent(call, assessment_id, refusal)
    return see_other(f"/assessments/{assessment_id}/consent", done="consented")


def _draw_decline(frame: Frame, call: Call, refusal: Refusal | None, typed: Fields) -> Response:
    return draw(call, "consent/decline.html", frame=frame, refusal=refusal, typed=typed)


@router.get("/assessments/{assessment_id}/consent/decline")
def show_decline(call: Annotated[Call, may("decline_consent")], assessment_id: Id) -> Response:
    """What declining, or taking back, consent means; the form for the reason."""
    with call.on_assessment(assessment_id) as work:
        frame = frame_of(work)
    return _draw_decline(frame, call, None, Fields())


@router.post("/assessments/{assessment_id}/consent/decline")
def send_decline(call: Annotated[Call, may("decline_consent")], assessment_id: Id, fields: Posted) -> Response:
    """Decline consent, or take it back before publication."""
    try:
        given = fields.as_(DeclineIn)
        with call.on_assessment(assessment_id) as work:
            decline_consent(work, given.reason)
    except Invalid as refusal:
        with call.on_assessment(assessment_id) as work:
            frame = frame_of(work)
        return _draw_decline(frame, call, refusal, fields)
    return see_other(f"/assessments/{assessment_id}", done="consent-declined")
