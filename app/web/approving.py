"""Pages of the last steps: approval, publication, correction and withdrawal. Each says what happens before it does."""

from datetime import datetime
from typing import Annotated, NamedTuple

from fastapi import APIRouter, Response
from pydantic import BaseModel

from app.api.acting import Sha256
from app.api.calls import Call, Id, may
from app.assessments.approving import Approval, approve, approved_document, find_approval
from app.assessments.events import list_events
from app.assessments.instruments import instrument_of
from app.assessments.publishing import last_publication, open_erratum, publish, withdraw
from app.assessments.workflow import GOVERNMENT
from app.errors import Incomplete, Invalid, NotAllowed, NothingPublished, Refusal, Stale
from app.web.done import translatable
from app.web.fields import Fields, Posted, checked
from app.web.frame import frame_of
from app.web.rendering import draw, see_other
from app.web.review_queue import Queue, find_queue
from app.work import Work
from questionnaire.text import Prose

router = APIRouter(include_in_schema=False)

MOST_SUBMISSIONS = 1000


class Standing(NamedTuple):
    """What an approval would be about. `own`: the reader submitted it, or works for the government, so another approves."""

    approval: Approval
    queue: Queue | None
    instrument: str
    titles: dict[str, str]
    own: bool


class Public(NamedTuple):
    """The last publication of the assessment, withdrawn or not."""

    published_at: datetime
    withdrawn_at: datetime | None


class Consented(NamedTuple):
    """The text that would be published, who consented to it and when, and what was published before."""

    fingerprint: str
    consented_by: str | None
    consented_at: datetime | None
    earlier: Public | None


class PublicationIn(BaseModel):
    """For a correction: what is corrected."""

    erratum: Prose | None = None


class ReasonIn(BaseModel):
    """Why."""

    reason: Prose


class NoticeIn(BaseModel):
    """What is told at the public address from now on."""

    notice: Prose


class SeenIn(BaseModel):
    """The text that was read, by its fingerprint."""

    fingerprint: Sha256


@router.get("/assessments/{assessment_id}/approve")
def show_approval(call: Annotated[Call, may("see_approval")], assessment_id: Id) -> Response:
    """What would be approved, and what stands in the way."""
    return _draw_approval(call, assessment_id)


@router.post("/assessments/{assessment_id}/approve")
def send_approval(call: Annotated[Call, may("approve")], assessment_id: Id, fields: Posted) -> Response:
    """Approve the text that was read."""
    try:
        fields.demand("agreed", translatable("Please tick the box once you have read the draft."))
        seen = checked(SeenIn, {"fingerprint": fields.one("fingerprint")})
        with call.on_assessment(assessment_id) as work:
            approve(work, seen.fingerprint)
    except (Invalid, Incomplete, Stale, NotAllowed) as refusal:
        return _draw_approval(call, assessment_id, refusal, fields)
    return see_other(f"/assessments/{assessment_id}", done="approved")


def _draw_approval(
    call: Call, assessment_id: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, standing = frame_of(work), _standing(work)
    return draw(call, "review/approve.html", refusal=refusal, typed=typed or Fields(), frame=frame, standing=standing)


def _standing(work: Work) -> Standing:
    instrument = instrument_of(work)
    return Standing(
        find_approval(work),
        find_queue(work),
        f"{instrument.source.title} ({instrument.id}, {instrument.source.version})",
        {name: f"{indicator.number} {indicator.title}" for name, indicator in instrument.indicators.items()},
        _is_own(work),
    )


def _is_own(work: Work) -> bool:
    submitted = list_events(work, kind="submitted", limit=MOST_SUBMISSIONS)
    return bool(work.roles & GOVERNMENT) or any(event.actor == work.actor.id for event in submitted)


@router.get("/assessments/{assessment_id}/publish")
def show_publication(call: Annotated[Call, may("publish")], assessment_id: Id) -> Response:
    """What would become public."""
    return _draw_publication(call, assessment_id)


@router.post("/assessments/{assessment_id}/publish")
def send_publication(call: Annotated[Call, may("publish")], assessment_id: Id, fields: Posted) -> Response:
    """Make the consented text public."""
    try:
        given = fields.as_(PublicationIn)
        with call.on_assessment(assessment_id) as work:
            publish(work, given.erratum)
    except Invalid as refusal:
        return _draw_publication(call, assessment_id, refusal, fields)
    return see_other(f"/assessments/{assessment_id}", done="published")


def _draw_publication(
    call: Call, assessment_id: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    with call.on_assessment(assessment_id) as work:
        frame, consented = frame_of(work), _consented(work)
    return draw(call, "review/publish.html", refusal=refusal, typed=typed or Fields(), frame=frame, consented=consented)


def _consented(work: Work) -> Consented:
    given = next(iter(list_events(work, kind="consented", limit=1)), None)
    at = datetime.fromisoformat(given.at) if given else None
    return Consented(approved_document(work).fingerprint, given.actor_name if given else None, at, _public(work))


def _public(work: Work) -> Public | None:
    found = last_publication(work)
    return Public(found.published_at, found.withdrawn_at) if found else None


@router.get("/assessments/{assessment_id}/erratum")
def show_erratum(call: Annotated[Call, may("open_erratum")], assessment_id: Id) -> Response:
    """What taking a published text up again means."""
    return _draw_public(call, assessment_id, "review/erratum.html")


@router.post("/assessments/{assessment_id}/erratum")
def send_erratum(call: Annotated[Call, may("open_erratum")], assessment_id: Id, fields: Posted) -> Response:
    """Take a published text up again, to correct it."""
    try:
        given = fields.as_(ReasonIn)
        with call.on_assessment(assessment_id) as work:
            open_erratum(work, given.reason)
    except Invalid as refusal:
        return _draw_public(call, assessment_id, "review/erratum.html", refusal, fields)
    return see_other(f"/assessments/{assessment_id}", done="erratum-opened")


@router.get("/assessments/{assessment_id}/withdraw")
def show_withdrawal(call: Annotated[Call, may("withdraw")], assessment_id: Id) -> Response:
    """What withdrawing the public snapshot means."""
    return _draw_public(call, assessment_id, "review/withdraw.html")


@router.post("/assessments/{assessment_id}/withdraw")
def send_withdrawal(call: Annotated[Call, may("withdraw")], assessment_id: Id, fields: Posted) -> Response:
    """Withdraw the public snapshot; a notice stays at its address."""
    try:
        given = fields.as_(NoticeIn)
        with call.on_assessment(assessment_id) as work:
            withdraw(work, given.notice)
    except (Invalid, NothingPublished) as refusal:
        return _draw_public(call, assessment_id, "review/withdraw.html", refusal, fields)
    return see_other(f"/assessments/{assessment_id}", done="withdrawn")


def _draw_public(
    call: Call, assessment_id: str, template: str, refusal: Refusal | None = None, typed: Fields | None = None
) -> Response:
    """A page about what is public now."""
    with call.on_assessment(assessment_id) as work:
        frame, public = frame_of(work), _public(work)
    return draw(call, template, refusal=refusal, typed=typed or Fields(), frame=frame, public=public)
