"""Routes of contributions: propose, take back, adopt, merge, decline."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field

from app.api.answers import EXAMPLE, AnswerOut
from app.api.assignments import ObjectId
from app.api.calls import Call, Id, IfMatch, IndicatorName, etag, may
from app.api.headers import Once, base_version
from app.api.pages import After, Limit, Page, moment_key, page, place_by_date
from app.api.problems import declared
from app.assessments.answers import SavedAnswer, find_answer
from app.assessments.contributions import (
    ContributionState,
    Proposal,
    adopt_contribution,
    decline_contribution,
    list_contributions,
    merge_contribution,
    open_contributions,
    propose_answer,
    withdraw_contribution,
)
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, Stale, VersionNeeded, WrongState
from app.once import act_once
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}/contributions", tags=["contributions"])


class ProposalIn(BaseModel):
    """What a ministry proposes: a body as an answer has it. `ministry_id` only for those who work for several."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"answer": EXAMPLE}})

    answer: dict[str, Any]
    remark: Prose | None = None
    ministry_id: ObjectId | None = None


class MergeIn(BaseModel):
    """The answer that was made of a contribution and what was there."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"answer": EXAMPLE}})

    answer: dict[str, Any]


class DeclineIn(BaseModel):
    """Why a contribution is declined, for those who made it."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"reason": "The law was repealed in 2024."}}
    )

    reason: Prose


class ContributionOut(BaseModel):
    """A contribution. A new one of the same ministry replaces it; all stay on record."""

    id: str
    indicator: str
    ministry_id: str
    ministry: str
    version: int
    answer: dict[str, Any]
    remark: str | None
    state: ContributionState
    proposed_by: str
    proposed_at: datetime
    decided_at: datetime | None
    reason: str | None
    remarks: list[str] = Field([], description="What to look at, when it is made; remarks do not stand in the way.")


class BesideOut(BaseModel):
    """An answer, and what is proposed beside it by ministries and not decided yet."""

    answer: AnswerOut
    contributions: list[ContributionOut]


def _out(proposal: Proposal) -> ContributionOut:
    return ContributionOut.model_validate(proposal, from_attributes=True)


def _answer(saved: SavedAnswer, response: Response) -> AnswerOut:
    response.headers["ETag"] = etag(saved.version)
    return AnswerOut.model_validate(saved, from_attributes=True)


@router.get("", responses=declared(NotSignedIn, NotAllowed, NotFound, Invalid))
def get_contributions(
    call: Annotated[Call, may("see_contributions")],
    assessment_id: Id,
    state: Annotated[ContributionState | None, Query(description="Only those in this state.")] = None,
    *,
    after: After = None,
    limit: Limit = 50,
) -> Page[ContributionOut]:
    """The contributions by date; contributors see those of their own ministries."""
    with call.on_assessment(assessment_id) as work:
        found = list_contributions(work, state=state, after=place_by_date(after), limit=limit + 1)
    return page(found, limit, _out, lambda proposal: (moment_key(proposal.proposed_at), proposal.id))


@router.get("/{indicator}", responses=declared(NotSignedIn, NotAllowed, NotFound, Invalid))
def get_beside(
    call: Annotated[Call, may("see_contributions")], assessment_id: Id, indicator: IndicatorName, response: Response
) -> BesideOut:
    """An answer with the open contributions beside it. Where ministries differ, the focal point chooses."""
    with call.on_assessment(assessment_id) as work:
        saved, proposals = find_answer(work, indicator), open_contributions(work, indicator)
    return BesideOut(answer=_answer(saved, response), contributions=[_out(proposal) for proposal in proposals])


@router.post(
    "/{indicator}",
    status_code=201,
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Invalid),
)
def post_contribution(
    call: Annotated[Call, may("propose")], assessment_id: Id, indicator: IndicatorName, body: ProposalIn, once: Once
) -> ContributionOut:
    """Propose an answer for your ministry; it replaces what your ministry proposed before."""
    with call.on_assessment(assessment_id) as work:
        return act_once(
            work,
            once,
            ContributionOut,
            lambda: _out(
                propose_answer(work, indicator, body.answer, remark=body.remark, ministry_id=body.ministry_id)
            ),
        )


@router.post(
    "/{contribution_id}/withdraw", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Invalid)
)
def post_contribution_withdrawal(
    call: Annotated[Call, may("propose")], assessment_id: Id, contribution_id: Id
) -> ContributionOut:
    """Take back a contribution of your ministry that is not decided yet."""
    with call.on_assessment(assessment_id) as work:
        return _out(withdraw_contribution(work, contribution_id))


@router.post(
    "/{contribution_id}/adopt",
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Stale, Invalid, VersionNeeded),
)
def post_adoption(
    call: Annotated[Call, may("decide_contribution")],
    assessment_id: Id,
    contribution_id: Id,
    response: Response,
    *,
    if_match: IfMatch = None,
) -> AnswerOut:
    """Make the contribution the answer. `If-Match` names the version of the answer that you have seen."""
    with call.on_assessment(assessment_id) as work:
        saved = adopt_contribution(work, contribution_id, base_version(if_match))
    return _answer(saved, response)


@router.post(
    "/{contribution_id}/merge",
    responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Stale, Invalid, VersionNeeded),
)
def post_merge(
    call: Annotated[Call, may("decide_contribution")],
    assessment_id: Id,
    contribution_id: Id,
    body: MergeIn,
    response: Response,
    *,
    if_match: IfMatch = None,
) -> AnswerOut:
    """Save an answer made of the contribution and what was there."""
    with call.on_assessment(assessment_id) as work:
        saved = merge_contribution(work, contribution_id, body.answer, base_version(if_match))
    return _answer(saved, response)


@router.post(
    "/{contribution_id}/decline", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Conflict, Invalid)
)
def post_refusal(
    call: Annotated[Call, may("decide_contribution")], assessment_id: Id, contribution_id: Id, body: DeclineIn
) -> ContributionOut:
    """Decline a contribution, with a reason for those who made it."""
    with call.on_assessment(assessment_id) as work:
        return _out(decline_contribution(work, contribution_id, body.reason))
