"""Routes of progress: where each indicator stands, and what is missing before submission."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.api.calls import Call, Id, may
from app.api.problems import declared
from app.assessments.checking import Gap, GapKind, check_before_submission
from app.assessments.progress import IndicatorState, assess_progress
from app.assessments.reviewing import ReturnStatus
from app.errors import Invalid, NotAllowed, NotFound, NotSignedIn, WrongState

router = APIRouter(prefix="/assessments/{assessment_id}", tags=["progress"])


class IndicatorProgressOut(BaseModel):
    """Where an indicator stands."""

    id: str
    number: str
    title: str
    state: IndicatorState
    carried_from: int | None = Field(description="The round of an answer that waits to be confirmed.")
    assigned: bool
    overdue: bool
    open_contribution: bool
    changes: ReturnStatus | None = Field(description="What became of it after the reviewers sent it back.")
    open_thread: bool


class DomainProgressOut(BaseModel):
    """How far a domain is: `answered` of `asked`, among the indicators that are shown."""

    number: int
    title: str
    answered: int
    asked: int
    indicators: list[IndicatorProgressOut]


class GapOut(BaseModel):
    """Something to do. `link` leads to the answer, or to the assessment where it is about the whole."""

    kind: GapKind
    indicator: str | None
    question: str | None
    message: str
    link: str


class CheckOut(BaseModel):
    """What stands in the way of submission, and remarks that do not."""

    missing: list[GapOut]
    remarks: list[GapOut]


@router.get("/progress", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_progress(call: Annotated[Call, may("see_progress")], assessment_id: Id) -> list[DomainProgressOut]:
    """Where each indicator stands; for contributors those assigned to them, for reviewers as last submitted."""
    with call.on_assessment(assessment_id) as work:
        return [DomainProgressOut.model_validate(domain, from_attributes=True) for domain in assess_progress(work)]


@router.get("/missing", responses=declared(NotSignedIn, NotAllowed, NotFound, WrongState, Invalid))
def get_missing(call: Annotated[Call, may("see_missing")], assessment_id: Id) -> CheckOut:
    """Everything that stands in the way of submission, in one list."""
    with call.on_assessment(assessment_id) as work:
        check = check_before_submission(work)
    return CheckOut(
        missing=[_gap(assessment_id, gap) for gap in check.missing],
        remarks=[_gap(assessment_id, gap) for gap in check.remarks],
    )


def _gap(assessment_id: str, gap: Gap) -> GapOut:
    place = f"/api/v1/assessments/{assessment_id}"
    return GapOut(**gap._asdict(), link=f"{place}/answers/{gap.indicator}" if gap.indicator else place)
