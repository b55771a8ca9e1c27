"""Routes of the review: marks of what was read, and indicators sent back."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from app.api.acting import act_on_assessment
from app.api.calls import Call, Id, IndicatorName, may
from app.api.headers import Once
from app.api.problems import declared
from app.assessments.reviewing import (
    list_returns,
    list_reviews,
    mark_reviewed,
    return_indicators,
    unmark_reviewed,
)
from app.errors import Conflict, Invalid, NotAllowed, NotFound, NotSignedIn, SecondFactorNeeded, Stale, WrongState
from app.work import Work
from questionnaire.text import Prose

router = APIRouter(prefix="/assessments/{assessment_id}", tags=["review"])

READING = declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState)


class ReviewIn(BaseModel):
    """The answer that was read, by its version; 0 for an answer never given."""

    model_config = ConfigDict(extra="forbid")
    answer_version: int = Field(ge=0, le=10**9)


class ReviewOut(BaseModel):
    """That an indicator was read; `current` while the submitted answer is the one that was read."""

    indicator: str
    answer_version: int
    reviewed_by: str
    reviewed_at: datetime
    current: bool


@router.get("/reviews", responses=READING)
def get_reviews(call: Annotated[Call, may("see_reviews")], assessment_id: Id) -> list[ReviewOut]:
    """Which indicators were read, in the instrument's order."""
    with call.on_assessment(assessment_id) as work:
        return [ReviewOut.model_validate(mark, from_attributes=True) for mark in list_reviews(work)]


@router.post(
    "/reviews/{indicator}",
    status_code=201,
    responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Conflict, Stale, Invalid),
)
def post_review(
    call: Annotated[Call, may("mark_reviewed")], assessment_id: Id, indicator: IndicatorName, data: ReviewIn, once: Once
) -> ReviewOut:
    """Mark an indicator as read, at the version that was read."""

    def act(work: Work) -> ReviewOut:
        return ReviewOut.model_validate(mark_reviewed(work, indicator, data.answer_version), from_attributes=True)

    return act_on_assessment(call, assessment_id, once, ReviewOut, act)


@router.delete("/reviews/{indicator}", status_code=204, responses=READING)
def delete_review(call: Annotated[Call, may("mark_reviewed")], assessment_id: Id, indicator: IndicatorName) -> None:
    """Take the mark away."""
    with call.on_assessment(assessment_id) as work:
        unmark_reviewed(work, indicator)


class ReturnedIn(BaseModel):
    """An indicator to be sent back, and why."""

    model_config = ConfigDict(extra="forbid")
    indicator: str = Field(pattern="^[a-z0-9-]{1,80}$")
    reason: Prose


class ReturnIn(BaseModel):
    """What is sent back: one indicator or more."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [{"indicators": [{"indicator": "health-access", "reason": "Which law says so?"}]}]
        },
    )
    indicators: list[ReturnedIn] = Field(min_length=1, max_length=200)


class ReturnedOut(BaseModel):
    """An indicator that was sent back; `changed` once a newer version of its answer was saved."""

    indicator: str
    reason: str
    answer_version: int = Field(description="The version that was sent back.")
    status: Literal["changes_requested", "changed"]


class ReturnOut(BaseModel):
    """What was sent back, and the state that this led to."""

    state: str
    indicators: list[ReturnedOut]


@router.post(
    "/return",
    status_code=201,
    responses=declared(NotSignedIn, SecondFactorNeeded, NotAllowed, NotFound, WrongState, Conflict, Invalid),
)
def post_return(call: Annotated[Call, may("return")], assessment_id: Id, data: ReturnIn, once: Once) -> ReturnOut:
    """Send indicators back to the government, each with a reason."""

    def act(work: Work) -> ReturnOut:
        returned = return_indicators(work, [(item.indicator, item.reason) for item in data.indicators])
        shown = [ReturnedOut.model_validate(item, from_attributes=True) for item in returned]
        return ReturnOut(state=work.state, indicators=shown)

    return act_on_assessment(call, assessment_id, once, ReturnOut, act)


@router.get("/returns", responses=READING)
def get_returns(call: Annotated[Call, may("see_returns")], assessment_id: Id) -> list[ReturnedOut]:
    """What the last return sent back, and whether it was changed since."""
    with call.on_assessment(assessment_id) as work:
        return [ReturnedOut.model_validate(item, from_attributes=True) for item in list_returns(work)]
