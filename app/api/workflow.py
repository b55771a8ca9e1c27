"""Routes of the way from answers to a public snapshot: sign-off, submission, approval, consent, publication."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.acting import Sha256, act_on_assessment
from app.api.calls import Call, Id, may
from app.api.headers import Once
from app.api.problems import declared
from app.assessments.approving import approve, approved_document, decline_consent, find_approval, give_consent
from app.assessments.publishing import open_erratum, public_address, publish, withdraw
from app.assessments.reasons import list_reasons
from app.assessments.signing_off import find_sign_off, sign_off
from app.assessments.submitting import submit
from app.errors import (
    Conflict,
    Incomplete,
    Invalid,
    NotAllowed,
    NotFound,
    NothingPublished,
    NotSignedIn,
    SecondFactorNeeded,
    Stale,
    WrongState,
)
from app.work import Work
from questionnaire.text import Prose
from scoring.snapshot import Snapshot

router = APIRouter(prefix="/assessments/{assessment_id}", tags=["workflow"])

READING = declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState)
ACTING = (NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Conflict, Invalid)


class In(BaseModel):
    """What is sent; unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class StateOut(BaseModel):
    """The state that a step led to."""

    state: str


class MissingOut(BaseModel):
    """Something that is missing; without `indicator` it is about the assessment as a whole."""

    indicator: str | None
    question: str | None
    message: str


class SignOffIn(In):
    """The content that the signatory has read, by the SHA-256 that `GET` told."""

    sha256: Sha256


class SignOffOut(BaseModel):
    """Whether a sign-off is wanted, and whether there is one of the content as it is now."""

    wanted: bool
    valid: bool
    sha256: str = Field(description="SHA-256 of answers, sources and evidence as they are now.")
    signed_by: str | None = None
    signed_at: datetime | None = None


@router.get("/sign-off", responses=READING)
def get_sign_off(call: Annotated[Call, may("see_sign_off")], assessment_id: Id) -> SignOffOut:
    """Whether the content as it is now is signed off."""
    with call.on_assessment(assessment_id) as work:
        return SignOffOut.model_validate(find_sign_off(work), from_attributes=True)


@router.post("/sign-off", status_code=201, responses=declared(*ACTING, Stale))
def post_sign_off(call: Annotated[Call, may("sign_off")], assessment_id: Id, data: SignOffIn, once: Once) -> SignOffOut:
    """Sign off what was read; any later change of an answer, a source or a file makes the sign-off invalid."""

    def act(work: Work) -> SignOffOut:
        return SignOffOut.model_validate(sign_off(work, data.sha256), from_attributes=True)

    return act_on_assessment(call, assessment_id, once, SignOffOut, act)


class SubmissionOut(BaseModel):
    """What was submitted."""

    number: int
    sha256: str
    submitted_at: datetime


@router.post("/submission", status_code=201, responses=declared(*ACTING, Incomplete))
def post_submission(call: Annotated[Call, may("submit")], assessment_id: Id, once: Once) -> SubmissionOut:
    """Submit the response. `incomplete` has the whole list of what is missing."""

    def act(work: Work) -> SubmissionOut:
        return SubmissionOut.model_validate(submit(work), from_attributes=True)

    return act_on_assessment(call, assessment_id, once, SubmissionOut, act)


class ApprovalOut(BaseModel):
    """The draft that would be approved now, and what stands in the way."""

    fingerprint: str = Field(description="SHA-256 over instrument, answers, evidence and text.")
    missing: list[MissingOut]


class FingerprintIn(In):
    """The text that was read, by its fingerprint."""

    fingerprint: Sha256


class TextOut(BaseModel):
    """The text that will be public, by its fingerprint."""

    fingerprint: str


@router.get("/approval", responses=READING)
def get_approval(call: Annotated[Call, may("see_approval")], assessment_id: Id) -> ApprovalOut:
    """What an approval would be about."""
    with call.on_assessment(assessment_id) as work:
        return ApprovalOut.model_validate(find_approval(work), from_attributes=True)


@router.post("/approval", status_code=201, responses=declared(*ACTING, Incomplete, Stale))
def post_approval(call: Annotated[Call, may("approve")], assessment_id: Id, data: FingerprintIn, once: Once) -> TextOut:
    """Approve the draft that was read; nobody approves what they submitted."""

    def act(work: Work) -> TextOut:
        return TextOut.model_validate(approve(work, data.fingerprint), from_attributes=True)

    return act_on_assessment(call, assessment_id, once, TextOut, act)


class ConsentOut(BaseModel):
    """The very text that is consented to."""

    fingerprint: str
    document: Snapshot


class ReasonIn(In):
    """Why."""

    reason: Prose


@router.get("/consent", responses=READING)
def get_consent(call: Annotated[Call, may("see_consent")], assessment_id: Id) -> ConsentOut:
    """The text that consent is asked for, as it will be public."""
    with call.on_assessment(assessment_id) as work:
        approved = approved_document(work)
        return ConsentOut(fingerprint=approved.fingerprint, document=Snapshot.model_validate_json(approved.document))


@router.post("/consent", status_code=201, responses=declared(*ACTING, Stale))
def post_consent(call: Annotated[Call, may("consent")], assessment_id: Id, data: FingerprintIn, once: Once) -> TextOut:
    """Consent to the publication of the text that was read. Any later change voids the consent."""

    def act(work: Work) -> TextOut:
        return TextOut.model_validate(give_consent(work, data.fingerprint), from_attributes=True)

    return act_on_assessment(call, assessment_id, once, TextOut, act)


@router.post("/consent/decline", responses=declared(*ACTING))
def post_decline(
    call: Annotated[Call, may("decline_consent")], assessment_id: Id, data: ReasonIn, once: Once
) -> StateOut:
    """Decline consent, or take it back before publication; the reviewers get the reason."""

    def act(work: Work) -> StateOut:
        decline_consent(work, data.reason)
        return StateOut(state=work.state)

    return act_on_assessment(call, assessment_id, once, StateOut, act)


class PublicationIn(In):
    """For a correction: what is corrected. It is shown beside the snapshot."""

    erratum: Prose | None = None


class PublicationOut(BaseModel):
    """A publication and where it can be read by all."""

    number: int
    fingerprint: str
    published_at: datetime
    address: str


@router.post("/publication", status_code=201, responses=declared(*ACTING))
def post_publication(
    call: Annotated[Call, may("publish")], assessment_id: Id, data: PublicationIn, once: Once
) -> PublicationOut:
    """Make the consented text public."""

    def act(work: Work) -> PublicationOut:
        made = publish(work, data.erratum)
        return PublicationOut(**made.model_dump(exclude={"address"}), address=public_address(work))

    return act_on_assessment(call, assessment_id, once, PublicationOut, act)


@router.post("/erratum", responses=declared(*ACTING))
def post_erratum(call: Annotated[Call, may("open_erratum")], assessment_id: Id, data: ReasonIn, once: Once) -> StateOut:
    """Take a published text up again; what is public stays so until the correction is published."""

    def act(work: Work) -> StateOut:
        open_erratum(work, data.reason)
        return StateOut(state=work.state)

    return act_on_assessment(call, assessment_id, once, StateOut, act)


class WithdrawalIn(In):
    """What is told at the public address from now on."""

    notice: Prose


@router.post("/withdrawal", responses=declared(*ACTING, NothingPublished))
def post_withdrawal(
    call: Annotated[Call, may("withdraw")], assessment_id: Id, data: WithdrawalIn, once: Once
) -> StateOut:
    """Withdraw the public snapshot; a notice stays at its address."""

    def act(work: Work) -> StateOut:
        withdraw(work, data.notice)
        return StateOut(state=work.state)

    return act_on_assessment(call, assessment_id, once, StateOut, act)


class ReasonOut(BaseModel):
    """Why someone took a step: `consent_declined`, `erratum_opened`."""

    step: str
    at: datetime
    given_by: str | None
    reason: str


@router.get("/reasons", responses=READING)
def get_reasons(call: Annotated[Call, may("see_reasons")], assessment_id: Id) -> list[ReasonOut]:
    """The reasons given for declined consents and errata, the last one first."""
    with call.on_assessment(assessment_id) as work:
        return [ReasonOut.model_validate(reason, from_attributes=True) for reason in list_reasons(work)]
